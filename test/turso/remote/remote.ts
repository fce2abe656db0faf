import { once } from 'node:events'
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { TursoBackend, type TursoBackendOptions } from '../../../src/backends/turso/turso-backend.js'
import { MemoryError } from '../../../src/errors.js'
import type { MemoryInput } from '../../../src/model/memory.js'
import { type Sqld, startSqld } from '../../support/sqld.js'
import { listenSomewhere, startProxy, type TcpProxy } from '../../support/tcp-proxy.js'

/** Deadlines that a test can wait for. */
export const TIMEOUT_MS = 600

/** A primary, a network to it, and a backend at the other end. */
export type Remote = AsyncDisposable & {
  readonly sqld: Sqld
  readonly proxy: TcpProxy
  readonly backend: TursoBackend
  /** Where the backend finds its primary: at the proxy. */
  readonly options: TursoBackendOptions
  /** The requests that the primary was sent during some work. */
  requestsOf(work: () => Promise<unknown>): Promise<number>
}

/** A backend in remote mode, behind a proxy, with a server of its own unless one is given. */
export async function startRemote(
  given: TursoBackendOptions = {},
  network: { readonly latencyMs?: number; readonly sqld?: Sqld } = {},
): Promise<Remote> {
  const sqld = network.sqld ?? (await startSqld())
  const proxy = await startProxy(sqld)
  const options = { url: proxy.url, mode: 'remote', timeoutMs: TIMEOUT_MS, ...given } as const
  const backend = await TursoBackend.create(options)
  proxy.latencyMs = network.latencyMs ?? 0
  return {
    sqld,
    proxy,
    backend,
    options,
    requestsOf: async (work) => {
      const before = proxy.requests
      await work()
      return proxy.requests - before
    },
    [Symbol.asyncDispose]: async () => {
      proxy.thaw()
      sqld.thaw()
      await backend.disconnect()
      await proxy.close()
      if (!network.sqld) await sqld[Symbol.asyncDispose]()
    },
  }
}

/** A memory to store; the same text, the same memory. */
export function note(title: string, more: Partial<MemoryInput> = {}): MemoryInput {
  return { type: 'general', title, content: `All about ${title}.`, ...more }
}

/** So many memories to store. */
export function notes(count: number, more: (at: number) => Partial<MemoryInput> = () => ({})): MemoryInput[] {
  return Array.from({ length: count }, (_, at) => note(`Note ${at}`, more(at)))
}

/** What a call rejects with, which must be an error of this library. */
export async function failureOf(call: Promise<unknown>): Promise<MemoryError> {
  const failure: unknown = await call.then(
    () => new Error('it resolved'),
    (error: unknown) => error,
  )
  if (MemoryError.is(failure)) return failure
  throw new Error('expected an error of this library', { cause: failure })
}

/** How long some work takes, in milliseconds. */
export async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/** The changes of the feed, without their positions. */
export async function changesOf(backend: TursoBackend): Promise<string[]> {
  const changes: string[] = []
  for await (const { op, kind, id } of backend.changes()) changes.push(`${op} ${kind} ${id}`)
  return changes
}

/** Something that speaks HTTP before a primary, such as a load balancer. */
export class Gateway implements AsyncDisposable {
  /** Requests at the primary at once, at most. */
  mostOpen = 0
  /** How long each takes at least, in milliseconds. */
  latencyMs = 0
  /** Answers that are given instead of the primary's, to the next requests. */
  readonly instead: { readonly status: number; readonly json?: object }[] = []
  readonly url: string
  #open = 0
  readonly #target: number
  readonly #server = createServer((request, response) => void this.#passOn(request, response))

  private constructor(target: number, server: number) {
    this.#target = target
    this.url = `http://127.0.0.1:${server}`
  }

  static async start(target: { readonly port: number }): Promise<Gateway> {
    const probe = createServer()
    const port = await listenSomewhere(probe)
    probe.close()
    await once(probe, 'close')
    const gateway = new Gateway(target.port, port)
    gateway.#server.listen(port, '127.0.0.1')
    await once(gateway.#server, 'listening')
    return gateway
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, 'close')
  }

  async #passOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const instead = this.instead.shift()
    if (instead) {
      request.resume()
      response.writeHead(instead.status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(instead.json ?? {}))
      return
    }
    this.mostOpen = Math.max(this.mostOpen, ++this.#open)
    await sleep(this.latencyMs)
    const { method, url, headers } = request
    const onwards = httpRequest({ host: '127.0.0.1', port: this.#target, method, path: url, headers })
    request.pipe(onwards)
    const [answer] = (await once(onwards, 'response')) as [IncomingMessage]
    answer.once('end', () => this.#open--)
    response.writeHead(answer.statusCode ?? 500, answer.headers)
    answer.pipe(response)
  }
}
