import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type HttpStream, openHttp } from '@libsql/hrana-client'
import { expect, it, onTestFinished } from 'vitest'
import { startSqld } from './sqld.js'
import { listenSomewhere, startProxy, type TcpProxy } from './tcp-proxy.js'

/** A stream of a client, each of whose queries is one request. */
function openStream(url: string): HttpStream {
  const client = openHttp(url, undefined, fetch, undefined, 2)
  onTestFinished(() => client.close())
  return client.openStream()
}

/** A server that sends back what it gets, and a proxy for it. */
async function echoProxy(latencyMs = 0): Promise<TcpProxy> {
  const server: Server = createServer((socket) => void socket.on('error', () => {}).pipe(socket))
  const proxy = await startProxy({ port: await listenSomewhere(server) }, { latencyMs })
  onTestFinished(async () => {
    await proxy.close()
    server.close()
    await once(server, 'close')
  })
  return proxy
}

async function connected(proxy: TcpProxy): Promise<Socket> {
  const socket = connect(proxy.port, '127.0.0.1').setNoDelay(true)
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  return socket
}

/** Resolves to what comes until there are so many bytes of it. */
async function receive(socket: Socket, bytes: number): Promise<string> {
  let text = ''
  while (text.length < bytes) text += String((await once(socket, 'data'))[0])
  return text
}

async function errorOf(socket: Socket): Promise<unknown> {
  return ((await once(socket, 'error'))[0] as NodeJS.ErrnoException).code
}

it('leaves nothing open', async () => {
  const count = () => process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length
  const before = count()
  await using sqld = await startSqld()
  const proxy = await startProxy(sqld, { latencyMs: 10_000 })
  const socket = await connected(proxy)
  const error = errorOf(socket)
  socket.write('under way')
  await expect.poll(() => proxy.bytesUp).toBe(9)
  await proxy.close()
  expect(await error).toBe('ECONNRESET')
  await expect.poll(count).toBe(before)
})

it('adds latency to an answer, and keeps the order', async () => {
  const proxy = await echoProxy(60)
  const socket = await connected(proxy)
  const start = performance.now()
  socket.write('now')
  expect(await receive(socket, 3)).toBe('now')
  expect(performance.now() - start).toBeGreaterThanOrEqual(60)
  proxy.latencyMs = 200
  socket.write('slow ')
  await expect.poll(() => proxy.bytesUp).toBe(8)
  proxy.latencyMs = 0
  socket.end('fast')
  expect(await receive(socket, 9)).toBe('slow fast')
  await once(socket, 'close')
  expect([proxy.connections, proxy.bytesUp, proxy.bytesDown]).toEqual([1, 12, 12])
})

it('holds everything while it is frozen', async () => {
  const proxy = await echoProxy()
  const early = await connected(proxy)
  proxy.freeze()
  const late = await connected(proxy)
  for (const socket of [early, late]) socket.end('held')
  await expect.poll(() => proxy.bytesUp).toBe(8)
  await sleep(50)
  expect(proxy.bytesDown).toBe(0)
  proxy.thaw()
  expect(await Promise.all([receive(early, 4), receive(late, 4)])).toEqual(['held', 'held'])
})

it('resets connections, and loses what it held', async () => {
  const proxy = await echoProxy()
  proxy.freeze()
  const socket = await connected(proxy)
  socket.write('lost')
  await expect.poll(() => proxy.bytesUp).toBe(4)
  const error = errorOf(socket)
  proxy.cut()
  proxy.thaw()
  expect(await error).toBe('ECONNRESET')
  expect(proxy.bytesDown).toBe(0)
})

it('refuses connections for a while', async () => {
  const proxy = await echoProxy()
  const early = await connected(proxy)
  proxy.refuse()
  await expect(fetch(proxy.url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } })
  early.write('still')
  expect(await receive(early, 5)).toBe('still')
  await proxy.accept()
  const late = await connected(proxy)
  late.write('again')
  expect(await receive(late, 5)).toBe('again')
})

it('cuts by chance, and as a seed says', async () => {
  const proxy = await echoProxy()
  const draws = [0.9, 0.9, 0.9, 0.1]
  proxy.cutAtRandom(0.5, () => draws.shift() as number)
  const socket = await connected(proxy)
  socket.write('one')
  expect(await receive(socket, 3)).toBe('one')
  const error = errorOf(socket)
  socket.write('two')
  expect(await error).toBe('ECONNRESET')
  expect([proxy.bytesUp, proxy.bytesDown]).toEqual([6, 6])
})

it('resets the connection of a client whose server is gone', async () => {
  await using proxy = await startProxy({ port: 1 })
  expect(await errorOf(await connected(proxy))).toBe('ECONNRESET')
})

it('lets a server do what a client is told has failed', async () => {
  await using sqld = await startSqld()
  await using proxy = await startProxy(sqld)
  const stream = openStream(proxy.url)
  await stream.query('create table t (a)')
  proxy.cutAfterRequest(2)
  await stream.query('insert into t values (1)')
  await expect(stream.query('insert into t values (2)')).rejects.toThrow('fetch failed')
  expect(proxy.requests).toBe(3)
  for (const { url } of [sqld, proxy]) {
    expect((await openStream(url).queryValue('select group_concat(a) from t')).value).toBe('1,2')
  }
})
