import { MemoryError } from '../../errors.js'
import type { GraphEdgeRow, GraphNodeRow, NeighbourRow } from '../../graph/graph-rows.js'
import type { GraphNeighbor } from '../../graph/graph-view.js'
import { decodeJson } from '../../model/json-text.js'
import type { CompleteNodeQuery } from '../../model/node.js'
import type { RelationshipRow } from '../../model/relationship-row.js'
import type { Scope } from '../../model/scope.js'
import type { Timestamp } from '../../model/timestamp.js'
import type { FoundWord, WordGuesses } from '../../search/corrections.js'
import type { AuditEntry, Change, Direction } from '../graph-backend.js'
import type {
  ContextPage,
  EmbeddingModelRow,
  EmbeddingRow,
  GraphLevel,
  GraphPage,
  GraphPart,
  GraphReader,
  LinkLimits,
  LinkRow,
  MemoryCriteria,
  MemoryPage,
  NodeRow,
  RelatedTitle,
  RelationshipHistoryPage,
  RelationshipPage,
  StatisticsRow,
  UnembeddedPage,
  VectorHitRow,
  VectorPage,
  VersionRow,
  WordCounts,
} from '../graph-driver.js'
import {
  readGraphEdgePage,
  readGraphEdges,
  readGraphNodes,
  readGraphSize,
  readReach,
} from './graph-reading.js'
import { countMemories, countMemoriesByType, selectMemoryPage } from './memory-query.js'
import { selectNodePage } from './node-query.js'
import { SELECT_SETTING } from './schema.js'
import { type Query, query, readValues, type SqlRow, type SqlSource } from './sql-source.js'
import {
  COUNT_MEMORIES,
  COUNT_MEMORIES_BY_TYPE,
  COUNT_RELATIONSHIPS,
  COUNT_WORDS,
  SELECT_AUDIT,
  SELECT_AVERAGES,
  SELECT_CHANGES,
  SELECT_ENDED_SINCE,
  SELECT_LATEST_CHANGE,
  SELECT_LEADS_TO,
  SELECT_NODE,
  SELECT_NODES,
  SELECT_OLDEST_CHANGE,
  SELECT_REACHABLE,
  SELECT_RECORDED_SINCE,
  SELECT_RELATIONSHIP,
  SELECT_RELATIONSHIPS,
  SELECT_VERSIONS,
  selectByContext,
  selectLinks,
  selectNeighbours,
  selectRelatedTitles,
  selectRelationshipHistory,
  selectRelationshipPage,
  selectStatisticsWithin,
  selectWithin,
} from './statements.js'
import {
  countUnembedded,
  SELECT_EMBEDDINGS,
  selectModels,
  selectUnembedded,
} from './vectors/embedding-statements.js'
import { ExactSearch, type VectorSearch } from './vectors/exact-search.js'
import { vectorOf } from './vectors/vector-bytes.js'
import { selectWords } from './word-query.js'

/** The setting that names the model of recalls. */
export const RECALL_MODEL = 'recall_model'

/** Hits of a vector search at the most. */
const MOST_HITS = 100_000

/** Reading by SQL. */
export class SqlReader implements GraphReader {
  readonly #source: SqlSource
  readonly #vectors: VectorSearch

  constructor(source: SqlSource, vectors: VectorSearch = new ExactSearch(source)) {
    this.#source = source
    this.#vectors = vectors
  }

  async selectWithin(ids: readonly string[], within: Scope): Promise<string[]> {
    if (ids.length === 0) return []
    return [...new Set((await this.#rows(selectWithin(list(ids), within))).map(([id]) => id as string))]
  }

  async getNodes(ids: readonly string[]): Promise<NodeRow[]> {
    const [first] = ids
    if (first === undefined) return []
    const rows = await this.#rows(
      ids.length === 1
        ? { sql: SELECT_NODE, values: [first], isSingle: true }
        : query(SELECT_NODES, list(ids)),
    )
    return rows.map(nodeOf)
  }

  async findNodes(page: CompleteNodeQuery): Promise<NodeRow[]> {
    return (await this.#rows(selectNodePage(page))).map(nodeOf)
  }

  async findMemories(page: MemoryPage): Promise<NodeRow[]> {
    return (await this.#rows(selectMemoryPage(page))).map(nodeOf)
  }

  async findWords(guesses: readonly WordGuesses[], within: Scope): Promise<FoundWord[]> {
    if (guesses.length === 0) return []
    const rows = await this.#rows(selectWords(guesses, within))
    return rows.map(([word, found]) => ({ word: word as string, found: found as string }))
  }

  async countMemories(criteria: MemoryCriteria): Promise<number> {
    const [row] = await this.#rows(countMemories(criteria))
    return row?.[0] as number
  }

  async countMemoriesByType(criteria: MemoryCriteria): Promise<{ [type: string]: number }> {
    return countsOf(await this.#rows(countMemoriesByType(criteria)))
  }

  async getRelationships(ids: readonly string[]): Promise<RelationshipRow[]> {
    const [first] = ids
    if (first === undefined) return []
    const rows = await this.#rows(
      ids.length === 1 ? query(SELECT_RELATIONSHIP, first) : query(SELECT_RELATIONSHIPS, list(ids)),
    )
    return rows.map(relationshipOf)
  }

  async findRelationships({
    types,
    touching,
    currentOnly,
    afterId,
    limit,
  }: RelationshipPage): Promise<RelationshipRow[]> {
    const sql = selectRelationshipPage(types.length > 0, touching !== null, currentOnly)
    const rows = await this.#rows(query(sql, list(types), list(touching ?? []), afterId ?? '', limit))
    return rows.map(relationshipOf)
  }

  async getNeighbours(
    ids: readonly string[],
    {
      direction,
      types,
      currentOnly,
    }: { direction: Direction; types: readonly string[]; currentOnly: boolean },
  ): Promise<NeighbourRow[]> {
    const sql = selectNeighbours(direction, types, currentOnly)
    const rows = await this.#rows(query(sql, list(ids), ...(types.length > 0 ? [list(types)] : [])))
    return rows.map(neighbourOf)
  }

  countGraph(within: Scope): Promise<{ nodes: number; relationships: number }> {
    return readGraphSize(this.#source, within)
  }

  findGraphNodes(page: GraphPage, within: Scope): Promise<GraphPart<GraphNodeRow>> {
    return readGraphNodes(this.#source, page, within)
  }

  findGraphEdges(page: GraphPage): Promise<GraphPart<GraphEdgeRow>> {
    return readGraphEdgePage(this.#source, page)
  }

  getGraphEdges(ids: readonly string[], level: GraphLevel): Promise<GraphEdgeRow[]> {
    return readGraphEdges(this.#source, ids, level)
  }

  getReach(
    ids: readonly string[],
    depth: number,
    ways: readonly GraphLevel[],
    signal?: AbortSignal,
  ): Promise<GraphNeighbor[]> {
    return readReach(this.#source, ids, depth, ways, signal)
  }

  async getLinks(
    ids: readonly string[],
    { each, among }: LinkLimits,
    asOf: Timestamp | null,
    within: Scope,
  ): Promise<LinkRow[]> {
    if (ids.length === 0) return []
    const instant = asOf === null && within.length === 0 ? [] : [asOf]
    const values = [list(ids), BigInt(each), BigInt(among), ...instant, ...within.map(({ value }) => value)]
    const rows = await this.#rows(query(selectLinks(asOf !== null, within), ...values))
    return rows.map(([near, far, strength]) => ({ near, far, strength }) as LinkRow)
  }

  async countWords(stems: readonly string[]): Promise<WordCounts> {
    const [memories, words = []] = await this.#source.read([
      query(COUNT_MEMORIES),
      query(COUNT_WORDS, list(stems)),
    ])
    const holders = new Map(words.map(([stem, count]) => [stem as string, count as number]))
    return { memories: memories?.[0]?.[0] as number, holders }
  }

  async leadsTo(start: string, goal: string, type: string): Promise<boolean> {
    return (await this.#rows(query(SELECT_LEADS_TO, list([start]), type, goal))).length > 0
  }

  async getReachable(starts: readonly string[], type: string): Promise<{ from: string; to: string }[]> {
    const rows = await this.#rows(query(SELECT_REACHABLE, list(starts), type))
    return rows.map(([from, to]) => ({ from: from as string, to: to as string }))
  }

  async getRelatedTitles(
    ids: readonly string[],
    limitEach: number,
    asOf: Timestamp | null,
    within: Scope,
  ): Promise<RelatedTitle[]> {
    if (ids.length === 0) return []
    const sql = selectRelatedTitles(asOf !== null, within)
    const instant = asOf === null && within.length === 0 ? [] : [asOf]
    const rows = await this.#rows(
      query(sql, list(ids), limitEach, ...instant, ...within.map(({ value }) => value)),
    )
    return rows.map(relatedTitleOf)
  }

  async getRelationshipHistory({
    nodeId,
    types,
    limit,
    offset,
  }: RelationshipHistoryPage): Promise<RelationshipRow[]> {
    const sql = selectRelationshipHistory(types.length > 0)
    return (await this.#rows(query(sql, nodeId, list(types), limit, offset))).map(relationshipOf)
  }

  async findRelationshipsByContext({
    mustHaveContext,
    words,
    types,
    limit,
    offset,
  }: ContextPage): Promise<RelationshipRow[]> {
    const sql = selectByContext(mustHaveContext, types.length > 0, words.length)
    const groups = words.map((group) => list(group.map((word) => word.toLowerCase())))
    return (await this.#rows(query(sql, list(types), limit, offset, ...groups))).map(relationshipOf)
  }

  async getRelationshipsSince(
    since: Timestamp,
    until: Timestamp,
  ): Promise<{ recorded: RelationshipRow[]; ended: RelationshipRow[] }> {
    const [recorded = [], ended = []] = await this.#source.read([
      query(SELECT_RECORDED_SINCE, since),
      query(SELECT_ENDED_SINCE, since, until),
    ])
    return { recorded: recorded.map(relationshipOf), ended: ended.map(relationshipOf) }
  }

  async getVersions(ids: readonly string[]): Promise<VersionRow[]> {
    if (ids.length === 0) return []
    const rows = await this.#rows(query(SELECT_VERSIONS, list(ids)))
    return rows.map(([id, version, properties, replaced_at]) => ({
      id: id as string,
      version: version as number,
      properties: textOf(properties, id),
      replaced_at: replaced_at as Timestamp,
    }))
  }

  async getStatistics(within: Scope): Promise<StatisticsRow> {
    const [averages, types, relationships] = await this.#source.read(
      within.length > 0
        ? selectStatisticsWithin(within)
        : [query(SELECT_AVERAGES), query(COUNT_MEMORIES_BY_TYPE), query(COUNT_RELATIONSHIPS)],
    )
    const [importance, confidence] = (averages?.[0] ?? []) as (number | null)[]
    return {
      byType: countsOf(types ?? []),
      relationships: relationships?.[0]?.[0] as number,
      averageImportance: importance ?? null,
      averageConfidence: confidence ?? null,
    }
  }

  async getChanges(after: number, limit: number): Promise<{ changes: Change[]; oldest: number }> {
    const [changes, oldest] = await this.#source.read([
      query(SELECT_CHANGES, after, limit),
      query(SELECT_OLDEST_CHANGE),
    ])
    return {
      changes: (changes ?? []).map(changeOf),
      oldest: (oldest?.[0]?.[0] as number | null | undefined) ?? 0,
    }
  }

  async getLatestChange(): Promise<Change | null> {
    const [row] = await this.#rows({ sql: SELECT_LATEST_CHANGE, values: [], isSingle: true })
    return row ? changeOf(row) : null
  }

  async getAuditEntries(after: number, limit: number): Promise<AuditEntry[]> {
    return (await this.#rows(query(SELECT_AUDIT, after, limit))).map(auditEntryOf)
  }

  async getEmbeddings(ids: readonly string[], model: string | null): Promise<EmbeddingRow[]> {
    if (ids.length === 0) return []
    return (await this.#rows(query(SELECT_EMBEDDINGS, list(ids), model))).map(embeddingOf)
  }

  // An engine that is asked for no rows, or too many, may end the process.
  async findByVector(page: VectorPage): Promise<VectorHitRow[]> {
    const limit = Math.min(Math.floor(page.limit), MOST_HITS)
    return limit >= 1 ? this.#vectors.find({ ...page, limit }) : []
  }

  async getEmbeddingModels(within: Scope): Promise<EmbeddingModelRow[]> {
    const rows = await this.#rows(selectModels(within))
    return rows.map(([model, dimensions]) => ({ model, dimensions }) as EmbeddingModelRow)
  }

  async findUnembedded(page: UnembeddedPage): Promise<NodeRow[]> {
    return (await this.#rows(selectUnembedded(page))).map(nodeOf)
  }

  async countUnembedded(model: string, within: Scope): Promise<number> {
    const [row] = await this.#rows(countUnembedded(model, within))
    return row?.[0] as number
  }

  async getRecallModel(): Promise<string | null> {
    const [model] = await readValues(this.#source, query(SELECT_SETTING, RECALL_MODEL))
    return (model as string | undefined) ?? null
  }

  async #rows(wanted: Query): Promise<SqlRow[]> {
    const [rows] = await this.#source.read([wanted])
    return rows ?? []
  }
}

function list(values: readonly string[]): string {
  return JSON.stringify(values)
}

function nodeOf([id, label, properties, version]: SqlRow): NodeRow {
  const row = { id: id as string, label: label as string, properties: textOf(properties, id) }
  return typeof version === 'number' ? { ...row, version } : row
}

function embeddingOf([id, model, vector, version, digest]: SqlRow): EmbeddingRow {
  return { id, model, vector: vectorOf(vector as Uint8Array), version, digest } as EmbeddingRow
}

function relationshipOf(row: SqlRow): RelationshipRow {
  const [id, from_id, to_id, rel_type, properties, valid_from, valid_until, recorded_at, invalidated_by] = row
  return {
    id,
    from_id,
    to_id,
    rel_type,
    properties: textOf(properties, id),
    valid_from,
    valid_until,
    recorded_at,
    invalidated_by,
  } as RelationshipRow
}

// What is no UTF-8 is no JSON either: with the bad bytes replaced it reads as far as it can, and no further.
function textOf(bytes: unknown, id: unknown): string {
  if (bytes instanceof Uint8Array) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString()
  throw new MemoryError(
    `The row ${JSON.stringify(id)} has no properties: repair or delete it with a SQL client`,
    {
      code: 'MG_CORRUPT',
      details: { id },
    },
  )
}

function neighbourOf([
  near,
  far,
  relationship_id,
  strength,
  importance,
  valid_from,
  valid_until,
]: SqlRow): NeighbourRow {
  return { near, far, relationship_id, strength, importance, valid_from, valid_until } as NeighbourRow
}

function relatedTitleOf([near, rel_type, outgoing, title]: SqlRow): RelatedTitle {
  const decoded = title === null ? null : decodeJson(textOf(title, near))
  return {
    near: near as string,
    rel_type: rel_type as string,
    outgoing: outgoing === 1,
    title: typeof decoded === 'string' ? decoded : String(decoded ?? ''),
  }
}

// Another program may have stored an id that is no text, or no UTF-8, for which the engine ends the process.
function changeOf([seq, kind, id, op]: SqlRow): Change {
  return { seq, kind, id: textOf(id, seq), op } as Change
}

function auditEntryOf([seq, at, actor, operation, ids, count]: SqlRow): AuditEntry {
  return { seq, at, actor, operation, ids: decodeJson(ids as string), count } as AuditEntry
}

/** Counts by type; memories without a type, and with an empty one, count together. */
function countsOf(rows: readonly SqlRow[]): { [type: string]: number } {
  const counts = new Map<string, number>()
  for (const [type, count] of rows) {
    const name = type === null ? '' : textOf(type, '')
    counts.set(name, (counts.get(name) ?? 0) + (count as number))
  }
  return Object.fromEntries(counts)
}
