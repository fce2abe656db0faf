import type { GraphEdgeRow, GraphNodeRow, NeighbourRow } from '../graph/graph-rows.js'
import type { GraphNeighbor } from '../graph/graph-view.js'
import type { CompleteNodeQuery } from '../model/node.js'
import type { RelationshipRow } from '../model/relationship-row.js'
import type { Scope } from '../model/scope.js'
import type { Timestamp } from '../model/timestamp.js'
import type { FoundWord, WordGuesses } from '../search/corrections.js'
import type { TextMatch } from '../search/text-match.js'
import type {
  AuditEntry,
  BackendCapabilities,
  BulkOptions,
  Change,
  Direction,
  HealthReport,
  QueryParameters,
  Row,
  SyncReport,
  SyncStatus,
} from './graph-backend.js'

/**
 * A node as it is stored: its properties are the JSON text of an object. `version` counts how often a memory was revised, from 1,
 * which is also what an absent one means. Where a row is written, it and `history` count only for a node that is new.
 */
export type NodeRow = {
  id: string
  label: string
  properties: string
  version?: number
  /** Written, never read: earlier versions, oldest first. */
  history?: readonly VersionRow[]
}

/** An earlier version of a memory, and the instant from which the next one took its place. */
export type VersionRow = { id: string; version: number; properties: string; replaced_at: Timestamp }

/** An entry of the audit log that has no position yet. */
export type AuditRow = Omit<AuditEntry, 'seq'>

/** Conditions on memories; empty lists and `null` ask for nothing. All are joined by AND. */
export type MemoryCriteria = {
  text: TextMatch | null
  types: readonly string[]
  /** Any of these; lower case. */
  tags: readonly string[]
  projectPath: string | null
  /** Any of these; lower case, compared without case. */
  languages: readonly string[]
  frameworks: readonly string[]
  minImportance: number | null
  minConfidence: number | null
  minEffectiveness: number | null
  createdAfter: Timestamp | null
  createdBefore: Timestamp | null
  /** Has a relationship of any of these types, in either direction, to another node: a current one, or one that held at `relatedAt`. */
  relatedBy: readonly string[]
  relatedAt: Timestamp | null
  /** Has no current incoming relationship of any of these types. */
  notReachedBy: readonly string[]
  /** Is inside this scope, and so is what is at the other end of the relationships above. */
  within: Scope
  /** Is one of these; `null` asks for nothing. */
  ids: readonly string[] | null
}

/**
 * How a page of memories is ordered.
 * - `rank`: by relevance where there is text, else by importance and creation, descending; ties by id
 * - `created`: newest first; ties by id
 * - `id`: by id
 */
export type MemoryOrder = 'rank' | 'created' | 'id'

/**
 * An embedding as it is stored. `version` is that of the memory whose text the vector was made of, 0 where that is not known, and
 * `digest` a digest of that text; both are `null` where the caller keeps the vector current.
 */
export type EmbeddingRow = {
  id: string
  model: string
  vector: Float32Array
  version: number | null
  digest: string | null
}

/** A model that there are embeddings of, and the components of each. */
export type EmbeddingModelRow = { model: string; dimensions: number }

/** The nodes nearest to a vector, best first, then by id. */
export type VectorPage = {
  vector: Float32Array
  /** Only embeddings of this model, all of which have as many components as the vector. */
  model: string
  /** Only nodes of this label; `null`: any. */
  label: string | null
  /** Only memories that meet these, which name no text; `null`: any node. */
  criteria: MemoryCriteria | null
  /** Only nodes inside this scope. */
  within: Scope
  limit: number
  /** Least cosine similarity; `null`: any. */
  minScore: number | null
  /** How many times as many candidates as usual an approximate index compares exactly, from 1. */
  effort: number
  /** Whether every vector is compared, whatever index there is. */
  exact: boolean
}

/** A node near a vector, and the cosine of the angle between the two. */
export type VectorHitRow = { id: string; score: number }

/** A page of memories by id that have no current embedding of a model: none, or one with the version of an earlier text. */
export type UnembeddedPage = {
  model: string
  /** Only memories inside this scope. */
  within: Scope
  afterId: string | null
  limit: number
}

/** A page of memories that meet criteria. */
export type MemoryPage = {
  criteria: MemoryCriteria
  order: MemoryOrder
  limit: number
  offset: number
  /** With the order `id`: only ids greater than this. */
  afterId: string | null
}

/** The node at the other end of a relationship, for a memory's `relationships`. */
export type RelatedTitle = {
  near: string
  rel_type: string
  title: string
  /** Whether the relationship starts at `near`. */
  outgoing: boolean
}

/**
 * One node close to another: by a relationship of this strength, or, where that is `null`, because the one was made next after the
 * other in the same session.
 */
export type LinkRow = { near: string; far: string; strength: number | null }

/** How many relationships of one node are given, and among how many of the newest that begin, and as many that end, at it. */
export type LinkLimits = { readonly each: number; readonly among: number }

/** How many memories there are, and how many of them hold each of some stems. */
export type WordCounts = { memories: number; holders: ReadonlyMap<string, number> }

/** A page of the nodes or relationships of a graph. */
export type GraphPage = {
  /** Only those of these ids that exist; `null`: all. */
  ids: readonly string[] | null
  /** What the page before said is `next`; `null`: the first page. */
  after: string | null
  /** Rows at the most. A page may have fewer, even none, and not be the last. */
  limit: number
}

/** What is on a page, and behind what the next one begins: `null` where this is the last. */
export type GraphPart<GraphRow> = { rows: GraphRow[]; next: string | null }

/** What a walk goes along. */
export type GraphLevel = {
  direction: Direction
  /** Empty: all. */
  types: readonly string[]
  /** Whether only relationships without `valid_until`. */
  currentOnly: boolean
}

/** A page of relationships by id. */
export type RelationshipPage = {
  /** Empty: all. */
  types: readonly string[]
  /** Those that touch one of these; `null`: all. */
  touching: readonly string[] | null
  /** Whether only those without `valid_until`. */
  currentOnly: boolean
  afterId: string | null
  limit: number
}

/**
 * A page of the relationships by their context, strongest first, then by id. `words` are what it must hold, each of ASCII letters,
 * digits and `_`, without regard to case: one of each group.
 */
export type ContextPage = {
  /** Whether those without a context are left out. */
  mustHaveContext: boolean
  words: readonly (readonly string[])[]
  /** Empty: all. */
  types: readonly string[]
  limit: number
  offset: number
}

/** A page of the relationships at a node, by `valid_from`, then `recorded_at`, then id. */
export type RelationshipHistoryPage = {
  nodeId: string
  /** Empty: all. */
  types: readonly string[]
  limit: number
  offset: number
}

/** Counts and averages over all memories. */
export type StatisticsRow = {
  byType: { [type: string]: number }
  relationships: number
  averageImportance: number | null
  averageConfidence: number | null
}

/** The part of a health report that only the store knows. */
export type DriverHealth = Pick<
  HealthReport,
  'version' | 'schema_version' | 'node_count' | 'relationship_count' | 'database_size_bytes' | 'warnings'
> & {
  memory_count: number | null
  /** Whether something is wrong that does not keep it from working, such as rows that cannot be read. */
  degraded: boolean
}

/** The settings a health report repeats. */
export type DriverDescription = Pick<
  HealthReport,
  'mode' | 'db_path' | 'sync_url' | 'auto_sync' | 'sync_interval'
> & {
  /** Where the store is a network away. */
  readonly primary?: HealthReport['primary']
  readonly warnings?: readonly string[]
}

/** Reading. Arguments are valid and complete; lists may be of any length, also empty. */
export interface GraphReader {
  /** Which of these nodes are inside a scope, each once, in any order: nodes of any label, by their properties to the letter. */
  selectWithin(ids: readonly string[], within: Scope): Promise<string[]>
  /** Those that exist, in any order. */
  getNodes(ids: readonly string[]): Promise<NodeRow[]>
  /** Nodes whose properties are no JSON object are left out. */
  findNodes(query: CompleteNodeQuery): Promise<NodeRow[]>
  /** A page of nodes labelled `Memory`; those whose properties are no JSON object are left out. */
  findMemories(page: MemoryPage): Promise<NodeRow[]>
  /**
   * For words that no word of the memories inside a scope begins with: what of their guesses these memories hold, by the stem, and which
   * of their stems, of the asked length, begin as asked.
   */
  findWords(guesses: readonly WordGuesses[], within: Scope): Promise<FoundWord[]>
  /** How many memories meet criteria. */
  countMemories(criteria: MemoryCriteria): Promise<number>
  /** The same, by type. */
  countMemoriesByType(criteria: MemoryCriteria): Promise<{ [type: string]: number }>
  /** Those that exist, in any order. */
  getRelationships(ids: readonly string[]): Promise<RelationshipRow[]>
  findRelationships(page: RelationshipPage): Promise<RelationshipRow[]>
  /**
   * One level of a walk: the relationships at these nodes, seen from them, without self-loops. One between two of the
   * nodes is seen from both ends when the direction allows. `currentOnly` leaves out those with a `valid_until`.
   */
  getNeighbours(
    ids: readonly string[],
    options: { direction: Direction; types: readonly string[]; currentOnly: boolean },
  ): Promise<NeighbourRow[]>
  /** How many nodes are inside a scope, and how many relationships, both of whose ends are; without one all count. */
  countGraph(within: Scope): Promise<{ nodes: number; relationships: number }>
  /** A page of the nodes, of any label, inside a scope, by id. What is there all the while is on one of the pages, once. */
  findGraphNodes(page: GraphPage, within: Scope): Promise<GraphPart<GraphNodeRow>>
  /**
   * A page of the relationships, also of those with an end that does not exist, in the order that is read fastest. What is there all
   * the while is on one of the pages, once.
   */
  findGraphEdges(page: GraphPage): Promise<GraphPart<GraphEdgeRow>>
  /** One level of a walk as {@link getNeighbours} goes it, each relationship once, with self-loops; in any order. */
  getGraphEdges(ids: readonly string[], level: GraphLevel): Promise<GraphEdgeRow[]>
  /**
   * The nodes within so many steps of these, from 1, over nodes that exist: each once, in any order, with its least steps; without
   * these. A step goes any of the ways. Where that takes long it lets others have their turn, and ends with `MG_ABORTED` when the signal
   * fires.
   */
  getReach(
    ids: readonly string[],
    depth: number,
    ways: readonly GraphLevel[],
    signal?: AbortSignal,
  ): Promise<GraphNeighbor[]>
  /**
   * What stands close to nodes, in any order: of each its strongest relationships to other nodes, current ones or those that held at an
   * instant; and the memories made next before and after it in its session. Only what is inside a scope counts.
   */
  getLinks(
    ids: readonly string[],
    limits: LinkLimits,
    asOf: Timestamp | null,
    within: Scope,
  ): Promise<LinkRow[]>
  /** Holders of stems as the full-text index makes them; stems that none holds may be absent. */
  countWords(stems: readonly string[]): Promise<WordCounts>
  /** Whether a walk along current relationships of a type, from their start to their end, leads from one node to another. */
  leadsTo(start: string, goal: string, type: string): Promise<boolean>
  /** The current relationships of a type that such walks from any of these nodes meet, as their two ends. */
  getReachable(starts: readonly string[], type: string): Promise<{ from: string; to: string }[]>
  /**
   * Titles of the memories directly related to each of these, strongest relationship first, at most so many for each: by current
   * relationships, or by those that held at an instant; only memories inside a scope.
   */
  getRelatedTitles(
    ids: readonly string[],
    limitEach: number,
    asOf: Timestamp | null,
    within: Scope,
  ): Promise<RelatedTitle[]>
  /** All relationships a node ever had, also those that have ended. */
  getRelationshipHistory(page: RelationshipHistoryPage): Promise<RelationshipRow[]>
  findRelationshipsByContext(page: ContextPage): Promise<RelationshipRow[]>
  /** Relationships recorded at an instant or later, and those whose valid time ended then or later, up to `until`; newest first. */
  getRelationshipsSince(
    since: Timestamp,
    until: Timestamp,
  ): Promise<{ recorded: RelationshipRow[]; ended: RelationshipRow[] }>
  /** The earlier versions of memories that are kept: of each the oldest first, one memory after the other. */
  getVersions(ids: readonly string[]): Promise<VersionRow[]>
  /** Counts over what is inside a scope: relationships are where both ends are. */
  getStatistics(within: Scope): Promise<StatisticsRow>
  /** Changes after a position, oldest first, at most so many. `oldest` is the least position still kept, 0 when none was dropped. */
  getChanges(after: number, limit: number): Promise<{ changes: Change[]; oldest: number }>
  /** The newest change; `null` where there is none. Is asked before each use of what is kept in memory. */
  getLatestChange(): Promise<Change | null>
  /** Embeddings of nodes that exist: of one model, or of all; in any order. Needs the capability `vector`, as the next four. */
  getEmbeddings(ids: readonly string[], model: string | null): Promise<EmbeddingRow[]>
  findByVector(page: VectorPage): Promise<VectorHitRow[]>
  /** The models that nodes inside a scope have embeddings of, by name. Is asked at every search: it counts nothing. */
  getEmbeddingModels(within: Scope): Promise<EmbeddingModelRow[]>
  findUnembedded(page: UnembeddedPage): Promise<NodeRow[]>
  countUnembedded(model: string, within: Scope): Promise<number>
  /** The model whose vectors recalls look among; `null` before one was chosen. */
  getRecallModel(): Promise<string | null>
  /** Entries of the audit log after a position, oldest first, at most so many. */
  getAuditEntries(after: number, limit: number): Promise<AuditEntry[]>
}

/** Reading and writing inside one atomic write; reads see what was written. */
export interface GraphWriter extends GraphReader {
  /** How many rows of a bulk are worth handing over at once: hundreds where each call crosses a network. Default is 1. */
  readonly leastSlice?: number
  /** What all that is written through this one belongs to. Absent in drivers: it is for the views that scopes make of them. */
  readonly within?: Scope
  /** Runs work so that all it writes stays, or, when it rejects, none of it, and what was written before stays. One at a time. */
  atomically<Result>(work: () => Promise<Result>): Promise<Result>
  /** Nodes that exist are replaced. */
  putNodes(rows: readonly NodeRow[]): Promise<void>
  /** Deletes nodes and the relationships at them; returns how many nodes there were. */
  deleteNodes(ids: readonly string[]): Promise<number>
  /** None of them exists, both ends and what `invalidated_by` names do. */
  insertRelationships(rows: readonly RelationshipRow[]): Promise<void>
  /**
   * Replaces properties, temporal columns and ends of one that exists; its type stays. Columns that are the same as before are
   * not written, so that a reference that dangles (files of other programs hold some) is no obstacle.
   */
  updateRelationship(before: RelationshipRow, after: RelationshipRow): Promise<void>
  deleteRelationships(ids: readonly string[]): Promise<number>
  /**
   * Stores embeddings of nodes that exist, each in place of the one of its node and model; all of one model have as many
   * components. They go when their node is deleted.
   */
  putEmbeddings(rows: readonly EmbeddingRow[]): Promise<void>
  /** Deletes embeddings of nodes: of one model, or of all; returns how many there were. */
  deleteEmbeddings(ids: readonly string[], model: string | null): Promise<number>
  /** Deletes all embeddings of a model. */
  dropEmbeddingModel(model: string): Promise<void>
  setRecallModel(model: string | null): Promise<void>
  /** Adds entries to the audit log, in order, and drops all but the newest 100,000. Nothing of the graph changes. */
  recordAudit(rows: readonly AuditRow[]): Promise<void>
}

/** Following a primary. */
export interface Replication {
  sync(): Promise<SyncReport>
  status(): SyncStatus
}

/**
 * The seam between the semantics, which are written once, and a store. A driver moves rows; it does not validate, fill in
 * defaults, or know what a memory is beyond the JSON keys it indexes.
 */
export interface GraphDriver {
  readonly capabilities: BackendCapabilities
  /** What stands for the store itself: drivers of one process that write in the same turn have the same one. */
  readonly store: object
  /** Settings for the health report. */
  describe(): DriverDescription
  /** Resolves to whether the schema is complete, so that `initializeSchema` is not needed. */
  connect(): Promise<boolean>
  initializeSchema(options: BulkOptions): Promise<void>
  disconnect(): Promise<void>
  /** Reads what is committed. */
  readonly reader: GraphReader
  /**
   * Runs work as one atomic write, after the writes before it. Whatever it rejects with undoes it. Work may be run again after a
   * run of which nothing was stored, unless it is to be run once.
   */
  write<Result>(
    work: (writer: GraphWriter) => Promise<Result>,
    options?: { readonly runOnce?: boolean },
  ): Promise<Result>
  /** Runs one raw statement; where it may write, `also` is run after it in the same atomic write. */
  query(
    statement: string,
    parameters: QueryParameters,
    write: boolean,
    also?: (writer: GraphWriter) => Promise<void>,
  ): Promise<Row[]>
  health(): Promise<DriverHealth>
  /** How a primary is followed; absent where there is none. */
  readonly replication?: Replication
  /**
   * Ends what waits for an answer that may never come; called again and again while closing waits for what still runs. Absent
   * where nothing can hang.
   */
  abandon?(): void
}
