import { AsyncLocalStorage } from 'node:async_hooks'
import { DatabaseConnectionError, MemoryError, NotSupportedError, ValidationError } from '../errors.js'
import {
  DEFAULT_MAX_CONTENT_BYTES,
  type Memory,
  type MemoryInput,
  type MemoryPatch,
} from '../model/memory.js'
import { bulkOptionsSchema, changesOptionsSchema, transactionOptionsSchema } from '../model/method-options.js'
import { daysSchema, type GraphNode, type GraphNodeInput, type NodeQuery } from '../model/node.js'
import type { Relationship, RelationshipInput, RelationshipPropertiesInput } from '../model/relationship.js'
import type { PaginatedResult, RecallOptions, SearchQuery } from '../model/search-query.js'
import { text as textSchema, validate } from '../model/validation.js'
import type {
  BackendCapabilities,
  BulkOptions,
  Change,
  GetMemoryOptions,
  GraphBackend,
  GraphTransaction,
  HealthReport,
  MemoryFilter,
  MemoryStatistics,
  QueryParameters,
  RecentActivity,
  RelatedOptions,
  RelationshipFilter,
  Row,
  SyncReport,
  SyncStatus,
} from './graph-backend.js'
import type { GraphDriver } from './graph-driver.js'
import { GraphSession, type SessionLimits } from './graph-session.js'
import { healthOf } from './health-report.js'
import type { Logger } from './logger.js'
import { recentActivity } from './memory-search.js'
import { runTransaction, type TransactionState } from './transaction.js'

/** What a backend is told besides its driver. */
export type BackendSettings = {
  /** What `backendName()` says. */
  readonly name: string
  /** The kind of backend, for the health report. */
  readonly type: string
  /** Largest content of a memory, in bytes of UTF-8. Default is 1 MiB. */
  readonly maxContentBytes?: number | undefined
  /** Whether a memory may be joined to itself. Default is false. */
  readonly allowCycles?: boolean | undefined
  readonly logger?: Logger | undefined
}

const DEFAULT_ACTIVITY_DAYS = 7
const CHANGES_PAGE_SIZE = 1000

/** The contract over any driver: lifecycle, checks and semantics. A new store is a driver given to this class. */
export class DriverBackend implements GraphBackend {
  readonly capabilities: BackendCapabilities
  readonly #driver: GraphDriver
  readonly #settings: BackendSettings
  readonly #limits: SessionLimits
  readonly #session: GraphSession
  readonly #transactionContext = new AsyncLocalStorage<TransactionState>()
  #state: 'closed' | 'connected' | 'ready' = 'closed'
  #transition: Promise<unknown> = Promise.resolve()

  constructor(driver: GraphDriver, settings: BackendSettings) {
    this.#driver = driver
    this.#settings = settings
    this.capabilities = Object.freeze({ ...driver.capabilities })
    this.#limits = {
      maxContentBytes: settings.maxContentBytes ?? DEFAULT_MAX_CONTENT_BYTES,
      allowCycles: settings.allowCycles ?? false,
    }
    this.#session = new GraphSession(
      {
        read: (work) => {
          this.#requireReady()
          return work(driver.reader)
        },
        write: (work) => {
          this.#requireReady()
          return driver.write(work)
        },
      },
      this.#limits,
    )
  }

  async connect(): Promise<boolean> {
    this.#requireOutsideTransaction()
    await this.#inTurn(async () => {
      if (this.#state !== 'closed') return
      this.#state = (await this.#driver.connect()) ? 'ready' : 'connected'
    })
    return true
  }

  async initializeSchema(options: BulkOptions = {}): Promise<void> {
    this.#requireOutsideTransaction()
    validate(bulkOptionsSchema, options, 'options')
    await this.#inTurn(async () => {
      if (this.#state === 'closed') throw notConnected('Call connect() first')
      await this.#driver.initializeSchema(options)
      this.#state = 'ready'
    })
  }

  async disconnect(): Promise<void> {
    this.#requireOutsideTransaction()
    await this.#inTurn(async () => {
      if (this.#state === 'closed') return
      this.#state = 'closed'
      await this.#driver.disconnect()
    })
  }

  close(): Promise<void> {
    return this.disconnect()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.disconnect()
  }

  healthCheck(): Promise<HealthReport> {
    return healthOf(this.#driver, this.#settings, this.capabilities, this.#state !== 'closed')
  }

  backendName(): string {
    return this.#settings.name
  }

  supportsFulltextSearch(): boolean {
    return this.capabilities.fulltext
  }

  supportsTransactions(): boolean {
    return this.capabilities.transactions
  }

  isCypherCapable(): boolean {
    return this.capabilities.queryLanguage === 'cypher'
  }

  async executeQuery(query: string, parameters: QueryParameters = [], write = false): Promise<Row[]> {
    this.#requireOutsideTransaction()
    if (this.#state === 'closed') throw notConnected('Call connect() first')
    validate(textSchema, query, 'query')
    if (typeof write !== 'boolean') throw new ValidationError('Invalid write: must be true or false')
    return this.#driver.query(query, parameters ?? [], write)
  }

  executeReadQuery(query: string, parameters?: QueryParameters): Promise<Row[]> {
    return this.executeQuery(query, parameters, false)
  }

  executeWriteQuery(query: string, parameters?: QueryParameters): Promise<Row[]> {
    return this.executeQuery(query, parameters, true)
  }

  async transaction<Result>(
    work: (tx: GraphTransaction) => Promise<Result>,
    options: { readonly timeoutMs?: number | undefined } = {},
  ): Promise<Result> {
    this.#requireReady()
    const { timeoutMs } = validate(transactionOptionsSchema, options, 'transaction options')
    if (typeof work !== 'function')
      throw new ValidationError('Invalid transaction: its work must be a function')
    return this.#driver.write((writer) =>
      runTransaction(writer, work, timeoutMs, this.#limits, this.#transactionContext),
    )
  }

  async storeMemory(memory: MemoryInput): Promise<string> {
    return this.#ready().storeMemory(memory)
  }

  async storeMemories(memories: readonly MemoryInput[], options?: BulkOptions): Promise<string[]> {
    return this.#ready().storeMemories(memories, options)
  }

  async getMemory(id: string, options?: boolean | GetMemoryOptions): Promise<Memory | null> {
    return this.#ready().getMemory(id, options)
  }

  async getMemories(ids: readonly string[]): Promise<Memory[]> {
    return this.#ready().getMemories(ids)
  }

  async updateMemory(
    patch: MemoryPatch,
    options?: { readonly expectedVersion?: number | null | undefined },
  ): Promise<boolean> {
    return this.#ready().updateMemory(patch, options)
  }

  async deleteMemory(id: string): Promise<boolean> {
    return this.#ready().deleteMemory(id)
  }

  async searchMemories(query: SearchQuery): Promise<Memory[]> {
    return this.#ready().searchMemories(query)
  }

  async searchMemoriesPaginated(query: SearchQuery): Promise<PaginatedResult> {
    return this.#ready().searchMemoriesPaginated(query)
  }

  async recallMemories(text: string, options?: RecallOptions): Promise<Memory[]> {
    return this.#ready().recallMemories(text, options)
  }

  listMemories(filter?: MemoryFilter): AsyncIterable<Memory> {
    return this.#session.listMemories(filter)
  }

  async createRelationship(
    fromMemoryId: string,
    toMemoryId: string,
    type: string,
    properties?: RelationshipPropertiesInput | null,
  ): Promise<string> {
    return this.#ready().createRelationship(fromMemoryId, toMemoryId, type, properties)
  }

  async createRelationships(
    relationships: readonly RelationshipInput[],
    options?: BulkOptions,
  ): Promise<string[]> {
    return this.#ready().createRelationships(relationships, options)
  }

  async getRelationship(id: string): Promise<Relationship | null> {
    return this.#ready().getRelationship(id)
  }

  async updateRelationshipProperties(id: string, patch: RelationshipPropertiesInput): Promise<boolean> {
    return this.#ready().updateRelationshipProperties(id, patch)
  }

  async deleteRelationship(id: string): Promise<boolean> {
    return this.#ready().deleteRelationship(id)
  }

  async getRelatedMemories(id: string, options?: RelatedOptions): Promise<[Memory, Relationship][]> {
    return this.#ready().getRelatedMemories(id, options)
  }

  listRelationships(filter?: RelationshipFilter): AsyncIterable<Relationship> {
    return this.#session.listRelationships(filter)
  }

  async putNodes(nodes: readonly GraphNodeInput[], options?: BulkOptions): Promise<string[]> {
    return this.#ready().putNodes(nodes, options)
  }

  async getNodes(ids: readonly string[]): Promise<GraphNode[]> {
    return this.#ready().getNodes(ids)
  }

  async findNodes(query: NodeQuery): Promise<GraphNode[]> {
    return this.#ready().findNodes(query)
  }

  async deleteNodes(ids: readonly string[]): Promise<number> {
    return this.#ready().deleteNodes(ids)
  }

  async getMemoryStatistics(): Promise<MemoryStatistics> {
    this.#requireReady()
    const row = await this.#driver.reader.getStatistics()
    const total = Object.values(row.byType).reduce((sum, count) => sum + count, 0)
    return {
      total_memories: { count: total },
      memories_by_type: row.byType,
      total_relationships: { count: row.relationships },
      avg_importance: { avg_importance: row.averageImportance },
      avg_confidence: { avg_confidence: row.averageConfidence },
    }
  }

  async getRecentActivity(
    days: number = DEFAULT_ACTIVITY_DAYS,
    project?: string | null,
  ): Promise<RecentActivity> {
    this.#requireReady()
    const path = project === undefined || project === null ? null : validate(textSchema, project, 'project')
    return recentActivity(this.#driver.reader, validate(daysSchema, days, 'days'), path)
  }

  async *changes(
    options: { readonly after?: number | null | undefined } = {},
  ): AsyncGenerator<Change, void, undefined> {
    const given = validate(changesOptionsSchema, options, 'changes options').after ?? null
    let after = given ?? 0
    for (;;) {
      this.#requireReady()
      const { changes, oldest } = await this.#driver.reader.getChanges(after, CHANGES_PAGE_SIZE)
      if (after < oldest - 1 && !(given === null && after === 0)) throw pruned(after, oldest)
      yield* changes
      after = changes.at(-1)?.seq ?? after
      if (changes.length < CHANGES_PAGE_SIZE) return
    }
  }

  async getMemoryHistory(_id: string): Promise<Memory[]> {
    return this.#refuse('getMemoryHistory', 'history')
  }

  async invalidateRelationship(_id: string, _invalidatedBy?: string | null): Promise<void> {
    return this.#refuse('invalidateRelationship', 'history')
  }

  async supersedeRelationship(_id: string, _replacement: RelationshipInput): Promise<string> {
    return this.#refuse('supersedeRelationship', 'history')
  }

  async getRelationshipHistory(
    _id: string,
    _options?: { readonly limit?: number | undefined },
  ): Promise<Relationship[]> {
    return this.#refuse('getRelationshipHistory', 'history')
  }

  async whatChanged(
    _since: string | Date,
  ): Promise<{ new_relationships: Relationship[]; invalidated_relationships: Relationship[] }> {
    return this.#refuse('whatChanged', 'history')
  }

  async searchRelationshipsByContext(_filter: {
    readonly [field: string]: unknown
  }): Promise<Relationship[]> {
    return this.#refuse('searchRelationshipsByContext', 'history')
  }

  async setEmbeddings(_entries: readonly unknown[]): Promise<void> {
    return this.#refuse('setEmbeddings', 'vector')
  }

  async getEmbeddings(_ids: readonly string[], _model: string): Promise<unknown[]> {
    return this.#refuse('getEmbeddings', 'vector')
  }

  async deleteEmbeddings(_ids: readonly string[]): Promise<number> {
    return this.#refuse('deleteEmbeddings', 'vector')
  }

  async searchByVector(_vector: readonly number[] | Float32Array, _options?: unknown): Promise<Memory[]> {
    return this.#refuse('searchByVector', 'vector')
  }

  async hybridSearch(_query: unknown): Promise<Memory[]> {
    return this.#refuse('hybridSearch', 'vector')
  }

  async graph(_options?: unknown): Promise<unknown> {
    return this.#refuse('graph', 'graph')
  }

  scoped(_scope: unknown): GraphBackend {
    return this.#refuse('scoped', 'scopes')
  }

  async sync(): Promise<SyncReport> {
    return this.#refuse('sync', 'sync')
  }

  syncStatus(): SyncStatus {
    return { enabled: false, last_sync_at: null, last_sync_error: null, frame_no: null }
  }

  #ready(): GraphSession {
    this.#requireReady()
    return this.#session
  }

  #requireReady(): void {
    this.#requireOutsideTransaction()
    if (this.#state === 'closed') throw notConnected('Call connect() first')
    if (this.#state === 'connected')
      throw notConnected('Its schema is not complete: call initializeSchema() first')
  }

  #requireOutsideTransaction(): void {
    if (!this.#transactionContext.getStore()?.active) return
    throw new MemoryError(
      'The backend was called inside the work of its own transaction(): use the "tx" that the work is given',
      { code: 'MG_IN_TRANSACTION' },
    )
  }

  #refuse(method: string, capability: keyof BackendCapabilities): never {
    if (this.#state === 'closed') throw notConnected('Call connect() first')
    throw new NotSupportedError(
      `${method}() needs the capability "${capability}", which the backend "${this.#settings.name}" does not have`,
      { details: { method, capability } },
    )
  }

  // Lifecycle calls run one after the other, whatever became of the one before.
  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#transition.then(work, work)
    this.#transition = turn.catch(() => undefined)
    return turn
  }
}

function notConnected(remedy: string): DatabaseConnectionError {
  return new DatabaseConnectionError(`The backend is not connected. ${remedy}.`, { code: 'MG_NOT_CONNECTED' })
}

function pruned(after: number, oldest: number): MemoryError {
  return new MemoryError(
    `Changes after position ${after} are no longer kept (the oldest is ${oldest}): read everything anew, then follow from the latest position`,
    { code: 'MG_CHANGES_PRUNED', details: { after, oldest } },
  )
}
