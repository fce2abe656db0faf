import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import Database from 'libsql'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import { scratchFolder } from './scratch.js'
import { listenSomewhere } from './tcp-proxy.js'

/** A primary that speaks the newer protocol of replicas. */
export type NewerPrimary = AsyncDisposable & {
  readonly url: string
  /** How often all of it was downloaded. */
  downloads(): number
}

/**
 * What sqld does not speak: the protocol that the engine chooses where the server answers at `/info`. As much of it as the first
 * sync of a replica needs: all that the server holds now is one file, after which nothing has come. Statements go to the server.
 */
export async function startNewerPrimary(sqld: { url: string; port: number }): Promise<NewerPrimary> {
  const file = await fileOf(sqld.url)
  let downloads = 0
  const answers: [path: RegExp, answer: (response: ServerResponse) => void][] = [
    [/^\/+info$/, (response) => response.writeHead(200).end('{"current_generation":1}')],
    [/^\/+export\/1$/, (response) => ++downloads && response.writeHead(200).end(file)],
    [/^\/+sync\/1\/\d+\/\d+$/, (response) => response.writeHead(400).end('{"generation":1}')],
  ]
  const server = createServer((request, response) => {
    const [, answer] = answers.find(([path]) => path.test(request.url ?? '')) ?? []
    if (request.method === 'GET' && answer) answer(response)
    else void passOn(sqld.port, request, response)
  })
  const port = await listenSomewhere(server)
  return {
    url: `http://127.0.0.1:${port}`,
    downloads: () => downloads,
    [Symbol.asyncDispose]: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** What a server holds, as a plain file. */
async function fileOf(url: string): Promise<Buffer> {
  const path = join(scratchFolder(), 'all.db')
  await (await TursoBackend.create({ url, path })).disconnect()
  const database = new Database(path)
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  database.close()
  return readFileSync(path)
}

async function passOn(port: number, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, url, headers } = request
  const onwards = httpRequest({ host: '127.0.0.1', port, method, path: url, headers })
  request.pipe(onwards)
  const [answer] = (await once(onwards, 'response')) as [IncomingMessage]
  response.writeHead(answer.statusCode ?? 500, answer.headers)
  answer.pipe(response)
}
