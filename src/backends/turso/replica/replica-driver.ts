import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { ConfigurationError, MemoryError, type MemoryErrorCode, SyncError } from '../../../errors.js'
import { toTimestamp } from '../../../model/timestamp.js'
import type {
  BackendCapabilities,
  BulkOptions,
  QueryParameters,
  Row,
  SyncReport,
  SyncStatus,
} from '../../graph-backend.js'
import type {
  DriverDescription,
  DriverHealth,
  GraphDriver,
  GraphReader,
  GraphWriter,
  Replication,
} from '../../graph-driver.js'
import { healthOfDatabase } from '../database-health.js'
import { ignoredWarning } from '../ignored-warning.js'
import { recogniseLayout } from '../layout.js'
import { runReadOnly } from '../local/local-raw-query.js'
import { isComplete } from '../migrations.js'
import { notConnected } from '../not-connected.js'
import { Deadline } from '../primary/deadline.js'
import { Primary } from '../primary/primary.js'
import { PrimaryStore } from '../primary/primary-store.js'
import type { Written } from '../primary/primary-writer.js'
import { READS_ONLY, SILENCE_MS } from '../primary/remote-driver.js'
import { checkRawQuery } from '../raw-query.js'
import { SqlReader } from '../sql-reader.js'
import type { SqlSource } from '../sql-source.js'
import type { TursoEventEmitter } from '../turso-events.js'
import type { CompletePrimaryOptions, CompleteTursoOptions } from '../turso-options.js'
import { Coalesced } from './coalesced.js'
import { findDivergence } from './lineage.js'
import { ReplicaCopy } from './replica-copy.js'
import { isPlainFile } from './replica-files.js'
import { notSynced, SyncClient } from './sync-client.js'
import { SyncTimer } from './sync-timer.js'

/** How long connecting waits for a primary when there is a local copy to go on with. */
const PROBE_MS = 2_000
/** How long disconnecting waits for a last sync. */
const LAST_SYNC_MS = 1_000
/** How long a sync that nobody waits for waits for the primary: no longer than the end of a process may be put off. */
const BACKGROUND_MS = 2_000
/** How long a process waits, at most, before it takes over from one that ended. */
const TAKE_OVER_MS = 500

/** The part of an interval within which a sync of another process counts as one's own. */
const RECENT = 0.8

type Parts = { readonly store: PrimaryStore; readonly client: SyncClient; readonly copy: ReplicaCopy }

/**
 * A local copy of a primary. Writes and transactions go to the primary; reads come from the copy, by a plain connection; a process
 * of its own makes the copy follow. So nothing here ever waits for the network but what needs the primary.
 */
export class ReplicaDriver implements GraphDriver {
  readonly capabilities: BackendCapabilities = Object.freeze({
    fulltext: true,
    vector: false,
    transactions: true,
    sync: true,
    persistent: true,
    history: false,
    graph: false,
    scopes: false,
    queryLanguage: 'sql',
  })
  readonly reader: GraphReader
  readonly replication: Replication
  readonly #options: CompleteTursoOptions
  readonly #primaryOptions: CompletePrimaryOptions
  readonly #events: TursoEventEmitter
  readonly #syncs: Coalesced<SyncReport> = new Coalesced((isAwaited) => this.#sync(isAwaited))
  readonly #timer: SyncTimer
  #parts: Parts | null = null
  #lastSyncError: string | null = null
  #isEnding = false

  constructor(
    options: CompleteTursoOptions,
    primaryOptions: CompletePrimaryOptions,
    events: TursoEventEmitter,
  ) {
    this.#options = options
    this.#primaryOptions = primaryOptions
    this.#events = events
    this.reader = new SqlReader({
      read: (queries) => this.#reading((copy) => copy.read(queries)),
    })
    this.replication = { sync: () => this.#syncs.run(), status: () => this.#status() }
    this.#timer = new SyncTimer(primaryOptions.syncIntervalSeconds, () => this.#syncUnlessRecent())
  }

  /** The queue stands for the primary: it is shared by all of this process that are connected to it. */
  get store(): object {
    return this.#parts?.store.queue ?? this
  }

  describe(): DriverDescription {
    const { path, ignoredSettings, name } = this.#options
    const { url, autoSync, syncIntervalSeconds } = this.#primaryOptions
    const setAside = this.#parts?.client.state?.setAside
    return {
      mode: 'embedded_replica',
      db_path: path,
      sync_url: url.shown,
      auto_sync: autoSync,
      sync_interval: syncIntervalSeconds,
      primary: this.#parts?.store.primary.statistics() ?? null,
      warnings: [
        ...ignoredWarning(ignoredSettings, name, 'replica'),
        ...(this.#parts?.store.mayWrite === false ? [READS_ONLY] : []),
        ...(setAside
          ? [`The local copy was made anew (${setAside.reason}); what it was is in ${setAside.path}`]
          : []),
      ],
    }
  }

  async connect(): Promise<boolean> {
    const { path, busyTimeoutMs, encryptionKey, adopt } = this.#options
    this.#isEnding = false
    await mkdir(dirname(path), { recursive: true })
    if (isPlainFile(path)) throw notAReplica(path)
    const { url, token, timeoutMs } = this.#primaryOptions
    const parts: Parts = {
      store: new PrimaryStore(new Primary(this.#primaryOptions), adopt),
      client: new SyncClient({ path, url: url.http, token, encryptionKey, timeoutMs }),
      copy: new ReplicaCopy(path, encryptionKey, busyTimeoutMs),
    }
    parts.store.primary.on('online', () => this.#events.tell('online'))
    parts.store.primary.on('offline', (reason) => this.#events.tell('offline', reason))
    try {
      const isReady = await this.#open(parts)
      this.#parts = parts
      this.#follow(parts)
      return isReady
    } catch (error) {
      await close(parts)
      throw error
    }
  }

  async initializeSchema(options: BulkOptions): Promise<void> {
    const parts = this.#required()
    if (parts.copy.isOpen && (await this.#isComplete(parts))) return
    await parts.store.initializeSchema(options)
    await this.#download(parts)
  }

  async disconnect(): Promise<void> {
    const parts = this.#parts
    if (!parts) return
    this.#isEnding = true
    this.#timer.stop()
    if (this.#primaryOptions.autoSync && parts.store.primary.isOnline !== false) {
      await parts.client.sync(new Deadline(LAST_SYNC_MS)).catch((error: unknown) => this.#failed(error))
    }
    this.#parts = null
    await close(parts)
  }

  abandon(): void {
    const { store, client } = this.#parts ?? {}
    if (!store || store.primary.hasAnsweredSince(performance.now() - SILENCE_MS)) return
    this.#isEnding = true
    store.primary.abandon()
    client?.abandon()
  }

  async write<Result>(
    work: (writer: GraphWriter) => Promise<Result>,
    { runOnce }: { readonly runOnce?: boolean } = {},
  ): Promise<Result> {
    return this.#writing((store, newest) => store.write(work, { runOnce, newest }))
  }

  async query(statement: string, parameters: QueryParameters, write: boolean): Promise<Row[]> {
    if (write) return this.#writing((store, newest) => store.queryWriting(statement, parameters, newest))
    const query = checkRawQuery(statement, parameters)
    return this.#reading((copy) => copy.use((connection) => runReadOnly(connection, query, true)))
  }

  health(): Promise<DriverHealth> {
    const { copy, store } = this.#required()
    return copy.isOpen ? healthOfDatabase(copy) : store.health()
  }

  async #open(parts: Parts): Promise<boolean> {
    const { store, client, copy } = parts
    await client.ready(new Deadline(this.#primaryOptions.timeoutMs))
    await refresh(parts)
    const tail = copy.isOpen ? await copy.tail() : null
    if (tail === null) {
      const { epoch } = await store.look()
      if (epoch === null) return false
      await this.#download(parts)
    } else {
      store.assume(tail.epoch)
      await probe(store)
    }
    return this.#isComplete(parts)
  }

  /** Makes the copy complete, from a primary that holds a memory graph. */
  async #download(parts: Parts): Promise<void> {
    const { client, copy } = parts
    const { timeoutMs } = this.#primaryOptions
    await client.sync(new Deadline(timeoutMs))
    if (client.state?.isComplete !== true) {
      await client.rebuild('its position is ahead of what it holds', null, new Deadline(timeoutMs))
    }
    await refresh(parts)
    if (!copy.isOpen) throw new SyncError(`Cannot sync ${this.#options.path}: nothing came from the primary`)
  }

  async #isComplete({ copy }: Parts): Promise<boolean> {
    return isComplete(await recogniseLayout(copy, this.#options.path, true))
  }

  #follow(parts: Parts): void {
    const { store, client } = parts
    client.on('lost', () => void this.#takeOver(client))
    client.on('state', () => void refresh(parts).catch((error: unknown) => this.#failed(error)))
    const isAway = store.primary.isOnline === false
    if (this.#primaryOptions.autoSync && !isAway) this.#syncInBackground()
    this.#timer.start(isAway)
    const { setAside } = client.state ?? {}
    if (setAside) this.#failed(madeAnew('MG_CORRUPT', setAside.reason, setAside.path))
  }

  /** Sees to it that some process syncs, when the one that did is gone: the first that gets the lock. */
  async #takeOver(client: SyncClient): Promise<void> {
    await delay(TAKE_OVER_MS * Math.random(), undefined, { ref: false })
    if (this.#parts?.client !== client) return
    await client
      .ready(new Deadline(this.#primaryOptions.timeoutMs))
      .catch((error: unknown) => this.#failed(error))
  }

  async #writing<Result>(
    write: (store: PrimaryStore, newest: { seq: number; id: string } | null) => Promise<Written<Result>>,
  ): Promise<Result> {
    const { store, copy } = this.#required()
    const tail = copy.isOpen ? await copy.tail() : null
    try {
      const { result, writeId } = await write(store, tail?.newestWrite ?? null)
      if (writeId !== null) await this.#show(writeId)
      return result
    } catch (error) {
      if (MemoryError.is(error) && error.code === 'MG_DIVERGED') this.#syncInBackground()
      throw error
    }
  }

  /** Makes reads show a write that the primary has stored. When that fails the write is stored all the same. */
  async #show(writeId: string): Promise<void> {
    const { autoSync, consistency, timeoutMs } = this.#primaryOptions
    if (!autoSync) return
    if (consistency === 'eventual') {
      this.#syncInBackground()
      return
    }
    const parts = this.#required()
    const { client, copy } = parts
    const deadline = new Deadline(timeoutMs)
    try {
      do {
        await client.sync(deadline)
        await refresh(parts)
        if (deadline.hasPassed) throw notSynced(`a write does not show here after ${timeoutMs} ms`)
      } while (!(await copy.holds(writeId)))
    } catch (error) {
      this.#failed(error)
    }
  }

  async #reading<Result>(read: (copy: ReplicaCopy) => Promise<Result>): Promise<Result> {
    const { copy } = this.#required()
    try {
      return await read(copy)
    } catch (error) {
      if (!MemoryError.is(error) || !DAMAGED.has(error.code) || error.details['engine_code'] === undefined)
        throw error
      await this.#rebuild(error.message)
      return read(copy)
    }
  }

  // What any process has synced, all that use the copy have.
  async #syncUnlessRecent(): Promise<void> {
    const syncedAt = Date.parse(this.#parts?.client.state?.syncedAt ?? '')
    const isRecent = Date.now() - syncedAt < this.#primaryOptions.syncIntervalSeconds * 1000 * RECENT
    const isAway = this.#parts?.store.primary.isOnline === false
    if (!isRecent || isAway) await this.#syncs.runInBackground()
  }

  #syncInBackground(): void {
    void this.#syncs.runInBackground().catch(() => undefined) // told by an event
  }

  async #sync(isAwaited: boolean): Promise<SyncReport> {
    try {
      const report = await this.#syncUnlessDiverged(isAwaited)
      this.#lastSyncError = null
      this.#events.tell('sync', report)
      return report
    } catch (error) {
      this.#failed(error)
      throw error
    }
  }

  async #syncUnlessDiverged(isAwaited: boolean): Promise<SyncReport> {
    const began = performance.now()
    const parts = this.#required()
    const { store, client, copy } = parts
    const { primary } = store
    const tail = copy.isOpen ? await copy.tail() : null
    const asking = isAwaited ? primary.deadline() : new Deadline(Math.min(primary.timeoutMs, BACKGROUND_MS))
    const asked: SqlSource = { read: (queries) => primary.read(queries, asking) }
    const reason = tail === null ? null : await findDivergence(asked, tail)
    const outcome =
      reason === null
        ? await client.sync(new Deadline(this.#primaryOptions.timeoutMs), isAwaited)
        : await this.#replace('MG_DIVERGED', reason, tail?.newestWrite?.id ?? null)
    await refresh(parts)
    return {
      frames_synced: outcome.framesSynced,
      frame_no: outcome.frameNo,
      duration_ms: Math.round((performance.now() - began) * 1000) / 1000,
    }
  }

  async #rebuild(reason: string): Promise<void> {
    const parts = this.#required()
    await this.#replace('MG_CORRUPT', reason, parts.client.state?.newest?.id ?? null)
    await refresh(parts)
  }

  async #replace(
    code: MemoryErrorCode,
    reason: string,
    seen: string | null,
  ): ReturnType<SyncClient['rebuild']> {
    const { store, client } = this.#required()
    const { epoch } = await store.look()
    if (epoch === null) throw emptyPrimary(store.name, this.#options.path)
    const outcome = await client.rebuild(reason, seen, new Deadline(this.#primaryOptions.timeoutMs))
    this.#failed(madeAnew(code, reason, client.state?.setAside?.path ?? this.#options.path))
    return outcome
  }

  #failed(error: unknown): void {
    if (this.#isEnding) return // what disconnecting cuts short has not failed
    const shown = MemoryError.is(error) ? error : new SyncError(String(error), { cause: error })
    this.#lastSyncError = shown.message
    this.#options.logger?.warn(shown.message)
    this.#events.tell('sync-error', shown)
  }

  #status(): SyncStatus {
    const { store, client } = this.#parts ?? {}
    return {
      enabled: true,
      last_sync_at: client?.state?.syncedAt ? toTimestamp(client.state.syncedAt) : null,
      last_sync_error: this.#lastSyncError,
      frame_no: client?.state?.frameNo ?? null,
      online: store?.primary.isOnline ?? null,
      owner: client?.owner ?? null,
      pending_writes: 0,
    }
  }

  #required(): Parts {
    if (this.#parts) return this.#parts
    throw notConnected()
  }
}

const DAMAGED: ReadonlySet<MemoryErrorCode> = new Set(['MG_CORRUPT', 'MG_NOT_A_DATABASE', 'MG_CONNECTION'])

/** Asks whether the token is good, for a moment: without an answer, or a token, the copy can be read all the same. */
async function probe(store: PrimaryStore): Promise<void> {
  try {
    await store.probe(new Deadline(PROBE_MS))
  } catch (error) {
    if (!MemoryError.is(error)) throw error
    const isRefused = error.code === 'MG_AUTH' && error.details['status'] !== undefined
    if (isRefused || (error.code !== 'MG_OFFLINE' && error.code !== 'MG_AUTH')) throw error
  }
}

/**
 * Opens the copy that is at the path now. Never one that is on its way: to a plain connection its file looks empty, for which the
 * engine deletes the log that belongs to it.
 */
async function refresh({ client, copy }: Parts): Promise<void> {
  if (client.state?.isComplete === true) await copy.refresh()
}

async function close({ store, client, copy }: Parts): Promise<void> {
  store.release()
  await client.close()
  copy.close()
}

function madeAnew(code: MemoryErrorCode, reason: string, kept: string): SyncError {
  return new SyncError(
    `The local copy was made anew: ${reason}. What it was is kept in ${kept}: "memorygraph-turso promote --merge" brings back what only it holds`,
    { code, details: { reason, kept } },
  )
}

function notAReplica(path: string): ConfigurationError {
  return new ConfigurationError(
    `${path} is a database of its own, no copy of a primary: "memorygraph-turso promote" takes it there, or choose another path; it was left as it is`,
    { details: { path } },
  )
}

function emptyPrimary(name: string, path: string): SyncError {
  return new SyncError(
    `${name} holds no memory graph any more, although ${path} is a copy of one: check the URL. To fill the primary again: "memorygraph-turso detach", then "promote"`,
    { code: 'MG_DIVERGED' },
  )
}
