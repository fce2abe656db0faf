import { existsSync, rmSync, statSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { onMessage, sendMessage } from './message-stream.js'
import { filesOf, findFault, isUnencrypted, removeReplica, setAside } from './replica-files.js'
import { type ReplicaRecord, readRecord, writeRecord } from './replica-record.js'
import { type SyncLock, takeSyncLock } from './sync-lock.js'
import type {
  CopyState,
  SyncFailure,
  SyncOutcome,
  SyncReply,
  SyncRequest,
  SyncStart,
  WorkerReply,
  WorkerRequest,
} from './sync-messages.js'
import { SyncThread } from './sync-thread.js'

/** The file was encrypted in another way than it is to be read. */
export class WrongKey extends Error {}

/** What the process around it gives. */
export type SyncSurroundings = {
  /** The process that started this one. */
  readonly owner: number
  /** Ends this process at once. */
  readonly end: () => void
  readonly askForToken: () => Promise<string | undefined>
}

type Waiting = { readonly socket: Socket; readonly id: number }

/** How often a sync is looked at, to see whether it makes progress. */
const PROGRESS_CHECK_MS = 250

/**
 * What runs in the process that syncs: it holds the lock of the replica, owns the only handle that follows the primary, and
 * answers those that ask for a sync. Requests that come while one is running share the next.
 */
export class SyncServer {
  #start: SyncStart
  readonly #surroundings: SyncSurroundings
  readonly #clients = new Set<Socket>()
  readonly #thread = new SyncThread()
  #lock: SyncLock | null = null
  /** Of the database that the handle is on. */
  #inode: number | null = null
  #running = false
  #waiting: Waiting[] = []
  #state: CopyState = {
    isComplete: false,
    syncedAt: null,
    frameNo: null,
    newest: null,
    setAside: null,
  }

  constructor(start: SyncStart, surroundings: SyncSurroundings) {
    this.#start = start
    this.#surroundings = surroundings
  }

  /**
   * Takes the lock, which the system takes back when the process ends, however it ends; then sets aside what is damaged. False
   * when another process has it.
   */
  async takeOver(): Promise<boolean> {
    this.#lock = await takeSyncLock(this.#start.path, 0)
    if (this.#lock === null) return false
    await this.#inspect()
    return true
  }

  /** Answers on the socket, to this user alone. */
  async listen(): Promise<void> {
    const { socketPath } = this.#start
    if (process.platform !== 'win32') rmSync(socketPath, { force: true }) // whoever listened there is gone: we have its lock
    const server = createServer((socket) => this.#welcome(socket))
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(socketPath, resolve)
    })
  }

  async #inspect(): Promise<void> {
    const { path, encryptionKey } = this.#start
    const record = readRecord(filesOf(path).record)
    requireSameKey(path, record, encryptionKey)
    const fault = findFault(path, encryptionKey !== undefined) ?? (await this.#faultInside(record))
    if (fault !== null) return this.#setAside(fault)
    if (record && existsSync(path)) {
      const { syncedAt, frameNo } = record
      this.#state = { ...this.#state, isComplete: true, syncedAt, frameNo }
    }
  }

  async #faultInside(record: ReplicaRecord | null): Promise<string | null> {
    const { path } = this.#start
    // To a plain connection a copy on its way looks empty, for which the engine deletes its log.
    if (record === null || !existsSync(path)) return null
    const checked = await this.#ask({ kind: 'check' })
    if (checked.kind !== 'checked') return checked.kind === 'error' ? checked.message : null
    if (
      checked.fault !== null &&
      this.#start.encryptionKey !== undefined &&
      NOT_READABLE.test(checked.fault)
    ) {
      throw new WrongKey(`${path} cannot be read with this encryptionKey`) // nothing says that it is damaged
    }
    if (checked.fault !== null) return checked.fault
    this.#state = { ...this.#state, newest: checked.newest }
    if (record.newest && (checked.newest?.seq ?? 0) < record.newest.seq) {
      return `it ends with the write ${checked.newest?.seq ?? 0} although it has held the write ${record.newest.seq}`
    }
    return null
  }

  #setAside(reason: string): void {
    const path = setAside(this.#start.path, new Date())
    this.#inode = null
    this.#state = {
      isComplete: false,
      syncedAt: null,
      frameNo: null,
      newest: null,
      setAside: { path, reason },
    }
  }

  #welcome(socket: Socket): void {
    this.#clients.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#clients.delete(socket))
    onMessage<SyncRequest>(socket, (request) => this.#receive(socket, request))
    sendMessage(socket, {
      kind: 'hello',
      owner: this.#surroundings.owner,
      state: this.#state,
    } satisfies SyncReply)
  }

  #receive(socket: Socket, request: SyncRequest): void {
    this.#waiting.push({ socket, id: request.id })
    if (request.kind === 'rebuild') this.#rebuilds.push(request)
    void this.#work()
  }

  readonly #rebuilds: (SyncRequest & { kind: 'rebuild' })[] = []

  async #work(): Promise<void> {
    if (this.#running) return
    this.#running = true
    while (this.#waiting.length > 0) {
      const asked = this.#waiting
      this.#waiting = []
      await this.#rebuildIfAsked()
      const result = await this.#sync().catch(
        (error: unknown): SyncFailure => ({
          kind: 'failed',
          message: error instanceof Error ? error.message : String(error),
        }),
      )
      for (const { socket, id } of asked) {
        const reply: SyncReply =
          'kind' in result
            ? { kind: 'failed', id, failure: result }
            : { kind: 'done', id, outcome: result, state: this.#state }
        sendMessage(socket, reply)
      }
      this.#broadcast({ kind: 'state', state: this.#state })
    }
    this.#running = false
  }

  async #rebuildIfAsked(): Promise<void> {
    for (const { reason, seen } of this.#rebuilds.splice(0)) {
      if (seen !== (this.#state.newest?.id ?? null)) continue // it has been done since
      await this.#closeHandle()
      this.#setAside(reason)
      this.#broadcast({ kind: 'state', state: this.#state })
    }
  }

  async #sync(mayRebuild = true): Promise<SyncOutcome | SyncFailure> {
    const began = performance.now()
    await this.#requireOwnFiles()
    const stopWatching = this.#watchProgress()
    const reply = await this.#ask({ kind: 'sync' })
    stopWatching()
    if (reply.kind === 'error') return this.#failure(reply.message, mayRebuild)
    if (reply.kind !== 'synced') return { kind: 'failed', message: 'The sync gave no answer' }
    if (this.#start.encryptionKey !== undefined && isUnencrypted(this.#start.path))
      return this.#refuseUnencrypted()
    this.#inode = inodeOf(this.#start.path)
    this.#note(reply)
    const durationMs = Math.round((performance.now() - began) * 1000) / 1000
    return { framesSynced: reply.framesSynced, frameNo: reply.frameNo, durationMs }
  }

  /** What was deleted, or put in the place of what was there, is not gone on with. */
  async #requireOwnFiles(): Promise<void> {
    const { path } = this.#start
    if (this.#lock?.isIntact() !== true) this.#surroundings.end() // another may hold the new one
    if (this.#inode === null || inodeOf(path) === this.#inode) return
    await this.#closeHandle()
    this.#setAside('its database file was deleted or replaced while it was in use')
  }

  #note({ frameNo, newest, epoch, framesSynced }: WorkerReply & { kind: 'synced' }): void {
    const { path, url, encryptionKey } = this.#start
    const syncedAt = new Date().toISOString()
    const isNew = framesSynced > 0 || !this.#state.isComplete
    this.#state = { ...this.#state, isComplete: epoch !== null, syncedAt, frameNo, newest }
    if (!isNew || epoch === null) return
    const isEncrypted = encryptionKey !== undefined
    writeRecord(filesOf(path).record, { format: 1, url, epoch, newest, frameNo, syncedAt, isEncrypted })
  }

  async #failure(message: string, mayRebuild: boolean): Promise<SyncOutcome | SyncFailure> {
    if (NETWORK_FAILURE.test(message)) {
      return (await this.#hasNewToken()) ? this.#sync(mayRebuild) : { kind: 'offline', message }
    }
    await this.#closeHandle() // a handle that failed to open, or to apply what came, is not used again
    const { path, encryptionKey } = this.#start
    const fault = findFault(path, encryptionKey !== undefined)
    if (!mayRebuild || (fault === null && !DAMAGE.test(message))) return { kind: 'failed', message }
    this.#setAside(fault ?? message)
    return this.#sync(false)
  }

  // The engine cannot tell a primary that is away from one that refuses the token.
  async #hasNewToken(): Promise<boolean> {
    const token = await this.#surroundings.askForToken()
    if (token === undefined || token === this.#start.token) return false
    await this.#closeHandle()
    this.#start = { ...this.#start, token }
    return true
  }

  async #refuseUnencrypted(): Promise<SyncFailure> {
    await this.#closeHandle()
    removeReplica(this.#start.path)
    return {
      kind: 'unencrypted',
      message:
        'The engine wrote the local copy without encryption although a key was given, so it was deleted',
    }
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
      if (now !== last) {
        last = now
        lastAt = performance.now()
        this.#broadcast({ kind: 'progress' })
      } else if (performance.now() - lastAt > timeoutMs) this.#surroundings.end()
    }, PROGRESS_CHECK_MS)
    return () => clearInterval(timer)
  }

  #broadcast(reply: SyncReply): void {
    for (const client of this.#clients) sendMessage(client, reply)
  }

  #ask(request: WorkerRequest): Promise<WorkerReply> {
    return this.#thread.ask(this.#start, request)
  }

  #closeHandle(): Promise<void> {
    return this.#thread.close(this.#start)
  }
}

function requireSameKey(path: string, record: ReplicaRecord | null, encryptionKey: string | undefined): void {
  if (!record || record.isEncrypted === (encryptionKey !== undefined)) return
  throw new WrongKey(
    record.isEncrypted
      ? `${path} is encrypted: give its encryptionKey`
      : `${path} is not encrypted: leave encryptionKey out, or delete the file so that it is made anew`,
  )
}

function inodeOf(file: string): number | null {
  return statSync(file, { throwIfNoEntry: false })?.ino ?? null
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

/** What the engine says when the primary is away, or the token is bad, which it cannot tell apart. */
const NETWORK_FAILURE =
  /PrimaryHandshakeTimeout|trying to connect|tcp connect|dns error|Connection refused|connection (closed|reset|error)|Unavailable|status: Unknown|Client\(|transport error|broken pipe|snapshot not found|error sending request|timed? ?out/i
const NOT_READABLE = /not a database/i
/** What it says when the files cannot be gone on with. */
const DAMAGE =
  /wal_index|Injector|not a database|malformed|disk I\/O|corrupt|RequiresCleanDatabase|clean database/i
