import type { Scope } from '../../model/scope.js'
import type { Timestamp } from '../../model/timestamp.js'
import { fts5Tags } from '../../search/fts5-query.js'
import { wholePattern } from '../../search/substring-pattern.js'
import type { TextMatch } from '../../search/text-match.js'
import type { MemoryCriteria, MemoryOrder, MemoryPage } from '../graph-driver.js'
import { isIdWithin, isWithin } from './scope-condition.js'
import { combined, joined, type Piece, piece } from './sql-piece.js'
import type { Query, SqlValue } from './sql-source.js'
import { holds, SELECTED_NODE } from './statements.js'
import {
  holdsText,
  isIndexed,
  isInTitle,
  patternTests,
  relevanceIn,
  selectHits,
  soleMatch,
} from './text-query.js'

/** The nodes of a page of memories, in order. */
export function selectMemoryPage(page: MemoryPage): Query {
  const ids = selectBestIds(page) ?? selectIds(page)
  return {
    sql: `SELECT ${SELECTED_NODE} FROM (${ids.sql}) AS page CROSS JOIN nodes AS n ON n.id = page.id`,
    values: ids.values,
  }
}

function selectIds(page: MemoryPage): Query {
  const { from, id, conditions } = partsOf(page.criteria)
  const after: Piece[] = page.afterId === null ? [] : [piece(`${id} > ?`, page.afterId)]
  const where = joined([...conditions, ...after])
  const order = page.order === 'id' ? piece(id) : orderBy(page.order, page.criteria.text)
  return {
    sql: `SELECT m.id AS id FROM ${from.sql}${where.sql} ORDER BY ${order.sql} LIMIT ? OFFSET ?`,
    values: [...from.values, ...where.values, ...order.values, page.limit, page.offset],
  }
}

/**
 * By relevance alone the memories of all hits need not be looked at, only those of the page: all that are as good as its first, its
 * last or between, since among equally good ones their ids decide. `null` for other searches.
 */
function selectBestIds({ criteria, order, afterId, limit, offset }: MemoryPage): Query | null {
  const text = textAlone(criteria)
  if (text === null || order !== 'rank' || afterId !== null) return null
  const hits = selectHits(text)
  const [rows, start] = [`?${hits.values.length + 1}`, `?${hits.values.length + 2}`]
  if (offset === 0) {
    return {
      sql: `WITH hit AS MATERIALIZED (${hits.sql}),
      page AS MATERIALIZED (SELECT max(score) AS worst FROM (SELECT score FROM hit ORDER BY score LIMIT ${rows}))
      SELECT m.id AS id FROM page CROSS JOIN hit CROSS JOIN mg_memory AS m ON m.key = hit.key
      WHERE hit.score <= page.worst ORDER BY hit.score, m.id LIMIT ${rows}`,
      values: [...hits.values, BigInt(limit)],
    }
  }
  return {
    sql: `WITH hit AS MATERIALIZED (${hits.sql}),
    page AS MATERIALIZED (
      SELECT min(score) AS best, max(score) AS worst
      FROM (SELECT score FROM hit ORDER BY score LIMIT ${rows} OFFSET ${start}))
    SELECT m.id AS id FROM page CROSS JOIN hit CROSS JOIN mg_memory AS m ON m.key = hit.key
    WHERE hit.score BETWEEN page.best AND page.worst
    ORDER BY hit.score, m.id
    LIMIT ${rows} OFFSET ${start} - (SELECT count(*) FROM page CROSS JOIN hit WHERE hit.score < page.best)`,
    values: [...hits.values, BigInt(limit), BigInt(offset)],
  }
}

/** The text that is asked for, where the full-text index alone decides; `null` where something else is asked for too. */
function textAlone({ text, ...others }: MemoryCriteria): TextMatch | null {
  const isAlone = Object.values(others).every(
    (value) => value === null || (Array.isArray(value) && value.length === 0),
  )
  return isAlone && text !== null && isIndexed(text) ? text : null
}

/** How many memories meet criteria. */
export function countMemories(criteria: MemoryCriteria): Query {
  const text = textAlone(criteria)
  const match = text && soleMatch(text)
  if (match) return { sql: `SELECT count(*) FROM mg_text WHERE ${match.sql}`, values: match.values }
  const { from, conditions } = partsOf(criteria)
  const where = joined(conditions)
  return { sql: `SELECT count(*) FROM ${from.sql}${where.sql}`, values: [...from.values, ...where.values] }
}

/** How many memories meet criteria, by type (as bytes: what other programs stored may be no text). */
export function countMemoriesByType(criteria: MemoryCriteria): Query {
  const { from, conditions } = partsOf(criteria)
  const where = joined(conditions)
  return {
    sql: `SELECT CAST(m.type AS BLOB), count(*) FROM ${from.sql}${where.sql} GROUP BY m.type`,
    values: [...from.values, ...where.values],
  }
}

/** The ids of the memories that meet criteria. */
export function selectMemoryIds(criteria: MemoryCriteria): Query {
  const { from, conditions } = partsOf(criteria)
  const where = joined(conditions)
  return { sql: `SELECT m.id FROM ${from.sql}${where.sql}`, values: [...from.values, ...where.values] }
}

type Parts = {
  readonly from: Piece
  /** The id of a memory, in the words that the index can be walked by. */
  readonly id: string
  readonly conditions: readonly Piece[]
}

function partsOf(criteria: MemoryCriteria): Parts {
  const scope = scopeOf(criteria)
  const text = criteria.text && textParts(criteria.text)
  const conditions = [
    ...(text?.conditions ?? []),
    ...scope.conditions,
    ...facetConditions(criteria),
    ...propertyConditions(criteria),
  ]
  const needsNode = criteria.tags.length + criteria.languages.length + criteria.frameworks.length > 0
  const { sql, values } = text?.from ?? scope.from
  const from = piece(`${sql}${needsNode ? ' CROSS JOIN nodes AS n ON n.id = m.id' : ''}`, ...values)
  return { from, id: scope.id, conditions }
}

/** Memories by their text: by one look into the index, by several, or by comparing every text with what is in no index. */
function textParts(text: TextMatch): Pick<Parts, 'from' | 'conditions'> {
  const texts = piece('mg_text CROSS JOIN mg_memory AS m ON m.key = mg_text.rowid')
  if (!isIndexed(text)) return { from: texts, conditions: [holdsText(text)] }
  const match = soleMatch(text)
  if (match) return { from: texts, conditions: [match] }
  const hits = selectHits(text)
  const from = `(${hits.sql}) AS hit CROSS JOIN mg_memory AS m ON m.key = hit.key`
  return { from: piece(from, ...hits.values), conditions: [] }
}

/**
 * Where memories are looked for within a scope. Without words all that is inside is gone through, in the order of the ids. With words
 * what they are in is gone through, which the unary plus keeps the planner from changing.
 */
function scopeOf({ text, tags, within }: MemoryCriteria): Parts {
  const hasWords = text !== null || tags.length > 0
  const all = { from: piece('mg_memory AS m'), id: 'm.id' }
  if (within.length === 0) return { ...all, conditions: [] }
  if (hasWords) return { ...all, conditions: [isIdWithin(within, '+m.id')] }
  const from = piece('nodes AS inside CROSS JOIN mg_memory AS m ON m.id = inside.id')
  return { from, id: 'inside.id', conditions: [isWithin(within, 'inside.')] }
}

function facetConditions(criteria: MemoryCriteria): Piece[] {
  const comparisons: [string, SqlValue][] = [
    ['m.project_path = ?', criteria.projectPath],
    ['m.importance >= ?', criteria.minImportance],
    ['m.confidence >= ?', criteria.minConfidence],
    ['m.effectiveness >= ?', criteria.minEffectiveness],
    ['m.created_at >= ?', criteria.createdAfter],
    ['m.created_at <= ?', criteria.createdBefore],
  ]
  return [
    ...comparisons.filter(([, value]) => value !== null).map(([sql, value]) => piece(sql, value)),
    ...(criteria.types.length > 0 ? [piece(`m.type IN ${ANY_OF}`, JSON.stringify(criteria.types))] : []),
    ...(criteria.ids === null ? [] : [piece(`m.id IN ${ANY_OF}`, JSON.stringify(criteria.ids))]),
  ]
}

const ANY_OF = '(SELECT value FROM json_each(?))'

function propertyConditions({
  tags,
  languages,
  frameworks,
  relatedBy,
  relatedAt,
  notReachedBy,
  within,
}: MemoryCriteria): Piece[] {
  const conditions: Piece[] = []
  if (tags.length > 0) conditions.push(...tagConditions(tags))
  if (languages.length > 0) conditions.push(listHolds('context_languages', languages))
  if (frameworks.length > 0) conditions.push(listHolds('context_frameworks', frameworks))
  if (relatedBy.length > 0) conditions.push(relationshipExists(relatedBy, relatedAt, within))
  if (notReachedBy.length > 0) {
    const reached = relationshipAt('to_id', notReachedBy, null, within)
    conditions.push({ ...reached, sql: `NOT EXISTS (${reached.sql})` })
  }
  return conditions
}

// The index knows a tag only by its words, so what it finds is compared to the letter.
function tagConditions(tags: readonly string[]): Piece[] {
  const exact = listHolds('tags', tags)
  const match = fts5Tags(tags)
  return match === null
    ? [exact]
    : [piece('m.key IN (SELECT rowid FROM mg_text WHERE mg_text MATCH ?)', match), exact]
}

/** Lists are stored as JSON arrays, or as JSON inside a string. */
function listHolds(property: string, values: readonly string[]): Piece {
  const path = `n.properties, '$.${property}'`
  const list = `CASE json_type(${path}) WHEN 'array' THEN json_extract(${path})
    WHEN 'text' THEN CASE WHEN json_valid(json_extract(${path})) THEN json_extract(${path}) ELSE json_array(json_extract(${path})) END
    ELSE '[]' END`
  const tests = values.flatMap((value) =>
    patternTests('trim(item.value, char(9, 10, 11, 12, 13, 32, 160))', wholePattern(value)),
  )
  const any = combined(tests, ' OR ')
  return { sql: `EXISTS (SELECT 1 FROM json_each(${list}) AS item WHERE ${any.sql})`, values: any.values }
}

function relationshipExists(types: readonly string[], at: Timestamp | null, within: Scope): Piece {
  const from = relationshipAt('from_id', types, at, within)
  const to = relationshipAt('to_id', types, at, within)
  return { sql: `(EXISTS (${from.sql}) OR EXISTS (${to.sql}))`, values: [...from.values, ...to.values] }
}

/** Relationships of one of these types at an end that is the memory `m`, to what is inside a scope, which hold at an instant, or have no end. */
function relationshipAt(
  end: 'from_id' | 'to_id',
  types: readonly string[],
  at: Timestamp | null,
  within: Scope,
): Piece {
  const sql = `SELECT 1 FROM relationships AS r WHERE r.${end} = m.id AND r.from_id <> r.to_id
    AND ${holds(at === null ? null : '?')} AND +r.rel_type IN ${ANY_OF}`
  const all = piece(sql, ...(at === null ? [] : [at, at]), JSON.stringify(types))
  if (within.length === 0) return all
  const inside = isIdWithin(within, `+r.${end === 'from_id' ? 'to_id' : 'from_id'}`)
  return { sql: `${all.sql} AND ${inside.sql}`, values: [...all.values, ...inside.values] }
}

const BY_IMPORTANCE = 'm.importance DESC, m.created_at DESC, m.id'

function orderBy(order: Exclude<MemoryOrder, 'id'>, text: TextMatch | null): Piece {
  if (order === 'created') return piece('m.created_at DESC, m.id')
  if (text === null) return piece(BY_IMPORTANCE)
  if (!isIndexed(text)) {
    const inTitle = isInTitle(text)
    return piece(`${inTitle.sql} DESC, ${BY_IMPORTANCE}`, ...inTitle.values)
  }
  return piece(soleMatch(text) ? `${relevanceIn('mg_text', text.boosts)}, m.id` : 'hit.score, m.id')
}
