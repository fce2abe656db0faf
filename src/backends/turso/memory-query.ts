import type { Scope } from '../../model/scope.js'
import type { Timestamp } from '../../model/timestamp.js'
import { fts5Match, fts5Tags } from '../../search/fts5-query.js'
import { substringPattern, type TextPattern, wholePattern } from '../../search/substring-pattern.js'
import type { TextMatch, TextTerm } from '../../search/text-match.js'
import type { MemoryCriteria, MemoryOrder, MemoryPage } from '../graph-driver.js'
import { TEXT_WEIGHTS } from './schema.js'
import { isIdWithin, isWithin } from './scope-condition.js'
import type { Query, SqlValue } from './sql-source.js'
import { holds, SELECTED_NODE } from './statements.js'

/** A piece of SQL and the values of its question marks. */
type Piece = { readonly sql: string; readonly values: readonly SqlValue[] }

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
    sql: `SELECT m.id AS id FROM ${from}${where.sql} ORDER BY ${order.sql} LIMIT ? OFFSET ?`,
    values: [...where.values, ...order.values, page.limit, page.offset],
  }
}

/**
 * By relevance alone the memories of all hits need not be looked at, only those of the page: all that are as good as its first, its
 * last or between, since among equally good ones their ids decide. `null` for other searches.
 */
function selectBestIds({ criteria, order, afterId, limit, offset }: MemoryPage): Query | null {
  const match = matchAlone(criteria)
  if (match === null || order !== 'rank' || afterId !== null) return null
  return {
    sql: `WITH hit AS MATERIALIZED (
      SELECT rowid AS key, bm25(mg_text, ${TEXT_WEIGHTS}) AS score FROM mg_text WHERE mg_text MATCH ?1),
    page AS MATERIALIZED (
      SELECT min(score) AS best, max(score) AS worst FROM (SELECT score FROM hit ORDER BY score LIMIT ?2 OFFSET ?3))
    SELECT m.id AS id FROM page CROSS JOIN hit CROSS JOIN mg_memory AS m ON m.key = hit.key
    WHERE hit.score BETWEEN page.best AND page.worst
    ORDER BY hit.score, m.id
    LIMIT ?2 OFFSET ?3 - (SELECT count(*) FROM page CROSS JOIN hit WHERE hit.score < page.best)`,
    values: [match, BigInt(limit), BigInt(offset)],
  }
}

/** What the full-text index is asked where it alone decides; `null` where something else is asked for too. */
function matchAlone({ text, ...others }: MemoryCriteria): string | null {
  const isAlone = Object.values(others).every(
    (value) => value === null || (Array.isArray(value) && value.length === 0),
  )
  if (text === null || !isAlone) return null
  const { words, substrings } = split(text)
  return substrings.length > 0 ? null : fts5Match(words, text.mode)
}

/** How many memories meet criteria. */
export function countMemories(criteria: MemoryCriteria): Query {
  const match = matchAlone(criteria)
  if (match !== null) return { sql: 'SELECT count(*) FROM mg_text WHERE mg_text MATCH ?', values: [match] }
  const { from, conditions } = partsOf(criteria)
  const where = joined(conditions)
  return { sql: `SELECT count(*) FROM ${from}${where.sql}`, values: where.values }
}

/** How many memories meet criteria, by type (as bytes: what other programs stored may be no text). */
export function countMemoriesByType(criteria: MemoryCriteria): Query {
  const { from, conditions } = partsOf(criteria)
  const where = joined(conditions)
  return {
    sql: `SELECT CAST(m.type AS BLOB), count(*) FROM ${from}${where.sql} GROUP BY m.type`,
    values: where.values,
  }
}

type Parts = {
  readonly from: string
  /** The id of a memory, in the words that the index can be walked by. */
  readonly id: string
  readonly conditions: readonly Piece[]
}

function partsOf(criteria: MemoryCriteria): Parts {
  const text = textCondition(criteria.text)
  const scope = scopeOf(criteria)
  const conditions = [
    ...text.conditions,
    ...scope.conditions,
    ...facetConditions(criteria),
    ...propertyConditions(criteria),
  ]
  const needsNode = criteria.tags.length + criteria.languages.length + criteria.frameworks.length > 0
  const from = `${text.needsText ? 'mg_text CROSS JOIN mg_memory AS m ON m.key = mg_text.rowid' : scope.from}${
    needsNode ? ' CROSS JOIN nodes AS n ON n.id = m.id' : ''
  }`
  return { from, id: scope.id, conditions }
}

/**
 * Where memories are looked for within a scope. Without words all that is inside is gone through, in the order of the ids. With words
 * what they are in is gone through, which the unary plus keeps the planner from changing.
 */
function scopeOf({ text, tags, within }: MemoryCriteria): Parts {
  const hasWords = text !== null || tags.length > 0
  const all = { from: 'mg_memory AS m', id: 'm.id' }
  if (within.length === 0) return { ...all, conditions: [] }
  if (hasWords) return { ...all, conditions: [isIdWithin(within, '+m.id')] }
  const from = 'nodes AS inside CROSS JOIN mg_memory AS m ON m.id = inside.id'
  return { from, id: 'inside.id', conditions: [isWithin(within, 'inside.')] }
}

/** Words are found by the full-text index; what is no word is compared with each text. */
function textCondition(text: TextMatch | null): { needsText: boolean; conditions: Piece[] } {
  if (text === null) return { needsText: false, conditions: [] }
  const { words, substrings } = split(text)
  if (substrings.length === 0) {
    return { needsText: true, conditions: [piece('mg_text MATCH ?', fts5Match(words, text.mode))] }
  }
  const matches = words.map((term) =>
    piece('mg_text.rowid IN (SELECT rowid FROM mg_text WHERE mg_text MATCH ?)', fts5Match([term], 'any')),
  )
  const parts = [...matches, ...substrings.map((term) => substringIn(term, ['title', 'content', 'summary']))]
  return { needsText: true, conditions: [combined(parts, text.mode === 'all' ? ' AND ' : ' OR ')] }
}

function split(text: TextMatch): { words: TextTerm[]; substrings: TextTerm[] } {
  return {
    words: text.terms.filter((term) => term.match !== 'substring'),
    substrings: text.terms.filter((term) => term.match === 'substring'),
  }
}

function substringIn(term: TextTerm, columns: readonly string[]): Piece {
  const pattern = substringPattern(term.text)
  const tests = columns.flatMap((column) => patternTests(`mg_text.${column}`, pattern))
  return combined(tests, ' OR ')
}

function patternTests(text: string, { operator, patterns }: TextPattern): Piece[] {
  const escaping = operator === 'LIKE' ? ` ESCAPE '\\'` : ''
  return patterns.map((pattern) => piece(`${text} ${operator} ?${escaping}`, pattern))
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
  const given = comparisons.filter(([, value]) => value !== null).map(([sql, value]) => piece(sql, value))
  return criteria.types.length > 0
    ? [...given, piece(`m.type IN ${ANY_OF}`, JSON.stringify(criteria.types))]
    : given
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
  const { substrings } = split(text)
  if (substrings.length === 0) return piece(`bm25(mg_text, ${TEXT_WEIGHTS}), m.id`)
  const inTitle = combined(
    substrings.map((term) => substringIn(term, ['title'])),
    ' OR ',
  )
  return { sql: `${inTitle.sql} DESC, ${BY_IMPORTANCE}`, values: inTitle.values }
}

function piece(sql: string, ...values: SqlValue[]): Piece {
  return { sql, values }
}

function combined(pieces: readonly Piece[], by: ' AND ' | ' OR '): Piece {
  return { sql: `(${pieces.map(({ sql }) => sql).join(by)})`, values: pieces.flatMap(({ values }) => values) }
}

function joined(conditions: readonly Piece[]): Piece {
  if (conditions.length === 0) return piece('')
  const all = combined(conditions, ' AND ')
  return { sql: ` WHERE ${all.sql}`, values: all.values }
}
