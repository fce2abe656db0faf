import { EventEmitter } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import {
  BackendError,
  DatabaseConnectionError,
  type MemoryError,
  SchemaError,
  SyncError,
} from '../../../errors.js'
import type { Deadline } from '../primary/deadline.js'
import { onMessage, sendMessage } from './message-stream.js'
import { removeTraces } from './replica-files.js'
import { SyncChild, type TokenSource } from './sync-child.js'
import type {
  CopyMark,
  CopyState,
  SetAside,
  SyncFailure,
  SyncOutcome,
  SyncReply,
  SyncRequest,
} from './sync-messages.js'
import { socketPathOf } from './sync-socket.js'

/** What the process that syncs needs to know of the replica. */
export type SyncClientOptions = {
  readonly path: string
  readonly url: string
  readonly token: TokenSource
  readonly encryptionKey: string | undefined
  readonly timeoutMs: number
}

/** How a sync is asked for. */
export type SyncAsking = {
  readonly deadline: Deadline
  /** Whether somebody waits for it; if not it keeps no process alive. Default is true. */
  readonly isAwaited?: boolean
  /** Whether the primary has just answered us, so that another whom it does not answer has the wrong token. Default is false. */
  readonly isAnswered?: boolean
}

type Pending = { readonly resolve: (outcome: SyncOutcome) => void; readonly reject: (error: Error) => void }
type Waiting = { readonly deadline: Deadline; readonly reject: (error: MemoryError) => void }

type Events = {
  /** Something is known of the copy that was not known before. */
  state: [state: CopyState]
  /** The process that synced is gone. */
  lost: []
}

const FIRST_RETRY_MS = 20
const GREATEST_RETRY_MS = 500
const DEADLINE_CHECK_MS = 100
/** How long a process that listens may say nothing at all. */
const SILENCE_MS = 2_000
/** How many processes in a row may be ended from outside, or by the engine, before they listen. */
const MOST_KILLED = 3

/**
 * Asks for syncs: of the process that already does so for this file, whoever started it, or else of one that it starts. Whoever
 * waits does so until a deadline, which everything that such a process says moves.
 */
export class SyncClient extends EventEmitter<Events> {
  readonly #options: SyncClientOptions
  readonly #pending = new Map<number, Pending>()
  readonly #waiting = new Set<Waiting>()
  #lastId = 0
  #connecting: Promise<Socket> | null = null
  #socket: Socket | null = null
  #child: SyncChild | null = null
  #hello: { readonly owner: number; readonly url: string } | null = null
  #state: CopyState | null = null
  #trouble: string | null = null
  #isClosed = false

  constructor(options: SyncClientOptions) {
    super()
    this.#options = options
  }

  /** The process that started the one that syncs; `null` while there is none. */
  get owner(): { pid: number; is_self: boolean } | null {
    return this.#hello && { pid: this.#hello.owner, is_self: this.#hello.owner === process.pid }
  }

  /** Whether the process that syncs was started here. */
  get isOwner(): boolean {
    return this.#child !== null && this.owner?.is_self === true
  }

  /** The primary that the process that syncs follows, if that is not ours. */
  get otherPrimary(): string | null {
    return this.#hello === null || this.#hello.url === this.#options.url ? null : this.#hello.url
  }

  /** What is known of the copy. */
  get state(): CopyState | null {
    return this.#state
  }

  /** Whether there is a process that syncs, and it has answered. */
  get isConnected(): boolean {
    return this.#socket !== null
  }

  /**
   * Connects to the process that syncs, or starts one.
   *
   * @throws `MG_SYNC` it does not start, or does not react: see {@link isWithoutProcess}
   */
  async ready(deadline: Deadline, isAwaited = true): Promise<void> {
    await this.#connected(deadline, isAwaited)
  }

  /** Syncs; resolves when the copy holds what the primary held when this was called. */
  async sync({ deadline, isAwaited = true, isAnswered = false }: SyncAsking): Promise<SyncOutcome> {
    const request = { kind: 'sync' } as const
    try {
      return await this.#request(request, deadline, isAwaited)
    } catch (error) {
      const isOther = this.owner?.is_self === false
      if (!isTrouble(error, 'unanswered') || !isAnswered || !isOther || deadline.hasPassed) throw error
    }
    if (this.#socket) sendMessage(this.#socket, { kind: 'leave' } satisfies SyncRequest)
    return this.#request(request, deadline, isAwaited)
  }

  /** Sets the copy aside and makes a new one, unless it is another than has been `seen`. */
  rebuild(
    cause: SetAside['cause'],
    reason: string,
    seen: CopyMark | null,
    deadline: Deadline,
  ): Promise<SyncOutcome> {
    return this.#request({ kind: 'rebuild', cause, reason, seen }, deadline, true)
  }

  /** Ends the connection, and the process if it was started here. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.abandon()
    this.#socket?.destroy()
    if (this.#child === null) return
    await this.#child.kill()
    removeTraces(this.#options.path, socketPathOf(this.#options.path))
  }

  /** Rejects what waits for an answer. */
  abandon(): void {
    for (const { reject } of [...this.#waiting]) reject(notSynced(DISCONNECTED))
  }

  async #request(request: Unnumbered, deadline: Deadline, isAwaited: boolean): Promise<SyncOutcome> {
    for (;;) {
      const socket = await this.#connected(deadline, isAwaited)
      const id = ++this.#lastId
      const answer = new Promise<SyncOutcome>((resolve, reject) => this.#pending.set(id, { resolve, reject }))
      sendMessage(socket, { ...request, id })
      try {
        const late = (): MemoryError => notSynced(`no answer within ${deadline.timeoutMs} ms`)
        return await this.#within(answer, deadline, isAwaited, late)
      } catch (error) {
        // Syncing twice is as good as once, so whoever takes over is asked again.
        if (!isTrouble(error, 'lost') || deadline.hasPassed || this.#isClosed) throw error
        await delay(FIRST_RETRY_MS)
      } finally {
        this.#pending.delete(id)
      }
    }
  }

  /** What work comes to, unless the deadline passes or the client is closed before. */
  async #within<Result>(
    work: Promise<Result>,
    deadline: Deadline,
    isAwaited: boolean,
    late: () => MemoryError,
  ): Promise<Result> {
    let end = (): void => undefined
    const cut = new Promise<never>((_resolve, reject) => {
      const waiting: Waiting = { deadline, reject }
      const timer = setInterval(() => {
        if (deadline.hasPassed) reject(late())
      }, DEADLINE_CHECK_MS)
      if (!isAwaited) timer.unref()
      this.#waiting.add(waiting)
      end = () => {
        clearInterval(timer)
        this.#waiting.delete(waiting)
      }
    })
    return Promise.race([work, cut]).finally(() => end())
  }

  #connected(deadline: Deadline, isAwaited: boolean): Promise<Socket> {
    if (this.#socket) return Promise.resolve(this.#socket)
    if (!this.#connecting) {
      this.#trouble = null
      this.#connecting = this.#connect().finally(() => {
        this.#connecting = null
      })
      this.#connecting.catch(() => undefined) // those that waited may have given up
    }
    const late = (): MemoryError => notReacting(this.#options.path, this.#trouble)
    return this.#within(this.#connecting, deadline, isAwaited, late)
  }

  async #connect(): Promise<Socket> {
    const socketPath = socketPathOf(this.#options.path)
    let killed = 0
    for (let wait = FIRST_RETRY_MS; ; wait = Math.min(wait * 2, GREATEST_RETRY_MS)) {
      const joined = (await this.#join(socketPath)) ?? (await this.#startAndJoin(socketPath))
      if (joined === 'killed' && ++killed === MOST_KILLED)
        throw startFailure(this.#options.path, `${this.#trouble}, ${killed} times in a row`)
      if (joined !== null && typeof joined === 'object') return joined
      await delay(wait * (0.5 + Math.random()), undefined, { ref: false })
      if (this.#isClosed || this.#waiting.size === 0) throw notSynced(DISCONNECTED)
    }
  }

  async #startAndJoin(socketPath: string): Promise<Joined | 'killed' | 'taken'> {
    const { path, token, url, encryptionKey, timeoutMs } = this.#options
    const child = await SyncChild.start({ path, url, encryptionKey, socketPath, timeoutMs }, token)
    this.#child = child
    if (this.#isClosed) await child.kill()
    const outcome = await child.started
    if (outcome.kind === 'failed') throw startFailure(path, outcome.reason, outcome.isWrongKey)
    if (outcome.kind === 'killed') this.#trouble = outcome.reason
    if (outcome.kind !== 'listening') {
      this.#child = null
      return outcome.kind
    }
    const joined = await this.#join(socketPath)
    const failure = joined === null ? await child.lastWord() : null
    if (failure) throw startFailure(path, failure.reason, failure.isWrongKey)
    return joined ?? 'killed'
  }

  /** Joins the process that listens, when it has said what state the copy is in; `null` when none does. */
  #join(socketPath: string): Promise<Joined> {
    return new Promise((resolve) => {
      const socket = connect(socketPath)
      socket.unref()
      const silence = setTimeout(() => {
        this.#trouble = 'the process that syncs it does not react, as if it were stopped'
        resolve('silent')
        socket.destroy()
      }, SILENCE_MS)
      silence.unref()
      socket.once('error', () => resolve(null))
      socket.on('close', () => {
        clearTimeout(silence)
        resolve(null)
        if (this.#socket === socket) this.#lose()
      })
      onMessage<SyncReply>(socket, (reply) => {
        silence.refresh()
        if (reply.kind === 'hello') {
          clearTimeout(silence)
          this.#socket = socket
          this.#hello = reply
          resolve(socket)
        }
        this.#receive(reply)
      })
    })
  }

  #receive(reply: SyncReply): void {
    if (reply.kind === 'progress') for (const { deadline } of this.#waiting) deadline.renew()
    if ('state' in reply) this.#learn(reply.state)
    if (reply.kind === 'done') this.#pending.get(reply.id)?.resolve(reply.outcome)
    if (reply.kind === 'failed')
      this.#pending.get(reply.id)?.reject(syncFailure(reply.failure, this.#options.path))
  }

  #learn(state: CopyState): void {
    this.#state = state
    this.emit('state', state)
  }

  #lose(): void {
    this.#socket = null
    this.#hello = null
    for (const { reject } of this.#pending.values()) reject(connectionLost())
    if (!this.#isClosed) this.emit('lost')
  }
}

/** A request before it has its number. */
type Unnumbered = { readonly kind: 'sync' } | Omit<Extract<SyncRequest, { kind: 'rebuild' }>, 'id'>

/** A connection; `null` when nothing listens; `silent` when what listens says nothing. */
type Joined = Socket | null | 'silent'

const DISCONNECTED = 'the backend was disconnected'

/** Why the process that syncs was of no use: it ended, does not react, cannot start, or the primary does not answer it. */
type Trouble = 'lost' | 'not-reacting' | 'not-starting' | 'unanswered'

// A class for each would be a name that nobody outside knows.
const troubles = new WeakMap<object, Trouble>()

function marked<Thrown extends MemoryError>(error: Thrown, trouble: Trouble): Thrown {
  troubles.set(error, trouble)
  return error
}

function isTrouble(error: unknown, ...kinds: readonly Trouble[]): boolean {
  const trouble = typeof error === 'object' && error !== null ? troubles.get(error) : undefined
  return trouble !== undefined && kinds.includes(trouble)
}

/** Whether an error says that there is no process to sync, so that what is stored here can be used without. */
export function isWithoutProcess(error: unknown): boolean {
  return isTrouble(error, 'not-reacting', 'not-starting')
}

function connectionLost(): MemoryError {
  return marked(new SyncError('The process that synced the file ended before it was done: try again'), 'lost')
}

function notReacting(path: string, trouble: string | null): MemoryError {
  const reason = trouble ?? 'the process that syncs it has not started yet'
  return marked(
    new SyncError(`Cannot sync ${path}: ${reason}. What is stored here can be read meanwhile`),
    'not-reacting',
  )
}

function notStarting(path: string, reason: string): MemoryError {
  const isForbidden = NOT_WRITABLE.test(reason)
  const error = new SyncError(`Cannot sync ${path}: ${reason}${isForbidden ? `: ${LET_WRITE}` : ''}`, {
    code: isForbidden ? 'MG_READ_ONLY' : 'MG_SYNC',
  })
  return marked(error, 'not-starting')
}

const NOT_WRITABLE = /EACCES|EPERM|EROFS|cannot be written/
const LET_WRITE = 'its folder must be one that this user can write to'

function startFailure(path: string, reason: string, isWrongKey = false): MemoryError {
  return isWrongKey
    ? new SchemaError(`Cannot open the local copy: ${reason}; it was left as it is`, {
        code: 'MG_NOT_A_DATABASE',
      })
    : notStarting(path, reason)
}

function syncFailure({ kind, message }: SyncFailure, path: string): MemoryError {
  const what = `Cannot sync ${path}: ${message}`
  if (kind === 'offline') return notSynced(message)
  if (kind === 'unanswered') return marked(notSynced(message), 'unanswered')
  if (kind === 'forbidden')
    return new DatabaseConnectionError(`${what}: ${LET_WRITE}`, { code: 'MG_READ_ONLY' })
  if (kind === 'full') return new BackendError(`${what}: free some space`, { code: 'MG_STORAGE_FULL' })
  return kind === 'unencrypted' ? new SyncError(what, { code: 'MG_CONFIGURATION' }) : new SyncError(what)
}

/** Why nothing was synced: the primary does not answer. */
export function notSynced(reason: string): DatabaseConnectionError {
  return new DatabaseConnectionError(
    `Cannot sync: the primary does not answer: ${reason}. What is stored here can be read meanwhile`,
    { code: 'MG_OFFLINE' },
  )
}
