import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

const LOOPBACK = '127.0.0.1'

/** Below the ports that systems give to outgoing connections: one that nobody listens on for a while stays free. */
const FIRST_PORT = 20_000
const PORTS = 12_000

/** What sockets say whose other end was cut, or is not there. */
const CUT = ['ECONNRESET', 'ECONNREFUSED', 'EPIPE']

/** Listens on a free loopback port, and resolves to it. */
export async function listenSomewhere(server: Server): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const port = FIRST_PORT + randomInt(PORTS)
    try {
      await listenOn(server, port)
      return port
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || attempt === 20) throw error
    }
  }
}

async function listenOn(server: Server, port: number): Promise<void> {
  server.listen(port, LOOPBACK)
  await once(server, 'listening')
}

function reset(socket: Socket): void {
  // A reset waits for a connection under way, which may never come about, and leaves a socket open that was ended (EINVAL).
  if (socket.connecting || socket.writableEnded) socket.destroy()
  else socket.resetAndDestroy()
}

/** Does things in the order they came, each a delay after it came, and none while it is held. */
class Line {
  readonly #waiting: { readonly due: number; readonly deliver: () => void }[] = []
  #timer: NodeJS.Timeout | undefined
  #held: boolean

  constructor(held: boolean) {
    this.#held = held
  }

  push(delayMs: number, deliver: () => void): void {
    this.#waiting.push({ due: performance.now() + delayMs, deliver })
    this.#proceed()
  }

  hold(held: boolean): void {
    this.#held = held
    this.#proceed()
  }

  clear(): void {
    this.#waiting.length = 0
    this.#proceed()
  }

  #proceed(): void {
    clearTimeout(this.#timer)
    for (let next = this.#waiting[0]; next && !this.#held; next = this.#waiting[0]) {
      const wait = next.due - performance.now()
      if (wait > 0) {
        this.#timer = setTimeout(() => this.#proceed(), Math.ceil(wait))
        return
      }
      this.#waiting.shift()
      next.deliver()
    }
  }
}

/** A client, and the connection to the server that was made for it. */
class Pair {
  readonly client: Socket
  readonly server: Socket
  readonly up: Line
  readonly down: Line
  /** Whether what the client sends next begins a burst: nothing was sent yet, or was answered. */
  answered = true
  /** Whether the client is to be cut off when the server answers. */
  doomed = false

  constructor(client: Socket, server: Socket, held: boolean) {
    this.client = client.setNoDelay(true)
    this.server = server.setNoDelay(true)
    this.up = new Line(held)
    this.down = new Line(held)
  }

  hold(held: boolean): void {
    this.up.hold(held)
    this.down.hold(held)
  }

  cut(): void {
    this.cutClient()
    reset(this.server)
  }

  cutClient(): void {
    this.up.clear()
    this.down.clear()
    reset(this.client)
  }
}

/**
 * Something between a client and a server that can go wrong in the ways a network does. It needs the event loop: a native client
 * that blocks on it while it waits for an answer belongs in another thread or process.
 */
export class TcpProxy {
  readonly port: number
  readonly url: string
  /** How much later an answer comes, half of it in each direction; connecting is not delayed. */
  latencyMs: number
  /** Connections there were. */
  connections = 0
  /** Bytes clients have sent, whether or not they were passed on. */
  bytesUp = 0
  /** Bytes the server has sent, whether or not they were passed on. */
  bytesDown = 0
  /** HTTP/1.1 requests clients have sent, whether or not they were passed on. */
  requests = 0
  readonly #target: number
  readonly #pairs = new Set<Pair>()
  #listener: Server
  #frozen = false
  #burstsToCut = 0
  #cutProbability = 0
  #random: () => number = Math.random

  /** @internal */
  constructor(listener: Server, port: number, target: number, latencyMs: number) {
    this.#listener = listener.on('connection', this.#connected)
    this.#target = target
    this.port = port
    this.url = `http://${LOOPBACK}:${port}`
    this.latencyMs = latencyMs
  }

  /** From now on a black hole: connections are accepted, and everything that comes is held, also that an end closed. */
  freeze(): void {
    this.#hold(true)
  }

  /** Passes on what was held, which may be a request whose client has given up; `cut()` before it to lose that. */
  thaw(): void {
    this.#hold(false)
  }

  /** Resets all connections, and loses what is under way in them. */
  cut(): void {
    for (const pair of this.#pairs) pair.cut()
  }

  /** From now on nobody listens; the connections there are stay. */
  refuse(): void {
    this.#listener.close()
  }

  /** Listens again, on the same port. */
  async accept(): Promise<void> {
    if (this.#listener.listening) return
    this.#listener = createHalfOpenServer().on('connection', this.#connected)
    await listenOn(this.#listener, this.port)
  }

  /**
   * Passes the n-th burst from here on to the server, which is an HTTP/1.1 request, waits until the server begins to answer, and
   * resets the connection to the client instead: the server has done what the client is told has failed. For the server the
   * connection goes on, since it may drop what it is still doing where its client is gone.
   */
  cutAfterRequest(n = 1): void {
    this.#burstsToCut = n
  }

  /** From now on every chunk, from either end, resets its connection with this probability instead of being passed on. */
  cutAtRandom(probability: number, random: () => number): void {
    this.#cutProbability = probability
    this.#random = random
  }

  /** Stops listening, and resets all connections. */
  async close(): Promise<void> {
    this.refuse()
    const closing = [...this.#pairs].flatMap(({ client, server }) =>
      [client, server].filter(({ closed }) => !closed).map((socket) => once(socket, 'close')),
    )
    this.cut()
    await Promise.all(closing)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #hold(frozen: boolean): void {
    this.#frozen = frozen
    for (const pair of this.#pairs) pair.hold(frozen)
  }

  readonly #connected = (client: Socket): void => {
    this.connections++
    const server = connect({ port: this.#target, host: LOOPBACK, allowHalfOpen: true })
    const pair = new Pair(client, server, this.#frozen)
    this.#pairs.add(pair)
    client.on('data', (chunk: Buffer) => this.#fromClient(pair, chunk))
    server.on('data', (chunk: Buffer) => this.#fromServer(pair, chunk))
    this.#passOnEnds(pair, client, server, pair.up)
    this.#passOnEnds(pair, server, client, pair.down)
  }

  #passOnEnds(pair: Pair, from: Socket, to: Socket, line: Line): void {
    from.on('end', () => line.push(this.latencyMs / 2, () => to.end()))
    from.on('error', (error: NodeJS.ErrnoException) => {
      if (!CUT.includes(error.code ?? '')) throw error
      line.push(this.latencyMs / 2, () => reset(to))
    })
    from.on('close', () => {
      if (pair.client.closed && pair.server.closed) this.#pairs.delete(pair)
    })
  }

  #fromClient(pair: Pair, chunk: Buffer): void {
    this.bytesUp += chunk.length
    if (pair.answered) this.#beginBurst(pair, chunk)
    if (this.#chanceCuts(pair)) return
    pair.up.push(this.latencyMs / 2, () => pair.server.write(chunk))
  }

  #beginBurst(pair: Pair, chunk: Buffer): void {
    pair.answered = false
    if (/^(POST|GET) /.test(chunk.toString('latin1', 0, 5))) this.requests++
    if (this.#burstsToCut > 0 && --this.#burstsToCut === 0) pair.doomed = true
  }

  #fromServer(pair: Pair, chunk: Buffer): void {
    this.bytesDown += chunk.length
    pair.answered = true
    if (pair.doomed) pair.down.push(this.latencyMs / 2, () => pair.cutClient())
    else if (!this.#chanceCuts(pair)) pair.down.push(this.latencyMs / 2, () => pair.client.write(chunk))
  }

  #chanceCuts(pair: Pair): boolean {
    if (this.#cutProbability === 0 || this.#random() >= this.#cutProbability) return false
    pair.cut()
    return true
  }
}

/** A proxy on a free loopback port for a server on another. */
export async function startProxy(
  target: { readonly port: number },
  options: { readonly latencyMs?: number } = {},
): Promise<TcpProxy> {
  const listener = createHalfOpenServer()
  const port = await listenSomewhere(listener)
  return new TcpProxy(listener, port, target.port, options.latencyMs ?? 0)
}

function createHalfOpenServer(): Server {
  return createServer({ allowHalfOpen: true })
}
