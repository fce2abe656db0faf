import { rmSync, statSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import type { CopyKeeper } from './copy-keeper.js'
import { onMessage, sendMessage } from './message-stream.js'
import { filesOf } from './replica-files.js'
import type { SyncFailure, SyncOutcome, SyncReply, SyncRequest, SyncStart } from './sync-messages.js'

/** What the process around a server gives. */
export type SyncSurroundings = {
  /** The process that started this one. */
  readonly owner: number
  /** Ends this process at once. */
  readonly end: () => void
  /** Whether this process alone may sync the file, still. */
  readonly mayGoOn: () => boolean
}

type Asked = { readonly socket: Socket; readonly request: Exclude<SyncRequest, { kind: 'leave' }> }

/** How often those that are connected are told that there is progress. */
const PROGRESS_MS = 250

/**
 * Answers those that ask for a sync. Requests that come while one is running share the next. Runs in the process that holds the
 * lock of the replica.
 */
export class SyncServer {
  readonly #start: SyncStart
  readonly #surroundings: SyncSurroundings
  readonly #keeper: CopyKeeper
  readonly #clients = new Set<Socket>()
  #isReady = false
  #isRunning = false
  #asked: Asked[] = []

  constructor(start: SyncStart, keeper: CopyKeeper, surroundings: SyncSurroundings) {
    this.#start = start
    this.#keeper = keeper
    this.#surroundings = surroundings
  }

  /** Listens on the socket, to this user alone. */
  async listen(): Promise<void> {
    const { socketPath } = this.#start
    if (process.platform !== 'win32') rmSync(socketPath, { force: true }) // whoever listened there is gone: we have its lock
    const server = createServer((socket) => this.#welcome(socket))
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(socketPath, resolve)
    })
  }

  /** Looks at the copy, which takes a second for each few hundred megabytes; then answers. */
  async open(): Promise<void> {
    const beat = setInterval(() => this.#broadcast({ kind: 'progress' }), PROGRESS_MS)
    try {
      await this.#keeper.inspect()
    } finally {
      clearInterval(beat)
    }
    this.#isReady = true
    for (const client of this.#clients) this.#greet(client)
  }

  #welcome(socket: Socket): void {
    this.#clients.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#clients.delete(socket))
    onMessage<SyncRequest>(socket, (request) => this.#receive(socket, request))
    if (this.#isReady) this.#greet(socket)
  }

  #greet(socket: Socket): void {
    const { owner } = this.#surroundings
    sendMessage(socket, {
      kind: 'hello',
      owner,
      url: this.#start.url,
      state: this.#keeper.state,
    } satisfies SyncReply)
  }

  #receive(socket: Socket, request: SyncRequest): void {
    if (request.kind === 'leave') {
      this.#surroundings.end()
      return
    }
    this.#asked.push({ socket, request })
    void this.#work()
  }

  async #work(): Promise<void> {
    if (this.#isRunning) return
    this.#isRunning = true
    while (this.#asked.length > 0) {
      const asked = this.#asked
      this.#asked = []
      const result = await this.#do(asked).catch(
        (error: unknown): SyncFailure => ({
          kind: 'failed',
          message: error instanceof Error ? error.message : String(error),
        }),
      )
      this.#broadcast({ kind: 'state', state: this.#keeper.state })
      for (const { socket, request } of asked) sendMessage(socket, this.#replyTo(request.id, result))
    }
    this.#isRunning = false
  }

  async #do(asked: readonly Asked[]): Promise<SyncOutcome | SyncFailure> {
    if (!this.#surroundings.mayGoOn()) this.#surroundings.end()
    const stopWatching = this.#watchProgress()
    try {
      for (const { request } of asked) {
        if (request.kind === 'rebuild') await this.#keeper.giveUp(request.cause, request.reason, request.seen)
      }
      return await this.#keeper.sync()
    } finally {
      stopWatching()
    }
  }

  #replyTo(id: number, result: SyncOutcome | SyncFailure): SyncReply {
    return 'kind' in result
      ? { kind: 'failed', id, failure: result }
      : { kind: 'done', id, outcome: result, state: this.#keeper.state }
  }

  /** Tells those that wait that there is progress; without any for long, ends the process, and with it the call that hangs. */
  #watchProgress(): () => void {
    const { path, timeoutMs } = this.#start
    const { database, log } = filesOf(path)
    const size = (): string => [database, log].map((file) => sizeOf(file)).join()
    let last = size()
    let lastAt = performance.now()
    const timer = setInterval(() => {
      const now = size()
      if (now !== last || !this.#keeper.isSyncing) {
        last = now
        lastAt = performance.now()
        this.#broadcast({ kind: 'progress' })
      } else if (performance.now() - lastAt > timeoutMs) this.#surroundings.end()
    }, PROGRESS_MS)
    return () => clearInterval(timer)
  }

  #broadcast(reply: SyncReply): void {
    for (const client of this.#clients) sendMessage(client, reply)
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
