import type { BackendCapabilities, BulkOptions, QueryParameters, Row } from '../../graph-backend.js'
import type {
  DriverDescription,
  DriverHealth,
  GraphDriver,
  GraphReader,
  GraphWriter,
} from '../../graph-driver.js'
import { notConnected } from '../../not-connected.js'
import { keepVersions } from '../kept-versions.js'
import type { MaintainedStore } from '../maintenance/maintained-store.js'
import { sqlCapabilities } from '../sql-capabilities.js'
import { SqlReader } from '../sql-reader.js'
import type { TursoEventEmitter } from '../turso-events.js'
import type { CompletePrimaryOptions, CompleteTursoOptions } from '../turso-options.js'
import { describePrimary } from './describe-primary.js'
import { Primary } from './primary.js'
import { PrimaryStore } from './primary-store.js'
import { readsOnlyWarning } from './reads-only-warning.js'
import { isSilent } from './silence.js'

/** A primary alone: every call crosses the network. */
export class RemoteDriver implements GraphDriver {
  readonly capabilities: BackendCapabilities = sqlCapabilities({ sync: false, persistent: true })
  readonly reader: GraphReader
  readonly #options: CompleteTursoOptions
  readonly #primaryOptions: CompletePrimaryOptions
  readonly #events: TursoEventEmitter
  #store: PrimaryStore | null = null

  constructor(
    options: CompleteTursoOptions,
    primaryOptions: CompletePrimaryOptions,
    events: TursoEventEmitter,
  ) {
    this.#events = events
    this.#options = options
    this.#primaryOptions = primaryOptions
    this.reader = new SqlReader({ read: async (queries) => this.#required().read(queries) })
  }

  /** The queue stands for the primary: it is shared by all of this process that are connected to it. */
  get store(): object {
    return this.#store?.queue ?? this
  }

  /** What backups, checks and repairs work with. */
  get maintenance(): MaintainedStore {
    const store = this.#required()
    return { reading: store, writing: store, file: null, alone: null, sync: null }
  }

  describe(): DriverDescription {
    const settings = describePrimary(this.#options, this.#primaryOptions)
    return {
      ...settings,
      primary: this.#store?.primary.statistics() ?? null,
      warnings: [...settings.warnings, ...readsOnlyWarning(this.#store)],
    }
  }

  async connect(): Promise<boolean> {
    const store = new PrimaryStore(new Primary(this.#primaryOptions), this.#options.adopt)
    store.primary.on('online', () => this.#events.tell('online'))
    store.primary.on('offline', (reason) => this.#events.tell('offline', reason))
    try {
      const { isReady } = await store.look()
      this.#store = store
      return isReady
    } catch (error) {
      store.release()
      throw error
    }
  }

  async initializeSchema(options: BulkOptions): Promise<void> {
    const store = this.#required()
    await store.initializeSchema(options)
    await keepVersions(store, this.#options.keepVersions)
  }

  async disconnect(): Promise<void> {
    const store = this.#store
    this.#store = null
    store?.release()
  }

  abandon(): void {
    const primary = this.#store?.primary
    if (primary && isSilent(primary)) primary.abandon()
  }

  async write<Result>(
    work: (writer: GraphWriter) => Promise<Result>,
    { runOnce }: { readonly runOnce?: boolean } = {},
  ): Promise<Result> {
    return (await this.#required().write(work, { runOnce })).result
  }

  async query(
    statement: string,
    parameters: QueryParameters,
    write: boolean,
    also?: (writer: GraphWriter) => Promise<void>,
  ): Promise<Row[]> {
    const store = this.#required()
    if (!write) return store.queryReading(statement, parameters)
    return (await store.queryWriting(statement, parameters, null, also)).result
  }

  health(): Promise<DriverHealth> {
    return this.#required().health()
  }

  #required(): PrimaryStore {
    if (this.#store) return this.#store
    throw notConnected()
  }
}
