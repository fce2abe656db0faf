// A TCP proxy: what comes from either end goes on half of a latency later. Counts the HTTP requests; ends with its parent.
import { connect, createServer } from 'node:net'

const [target, latency] = process.argv.slice(2).map(Number)
const HOST = '127.0.0.1'
let requests = 0

const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
  const upstream = connect({ port: target, host: HOST, allowHalfOpen: true, noDelay: true })
  client.on('data', countRequest)
  passOn(client, upstream)
  passOn(upstream, client)
})

/** Of an HTTP/1.1 client that waits for each answer, the head of a request begins a chunk. */
function countRequest(chunk) {
  if (/^(POST|GET) /.test(chunk.toString('latin1', 0, 5))) requests++
}

/** Timers of the same length fire in the order in which they were set. */
function passOn(from, to) {
  const later = (work) => {
    if (latency > 0) setTimeout(work, latency / 2)
    else work()
  }
  from.on('data', (chunk) => later(() => to.write(chunk)))
  from.on('end', () => later(() => to.end()))
  from.on('error', () => to.destroy())
}

server.listen(0, HOST, () => process.send({ port: server.address().port }))
process.on('message', () => process.send({ requests }))
process.on('disconnect', () => process.exit())
