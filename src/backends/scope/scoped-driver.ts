import { NotSupportedError } from '../../errors.js'
import type { Scope } from '../../model/scope.js'
import type { BackendCapabilities, BulkOptions, Row } from '../graph-backend.js'
import type {
  DriverDescription,
  DriverHealth,
  GraphDriver,
  GraphReader,
  GraphWriter,
  Replication,
} from '../graph-driver.js'
import { sum } from '../memory-search.js'
import { isInTransactionOn } from '../transaction.js'
import { ScopedReader } from './scoped-reader.js'
import { ScopedWriter } from './scoped-writer.js'

/** A driver of which nothing but what is inside a scope can be seen or touched. Whether it may be told to sync is its maker's to say. */
export class ScopedDriver implements GraphDriver {
  readonly capabilities: BackendCapabilities
  readonly replication?: Replication
  readonly #inner: GraphDriver
  readonly #within: Scope

  constructor(inner: GraphDriver, within: Scope, maySync: boolean) {
    this.#inner = inner
    this.#within = within
    if (maySync && inner.replication) this.replication = inner.replication
    const sync = maySync && inner.capabilities.sync
    this.capabilities = { ...inner.capabilities, queryLanguage: 'none', sync }
  }

  get store(): object {
    return this.#inner.store
  }

  get reader(): GraphReader {
    return new ScopedReader(this.#inner.reader, this.#within)
  }

  describe(): DriverDescription {
    const { primary: _requestsOfAll, ...description } = this.#inner.describe()
    return description
  }

  connect(): Promise<boolean> {
    return this.#inner.connect()
  }

  initializeSchema(options: BulkOptions): Promise<void> {
    return this.#inner.initializeSchema(options)
  }

  disconnect(): Promise<void> {
    return this.#inner.disconnect()
  }

  abandon(): void {
    this.#inner.abandon?.()
  }

  write<Result>(
    work: (writer: GraphWriter) => Promise<Result>,
    options?: { readonly runOnce?: boolean },
  ): Promise<Result> {
    return this.#inner.write((writer) => work(new ScopedWriter(writer, this.#within)), options)
  }

  async query(): Promise<Row[]> {
    throw new NotSupportedError(
      'A view of a scope takes no raw queries, which would see everything: use the methods of GraphBackend',
    )
  }

  /** Says nothing of what is outside. Inside a transaction, for which counting would wait, nothing is counted. */
  async health(): Promise<DriverHealth> {
    const { version, schema_version, degraded, memory_count, warnings } = await this.#inner.health()
    const known = { version, schema_version, node_count: null, database_size_bytes: null }
    const isComplete = memory_count !== null
    if (!isComplete) return { ...known, degraded, warnings, memory_count, relationship_count: null }
    const state = { ...known, degraded: false, warnings: [] }
    if (isInTransactionOn(this.store)) return { ...state, memory_count: null, relationship_count: null }
    const { byType, relationships } = await this.#inner.reader.getStatistics(this.#within)
    return { ...state, memory_count: sum(byType), relationship_count: relationships }
  }
}
