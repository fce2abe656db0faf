import { MemoryError } from '../../errors.js'
import { decodeJson } from '../../model/json-text.js'
import type { CompleteNodeQuery } from '../../model/node.js'
import type { RelationshipRow } from '../../model/relationship-row.js'
import { compareText } from '../../model/text-order.js'
import type { Change, Direction } from '../graph-backend.js'
import type {
  GraphReader,
  MemoryCriteria,
  MemoryPage,
  NeighbourRow,
  NodeRow,
  RelatedTitle,
  RelationshipPage,
  StatisticsRow,
} from '../graph-driver.js'
import type { Connection, SqlRow, SqlValue } from './connection.js'
import { countMemoriesByType, selectBestHits, selectMemoryIds } from './memory-query.js'
import { selectNodePage } from './node-query.js'
import {
  COUNT_MEMORIES_BY_TYPE,
  COUNT_RELATIONSHIPS,
  SELECT_AVERAGES,
  SELECT_CHANGES,
  SELECT_MEMORY_IDS_BY_KEY,
  SELECT_NODE,
  SELECT_NODES,
  SELECT_OLDEST_CHANGE,
  SELECT_RELATED_TITLES,
  SELECT_RELATIONSHIP,
  SELECT_RELATIONSHIPS,
  selectNeighbours,
  selectRelationshipPage,
} from './statements.js'

/** Lets a piece of synchronous work have the connection: at once, when the store is free, or again after a busy one. */
export type Access = <Result>(work: (connection: Connection) => Result) => Promise<Result>

/** Reading by SQL. */
export class SqlReader implements GraphReader {
  protected readonly access: Access

  constructor(access: Access) {
    this.access = access
  }

  getNodes(ids: readonly string[]): Promise<NodeRow[]> {
    return this.access((connection) => getNodes(connection, ids))
  }

  findNodes(query: CompleteNodeQuery): Promise<NodeRow[]> {
    const { sql, values } = selectNodePage(query)
    return this.access((connection) => connection.all(sql, values).map(nodeOf))
  }

  findMemories(page: MemoryPage): Promise<NodeRow[]> {
    return this.access((connection) =>
      connection.snapshot(() => {
        const ids = findMemoryIds(connection, page)
        const byId = new Map(getNodes(connection, ids).map((node) => [node.id, node]))
        return ids.flatMap((id) => byId.get(id) ?? [])
      }),
    )
  }

  countMemories(criteria: MemoryCriteria): Promise<{ [type: string]: number }> {
    const { sql, values } = countMemoriesByType(criteria)
    return this.access((connection) => countsOf(connection.all(sql, values)))
  }

  getRelationships(ids: readonly string[]): Promise<RelationshipRow[]> {
    return this.access((connection) => {
      const [first] = ids
      if (first === undefined) return []
      const rows =
        ids.length === 1
          ? connection.all(SELECT_RELATIONSHIP, [first])
          : connection.all(SELECT_RELATIONSHIPS, [list(ids)])
      return rows.map(relationshipOf)
    })
  }

  findRelationships({
    types,
    touching,
    currentOnly,
    afterId,
    limit,
  }: RelationshipPage): Promise<RelationshipRow[]> {
    const sql = selectRelationshipPage(types.length > 0, touching !== null, currentOnly)
    const values: SqlValue[] = [list(types), list(touching ?? []), afterId ?? '', limit]
    return this.access((connection) => connection.all(sql, values).map(relationshipOf))
  }

  getNeighbours(
    ids: readonly string[],
    {
      direction,
      types,
      currentOnly,
    }: { direction: Direction; types: readonly string[]; currentOnly: boolean },
  ): Promise<NeighbourRow[]> {
    const sql = selectNeighbours(direction, types.length > 0, currentOnly)
    const values = types.length > 0 ? [list(ids), list(types)] : [list(ids)]
    return this.access((connection) => connection.all(sql, values).map(neighbourOf))
  }

  getRelatedTitles(ids: readonly string[], limitEach: number): Promise<RelatedTitle[]> {
    return this.access((connection) =>
      ids.length === 0
        ? []
        : connection.all(SELECT_RELATED_TITLES, [list(ids), limitEach]).map(relatedTitleOf),
    )
  }

  getStatistics(): Promise<StatisticsRow> {
    return this.access((connection) => {
      const [importance, confidence] = connection.get(SELECT_AVERAGES) as [number | null, number | null]
      return {
        byType: countsOf(connection.all(COUNT_MEMORIES_BY_TYPE)),
        relationships: connection.value(COUNT_RELATIONSHIPS) as number,
        averageImportance: importance,
        averageConfidence: confidence,
      }
    })
  }

  getChanges(after: number, limit: number): Promise<{ changes: Change[]; oldest: number }> {
    return this.access((connection) =>
      connection.snapshot(() => ({
        changes: connection.all(SELECT_CHANGES, [after, limit]).map(changeOf),
        oldest: (connection.value(SELECT_OLDEST_CHANGE) as number | null) ?? 0,
      })),
    )
  }
}

/** Hits fetched beyond a page, so that those as good as its last one are among them. */
const HITS_BEYOND_PAGE = 1000

/**
 * The ids of a page in order. By relevance alone the engine need not look at the memories of all hits, only at the best ones.
 * Where the page ends between equally good ones their ids decide, so all of those must be known; where they are too many to
 * be fetched, the whole statement sorts them.
 */
function findMemoryIds(connection: Connection, page: MemoryPage): string[] {
  const end = page.offset + page.limit
  const best = selectBestHits(page, end + HITS_BEYOND_PAGE)
  if (best !== null) {
    const hits = connection.all(best.sql, best.values) as [key: number, score: number][]
    const lastScore = hits[end - 1]?.[1]
    const beyond = lastScore === undefined ? hits.length : hits.findIndex(([, score]) => score > lastScore)
    if (beyond >= 0 || hits.length < end + HITS_BEYOND_PAGE) {
      return orderedIds(connection, beyond >= 0 ? hits.slice(0, beyond) : hits).slice(page.offset, end)
    }
  }
  const { sql, values } = selectMemoryIds(page)
  return connection.all(sql, values).map(([id]) => id as string)
}

function orderedIds(connection: Connection, hits: readonly [key: number, score: number][]): string[] {
  const keys = JSON.stringify(hits.map(([key]) => key))
  const ids = new Map(connection.all(SELECT_MEMORY_IDS_BY_KEY, [keys]) as [key: number, id: string][])
  return hits
    .map(([key, score]) => ({ id: ids.get(key) ?? '', score }))
    .sort((a, b) => a.score - b.score || compareText(a.id, b.id))
    .map(({ id }) => id)
}

function getNodes(connection: Connection, ids: readonly string[]): NodeRow[] {
  const [first] = ids
  if (first === undefined) return []
  if (ids.length > 1) return connection.all(SELECT_NODES, [list(ids)]).map(nodeOf)
  const row = connection.get(SELECT_NODE, [first])
  return row ? [nodeOf(row)] : []
}

function list(values: readonly string[]): string {
  return JSON.stringify(values)
}

function nodeOf([id, label, properties]: SqlRow): NodeRow {
  return { id: id as string, label: label as string, properties: textOf(properties, id) }
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

function changeOf([seq, kind, id, op]: SqlRow): Change {
  return { seq, kind, id, op } as Change
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
