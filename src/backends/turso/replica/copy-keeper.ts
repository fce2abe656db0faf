import { existsSync, rmSync, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { inodeOf } from '../local/inode-of.js'
import { filesOf, findFault, isUnencrypted, removeReplica, setAside } from './replica-files.js'
import { type ReplicaRecord, readRecord, writeRecord } from './replica-record.js'
import type {
  CopyMark,
  CopyState,
  SetAside,
  SyncFailure,
  SyncOutcome,
  SyncStart,
  WorkerReply,
} from './sync-messages.js'
import { SyncThread } from './sync-thread.js'

/** The file was encrypted in another way than it is to be read. */
export class WrongKey extends Error {}

/** How often a sync that the network cut short is tried again, and how long after. */
const RETRIES = 2
const RETRY_MS = 150
/** The same while the primary makes a snapshot of its log. */
const COMPACTING_RETRIES = 30
/** Syncs in a row that must fail as they do on a damaged copy, where no damage is found, before it is given up. */
const MOST_UNEXPLAINED = 3
/** A copy is only made anew where it has room, and this much is left. */
const SPARE_BYTES = 16 * 1024 * 1024

/** Looks after the files of a replica: follows the primary, finds damage, sets aside what is damaged and begins anew. */
export class CopyKeeper {
  #start: SyncStart
  readonly #askForToken: () => Promise<string | undefined>
  readonly #thread: SyncThread
  /** Of the database that the handle is on. */
  #inode: string | null = null
  /** Whether the copy was begun here, so that it holds nothing that anyone could miss until it is complete. */
  #isBegunHere = false
  #unexplained = 0
  #isSyncing = false
  #state: CopyState = EMPTY

  constructor(start: SyncStart, askForToken: () => Promise<string | undefined>) {
    this.#start = start
    this.#askForToken = askForToken
    this.#thread = new SyncThread(() => this.#start)
  }

  get state(): CopyState {
    return this.#state
  }

  /** Whether the engine is at it, whose calls may hang. */
  get isSyncing(): boolean {
    return this.#isSyncing
  }

  /**
   * Looks at what is there, and sets it aside if it is damaged.
   *
   * @throws WrongKey
   */
  async inspect(): Promise<void> {
    const { path, encryptionKey } = this.#start
    const record = readRecord(filesOf(path).record)
    requireSameKey(path, record, encryptionKey)
    const fault = findFault(path, encryptionKey !== undefined) ?? (await this.#faultInside(record))
    if (fault !== null) return this.#setAside('damaged', fault)
    if (record && existsSync(path)) {
      const { syncedAt, frameNo } = record
      this.#state = { ...this.#state, isComplete: true, syncedAt, frameNo }
    }
  }

  /** Makes the copy hold what the primary holds. */
  async sync(): Promise<SyncOutcome | SyncFailure> {
    await this.#requireOwnFile()
    for (let attempt = 0; ; attempt++) {
      if (statSync(this.#start.path, { throwIfNoEntry: false })?.size === 0 && !this.#state.isComplete)
        rmSync(this.#start.path) // a file without content is none
      this.#isBegunHere ||= !existsSync(this.#start.path)
      this.#isSyncing = true
      const reply = await this.#thread.ask({ kind: 'sync' })
      this.#isSyncing = false
      if (this.#hasLostEncryption()) return this.#refuseUnencrypted()
      if (reply.kind === 'synced') return this.#synced(reply)
      if (reply.kind !== 'error') return { kind: 'failed', message: 'The sync gave no answer' }
      const failure = await this.#failure(reply.message, attempt)
      if (failure !== null) return failure
    }
  }

  /** Sets the copy aside, unless it is another than has been `seen`; the next sync makes a new one. */
  async giveUp(cause: SetAside['cause'], reason: string, seen: CopyMark | null): Promise<void> {
    if (seen !== null && !isSame(seen, this.#state.mark)) return
    await this.#thread.close()
    this.#setAside(cause, reason)
  }

  #synced(reply: WorkerReply & { kind: 'synced' }): SyncOutcome {
    this.#inode = inodeOf(this.#start.path)
    this.#isBegunHere &&= reply.mark.epoch === null
    this.#unexplained = 0
    this.#note(reply)
    return { framesSynced: reply.framesSynced, frameNo: reply.frameNo }
  }

  #note({ frameNo, mark, framesSynced }: WorkerReply & { kind: 'synced' }): void {
    const { path, encryptionKey } = this.#start
    const syncedAt = new Date().toISOString()
    const isNew = framesSynced > 0 || !this.#state.isComplete
    this.#state = { ...this.#state, isComplete: mark.epoch !== null, syncedAt, frameNo, mark }
    if (!isNew || mark.epoch === null) return
    const isEncrypted = encryptionKey !== undefined
    writeRecord(filesOf(path).record, { format: 1, newest: mark.newest, frameNo, syncedAt, isEncrypted })
  }

  /** What was deleted, or put in the place of what was there, is not gone on with. */
  async #requireOwnFile(): Promise<void> {
    if (this.#inode === null || inodeOf(this.#start.path) === this.#inode) return
    await this.#thread.close()
    this.#setAside('damaged', 'its database file was deleted or replaced while it was in use')
  }

  /** Why a sync failed; `null` when it may be tried again at once. */
  async #failure(message: string, attempt: number): Promise<SyncFailure | null> {
    if (NO_SPACE.test(message)) return this.#outOfSpace(message)
    if (FORBIDDEN.test(message)) {
      await this.#thread.close()
      return { kind: 'forbidden', message }
    }
    if (UNANSWERED.test(message)) return (await this.#hasNewToken()) ? null : { kind: 'unanswered', message }
    if (NETWORK_FAILURE.test(message)) {
      const retries = COMPACTING.test(message) ? COMPACTING_RETRIES : RETRIES
      if (attempt >= retries) return { kind: 'offline', message }
      await delay(RETRY_MS * (0.5 + Math.random()))
      return null
    }
    await this.#thread.close() // a handle that failed to open, or to apply what came, is not used again
    const reason = await this.#damage(message)
    if (reason === null || attempt >= RETRIES) {
      return (await this.#hasSpace()) ? { kind: 'failed', message } : this.#outOfSpace(message)
    }
    this.#setAside('damaged', reason)
    return null
  }

  /** What is wrong with the copy, so that it must be made anew; `null` when nothing is known to be. */
  async #damage(message: string): Promise<string | null> {
    if (LOST_ITS_PLACE.test(message)) return message
    const { path, encryptionKey } = this.#start
    const fault =
      findFault(path, encryptionKey !== undefined) ??
      (this.#state.isComplete ? await this.#faultInside(readRecord(filesOf(path).record)) : null)
    if (fault !== null) return fault
    if (!DAMAGE.test(message)) return null
    this.#unexplained++
    const isGivenUp = this.#unexplained >= MOST_UNEXPLAINED || !this.#state.isComplete
    return isGivenUp && (await this.#hasSpace()) ? message : null
  }

  async #faultInside(record: ReplicaRecord | null): Promise<string | null> {
    const { path, encryptionKey } = this.#start
    // To a plain connection a copy on its way looks empty, for which the engine deletes its log.
    if (record === null || !existsSync(path)) return null
    const checked = await this.#thread.ask({ kind: 'check' })
    if (checked.kind !== 'checked') return checked.kind === 'error' ? checked.message : null
    if (checked.fault !== null && encryptionKey !== undefined && NOT_READABLE.test(checked.fault)) {
      throw new WrongKey(`${path} cannot be read with this encryptionKey`) // nothing says that it is damaged
    }
    if (checked.fault !== null) return checked.fault
    const { mark } = checked
    this.#state = { ...this.#state, mark }
    if (record.newest && (mark.newest?.seq ?? 0) < record.newest.seq) {
      return `it ends with the write ${mark.newest?.seq ?? 0} although it has held the write ${record.newest.seq}`
    }
    return null
  }

  #setAside(cause: SetAside['cause'], reason: string): void {
    const { path } = this.#start
    this.#inode = null
    this.#unexplained = 0
    if (this.#isBegunHere) removeReplica(path)
    const kept = this.#isBegunHere
      ? this.#state.setAside
      : { path: setAside(path, new Date()), cause, reason }
    this.#state = { ...EMPTY, setAside: kept }
  }

  async #hasSpace(): Promise<boolean> {
    const { path } = this.#start
    const { bavail, bsize } = await statfs(dirname(path))
    return bavail * bsize > (statSync(path, { throwIfNoEntry: false })?.size ?? 0) + SPARE_BYTES
  }

  async #outOfSpace(message: string): Promise<SyncFailure> {
    await this.#thread.close()
    if (this.#isBegunHere) removeReplica(this.#start.path)
    return { kind: 'full', message }
  }

  async #hasNewToken(): Promise<boolean> {
    const token = await this.#askForToken()
    if (token === undefined || token === this.#start.token) return false
    await this.#thread.close()
    this.#start = { ...this.#start, token }
    return true
  }

  /** Whether the engine leaves out the encryption that it was asked for, as it does in its newer protocol. */
  #hasLostEncryption(): boolean {
    const { path, encryptionKey } = this.#start
    return encryptionKey !== undefined && existsSync(path) && isUnencrypted(path)
  }

  async #refuseUnencrypted(): Promise<SyncFailure> {
    await this.#thread.close()
    removeReplica(this.#start.path)
    return {
      kind: 'unencrypted',
      message:
        'The engine wrote the local copy without encryption although a key was given, so it was deleted',
    }
  }
}

const EMPTY: CopyState = {
  isComplete: false,
  syncedAt: null,
  frameNo: null,
  mark: { epoch: null, newest: null },
  setAside: null,
}

function isSame(one: CopyMark, other: CopyMark): boolean {
  return one.epoch === other.epoch && one.newest?.id === other.newest?.id
}

function requireSameKey(path: string, record: ReplicaRecord | null, encryptionKey: string | undefined): void {
  if (!record || record.isEncrypted === (encryptionKey !== undefined)) return
  throw new WrongKey(
    record.isEncrypted
      ? `${path} is encrypted: give its encryptionKey`
      : `${path} is not encrypted: leave encryptionKey out, or delete the file so that it is made anew`,
  )
}

const NO_SPACE = /disk is full|no space left|file too large/i
const FORBIDDEN = /readonly database|permission denied|read-only file system|unable to open/i
/** What the engine says when the primary is away, or the token is bad. */
const UNANSWERED = /PrimaryHandshakeTimeout/i
const NETWORK_FAILURE =
  /trying to connect|tcp connect|dns error|Connection refused|connection (closed|reset|error)|Unavailable|status: Unknown|Client\(|transport error|broken pipe|snapshot not found|error sending request|timed? ?out/i
const COMPACTING = /snapshot not found/i
const NOT_READABLE = /not a database/i
/** What it says when its note of how far it has come does not fit the database. */
const LOST_ITS_PLACE = /wal_index|RequiresCleanDatabase|clean database|InvalidLocalState/i
/** What it says when the files cannot be gone on with, for whatever reason. */
const DAMAGE = /Injector|not a database|malformed|disk I\/O|corrupt/i
