import type { Embedder } from '../embedding/embedder.js'
import type { GraphView } from '../graph/graph-view.js'
import type { Embedding, EmbeddingInput } from '../model/embedding.js'
import type { HybridQuery } from '../model/hybrid-query.js'
import type { Memory, MemoryInput, MemoryPatch } from '../model/memory.js'
import type { GraphNode, GraphNodeInput, NodeQuery } from '../model/node.js'
import type {
  Relationship,
  RelationshipInput,
  RelationshipPropertiesInput,
  RelationshipReplacement,
} from '../model/relationship.js'
import type { ContextFilter } from '../model/relationship-context.js'
import type { RelationshipType } from '../model/relationship-type.js'
import type { ScopeInput } from '../model/scope.js'
import type { PaginatedResult, RecallOptions, SearchQuery, TextSearchField } from '../model/search-query.js'
import type { Timestamp } from '../model/timestamp.js'
import type { VectorHit, VectorSearchOptions } from '../model/vector-search.js'

/**
 * What a backend can do. Frozen; the same for the life of the backend. Where a capability is `false`, its methods
 * exist and reject with a `NotSupportedError` (`MG_NOT_SUPPORTED`).
 */
export type BackendCapabilities = {
  /** Text search ranks by relevance and knows word stems. */
  readonly fulltext: boolean
  /** `setEmbeddings` and the other methods of vectors. */
  readonly vector: boolean
  /** `transaction()` is all or nothing. */
  readonly transactions: boolean
  /** `sync()` exchanges changes with a primary. */
  readonly sync: boolean
  /** What is stored outlives the process. */
  readonly persistent: boolean
  /** Earlier versions of memories and relationships can be asked for. */
  readonly history: boolean
  /** Traversal and algorithms through `graph()`. */
  readonly graph: boolean
  /** `scoped()` views. */
  readonly scopes: boolean
  /** What `executeQuery` takes. */
  readonly queryLanguage: 'sql' | 'cypher' | 'none'
}

/** A value that a raw query binds or returns. */
export type QueryValue = string | number | bigint | boolean | null | Uint8Array

/** Parameters of a raw query: by position, or by name (`:name`, `@name`, `$name`; the sign may be left out of the key). */
export type QueryParameters = readonly unknown[] | { readonly [name: string]: unknown }

/** A row of a raw query. */
export type Row = { [column: string]: unknown }

/** Progress of long work. `total` is `null` where it is not known beforehand. */
export type Progress = { readonly done: number; readonly total: number | null; readonly phase: string }

/** Options of bulk work. Its entries are copied as they are checked, slice by slice: do not change them before it resolves. */
export type BulkOptions = {
  /** Called now and then, and once at the end. An exception it throws fails the work. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
  /** Stops the work with `MG_ABORTED`; nothing of it is stored. */
  readonly signal?: AbortSignal | undefined
}

/** Options of {@link GraphBackend.createRelationships}. */
export type CreateRelationshipsOptions = BulkOptions & {
  /** Whether they may close cycles, as those that were stored elsewhere before may. Default is the backend's own option. */
  readonly allowCycles?: boolean | undefined
}

/** Options of {@link GraphBackend.getMemory}. */
export type GetMemoryOptions = {
  /** Whether `relationships` is filled. Default is true. */
  readonly includeRelationships?: boolean | undefined
  /**
   * The memory, and its relationships, as they were at this instant: `null` before it was created. `MG_HISTORY_PRUNED` where its
   * version of that time is not kept any more. Needs the capability `history`.
   */
  readonly asOf?: string | Date | null | undefined
}

/** Which way relationships are walked, seen from where the walk stands. */
export type Direction = 'outgoing' | 'incoming' | 'both'

/** Options of {@link GraphBackend.getRelatedMemories}. */
export type RelatedOptions = {
  /** Only these types. Default, and the empty list, is all. */
  readonly relationshipTypes?: readonly (RelationshipType | (string & {}))[] | null | undefined
  /** How many steps away; clamped to 1..10. Default is 2. */
  readonly maxDepth?: number | null | undefined
  /** Default is `both`. Types that hold in both directions are walked both ways anyway. */
  readonly direction?: Direction | null | undefined
  /** Relationships that held at this instant; the present one leaves out what has not begun, and has what ends later. Default is those without a `valid_until`. */
  readonly asOf?: string | Date | null | undefined
  /** Most hits, or `null` for all. Default is 100. */
  readonly limit?: number | null | undefined
}

/** Options of {@link GraphBackend.graph}: which part of the graph a view sees, and which way it is walked. */
export type GraphOptions = {
  /** Only what lies within `maxDepth` steps of these nodes, and the relationships that lead there. Default is the whole graph. */
  readonly start?: string | readonly string[] | null | undefined
  /** Steps from the start, from 1 to 10. Default is 2. */
  readonly maxDepth?: number | null | undefined
  /** Only these types. Default, and the empty list, is all. */
  readonly relationshipTypes?: readonly (RelationshipType | (string & {}))[] | null | undefined
  /** Default is `both`. Types that hold in both directions are walked both ways anyway. */
  readonly direction?: Direction | null | undefined
  /** Relationships that held at this instant. Default is those without a `valid_until`. Nodes are those of the present. */
  readonly asOf?: string | Date | null | undefined
  /** Only relationships at least this strong, from 0 to 1. */
  readonly minStrength?: number | null | undefined
  /** Only what is inside this scope, as in a view of {@link GraphBackend.scoped}; keep that where it is asked more than once. */
  readonly scope?: ScopeInput | null | undefined
  /** Nodes, and relationships, that are read into memory at most. Default is 1,000,000 and 2,000,000. */
  readonly maxNodes?: number | null | undefined
  readonly maxEdges?: number | null | undefined
}

/** Options of {@link GraphBackend.getRelationshipHistory}. */
export type RelationshipHistoryOptions = {
  /** Only these types. Default, and the empty list, is all. */
  readonly relationshipTypes?: readonly (RelationshipType | (string & {}))[] | null | undefined
  /** 1 to 1,000. Default is 100. */
  readonly limit?: number | null | undefined
  /** Relationships to leave out at the start. Default is 0. */
  readonly offset?: number | null | undefined
}

/** What {@link GraphBackend.searchRelationshipsByContext} looks for. */
export type RelationshipContextSearch = ContextFilter & {
  /** Only these types. Default, and the empty list, is all. */
  readonly relationshipTypes?: readonly (RelationshipType | (string & {}))[] | null | undefined
  /** Only those that held at this instant. */
  readonly asOf?: string | Date | null | undefined
  /** Whether those that have ended are found too. Default is true. */
  readonly includeInvalidated?: boolean | null | undefined
  /** 1 to 1,000. Default is 20. */
  readonly limit?: number | null | undefined
}

/** What happened to relationships since an instant. */
export type RelationshipChanges = {
  new_relationships: Relationship[]
  invalidated_relationships: Relationship[]
}

/** Which memories {@link GraphBackend.listMemories} goes through: a search's filters, without text, page or enrichment. */
export type MemoryFilter = Omit<SearchQuery, TextSearchField>

/** Which relationships {@link GraphBackend.listRelationships} goes through. */
export type RelationshipFilter = {
  /** Only these types. */
  readonly relationshipTypes?: readonly (RelationshipType | (string & {}))[] | null | undefined
  /** Only those of these ids that exist. */
  readonly ids?: readonly string[] | null | undefined
  /** Only those that start or end at one of these memories. */
  readonly memoryIds?: readonly string[] | null | undefined
  /** Only those that held at this instant. */
  readonly asOf?: string | Date | null | undefined
  /** Whether invalidated ones are listed too. Default is true. */
  readonly includeInvalidated?: boolean | null | undefined
}

/** Nodes that a relationship is moved to; the end that is absent stays. */
export type RelationshipEnds = {
  readonly from_memory_id?: string | undefined
  readonly to_memory_id?: string | undefined
}

/** One entry of the change feed: something was written to this node or relationship. */
export type Change = {
  /** Position; later changes have greater ones. */
  seq: number
  kind: 'node' | 'relationship'
  id: string
  op: 'insert' | 'update' | 'delete'
}

/** One entry of the audit log: who did what, to which ids, and when. It holds nothing of what was stored or asked. */
export type AuditEntry = {
  /** Position; later entries have greater ones. */
  seq: number
  at: Timestamp
  actor: string
  /** The method: `storeMemories`, `getMemory`. */
  operation: string
  /** What it wrote or returned (`deleteNodes`: was asked to delete), the first 100. */
  ids: string[]
  /** How many there were. */
  count: number
}

/** Counts and averages, in the shape of MemoryGraph. Averages are `null` when there is no memory. */
export type MemoryStatistics = {
  total_memories: { count: number }
  memories_by_type: { [memoryType: string]: number }
  /** Invalidated relationships count too. */
  total_relationships: { count: number }
  avg_importance: { avg_importance: number | null }
  avg_confidence: { avg_confidence: number | null }
}

/** What happened lately, in the shape of MemoryGraph. */
export type RecentActivity = {
  /** Memories created within the days asked for. */
  total_count: number
  memories_by_type: { [memoryType: string]: number }
  /** The newest 20. */
  recent_memories: Memory[]
  /** The 10 most important problems and errors of the time that nothing current SOLVES or ADDRESSES. */
  unresolved_problems: Memory[]
  days: number
  project: string | null
}

/** The state of a backend. Counts are `null` while they cannot be known. */
export type HealthReport = {
  status: 'healthy' | 'degraded' | 'error' | 'disconnected'
  connected: boolean
  backend: string
  backend_type: string
  mode: 'local' | 'embedded_replica' | 'remote' | 'memory'
  replica_mode: boolean
  db_path: string | null
  database_path: string | null
  sync_enabled: boolean
  /** Without credentials. */
  sync_url: string | null
  auto_sync: boolean
  /** Seconds; 0 is never. */
  sync_interval: number
  last_sync_at: Timestamp | null
  last_sync_error: string | null
  frame_no: number | null
  pending_writes: number
  /** `null` without a primary. */
  primary: PrimaryStatistics | null
  /** `null` without an embedder. */
  embedding: EmbeddingHealth | null
  /** Of the engine underneath. */
  version: string | null
  schema_version: number | null
  node_count: number | null
  relationship_count: number | null
  statistics: { memory_count: number | null }
  database_size_bytes: number | null
  /** How long this check took. */
  latency_ms: number
  error: string | null
  /** What is not wrong enough to be an error: rows outside the limits, settings that have no effect, what we added to the file. */
  warnings: string[]
}

/** How the requests to a primary fare, since the backend was connected. */
export type PrimaryStatistics = {
  /** Sent; answered, with whatever; not answered. */
  requests: number
  answered: number
  failed: number
  /** Sent again after one that was not answered. */
  retried: number
  /** Not sent, because the last ones were not answered. */
  refused: number
  /** Under way, and waiting for their turn. */
  in_flight: number
  waiting: number
  /** `open`: requests are refused for a while; `half-open`: one is let through to see. */
  circuit: 'closed' | 'open' | 'half-open'
  /** Whether the last request was answered; `null` before the first. */
  online: boolean | null
  /** Of the last request that was answered. */
  latency_ms: number | null
  last_error: string | null
}

/**
 * What one `sync()` did. `frames_synced` counts pages of the database that came from the primary, `frame_no` is the position in
 * its log that the local file has reached, `null` before the first.
 */
export type SyncReport = { frames_synced: number; frame_no: number | null; duration_ms: number }

/** Where following a primary stands. */
export type SyncStatus = {
  /** Whether there is a primary to follow. */
  enabled: boolean
  last_sync_at: Timestamp | null
  /** Why the last sync failed; `null` when it did not. */
  last_sync_error: string | null
  frame_no: number | null
  /** Whether the primary answered last; `null` while that is not known. */
  online: boolean | null
  /** The process that syncs the local file for all that use it; `null` while there is none. */
  owner: { pid: number; is_self: boolean } | null
  /** Writes that wait for the primary: none, since they are refused while it does not answer. */
  pending_writes: number
}

/** What {@link GraphBackend.embedPending} and {@link GraphBackend.reembed} did. */
export type EmbedReport = {
  model: string
  /** Memories whose vectors were made and stored. */
  embedded: number
  /** Memories that could not be embedded, and why the last one could not. */
  failed: number
  last_error: string | null
  /** Memories that have no current vector of the model now. */
  pending: number
}

/** Options of {@link GraphBackend.reembed}. */
export type ReembedOptions = BulkOptions & {
  /** The model that is to be complete. Default, and all that fits without `embedder`, is that of the backend's own. */
  readonly model?: string | null | undefined
  /** The embedder that makes its vectors, and is the backend's from then on. Default is the backend's own. */
  readonly embedder?: Embedder | undefined
  /** Whether the vectors of the model before stay. Default is false. */
  readonly keepOld?: boolean | null | undefined
}

/** How the embedder fares. Counts are of this process, but for `pending`; a view is told no others, and no reasons. */
export type EmbeddingHealth = {
  model: string
  dimensions: number
  /** The model that recalls use; another one until `reembed()` has made this one complete. */
  recall_model: string | null
  /** Memories that have no current vector; `null` while it cannot be known. */
  pending: number | null
  embedded: number
  failed: number
  /** Why the last embedding failed; `null` when it did not. */
  last_error: string | null
}

/** The methods that {@link GraphTransaction} has in common with the backend. */
type DataMethod =
  | 'storeMemory'
  | 'storeMemories'
  | 'getMemory'
  | 'getMemories'
  | 'updateMemory'
  | 'deleteMemory'
  | 'searchMemories'
  | 'searchMemoriesPaginated'
  | 'recallMemories'
  | 'listMemories'
  | 'createRelationship'
  | 'createRelationships'
  | 'getRelationship'
  | 'updateRelationshipProperties'
  | 'deleteRelationship'
  | 'getRelatedMemories'
  | 'getMemoryHistory'
  | 'invalidateRelationship'
  | 'supersedeRelationship'
  | 'getRelationshipHistory'
  | 'whatChanged'
  | 'searchRelationshipsByContext'
  | 'listRelationships'
  | 'putNodes'
  | 'getNodes'
  | 'findNodes'
  | 'deleteNodes'
  | 'setEmbeddings'
  | 'getEmbeddings'
  | 'deleteEmbeddings'
  | 'searchByVector'
  | 'hybridSearch'

/** The data methods inside a transaction; they see what the transaction has written so far, and embed nothing: recalls go by the text alone. */
export type GraphTransaction = Pick<GraphBackend, DataMethod>

/**
 * The contract that applications program against.
 *
 * Every method exists on every backend. What a store cannot do is `false` in {@link GraphBackend.capabilities} and rejects
 * with `MG_NOT_SUPPORTED`. Absent things read as `null`, lists are arrays, deletes of absent things succeed.
 *
 * Every method but the lifecycle, identity and health ones rejects with `MG_NOT_CONNECTED` before `connect()` and after
 * `disconnect()`, with `MG_VALIDATION` for arguments that do not fit (nothing is written then), and with `MG_IN_TRANSACTION`
 * when it is called inside the work of the backend's own {@link GraphBackend.transaction}.
 *
 * Times go in as `Date` or ISO 8601 text with any offset and come out as {@link Timestamp}.
 */
export interface GraphBackend {
  /**
   * Opens the store and recognises what is there. Writes nothing, except that a new file comes to be, empty, and its folder.
   *
   * Idempotent. Resolves to true or rejects.
   *
   * @throws `MG_CONNECTION` it cannot be opened · `MG_NOT_A_DATABASE` · `MG_SCHEMA_FOREIGN` · `MG_SCHEMA_NEWER`
   */
  connect(): Promise<boolean>
  /**
   * Creates what is missing of the schema, or upgrades it, and indexes what was stored before. Idempotent.
   * May be stopped at any point and called again.
   *
   * @throws `MG_SCHEMA` it failed; the file is as it was before the step that failed
   */
  initializeSchema(options?: BulkOptions): Promise<void>
  /** Waits for running writes, then closes. Idempotent. The backend can be connected again. */
  disconnect(): Promise<void>
  /** The same as {@link GraphBackend.disconnect}. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
  /** The state of the backend. Never rejects. */
  healthCheck(): Promise<HealthReport>

  /** The name it was configured by: `turso`, `sqlite`, `memory`. */
  backendName(): string
  supportsFulltextSearch(): boolean
  supportsTransactions(): boolean
  /** Whether `executeQuery` takes Cypher. */
  isCypherCapable(): boolean
  readonly capabilities: BackendCapabilities

  /**
   * Runs one statement of the store's own query language.
   *
   * Without `write` nothing can change. Several statements in one call, and statements that steer transactions or the
   * connection, are refused.
   *
   * @throws `MG_VALIDATION` refused · `MG_READ_ONLY` a write without `write` · `MG_QUERY` the statement failed
   */
  executeQuery(query: string, parameters?: QueryParameters, write?: boolean): Promise<Row[]>
  /** {@link GraphBackend.executeQuery} that cannot write. */
  executeReadQuery(query: string, parameters?: QueryParameters): Promise<Row[]>
  /** {@link GraphBackend.executeQuery} that may write. */
  executeWriteQuery(query: string, parameters?: QueryParameters): Promise<Row[]>

  /**
   * Runs `work` so that all it writes through `tx` is stored, or nothing: when it throws, or takes longer than `timeoutMs`
   * (default 30,000), what it wrote is undone and the promise rejects. Others do not see its writes before it ends.
   * Transactions and writes of one process on one store run one after the other.
   *
   * @throws what `work` throws · `MG_TIMEOUT` · `MG_TRANSACTION_CLOSED` (from `tx`) when it is used after the end
   */
  transaction<Result>(
    work: (tx: GraphTransaction) => Promise<Result>,
    options?: { readonly timeoutMs?: number | undefined },
  ): Promise<Result>

  /**
   * Stores a memory and returns its id (a new UUID v7 if it has none). Fills in defaults; does not change its argument.
   * On an existing id it takes the stored memory's place, whose relationships, `created_at` and unknown JSON keys stay.
   *
   * @throws `MG_CONFLICT` the id belongs to a node of another label
   */
  storeMemory(memory: MemoryInput): Promise<string>
  /** Stores many, all or none, and returns their ids in the order given. Of two with the same id the later one counts. */
  storeMemories(memories: readonly MemoryInput[], options?: BulkOptions): Promise<string[]>
  /** The memory with this id, or `null`. With relationships unless told otherwise. */
  getMemory(id: string, options?: boolean | GetMemoryOptions): Promise<Memory | null>
  /** Those of the ids that exist, in the order given, without relationships. */
  getMemories(ids: readonly string[]): Promise<Memory[]>
  /**
   * Changes what the patch names: absent fields stay, `null` clears. The fields of `context` are patched one by one.
   * Resolves to false when there is no such memory.
   *
   * With `expectedVersion` (needs the capability `history`) a memory that has another version by now is a `ConflictError`.
   */
  updateMemory(
    patch: MemoryPatch,
    options?: { readonly expectedVersion?: number | null | undefined },
  ): Promise<boolean>
  /** Deletes a memory, its relationships and its text; false when there is none. */
  deleteMemory(id: string): Promise<boolean>
  /**
   * The earlier versions of a memory that are kept, oldest first; the present one is what {@link GraphBackend.getMemory} returns.
   * `[]` for a memory that was never revised, or does not exist: deleting it deletes them. Needs the capability `history`.
   */
  getMemoryHistory(id: string): Promise<Memory[]>
  /**
   * The page of memories that a query asks for. With text: by relevance, then id. Without: by importance, then
   * `created_at`, both descending, then id.
   */
  searchMemories(query: SearchQuery): Promise<Memory[]>
  /** A search and the number of hits in all. Its results are not enriched unless `include_relationships` is true. */
  searchMemoriesPaginated(query: SearchQuery): Promise<PaginatedResult>
  /**
   * Memories for a question in plain language, best first: by its words (the first 64 that are no stop words, joined by OR), by what
   * stands close to what these find, by relationships or in a session, and, where there is an embedder, by vectors. A blank text asks
   * for nothing and gets nothing. One that fails to be embedded is noted in the health report, and the words decide.
   */
  recallMemories(text: string, options?: RecallOptions): Promise<Memory[]>
  /** All memories that pass the filter, by id, in pages read as they are needed; what is written meanwhile may or may not be seen. */
  listMemories(filter?: MemoryFilter): AsyncIterable<Memory>

  /**
   * Joins two nodes and returns the relationship's id. The same two can be joined any number of times. An `invalidated_by`
   * names a stored relationship (never, however indirectly, itself), and becomes `null` when that one is deleted.
   *
   * Unless cycles are allowed, a node is not joined to itself, and current relationships of a type that holds in one direction do not
   * lead in a circle.
   *
   * @throws `MG_RELATIONSHIP` one of them does not exist · `MG_VALIDATION` also for a cycle, with the ids along it in `details.path`
   */
  createRelationship(
    fromMemoryId: string,
    toMemoryId: string,
    type: RelationshipType | (string & {}),
    properties?: RelationshipPropertiesInput | null,
  ): Promise<string>
  /** Creates many, all or none, and returns their ids in the order given. An id that exists, or is given twice, is a `ConflictError`. */
  createRelationships(
    relationships: readonly RelationshipInput[],
    options?: CreateRelationshipsOptions,
  ): Promise<string[]>
  /** The relationship with this id, or `null`. */
  getRelationship(id: string): Promise<Relationship | null>
  /**
   * Changes what the patch names (`null` sets the default); false when there is no such relationship. With `ends` it is moved to
   * other nodes, as when two memories become one: it stays the relationship it was, with its times and what refers to it.
   *
   * @throws `MG_RELATIONSHIP` a node it is to be moved to does not exist
   */
  updateRelationshipProperties(
    id: string,
    patch: RelationshipPropertiesInput,
    ends?: RelationshipEnds,
  ): Promise<boolean>
  /** Deletes a relationship; false when there is none. */
  deleteRelationship(id: string): Promise<boolean>
  /**
   * Memories around one, each with the relationship it was reached by. Nearest first, then strongest relationship, then most
   * important memory, then id. A memory is met once, at its least depth; at depth 1 once for each relationship.
   * Nodes of other labels are walked through but not returned. The start is not returned. `[]` for an unknown id.
   */
  getRelatedMemories(id: string, options?: RelatedOptions): Promise<[Memory, Relationship][]>
  /**
   * Ends a relationship's valid time now, and notes by which other relationship it was invalidated, if by any. False when it had
   * ended before, which stays as it was. Needs the capability `history`.
   *
   * @throws `MG_RELATIONSHIP` it, or the other one, does not exist, or was itself invalidated by this one
   */
  invalidateRelationship(id: string, invalidatedBy?: string | null): Promise<boolean>
  /**
   * Ends a relationship's valid time and creates the one that takes its place, which begins when the old one ends, in one write;
   * returns the new id. Ends and type that the replacement does not name are those of the old one. Needs the capability `history`.
   *
   * Where that is in the future, reads without `asOf` show the new one from now on.
   *
   * @throws `MG_RELATIONSHIP` it does not exist, or another has taken its place before · what {@link GraphBackend.createRelationship} throws
   */
  supersedeRelationship(id: string, replacement: RelationshipReplacement): Promise<string>
  /**
   * The relationships a memory ever had, in both directions, also those that have ended: by `valid_from`, then `recorded_at`, then id. Needs the
   * capability `history`.
   */
  getRelationshipHistory(id: string, options?: RelationshipHistoryOptions): Promise<Relationship[]>
  /**
   * Relationships recorded at an instant or later, and those that ended then or later and have ended by now; each newest first. One
   * that did both is in both lists. Needs the capability `history`.
   */
  whatChanged(since: string | Date): Promise<RelationshipChanges>
  /**
   * Relationships by what their context says, strongest first, then by id. A context is read as structure: it is stored as such, or
   * found in free text (see `parseRelationshipContext`). Filters are joined by AND, the texts within one by OR; a text matches
   * where it is part of one of the context's, whatever its case. Without a filter it is all, and what has no context has no
   * evidence. Needs the capability `history`.
   */
  searchRelationshipsByContext(search: RelationshipContextSearch): Promise<Relationship[]>
  /** All relationships that pass the filter, by id, in pages read as they are needed. */
  listRelationships(filter?: RelationshipFilter): AsyncIterable<Relationship>

  /**
   * Stores nodes of any label, all or none, each in place of one with the same id. A node labelled `Memory` must hold a
   * readable memory in Python's flat properties; its times are brought into the canonical form.
   *
   * @throws `MG_CONFLICT` an id belongs to a node of another label
   */
  putNodes(nodes: readonly GraphNodeInput[], options?: BulkOptions): Promise<string[]>
  /** Those of the ids that exist, in the order given. */
  getNodes(ids: readonly string[]): Promise<GraphNode[]>
  /** A page of the nodes with a label, or of all. Those whose properties are no JSON object are left out. */
  findNodes(query: NodeQuery): Promise<GraphNode[]>
  /** Deletes nodes and their relationships; returns how many there were. */
  deleteNodes(ids: readonly string[]): Promise<number>

  /**
   * Stores vectors of nodes, all or none, each in place of the one of its node and model. They are the caller's to keep current,
   * and go when their node is deleted. Needs the capability `vector`, as do the next six.
   *
   * @throws `MG_NOT_FOUND` an id belongs to no node · `MG_VALIDATION` also for another number of components than the model's
   */
  setEmbeddings(entries: readonly EmbeddingInput[], options?: BulkOptions): Promise<void>
  /** The vectors of those of the ids that have some, in the order given: of one model, or of all, by name. */
  getEmbeddings(ids: readonly string[], model?: string | null): Promise<Embedding[]>
  /** Deletes vectors of nodes, of one model or of all; returns how many there were. */
  deleteEmbeddings(
    ids: readonly string[],
    options?: { readonly model?: string | null | undefined },
  ): Promise<number>
  /**
   * The nodes whose vectors point most nearly the same way, best first, then by id. Unless told otherwise memories, whatever the
   * filter `k` of them wherever so many have a vector and pass. None where there are no vectors at all and no model is named.
   *
   * @throws `MG_VALIDATION` also where the vector has another number of components than the model's, there are vectors of several
   *   models and neither is one named nor one of them that which recalls use, or there are none of the one that is named
   */
  searchByVector(
    vector: readonly number[] | Float32Array,
    options?: VectorSearchOptions,
  ): Promise<VectorHit[]>
  /**
   * Memories for a text, a vector, or both, best first: text and vectors each rank them, closeness by relationships and sessions counts in
   * both, and the ranks are fused.
   * Without a vector the text is embedded, where there is an embedder; one that fails is noted in the health report, and the text
   * alone decides.
   */
  hybridSearch(query: HybridQuery): Promise<Memory[]>
  /**
   * Embeds the memories that have no current vector of the embedder's model, a batch at a time, and resolves when none is left or
   * those that are left failed. What is stored stays, also when it is stopped.
   *
   * @throws `MG_CONFIGURATION` the backend has no embedder · `MG_ABORTED`
   */
  embedPending(options?: BulkOptions): Promise<EmbedReport>
  /**
   * Makes a model complete and then the one that recalls use; until then they use the one before, whose vectors are deleted at
   * the end. Can be stopped and called again: what is done stays done.
   *
   * @throws `MG_CONFIGURATION` there is no embedder of that model · `MG_EMBEDDING` some memories could not be embedded, and the
   *   model before stays in use · `MG_ABORTED`
   */
  reembed(options?: ReembedOptions): Promise<EmbedReport>

  /**
   * The graph, or what lies around some of its nodes, to walk and to measure. Reads nothing yet: each method of the view answers by what is
   * stored when it is called. What was read for one is kept in memory, and kept true by the change feed, until `disconnect()`. Needs the
   * capability `graph`.
   *
   * @throws `MG_VALIDATION` an option does not fit
   */
  graph(options?: GraphOptions): Promise<GraphView>
  /**
   * A view of this backend that cannot see or touch anything outside a scope, in any of its methods: what is outside is absent. A node
   * of any label is inside where its `context_*` properties equal each field of the scope, a relationship where both of its ends are.
   *
   * What it stores is stamped with the scope. Something else said there is `MG_VALIDATION`, and an id that is taken outside is a
   * `ConflictError`. Deleting a node deletes its relationships to the outside too. It takes no raw queries, does not sync and has
   * neither change feed nor audit log (`MG_NOT_SUPPORTED`; what is done through it is in the log of this backend); its health counts
   * what is inside.
   *
   * Costs nothing to make. Its lifecycle is that of this backend: `connect()` connects this one, `disconnect()` does nothing. A view
   * of a view is of both scopes. Needs the capability `scopes`.
   *
   * @throws `MG_VALIDATION` the scope names no field, an unknown one, or one that this view has another value for
   */
  scoped(scope: ScopeInput): GraphBackend

  getMemoryStatistics(): Promise<MemoryStatistics>
  /** What was created in the last days (0 to 36,500; default 7), of one project or all. */
  getRecentActivity(days?: number, project?: string | null): Promise<RecentActivity>
  /**
   * Changes after a position (default: from the oldest kept), oldest first, up to the present; also those that other
   * programs made in the same file.
   *
   * @throws `MG_CHANGES_PRUNED` changes after the position have been dropped: read everything anew
   */
  changes(options?: { readonly after?: number | null | undefined }): AsyncIterable<Change>
  /**
   * Entries of the audit log after a position (default: from the oldest kept), oldest first, up to the present; also where none
   * is kept now. The entry of a write is stored with it, or neither is; those of reads come together, up to a second later. A
   * list, and a read of many ids, has an entry for each page.
   */
  auditEntries(options?: { readonly after?: number | null | undefined }): AsyncIterable<AuditEntry>

  /** Exchanges changes with the primary. Needs the capability `sync`. */
  sync(): Promise<SyncReport>
  /** Where synchronisation stands; `enabled: false` without the capability `sync`. */
  syncStatus(): SyncStatus
}
