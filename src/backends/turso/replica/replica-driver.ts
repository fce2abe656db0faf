import { ConfigurationError, MemoryError, SchemaError, SyncError } from '../../../errors.js'
import { blankSyncStatus } from '../../blank-sync-status.js'
import type { BackendCapabilities, BulkOptions, QueryParameters, Row } from '../../graph-backend.js'
import type {
  DriverDescription,
  DriverHealth,
  GraphDriver,
  GraphReader,
  GraphWriter,
  Replication,
} from '../../graph-driver.js'
import { notConnected } from '../../not-connected.js'
import { healthOfDatabase } from '../database-health.js'
import { keepVersions } from '../kept-versions.js'
import { recogniseLayout } from '../layout.js'
import { runReadOnly } from '../local/local-raw-query.js'
import { settlePath } from '../local/settle-path.js'
import type { MaintainedStore } from '../maintenance/maintained-store.js'
import { isComplete } from '../migrations.js'
import { Deadline } from '../primary/deadline.js'
import { describePrimary } from '../primary/describe-primary.js'
import { Primary } from '../primary/primary.js'
import { PrimaryStore } from '../primary/primary-store.js'
import type { PrimaryUrl } from '../primary/primary-url.js'
import type { KnownHistory, Written } from '../primary/primary-writer.js'
import { readsOnlyWarning } from '../primary/reads-only-warning.js'
import { isSilent } from '../primary/silence.js'
import { checkRawQuery } from '../raw-query.js'
import { sqlCapabilities } from '../sql-capabilities.js'
import { SqlReader } from '../sql-reader.js'
import type { SqlSource } from '../sql-source.js'
import type { TursoEventEmitter } from '../turso-events.js'
import type { CompletePrimaryOptions, CompleteTursoOptions } from '../turso-options.js'
import { vectorSearchOf } from '../vectors/vector-search-of.js'
import { ReplicaCopy } from './replica-copy.js'
import { isPlainFile, isUnencrypted } from './replica-files.js'
import { ReplicaFollower } from './replica-follower.js'
import { closeParts, hasCopy, openCopy, type ReplicaParts } from './replica-parts.js'
import { isWithoutProcess, SyncClient } from './sync-client.js'

/** How long connecting waits for others when there is a local copy to go on with. */
const PROBE_MS = 2_000

type Opened = ReplicaParts & { readonly follower: ReplicaFollower }

/**
 * A local copy of a primary. Writes and transactions go to the primary; reads come from the copy, by a plain connection; a process
 * of its own makes the copy follow. So nothing here ever waits for the network but what needs the primary.
 */
export class ReplicaDriver implements GraphDriver {
  readonly capabilities: BackendCapabilities = sqlCapabilities({ sync: true, persistent: true })
  readonly reader: GraphReader
  readonly replication: Replication
  readonly #options: CompleteTursoOptions
  readonly #primaryOptions: CompletePrimaryOptions
  readonly #events: TursoEventEmitter
  #opened: Opened | null = null

  constructor(
    options: CompleteTursoOptions,
    primaryOptions: CompletePrimaryOptions,
    events: TursoEventEmitter,
  ) {
    this.#options = options
    this.#primaryOptions = primaryOptions
    this.#events = events
    const copy: SqlSource = {
      read: async (queries) => this.#required().follower.read((current) => current.read(queries)),
    }
    this.reader = new SqlReader(
      copy,
      vectorSearchOf(options.vectorStrategy, copy, () => this.#required().copy.database),
    )
    this.replication = {
      sync: async () => this.#required().follower.sync(),
      status: () => this.#opened?.follower.status() ?? blankSyncStatus(true),
    }
  }

  /** The queue stands for the primary: it is shared by all of this process that are connected to it. */
  get store(): object {
    return this.#opened?.store.queue ?? this
  }

  /** What backups, checks and repairs work with. */
  get maintenance(): MaintainedStore {
    const { path, store, follower } = this.#required()
    return {
      reading: { read: (queries) => follower.read((copy) => copy.read(queries)) },
      writing: store,
      file: { path, encryptionKey: this.#options.encryptionKey, isReplica: true },
      alone: null,
      sync: () => follower.sync(),
    }
  }

  describe(): DriverDescription {
    const settings = describePrimary(this.#options, this.#primaryOptions)
    const setAside = this.#opened?.client.state?.setAside
    return {
      ...settings,
      primary: this.#opened?.store.primary.statistics() ?? null,
      warnings: [
        ...settings.warnings,
        ...readsOnlyWarning(this.#opened?.store),
        ...(setAside
          ? [`The local copy was made anew (${setAside.reason}); what it was is in ${setAside.path}`]
          : []),
      ],
    }
  }

  async connect(): Promise<boolean> {
    const { busyTimeoutMs, encryptionKey, adopt, logger } = this.#options
    const path = await settlePath(this.#options.path)
    if (isPlainFile(path)) throw notAReplica(path, encryptionKey !== undefined)
    const { url, token, timeoutMs } = this.#primaryOptions
    const parts: ReplicaParts = {
      path,
      store: new PrimaryStore(new Primary(this.#primaryOptions), adopt),
      client: new SyncClient({ path, url: engineUrl(url), token, encryptionKey, timeoutMs }),
      copy: new ReplicaCopy(path, encryptionKey, busyTimeoutMs),
    }
    parts.store.primary.on('online', () => this.#events.tell('online'))
    parts.store.primary.on('offline', (reason) => this.#events.tell('offline', reason))
    const follower = new ReplicaFollower(parts, this.#primaryOptions, { events: this.#events, logger })
    const opened = { ...parts, follower }
    try {
      const isReady = await this.#open(opened)
      this.#opened = opened
      follower.begin()
      return isReady
    } catch (error) {
      await closeParts(parts)
      throw error
    }
  }

  async initializeSchema(options: BulkOptions): Promise<void> {
    const opened = this.#required()
    if (!opened.copy.isOpen || !(await this.#isComplete(opened))) {
      await opened.store.initializeSchema(options)
      await this.#download(opened)
    }
    const { store, copy, follower } = opened
    await keepVersions(store, this.#options.keepVersions, copy).catch((error: unknown) => {
      if (!MemoryError.is(error) || error.code !== 'MG_OFFLINE') throw error
      follower.failed(error) // what can be read now is not to wait for it
    })
  }

  async disconnect(): Promise<void> {
    const opened = this.#opened
    if (!opened) return
    await opened.follower.end()
    this.#opened = null
    await closeParts(opened)
  }

  abandon(): void {
    if (this.#opened && isSilent(this.#opened.store.primary)) this.#opened.follower.abandon()
  }

  async write<Result>(
    work: (writer: GraphWriter) => Promise<Result>,
    { runOnce }: { readonly runOnce?: boolean } = {},
  ): Promise<Result> {
    return this.#writing((store, known) => store.write(work, { runOnce, known }))
  }

  async query(
    statement: string,
    parameters: QueryParameters,
    write: boolean,
    also?: (writer: GraphWriter) => Promise<void>,
  ): Promise<Row[]> {
    if (write) return this.#writing((store, known) => store.queryWriting(statement, parameters, known, also))
    const query = checkRawQuery(statement, parameters)
    const { follower } = this.#required()
    return follower.read((copy) => copy.use((connection) => runReadOnly(connection, query, true)))
  }

  async health(): Promise<DriverHealth> {
    const { copy, store, follower } = this.#required()
    return copy.isOpen ? follower.read((current) => healthOfDatabase(current)) : store.health()
  }

  async #open(opened: Opened): Promise<boolean> {
    const { store, copy, follower } = opened
    await this.#reach(opened)
    await openCopy(opened)
    const tail = copy.isOpen ? await follower.tail() : null
    if (tail === null) {
      const { epoch } = await store.look()
      if (epoch === null) return false
      await this.#download(opened)
    } else {
      await this.#probe(opened)
      if (opened.client.otherPrimary !== null && store.primary.isOnline)
        await follower.divergence(tail, new Deadline(PROBE_MS))
    }
    return this.#isComplete(opened)
  }

  /** Asks whether the token is good, for a moment: without an answer, or a token, the copy can be read all the same. */
  async #probe({ store, follower }: Opened): Promise<void> {
    try {
      await store.probe(new Deadline(PROBE_MS))
    } catch (error) {
      const { code, details } = MemoryError.is(error) ? error : {}
      if (code === 'MG_CONNECTION') follower.failed(error)
      const isRefused = code === 'MG_AUTH' && details?.['status'] !== undefined
      if (isRefused || !GOES_ON.has(code)) throw error
    }
  }

  /** Reaches the process that syncs; where there is a copy to go on with, one that does not work is no obstacle. */
  async #reach({ path, client, follower }: Opened): Promise<void> {
    const canGoOn = hasCopy(path)
    try {
      await client.ready(new Deadline(canGoOn ? PROBE_MS : this.#primaryOptions.timeoutMs))
    } catch (error) {
      if (!canGoOn || !isWithoutProcess(error)) throw error
      follower.failed(error)
    }
  }

  /** Makes the copy complete, from a primary that holds a memory graph. */
  async #download(opened: Opened): Promise<void> {
    const { client, copy } = opened
    const { timeoutMs } = this.#primaryOptions
    await client.sync({ deadline: new Deadline(timeoutMs), isAnswered: true })
    if (client.state?.isComplete !== true) {
      const deadline = new Deadline(timeoutMs)
      await client.rebuild('diverged', 'its position is ahead of what it holds', null, deadline)
    }
    await openCopy(opened)
    if (!copy.isOpen) throw new SyncError(`Cannot sync ${this.#options.path}: nothing came from the primary`)
  }

  async #isComplete({ copy }: Opened): Promise<boolean> {
    return isComplete(await recogniseLayout(copy, this.#options.path, true))
  }

  async #writing<Result>(
    write: (store: PrimaryStore, known: KnownHistory | null) => Promise<Written<Result>>,
  ): Promise<Result> {
    const { store, follower } = this.#required()
    const tail = await follower.tail()
    try {
      const { result, writeId } = await write(store, tail && { epoch: tail.epoch, newest: tail.newestWrite })
      if (writeId !== null) await follower.show(writeId)
      return result
    } catch (error) {
      if (MemoryError.is(error) && error.code === 'MG_DIVERGED') follower.syncInBackground()
      throw error
    }
  }

  #required(): Opened {
    if (this.#opened) return this.#opened
    throw notConnected()
  }
}

/** What a probe may fail with where there is a copy: no answer, no token, no database. */
const GOES_ON: ReadonlySet<unknown> = new Set(['MG_OFFLINE', 'MG_AUTH', 'MG_CONNECTION'])

/** As the engine takes it, which adds its own paths to it. */
function engineUrl({ http }: PrimaryUrl): string {
  return http.replace(/\/+$/, '')
}

function notAReplica(path: string, isEncrypted: boolean): MemoryError {
  if (!isEncrypted && !isUnencrypted(path)) {
    return new SchemaError(
      `${path} is no database (or it is encrypted): choose another path; it was left as it is`,
      {
        code: 'MG_NOT_A_DATABASE',
        details: { path },
      },
    )
  }
  return new ConfigurationError(
    `${path} is a database of its own, no copy of a primary: "memorygraph-turso promote" takes it there, or choose another path; it was left as it is`,
    { details: { path } },
  )
}
