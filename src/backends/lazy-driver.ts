import { blankSyncStatus } from './blank-sync-status.js'
import type { BackendCapabilities, BulkOptions, QueryParameters, Row } from './graph-backend.js'
import type {
  DriverDescription,
  DriverHealth,
  GraphDriver,
  GraphReader,
  GraphWriter,
  Replication,
} from './graph-driver.js'
import { notConnected } from './not-connected.js'

/** What is known of a driver before it is loaded. */
export type DriverOutline<Driver extends GraphDriver> = {
  readonly capabilities: BackendCapabilities
  /** As the driver describes itself while it is not connected. */
  readonly description: DriverDescription
  readonly load: () => Promise<Driver>
}

/** A driver that is loaded, with all it imports, when it connects for the first time. From then on it is that driver. */
export class LazyDriver<Driver extends GraphDriver> implements GraphDriver {
  readonly capabilities: BackendCapabilities
  readonly replication?: Replication
  readonly #outline: DriverOutline<Driver>
  #loaded: Driver | null = null

  constructor(outline: DriverOutline<Driver>) {
    this.capabilities = outline.capabilities
    this.#outline = outline
    if (!outline.capabilities.sync) return
    this.replication = {
      sync: async () => (this.driver.replication as Replication).sync(),
      status: () => this.#loaded?.replication?.status() ?? blankSyncStatus(true),
    }
  }

  /** The driver itself, once it has connected. */
  get driver(): Driver {
    if (this.#loaded) return this.#loaded
    throw notConnected()
  }

  get store(): object {
    return this.#loaded?.store ?? this
  }

  get reader(): GraphReader {
    return this.driver.reader
  }

  describe(): DriverDescription {
    return this.#loaded?.describe() ?? this.#outline.description
  }

  async connect(): Promise<boolean> {
    this.#loaded ??= await this.#outline.load()
    return this.#loaded.connect()
  }

  async initializeSchema(options: BulkOptions): Promise<void> {
    return this.driver.initializeSchema(options)
  }

  async disconnect(): Promise<void> {
    await this.#loaded?.disconnect()
  }

  abandon(): void {
    this.#loaded?.abandon?.()
  }

  async write<Result>(
    work: (writer: GraphWriter) => Promise<Result>,
    options?: { readonly runOnce?: boolean },
  ): Promise<Result> {
    return this.driver.write(work, options)
  }

  async query(
    statement: string,
    parameters: QueryParameters,
    write: boolean,
    also?: (writer: GraphWriter) => Promise<void>,
  ): Promise<Row[]> {
    return this.driver.query(statement, parameters, write, also)
  }

  async health(): Promise<DriverHealth> {
    return this.driver.health()
  }
}
