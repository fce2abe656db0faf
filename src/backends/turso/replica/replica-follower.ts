import { setTimeout as delay } from 'node:timers/promises'
import { ConfigurationError, MemoryError, type MemoryErrorCode, SyncError } from '../../../errors.js'
import { toTimestamp } from '../../../model/timestamp.js'
import type { SyncReport, SyncStatus } from '../../graph-backend.js'
import type { Logger } from '../../logger.js'
import { Deadline } from '../primary/deadline.js'
import type { SqlSource } from '../sql-source.js'
import type { TursoEventEmitter } from '../turso-events.js'
import type { CompletePrimaryOptions } from '../turso-options.js'
import { Coalesced } from './coalesced.js'
import { findDivergence } from './lineage.js'
import type { CopyTail, ReplicaCopy } from './replica-copy.js'
import { openCopy, type ReplicaParts } from './replica-parts.js'
import { notSynced } from './sync-client.js'
import type { CopyMark, SetAside, SyncOutcome } from './sync-messages.js'
import { SyncTimer } from './sync-timer.js'

/** How long disconnecting waits for a last sync. */
const LAST_SYNC_MS = 1_000
/** How long a sync that nobody waits for waits for the primary: no longer than the end of a process may be put off. */
const BACKGROUND_MS = 2_000
/** How long a process waits, at most, before it takes over from one that ended. */
const TAKE_OVER_MS = 500
/** How long after a sync that does not show a write yet the next one begins, at first and at most. */
const SHOW_RETRY_MS = 20
const GREATEST_SHOW_RETRY_MS = 200
/** For how long syncs may fail, one after the other, before a write is left to show later. */
const SHOW_FAILING_MS = 2_000
/** The part of an interval within which a sync of another process counts as one's own. */
const RECENT = 0.8

/** Whom a follower tells what happens. */
export type Listeners = { readonly events: TursoEventEmitter; readonly logger: Logger | undefined }

/**
 * Makes a local copy follow its primary: when asked, after writes and at intervals; and sees to it that it is made anew when it is
 * damaged, or the primary has another history than it had.
 */
export class ReplicaFollower {
  readonly #parts: ReplicaParts
  readonly #options: CompletePrimaryOptions
  readonly #listeners: Listeners
  readonly #syncs: Coalesced<SyncReport> = new Coalesced((isAwaited) => this.#sync(isAwaited))
  readonly #timer: SyncTimer
  #lastError: string | null = null
  /** The last copy set aside that was told of. */
  #setAside: string | null = null
  #isEnding = false

  constructor(parts: ReplicaParts, options: CompletePrimaryOptions, listeners: Listeners) {
    this.#parts = parts
    this.#options = options
    this.#listeners = listeners
    this.#timer = new SyncTimer(options.syncIntervalSeconds, () => this.#syncUnlessRecent())
  }

  /** Begins to follow. What a process that synced before found is no news. */
  begin(): void {
    const { store, client } = this.#parts
    client.on('lost', () => void this.#takeOver())
    client.on('state', () => void this.#learn())
    if (!client.isOwner) this.#setAside = client.state?.setAside?.path ?? null
    void this.#learn()
    const isAway = store.primary.isOnline === false
    if (this.#options.autoSync && !isAway) this.syncInBackground()
    this.#timer.start(isAway)
  }

  /** Ends; with a last sync if that is wanted and soon done. */
  async end(): Promise<void> {
    const { store, client } = this.#parts
    this.#timer.stop()
    this.#isEnding = true
    if (!this.#options.autoSync || store.primary.isOnline === false || !client.isConnected) return
    const stopped = new AbortController()
    const tooLong = delay(LAST_SYNC_MS, undefined, { signal: stopped.signal }).catch(() => undefined)
    const sync = client.sync({ deadline: new Deadline(LAST_SYNC_MS) }).catch(() => undefined) // it was a courtesy
    await Promise.race([sync, tooLong])
    stopped.abort()
  }

  /** Ends what waits for the primary. */
  abandon(): void {
    this.#isEnding = true
    this.#parts.store.primary.abandon()
    this.#parts.client.abandon()
  }

  /** Syncs, once for all that ask meanwhile. */
  sync(): Promise<SyncReport> {
    return this.#syncs.run()
  }

  /** Syncs for nobody in particular; how that went is told by an event. */
  syncInBackground(): void {
    void this.#syncs.runInBackground().catch(() => undefined)
  }

  /** Makes reads show a write that the primary has stored. When that fails the write is stored all the same. */
  async show(writeId: string): Promise<void> {
    const { autoSync, consistency, timeoutMs } = this.#options
    if (!autoSync) return
    if (consistency === 'eventual') return this.syncInBackground()
    const { client, copy } = this.#parts
    const deadline = new Deadline(timeoutMs)
    const failing = new Deadline(Math.min(timeoutMs, SHOW_FAILING_MS))
    for (let wait = SHOW_RETRY_MS; ; wait = Math.min(wait * 2, GREATEST_SHOW_RETRY_MS)) {
      try {
        await client.sync({ deadline, isAnswered: true })
        await openCopy(this.#parts)
        if (await copy.holds(writeId)) return
        if (deadline.hasPassed) throw notSynced(`a write does not show here after ${timeoutMs} ms`)
        failing.renew()
      } catch (error) {
        if (failing.hasPassed || deadline.hasPassed || this.#isEnding) return this.failed(error)
      }
      await delay(wait)
    }
  }

  /** Reads the copy; one that turns out to be damaged is made anew first. */
  async read<Result>(read: (copy: ReplicaCopy) => Promise<Result>): Promise<Result> {
    const { client, copy } = this.#parts
    try {
      return await read(copy)
    } catch (error) {
      if (!MemoryError.is(error) || !DAMAGED.has(error.code) || error.details['engine_code'] === undefined)
        throw error
      await this.#makeAnew('damaged', error.message, client.state?.mark ?? null)
      await openCopy(this.#parts)
      return read(copy)
    }
  }

  /** What the copy that is there now ends with; `null` before it holds a memory graph. */
  async tail(): Promise<CopyTail | null> {
    await openCopy(this.#parts) // another may have made it anew
    return this.#parts.copy.isOpen ? this.read((copy) => copy.tail()) : null
  }

  /**
   * Why the primary is not the one that the copy was made of; `null` when it is.
   *
   * @throws `MG_CONFIGURATION` when another process makes the copy follow another primary
   */
  async divergence(tail: CopyTail, deadline: Deadline): Promise<string | null> {
    const { path, store, client } = this.#parts
    const asked: SqlSource = { read: (queries) => store.primary.read(queries, deadline) }
    const reason = await findDivergence(asked, tail)
    if (reason !== null && client.otherPrimary !== null)
      throw followsAnother(path, client.otherPrimary, client.owner?.pid)
    return reason
  }

  /** Takes note that following failed, and tells of it. */
  failed(error: unknown): void {
    if (this.#isEnding) return // what disconnecting cuts short has not failed
    const shown = MemoryError.is(error) ? error : new SyncError(String(error), { cause: error })
    this.#lastError = shown.message
    this.#listeners.logger?.warn(shown.message)
    this.#listeners.events.tell('sync-error', shown)
  }

  /** Where following stands. */
  status(): SyncStatus {
    const { store, client } = this.#parts
    return {
      enabled: true,
      last_sync_at: client.state?.syncedAt ? toTimestamp(client.state.syncedAt) : null,
      last_sync_error: this.#lastError,
      frame_no: client.state?.frameNo ?? null,
      online: store.primary.isOnline,
      owner: client.owner,
      pending_writes: 0,
    }
  }

  async #learn(): Promise<void> {
    const setAside = this.#parts.client.state?.setAside ?? null
    if (setAside && setAside.path !== this.#setAside) {
      this.#setAside = setAside.path
      this.failed(madeAnew(setAside))
    }
    await openCopy(this.#parts).catch((error: unknown) => this.failed(error))
  }

  /** Sees to it that some process syncs, when the one that did is gone: the first that gets the lock. */
  async #takeOver(): Promise<void> {
    await delay(TAKE_OVER_MS * Math.random(), undefined, { ref: false })
    if (this.#isEnding) return
    const deadline = new Deadline(this.#options.timeoutMs)
    await this.#parts.client.ready(deadline, false).catch((error: unknown) => this.failed(error))
  }

  // What any process has synced, all that use the copy have.
  async #syncUnlessRecent(): Promise<void> {
    const { store, client } = this.#parts
    const syncedAt = Date.parse(client.state?.syncedAt ?? '')
    const isRecent = Date.now() - syncedAt < this.#options.syncIntervalSeconds * 1000 * RECENT
    if (!isRecent || store.primary.isOnline === false) await this.#syncs.runInBackground()
  }

  async #sync(isAwaited: boolean): Promise<SyncReport> {
    const began = performance.now()
    try {
      const outcome = await this.#syncOrMakeAnew(isAwaited)
      await openCopy(this.#parts)
      const report = {
        frames_synced: outcome.framesSynced,
        frame_no: outcome.frameNo,
        duration_ms: Math.round((performance.now() - began) * 1000) / 1000,
      }
      this.#lastError = null
      this.#listeners.events.tell('sync', report)
      return report
    } catch (error) {
      this.failed(error)
      throw error
    }
  }

  async #syncOrMakeAnew(isAwaited: boolean): Promise<SyncOutcome> {
    const { store, client } = this.#parts
    const { timeoutMs } = this.#options
    const tail = await this.tail()
    if (tail !== null) {
      const deadline = isAwaited ? store.primary.deadline() : new Deadline(Math.min(timeoutMs, BACKGROUND_MS))
      const reason = await this.divergence(tail, deadline)
      if (reason !== null)
        return this.#makeAnew('diverged', reason, { epoch: tail.epoch, newest: tail.newestWrite })
    }
    return client.sync({ deadline: new Deadline(timeoutMs), isAwaited, isAnswered: tail !== null })
  }

  async #makeAnew(cause: SetAside['cause'], reason: string, seen: CopyMark | null): Promise<SyncOutcome> {
    const { path, store, client } = this.#parts
    const { epoch } = await store.look()
    if (epoch === null) throw emptyPrimary(store.name, path)
    return client.rebuild(cause, reason, seen, new Deadline(this.#options.timeoutMs))
  }
}

const DAMAGED: ReadonlySet<MemoryErrorCode> = new Set(['MG_CORRUPT', 'MG_NOT_A_DATABASE', 'MG_CONNECTION'])

function madeAnew({ path, cause, reason }: SetAside): SyncError {
  return new SyncError(
    `The local copy was made anew: ${reason}. What it was is kept in ${path}: "memorygraph-turso promote --merge" brings back what only it holds`,
    { code: cause === 'damaged' ? 'MG_CORRUPT' : 'MG_DIVERGED', details: { reason, kept: path } },
  )
}

function followsAnother(path: string, url: string, pid: number | undefined): ConfigurationError {
  return new ConfigurationError(
    `${path} is the local copy of ${url}, which another process (${pid}) uses: choose another path for this primary, or end that process`,
    { details: { path, url } },
  )
}

function emptyPrimary(name: string, path: string): SyncError {
  return new SyncError(
    `${name} holds no memory graph any more, although ${path} is a copy of one: check the URL. To fill the primary again: "memorygraph-turso detach", then "promote"`,
    { code: 'MG_DIVERGED' },
  )
}
