import { type ChildProcess, fork } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { DatabaseConnectionError, type MemoryError, SchemaError, SyncError } from '../../../errors.js'
import type { Deadline } from '../primary/deadline.js'
import { onMessage, sendMessage } from './message-stream.js'
import { removeTraces } from './replica-files.js'
import type {
  CopyState,
  SyncFailure,
  SyncOutcome,
  SyncProcessMessage,
  SyncReply,
  SyncRequest,
  SyncStart,
  TokenMessage,
} from './sync-messages.js'
import { SYNC_PROCESS } from './sync-process-url.js'
import { socketPathOf } from './sync-socket.js'

/** What the process that syncs needs to know of the replica. */
export type SyncClientOptions = {
  readonly path: string
  readonly url: string
  readonly token: (() => string | undefined | Promise<string | undefined>) | undefined
  readonly encryptionKey: string | undefined
  readonly timeoutMs: number
}

type Pending = {
  readonly resolve: (outcome: SyncOutcome) => void
  readonly reject: (error: MemoryError) => void
  readonly deadline: Deadline
}

type Events = {
  /** Something is known of the copy that was not known before. */
  state: [state: CopyState]
  /** The process that synced is gone. */
  lost: []
}

const FIRST_RETRY_MS = 20
const GREATEST_RETRY_MS = 500
/** How long a process may take to start to listen: it checks the file first, which takes a second for each few hundred megabytes. */
const START_TIMEOUT_MS = 60_000
/** How long a process that is told to end may take. */
const END_TIMEOUT_MS = 500
const DEADLINE_CHECK_MS = 100
const TOKEN_TIMEOUT_MS = 2_000
/** How many processes in a row may be ended from outside, or by the engine, before they listen. */
const MOST_KILLED = 3

/**
 * Asks for syncs: of the process that already does so for this file, whoever started it, or else of one that it starts. What that
 * process needs to know goes over a channel that only the two have; it ends with the one that started it.
 */
export class SyncClient extends EventEmitter<Events> {
  readonly #options: SyncClientOptions
  readonly #pending = new Map<number, Pending>()
  #lastId = 0
  #connecting: Promise<Socket> | null = null
  #socket: Socket | null = null
  #child: ChildProcess | null = null
  #owner: number | null = null
  #state: CopyState | null = null
  #isClosed = false

  constructor(options: SyncClientOptions) {
    super()
    this.#options = options
  }

  /** The process that started the one that syncs; `null` while there is none. */
  get owner(): { pid: number; is_self: boolean } | null {
    return this.#owner === null ? null : { pid: this.#owner, is_self: this.#owner === process.pid }
  }

  /** What is known of the copy. */
  get state(): CopyState | null {
    return this.#state
  }

  /** Connects to the process that syncs, or starts one. */
  async ready(deadline: Deadline): Promise<CopyState> {
    await this.#connected(deadline)
    return this.#state as CopyState
  }

  /** Syncs; resolves when the copy holds what the primary held when this was called. What is not awaited keeps no process alive. */
  sync(deadline: Deadline, isAwaited = true): Promise<SyncOutcome> {
    return this.#request({ id: this.#nextId(), kind: 'sync' }, deadline, isAwaited)
  }

  /** Sets the copy aside and makes a new one, unless that has happened since `seen` was its last write. */
  rebuild(reason: string, seen: string | null, deadline: Deadline): Promise<SyncOutcome> {
    return this.#request({ id: this.#nextId(), kind: 'rebuild', reason, seen }, deadline)
  }

  /** Ends the connection, and the process if it was started here. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.abandon()
    this.#socket?.destroy()
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    child.ref() // else the process might end while this waits
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    const stopped = new AbortController()
    child.kill('SIGKILL') // proven harmless, unlike waiting for a call that the network holds
    await Promise.race([
      ended,
      delay(END_TIMEOUT_MS, undefined, { signal: stopped.signal }).catch(() => undefined),
    ])
    stopped.abort()
    removeTraces(this.#options.path, socketPathOf(this.#options.path))
  }

  /** Rejects what waits for an answer. */
  abandon(): void {
    for (const id of [...this.#pending.keys()])
      this.#settle(id)?.reject(notSynced('the backend was disconnected'))
  }

  #nextId(): number {
    this.#lastId++
    return this.#lastId
  }

  async #request(request: SyncRequest, deadline: Deadline, isAwaited = true): Promise<SyncOutcome> {
    for (;;) {
      const socket = await this.#connected(deadline)
      try {
        return await this.#ask(socket, request, deadline, isAwaited)
      } catch (error) {
        // Syncing twice is as good as once, so whoever takes over is asked again.
        if (!(error instanceof ConnectionLost) || deadline.hasPassed || this.#isClosed) throw error
        await delay(FIRST_RETRY_MS)
      }
    }
  }

  #ask(socket: Socket, request: SyncRequest, deadline: Deadline, isAwaited: boolean): Promise<SyncOutcome> {
    return new Promise((resolve, reject) => {
      const timer = setInterval(() => {
        if (deadline.hasPassed)
          this.#settle(request.id)?.reject(notSynced(`no answer within ${deadline.timeoutMs} ms`))
      }, DEADLINE_CHECK_MS)
      if (!isAwaited) timer.unref()
      const settled =
        <Value>(settle: (value: Value) => void) =>
        (value: Value): void => {
          clearInterval(timer)
          settle(value)
        }
      this.#pending.set(request.id, { resolve: settled(resolve), reject: settled(reject), deadline })
      sendMessage(socket, request)
    })
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    return pending
  }

  #connected(deadline: Deadline): Promise<Socket> {
    if (this.#socket) return Promise.resolve(this.#socket)
    this.#connecting ??= this.#connect(deadline).finally(() => {
      this.#connecting = null
    })
    return this.#connecting
  }

  async #connect(deadline: Deadline): Promise<Socket> {
    const socketPath = socketPathOf(this.#options.path)
    let killed = 0
    for (let wait = FIRST_RETRY_MS; ; wait = Math.min(wait * 2, GREATEST_RETRY_MS)) {
      if (this.#isClosed) throw notSynced('the backend was disconnected')
      const socket = await this.#join(socketPath)
      if (socket) return socket
      const start = await this.#startProcess(socketPath)
      if (start.kind === 'failed') throw startFailure(this.#options.path, start.reason, start.isWrongKey)
      if (start.kind === 'killed' && ++killed === MOST_KILLED)
        throw startFailure(this.#options.path, `${start.reason}, ${killed} times in a row`, false)
      if (start.kind === 'listening') {
        const own = await this.#join(socketPath)
        if (own) return own
      }
      if (deadline.hasPassed) throw notSynced('the process that syncs this file does not answer')
      await delay(wait * (0.5 + Math.random()))
    }
  }

  /** Joins the process that listens; `null` when none does. Resolves when it has said what state the copy is in. */
  #join(socketPath: string): Promise<Socket | null> {
    return new Promise((resolve) => {
      const socket = connect(socketPath)
      socket.once('error', () => resolve(null))
      socket.on('close', () => {
        resolve(null)
        if (this.#socket === socket) this.#lose()
      })
      onMessage<SyncReply>(socket, (reply) => {
        if (reply.kind === 'hello') {
          this.#socket = socket
          this.#owner = reply.owner
          socket.unref()
          resolve(socket)
        }
        this.#receive(reply)
      })
    })
  }

  #receive(reply: SyncReply): void {
    if (reply.kind === 'progress') for (const { deadline } of this.#pending.values()) deadline.renew()
    if ('state' in reply) this.#learn(reply.state)
    if (reply.kind === 'done') this.#settle(reply.id)?.resolve(reply.outcome)
    if (reply.kind === 'failed')
      this.#settle(reply.id)?.reject(syncFailure(reply.failure, this.#options.path))
  }

  #learn(state: CopyState): void {
    this.#state = state
    this.emit('state', state)
  }

  #lose(): void {
    this.#socket = null
    this.#owner = null
    for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(new ConnectionLost())
    if (!this.#isClosed) this.emit('lost')
  }

  async #sendToken(child: ChildProcess): Promise<void> {
    const token = await tokenOrNone(this.#options.token)
    if (child.connected) child.send({ kind: 'token', token } satisfies TokenMessage)
  }

  /** Starts a process that syncs, unless another was faster. */
  async #startProcess(socketPath: string): Promise<StartOutcome> {
    const { path, url, token, encryptionKey, timeoutMs } = this.#options
    const start: SyncStart = {
      path,
      url,
      token: await tokenOrNone(token),
      encryptionKey,
      socketPath,
      timeoutMs,
    }
    const child = fork(SYNC_PROCESS, [], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: environmentOf(process.env),
      execArgv: [],
    })
    this.#child = child
    child.send(start)
    const outcome = await startOutcome(child)
    if (this.#isClosed) child.kill('SIGKILL')
    child.on('message', ({ kind }: SyncProcessMessage) => {
      if (kind === 'token?') void this.#sendToken(child)
    })
    child.unref()
    child.channel?.unref()
    return outcome
  }
}

/** The token of the moment, if it can be had soon: requests of our own tell what is wrong with it. */
async function tokenOrNone(source: SyncClientOptions['token']): Promise<string | undefined> {
  const token = (async () => source?.())().catch(() => undefined)
  const stopped = new AbortController()
  const tooLong = delay(TOKEN_TIMEOUT_MS, undefined, { signal: stopped.signal }).catch(() => undefined)
  return Promise.race([token, tooLong]).finally(() => stopped.abort())
}

/** The process that was asked is gone. */
class ConnectionLost extends SyncError {
  constructor() {
    super('The process that synced the file ended before it was done: try again')
  }
}

/** What a process needs of its surroundings to reach a primary; nothing that may be a secret. */
const PASSED_ON =
  /^(PATH|HOME|TMPDIR|TEMP|TMP|SYSTEMROOT|LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|SSL_CERT_FILE|SSL_CERT_DIR)$/i

function environmentOf(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const passed = Object.entries(env).filter(([name]) => PASSED_ON.test(name))
  return { ...Object.fromEntries(passed), RUST_LOG: 'off' }
}

/** What a process that was started says first, or that something ended it before it could say anything. */
type StartOutcome = SyncProcessMessage | { readonly kind: 'killed'; readonly reason: string }

function startOutcome(child: ChildProcess): Promise<StartOutcome> {
  return new Promise((resolve) => {
    const failed = (reason: string): void => resolve({ kind: 'failed', reason, isWrongKey: false })
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      failed('the process that syncs did not start in time')
    }, START_TIMEOUT_MS)
    child.once('message', (message) => {
      clearTimeout(timer)
      resolve(message as SyncProcessMessage)
    })
    child.once('error', (error) => failed(error.message))
    child.once('exit', (code, signal) => {
      clearTimeout(timer)
      resolve({ kind: 'killed', reason: `the process that syncs ended at its start (${signal ?? code})` })
    })
  })
}

function startFailure(path: string, reason: string, isWrongKey: boolean): MemoryError {
  return isWrongKey
    ? new SchemaError(`Cannot open the local copy: ${reason}; it was left as it is`, {
        code: 'MG_NOT_A_DATABASE',
      })
    : new SyncError(`Cannot sync ${path}: ${reason}`)
}

function syncFailure({ kind, message }: SyncFailure, path: string): MemoryError {
  if (kind === 'offline') return notSynced(message)
  if (kind === 'unencrypted')
    return new SyncError(`Cannot sync ${path}: ${message}`, { code: 'MG_CONFIGURATION' })
  return new SyncError(`Cannot sync ${path}: ${message}`)
}

/** Why nothing was synced: the primary does not answer. */
export function notSynced(reason: string): DatabaseConnectionError {
  return new DatabaseConnectionError(
    `Cannot sync: the primary does not answer: ${reason}. What is stored here can be read meanwhile`,
    { code: 'MG_OFFLINE' },
  )
}
