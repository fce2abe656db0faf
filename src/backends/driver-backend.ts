import { breathe } from '../breathe.js'
import type { Embedder } from '../embedding/embedder.js'
import { requireEmbedder } from '../embedding/require-embedder.js'
import { MemoryError, NotSupportedError, ValidationError } from '../errors.js'
import type { GraphView } from '../graph/graph-view.js'
import type { Embedding, EmbeddingInput } from '../model/embedding.js'
import { graphOptionsSchema } from '../model/graph-options.js'
import type { HybridQuery } from '../model/hybrid-query.js'
import {
  DEFAULT_MAX_CONTENT_BYTES,
  type Memory,
  type MemoryInput,
  type MemoryPatch,
} from '../model/memory.js'
import {
  bulkOptionsSchema,
  changesOptionsSchema,
  reembedOptionsSchema,
  transactionOptionsSchema,
} from '../model/method-options.js'
import { daysSchema, type GraphNode, type GraphNodeInput, type NodeQuery } from '../model/node.js'
import type {
  Relationship,
  RelationshipInput,
  RelationshipPropertiesInput,
  RelationshipReplacement,
} from '../model/relationship.js'
import { type Scope, type ScopeInput, scopeWithin } from '../model/scope.js'
import type { PaginatedResult, RecallOptions, SearchQuery } from '../model/search-query.js'
import { text as textSchema, validate } from '../model/validation.js'
import type { VectorHit, VectorSearchOptions } from '../model/vector-search.js'
import { prepareSynonyms, type Synonyms } from '../search/synonyms.js'
import { type AuditLogOption, auditActor } from './audit-actor.js'
import { blankSyncStatus } from './blank-sync-status.js'
import { stateOfView } from './embedding/embedding-health.js'
import { EmbeddingKeeper } from './embedding/embedding-keeper.js'
import type {
  AuditEntry,
  BackendCapabilities,
  BulkOptions,
  Change,
  CreateRelationshipsOptions,
  EmbedReport,
  GetMemoryOptions,
  GraphBackend,
  GraphOptions,
  GraphTransaction,
  HealthReport,
  MemoryFilter,
  MemoryStatistics,
  QueryParameters,
  RecentActivity,
  ReembedOptions,
  RelatedOptions,
  RelationshipChanges,
  RelationshipContextSearch,
  RelationshipEnds,
  RelationshipFilter,
  RelationshipHistoryOptions,
  Row,
  SyncReport,
  SyncStatus,
} from './graph-backend.js'
import type { GraphDriver, GraphWriter } from './graph-driver.js'
import { GraphSession, type SessionLimits, type StoreAccess } from './graph-session.js'
import { healthOf } from './health-report.js'
import { Lifecycle } from './lifecycle.js'
import type { Logger } from './logger.js'
import { idsOf, type Operation, withoutIds } from './operation.js'
import { memoryStatistics, recentActivity } from './overview.js'
import type { GraphViews } from './projection/graph-views.js'
import { RecordKeeper } from './record-keeper.js'
import { RefusingBackend } from './refusing-backend.js'
import { noteScope } from './scope/scope-of.js'
import { ScopedDriver } from './scope/scoped-driver.js'
import { throwIfAborted } from './slices.js'
import { isInTransactionOf, isInTransactionOn, runTransaction } from './transaction.js'

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
  /** Whether an audit log is kept, and of whom it speaks: the user of the operating system, or `actor`. Default is false. */
  readonly auditLog?: AuditLogOption | undefined
  /** Whether `usage_count` and `last_accessed` of memories tell how often they are returned, and when last. Default is false. */
  readonly trackUsage?: boolean | undefined
  /**
   * Keeps the vectors of memories current: after each write, in the background, those that lack one get one. Default is none.
   * Needs the capability `vector`.
   */
  readonly embedder?: Embedder | undefined
  /** How long it may take for a batch, in milliseconds. Default is 30,000. */
  readonly embedTimeoutMs?: number | undefined
  /** How long a recall waits for the vector of its text, in milliseconds. Default is 2,000. */
  readonly queryTimeoutMs?: number | undefined
  /**
   * Words and phrases that are also looked for where a search or recall asks for another, such as `{ k8s: ['kubernetes'] }`: one way,
   * as given. They count half. Default is none.
   */
  readonly synonyms?: Synonyms | undefined
  /** Is told what of the audit log, of the counts, or of the vectors, could not be written. Default is silence. */
  readonly logger?: Logger | undefined
  /** Confines the backend itself, as {@link GraphBackend.scoped} does a view of it; it can still sync. Default is no scope. */
  readonly scope?: ScopeInput | undefined
}

/** The backend that another one is a view of, and what that is confined to. */
type View = { readonly parent: DriverBackend; readonly scope: Scope }

const DEFAULT_ACTIVITY_DAYS = 7
const CHANGES_PAGE_SIZE = 1000
const AUDIT_PAGE_SIZE = 1000

const RECENT_ACTIVITY: Operation<RecentActivity> = {
  name: 'getRecentActivity',
  ids: ({ recent_memories, unresolved_problems }) => idsOf([...recent_memories, ...unresolved_problems]),
}

/** The contract over any driver: lifecycle, checks and semantics. A new store is a driver given to this class. */
export class DriverBackend extends RefusingBackend implements GraphBackend {
  readonly capabilities: BackendCapabilities
  /** The driver of the whole store, and the one of what is inside the scope: the same where there is none. */
  readonly #whole: GraphDriver
  readonly #driver: GraphDriver
  readonly #scope: Scope
  readonly #settings: BackendSettings
  readonly #limits: SessionLimits
  /** Absent where no records are kept. Views keep theirs with the backend's own. */
  readonly #records: RecordKeeper | undefined
  /** Views share that of the backend. */
  readonly #keeper: EmbeddingKeeper
  readonly #access: StoreAccess
  readonly #session: GraphSession
  /** Sessions for lists, which are read page by page: each page is an operation of its own. */
  readonly #lists: GraphSession
  readonly #lifecycle: Lifecycle
  readonly #isView: boolean
  /** What was read of the graph for views of it; `null` before the first one was asked for. */
  #views: GraphViews | null = null

  /** @param view what makes it a view of another one, whose lifecycle it shares */
  constructor(whole: GraphDriver, settings: BackendSettings, view?: View) {
    super()
    this.#whole = whole
    this.#settings = settings
    this.#isView = view !== undefined
    this.#lifecycle = view ? view.parent.#lifecycle : new Lifecycle()
    this.#scope = view?.scope ?? (settings.scope === undefined ? [] : scopeWithin([], settings.scope))
    const isConfined = this.#scope.length > 0
    noteScope(this, this.#scope)
    if (isConfined && !whole.capabilities.scopes) throw this.#notSupported('a scope', 'scopes')
    const driver = isConfined ? new ScopedDriver(whole, this.#scope, !this.#isView) : whole
    this.#driver = driver
    this.capabilities = Object.freeze({ ...driver.capabilities })
    this.#limits = {
      maxContentBytes: settings.maxContentBytes ?? DEFAULT_MAX_CONTENT_BYTES,
      allowCycles: settings.allowCycles ?? false,
      synonyms: prepareSynonyms(settings.synonyms ?? {}),
      requireHistory: (what) => {
        if (!driver.capabilities.history) throw this.#notSupported(what, 'history')
      },
      requireVector: (what) => {
        if (!driver.capabilities.vector) throw this.#notSupported(what, 'vector')
      },
    }
    this.#records = view ? view.parent.#records : recordKeeper(driver, settings)
    this.#keeper = view ? view.parent.#keeper : this.#embeddingKeeper()
    const plain: StoreAccess = {
      read: async (work) => {
        await breathe()
        return work(driver.reader)
      },
      write: (work) => this.#keeper.watch((watched) => driver.write((writer) => work(watched(writer)))),
      embedQuery: (text) => this.#keeper.queryVector(text),
      levels: async () => (isConfined ? null : ((await this.#views?.levels()) ?? null)),
    }
    const access = this.#records?.recorded(plain) ?? plain
    this.#access = access
    this.#session = new GraphSession(access, this.#limits)
    this.#lists = new GraphSession(
      { ...access, read: (work, operation) => this.#run(() => access.read(work, operation)) },
      this.#limits,
    )
  }

  async connect(): Promise<boolean> {
    this.#requireOutsideTransaction()
    await this.#lifecycle.connect(async () => {
      const isReady = await this.#driver.connect()
      if (!isInTransactionOn(this.#driver.store)) {
        if (isReady) this.#keeper.start()
        return isReady
      }
      await this.#driver.disconnect()
      throw inTransaction()
    })
    return true
  }

  async initializeSchema(options: BulkOptions = {}): Promise<void> {
    this.#requireOutsideTransaction()
    validate(bulkOptionsSchema, options, 'options')
    await this.#lifecycle.makeReady(async () => {
      throwIfAborted(options.signal)
      await this.#driver.initializeSchema(options)
      this.#keeper.start()
    })
  }

  /** Without effect on a view, whose lifecycle is that of the backend it is a view of. */
  async disconnect(): Promise<void> {
    if (this.#isView) return
    if (isInTransactionOf(this.#lifecycle)) throw inTransaction() // it would wait for itself
    this.#keeper.abort() // what waits for an embedder is not waited for
    this.#views?.forget() // nor what is read for a view of the graph
    await this.#lifecycle.disconnect(
      async () => {
        await this.#keeper.stop()
        await this.#records?.end()
      },
      () => this.#driver.disconnect(),
      () => this.#driver.abandon?.(),
    )
  }

  close(): Promise<void> {
    return this.disconnect()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.disconnect()
  }

  healthCheck(): Promise<HealthReport> {
    const mayRead = this.#lifecycle.isReady && !isInTransactionOn(this.#driver.store)
    const { state } = this.#keeper
    const embedder = { state: this.#isView ? stateOfView(state) : state, mayRead }
    return healthOf(this.#driver, this.#settings, this.capabilities, this.#lifecycle.isConnected, embedder)
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

  executeQuery(query: string, parameters?: QueryParameters, write?: boolean): Promise<Row[]> {
    return this.#query('executeQuery', query, parameters, write)
  }

  executeReadQuery(query: string, parameters?: QueryParameters): Promise<Row[]> {
    return this.#query('executeReadQuery', query, parameters, false)
  }

  executeWriteQuery(query: string, parameters?: QueryParameters): Promise<Row[]> {
    return this.#query('executeWriteQuery', query, parameters, true)
  }

  async #query(name: string, query: string, parameters: QueryParameters = [], write = false): Promise<Row[]> {
    this.#requireOutsideTransaction()
    this.#lifecycle.requireConnected()
    validate(textSchema, query, 'query')
    if (typeof write !== 'boolean') throw new ValidationError('Invalid write: must be true or false')
    const records = this.#records
    const also = records && ((writer: GraphWriter) => records.recordWrite(writer, withoutIds(name), null))
    const run = (): Promise<Row[]> =>
      this.#driver.query(query, parameters ?? [], write, write ? also : undefined)
    // Before the schema is complete a file may be looked at, not changed.
    if (!write && !this.#lifecycle.isReady) return run()
    return this.#run(async () => {
      const rows = await run()
      if (write) this.#keeper.lookAgain()
      if (!write) records?.noteRead(withoutIds(name), null)
      return rows
    })
  }

  async transaction<Result>(
    work: (tx: GraphTransaction) => Promise<Result>,
    options: { readonly timeoutMs?: number | undefined } = {},
  ): Promise<Result> {
    return this.#run(async () => {
      const { timeoutMs } = validate(transactionOptionsSchema, options, 'transaction options')
      if (typeof work !== 'function')
        throw new ValidationError('Invalid transaction: its work must be a function')
      const { store } = this.#driver
      const records = this.#records?.ofTransaction()
      const run = async (writer: GraphWriter): Promise<Result> => {
        const result = await runTransaction(
          writer,
          this.#lifecycle,
          store,
          work,
          timeoutMs,
          this.#limits,
          records?.recorded,
        )
        await records?.record(writer)
        return result
      }
      const result = await this.#keeper.watch((watched) =>
        this.#driver.write((writer) => run(watched(writer)), { runOnce: true }),
      )
      records?.stored()
      return result
    })
  }

  async storeMemory(memory: MemoryInput): Promise<string> {
    return this.#run(() => this.#session.storeMemory(memory))
  }

  async storeMemories(memories: readonly MemoryInput[], options?: BulkOptions): Promise<string[]> {
    return this.#run(() => this.#session.storeMemories(memories, options))
  }

  async getMemory(id: string, options?: boolean | GetMemoryOptions): Promise<Memory | null> {
    return this.#run(() => this.#session.getMemory(id, options))
  }

  async getMemories(ids: readonly string[]): Promise<Memory[]> {
    return this.#run(() => this.#session.getMemories(ids))
  }

  async updateMemory(
    patch: MemoryPatch,
    options?: { readonly expectedVersion?: number | null | undefined },
  ): Promise<boolean> {
    return this.#run(() => this.#session.updateMemory(patch, options))
  }

  async deleteMemory(id: string): Promise<boolean> {
    return this.#run(() => this.#session.deleteMemory(id))
  }

  async searchMemories(query: SearchQuery): Promise<Memory[]> {
    return this.#run(() => this.#session.searchMemories(query))
  }

  async searchMemoriesPaginated(query: SearchQuery): Promise<PaginatedResult> {
    return this.#run(() => this.#session.searchMemoriesPaginated(query))
  }

  async recallMemories(text: string, options?: RecallOptions): Promise<Memory[]> {
    return this.#run(() => this.#session.recallMemories(text, options))
  }

  async hybridSearch(query: HybridQuery): Promise<Memory[]> {
    return this.#run(() => this.#session.hybridSearch(query))
  }

  listMemories(filter?: MemoryFilter): AsyncIterable<Memory> {
    return this.#lists.listMemories(filter)
  }

  async createRelationship(
    fromMemoryId: string,
    toMemoryId: string,
    type: string,
    properties?: RelationshipPropertiesInput | null,
  ): Promise<string> {
    return this.#run(() => this.#session.createRelationship(fromMemoryId, toMemoryId, type, properties))
  }

  async createRelationships(
    relationships: readonly RelationshipInput[],
    options?: CreateRelationshipsOptions,
  ): Promise<string[]> {
    return this.#run(() => this.#session.createRelationships(relationships, options))
  }

  async getRelationship(id: string): Promise<Relationship | null> {
    return this.#run(() => this.#session.getRelationship(id))
  }

  async updateRelationshipProperties(
    id: string,
    patch: RelationshipPropertiesInput,
    ends?: RelationshipEnds,
  ): Promise<boolean> {
    return this.#run(() => this.#session.updateRelationshipProperties(id, patch, ends))
  }

  async deleteRelationship(id: string): Promise<boolean> {
    return this.#run(() => this.#session.deleteRelationship(id))
  }

  async getRelatedMemories(id: string, options?: RelatedOptions): Promise<[Memory, Relationship][]> {
    return this.#run(() => this.#session.getRelatedMemories(id, options))
  }

  async getMemoryHistory(id: string): Promise<Memory[]> {
    return this.#run(() => this.#session.getMemoryHistory(id))
  }

  async invalidateRelationship(id: string, invalidatedBy?: string | null): Promise<boolean> {
    return this.#run(() => this.#session.invalidateRelationship(id, invalidatedBy))
  }

  async supersedeRelationship(id: string, replacement: RelationshipReplacement): Promise<string> {
    return this.#run(() => this.#session.supersedeRelationship(id, replacement))
  }

  async getRelationshipHistory(id: string, options?: RelationshipHistoryOptions): Promise<Relationship[]> {
    return this.#run(() => this.#session.getRelationshipHistory(id, options))
  }

  async whatChanged(since: string | Date): Promise<RelationshipChanges> {
    return this.#run(() => this.#session.whatChanged(since))
  }

  async searchRelationshipsByContext(search: RelationshipContextSearch): Promise<Relationship[]> {
    return this.#run(() => this.#session.searchRelationshipsByContext(search))
  }

  listRelationships(filter?: RelationshipFilter): AsyncIterable<Relationship> {
    return this.#lists.listRelationships(filter)
  }

  async putNodes(nodes: readonly GraphNodeInput[], options?: BulkOptions): Promise<string[]> {
    return this.#run(() => this.#session.putNodes(nodes, options))
  }

  async getNodes(ids: readonly string[]): Promise<GraphNode[]> {
    return this.#run(() => this.#session.getNodes(ids))
  }

  async findNodes(query: NodeQuery): Promise<GraphNode[]> {
    return this.#run(() => this.#session.findNodes(query))
  }

  async deleteNodes(ids: readonly string[]): Promise<number> {
    return this.#run(() => this.#session.deleteNodes(ids))
  }

  async setEmbeddings(entries: readonly EmbeddingInput[], options?: BulkOptions): Promise<void> {
    return this.#run(() => this.#session.setEmbeddings(entries, options))
  }

  async getEmbeddings(ids: readonly string[], model?: string | null): Promise<Embedding[]> {
    return this.#run(() => this.#session.getEmbeddings(ids, model))
  }

  async deleteEmbeddings(
    ids: readonly string[],
    options?: { readonly model?: string | null | undefined },
  ): Promise<number> {
    return this.#run(() => this.#session.deleteEmbeddings(ids, options))
  }

  async searchByVector(
    vector: readonly number[] | Float32Array,
    options?: VectorSearchOptions,
  ): Promise<VectorHit[]> {
    return this.#run(() => this.#session.searchByVector(vector, options))
  }

  async embedPending(options: BulkOptions = {}): Promise<EmbedReport> {
    if (!this.capabilities.vector) this.refuse('embedPending', 'vector')
    return this.#run(async () => {
      const checked = validate(bulkOptionsSchema, options, 'options')
      const report = await this.#keeper.embedPending(this.#driver.reader, checked)
      this.#records?.noteRead(withoutIds('embedPending'), null)
      return report
    })
  }

  async reembed(options: ReembedOptions = {}): Promise<EmbedReport> {
    if (!this.capabilities.vector) this.refuse('reembed', 'vector')
    const run = async (): Promise<EmbedReport> => {
      const { embedder, ...checked } = validate(reembedOptionsSchema, options, 'reembed options')
      const own = embedder === undefined ? undefined : requireEmbedder(embedder)
      return this.#keeper.reembed({ ...checked, embedder: own })
    }
    return this.operate('reembed', run)
  }

  async graph(options: GraphOptions = {}): Promise<GraphView> {
    if (!this.capabilities.graph) this.refuse('graph', 'graph')
    return this.#run(async () => {
      const { scope, ...checked } = validate(graphOptionsSchema, options, 'graph options')
      if (scope !== null) return this.scoped(scope).graph({ ...options, scope: null })
      const views = await this.#graphViews()
      return this.#access.read(async () => views.view(checked), withoutIds('graph'))
    })
  }

  async #graphViews(): Promise<GraphViews> {
    const { GraphViews: Views } = await import('./projection/graph-views.js')
    this.#views ??= new Views({ seen: this.#driver.reader, whole: this.#whole.reader }, (read) =>
      this.#run(() => this.#access.read(read, withoutIds('graph'))),
    )
    return this.#views
  }

  async getMemoryStatistics(): Promise<MemoryStatistics> {
    return this.#run(() => this.#access.read(memoryStatistics, withoutIds('getMemoryStatistics')))
  }

  async getRecentActivity(
    days: number = DEFAULT_ACTIVITY_DAYS,
    project?: string | null,
  ): Promise<RecentActivity> {
    return this.#run(() => {
      const path = project === undefined || project === null ? null : validate(textSchema, project, 'project')
      const checkedDays = validate(daysSchema, days, 'days')
      return this.#access.read((reader) => recentActivity(reader, checkedDays, path), RECENT_ACTIVITY)
    })
  }

  async *changes(
    options: { readonly after?: number | null | undefined } = {},
  ): AsyncGenerator<Change, void, undefined> {
    const given = validate(changesOptionsSchema, options, 'changes options').after ?? null
    for (let after = given ?? 0; ; ) {
      const page = await this.#run(() => this.#driver.reader.getChanges(after, CHANGES_PAGE_SIZE))
      if (after < page.oldest - 1 && !(given === null && after === 0)) throw pruned(after, page.oldest)
      yield* page.changes
      after = page.changes.at(-1)?.seq ?? after
      if (page.changes.length < CHANGES_PAGE_SIZE) return
    }
  }

  async *auditEntries(
    options: { readonly after?: number | null | undefined } = {},
  ): AsyncGenerator<AuditEntry, void, undefined> {
    const given = validate(changesOptionsSchema, options, 'audit options').after ?? 0
    await this.#run(async () => this.#records?.flush())
    for (let after = given; ; ) {
      const page: AuditEntry[] = await this.#run(() =>
        this.#driver.reader.getAuditEntries(after, AUDIT_PAGE_SIZE),
      )
      yield* page
      after = page.at(-1)?.seq ?? after
      if (page.length < AUDIT_PAGE_SIZE) return
    }
  }

  scoped(scope: ScopeInput): GraphBackend {
    if (!this.capabilities.scopes) this.refuse('scoped', 'scopes')
    const view = { parent: this, scope: scopeWithin(this.#scope, scope) }
    return new DriverBackend(this.#whole, this.#settings, view)
  }

  override async sync(): Promise<SyncReport> {
    const { replication } = this.#driver
    if (!replication) return super.sync()
    return this.#run(async () => {
      const report = await replication.sync()
      this.#keeper.lookAgain()
      return report
    })
  }

  syncStatus(): SyncStatus {
    return this.#driver.replication?.status() ?? blankSyncStatus(false)
  }

  #embeddingKeeper(): EmbeddingKeeper {
    const { embedder } = this.#settings
    if (embedder !== undefined && !this.#whole.capabilities.vector)
      throw this.#notSupported('an embedder', 'vector')
    const own = embedder === undefined ? null : requireEmbedder(embedder)
    return new EmbeddingKeeper({ whole: this.#whole, seen: this.#driver }, own, this.#settings)
  }

  protected refuse(method: string, capability: keyof BackendCapabilities): never {
    this.#lifecycle.requireConnected()
    throw this.#notSupported(`${method}()`, capability)
  }

  #notSupported(what: string, capability: keyof BackendCapabilities): NotSupportedError {
    return new NotSupportedError(
      `${what} needs the capability "${capability}", which the backend "${this.#settings.name}" does not have`,
      { details: { method: what, capability } },
    )
  }

  /**
   * Runs an operation of a backend's own on the whole store like those of the contract: while it is connected, outside its
   * transactions; closing waits, and the audit log names it, with the ids that `idsOf` finds in its result.
   *
   * @throws `MG_NOT_SUPPORTED` the backend is confined to a scope
   */
  protected async operate<Result>(
    name: string,
    operation: () => Promise<Result>,
    ids: (result: Result) => readonly string[] = () => [],
  ): Promise<Result> {
    if (this.#scope.length > 0) {
      throw new NotSupportedError(
        `${name}() is about the whole database, and this backend is confined to a part of it (tenantId): use one that is not`,
        { details: { method: name } },
      )
    }
    return this.#run(async () => {
      const result = await operation()
      this.#records?.noteRead({ name, ids }, result)
      return result
    })
  }

  async #run<Result>(operation: () => Promise<Result>): Promise<Result> {
    this.#requireOutsideTransaction()
    return this.#lifecycle.run(operation)
  }

  #requireOutsideTransaction(): void {
    if (isInTransactionOn(this.#driver.store)) throw inTransaction()
  }
}

function recordKeeper(
  driver: GraphDriver,
  { auditLog = false, trackUsage: tracksUsage = false, logger }: BackendSettings,
): RecordKeeper | undefined {
  const actor = auditActor(auditLog)
  if (actor === null && !tracksUsage) return undefined
  return new RecordKeeper(driver, { actor, tracksUsage, logger })
}

function inTransaction(): MemoryError {
  return new MemoryError(
    'The backend was called inside the work of a transaction() on the same store: use the "tx" that the work is given',
    { code: 'MG_IN_TRANSACTION' },
  )
}

function pruned(after: number, oldest: number): MemoryError {
  return new MemoryError(
    `Changes after position ${after} are no longer kept (the oldest is ${oldest}): read everything anew, then follow from the latest position`,
    { code: 'MG_CHANGES_PRUNED', details: { after, oldest } },
  )
}
