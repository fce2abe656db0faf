import type { Scope } from '../../model/scope.js'
import type { Direction } from '../graph-backend.js'
import { instantOf } from './instant.js'
import { KEPT_AUDIT_ENTRIES, KEPT_VERSIONS, propertyOf, SESSION_PROPERTY } from './schema.js'
import { isIdWithin, isWithin } from './scope-condition.js'
import type { Query } from './sql-source.js'
import { isOfTypes } from './type-condition.js'

/*
 * Every fixed statement. Properties are read as bytes: another program may have stored what is no UTF-8, and the engine ends the
 * process rather than hand such text over. Lists are bound as one JSON array, so that the text of a statement does not
 * depend on their length.
 */

/** A node as rows are made of it: NULL for the version of what was never revised. */
export const SELECTED_NODE = `n.id, n.label, CAST(n.properties AS BLOB), (SELECT v.version FROM mg_revision AS v WHERE v.id = n.id)`
export const SELECT_NODE: string = `SELECT ${SELECTED_NODE} FROM nodes AS n WHERE n.id = ?`
export const SELECT_NODES: string = `
SELECT ${SELECTED_NODE}
FROM json_each(?) AS wanted CROSS JOIN nodes AS n ON n.id = wanted.value`
export const UPSERT_NODE: string = `
INSERT INTO nodes (id, label, properties, created_at, updated_at)
VALUES (?, ?, ?, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)
ON CONFLICT(id) DO UPDATE SET label = excluded.label, properties = excluded.properties, updated_at = CURRENT_TIMESTAMP
WHERE label IS NOT excluded.label OR properties IS NOT excluded.properties`
/** Where a memory comes with a history of its own: the number of the version that it is. */
export const PUT_REVISION: string = `
INSERT INTO mg_revision(id, version) VALUES (?, ?) ON CONFLICT(id) DO UPDATE SET version = excluded.version`
/** The earlier version ?2 of ?1, unless it is further from the version ?5 than versions are kept. */
export const PUT_VERSION: string = `
INSERT INTO mg_version(id, version, properties, replaced_at) SELECT ?1, ?2, ?3, ?4 WHERE ?2 >= ?5 - ${KEPT_VERSIONS}`
export const SELECT_VERSIONS: string = `
SELECT v.id, v.version, CAST(v.properties AS BLOB), v.replaced_at
FROM json_each(?) AS wanted CROSS JOIN mg_version AS v ON v.id = wanted.value
ORDER BY wanted.key, v.version`
/** For files whose writer does not check foreign keys, relationships are deleted by hand. */
export const DELETE_RELATIONSHIPS_OF: string = `DELETE FROM relationships WHERE from_id = ?1 OR to_id = ?1`
export const DELETE_NODE: string = `DELETE FROM nodes WHERE id = ?`

const RELATIONSHIP_COLUMNS = `id, from_id, to_id, rel_type, properties, valid_from, valid_until, recorded_at, invalidated_by`
// A file that was upgraded lets other programs leave times out; what was created at some time was true and known then.
const SELECTED_RELATIONSHIP = `r.id, r.from_id, r.to_id, r.rel_type, CAST(r.properties AS BLOB), coalesce(r.valid_from, r.created_at),
  r.valid_until, coalesce(r.recorded_at, r.created_at), r.invalidated_by`
export const SELECT_RELATIONSHIP: string = `SELECT ${SELECTED_RELATIONSHIP} FROM relationships AS r WHERE r.id = ?`
export const SELECT_RELATIONSHIPS: string = `
SELECT ${SELECTED_RELATIONSHIP}
FROM json_each(?) AS wanted CROSS JOIN relationships AS r ON r.id = wanted.value`
export const INSERT_RELATIONSHIP: string = `
INSERT INTO relationships (${RELATIONSHIP_COLUMNS}, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, CURRENT_TIMESTAMP)`
export const UPDATE_RELATIONSHIP: string = `
UPDATE relationships SET properties = ?, valid_from = ?, valid_until = ?, recorded_at = ? WHERE id = ?`
/** Apart, since the engine checks the references of the columns a statement names, changed or not. */
export const UPDATE_INVALIDATED_RELATIONSHIP: string = `
UPDATE relationships SET properties = ?, valid_from = ?, valid_until = ?, recorded_at = ?, invalidated_by = ? WHERE id = ?`
export const MOVE_RELATIONSHIP: string = `UPDATE relationships SET from_id = ?, to_id = ? WHERE id = ?`
export const DELETE_RELATIONSHIP: string = `DELETE FROM relationships WHERE id = ?`

/** A page of relationships by id: types ?1, ends ?2, after ?3, limit ?4. */
export function selectRelationshipPage(hasTypes: boolean, hasEnds: boolean, currentOnly: boolean): string {
  return `
SELECT ${SELECTED_RELATIONSHIP} FROM relationships AS r
WHERE r.id > ?3
  ${hasTypes ? 'AND +r.rel_type IN (SELECT value FROM json_each(?1))' : 'AND ?1 IS NOT NULL'}
  ${
    hasEnds
      ? `AND r.id IN (
    SELECT o.id FROM json_each(?2) AS e CROSS JOIN relationships AS o ON o.from_id = e.value
    UNION SELECT i.id FROM json_each(?2) AS e CROSS JOIN relationships AS i ON i.to_id = e.value)`
      : 'AND ?2 IS NOT NULL'
  }
  ${currentOnly ? 'AND +r.valid_until IS NULL' : ''}
ORDER BY r.id LIMIT ?4`
}

/** A time of a relationship as this library writes it, whoever wrote it. */
function canonical(time: string): string {
  return `CASE WHEN ${time} GLOB '????-??-??T??:??:??.??????+00:00' THEN ${time} ELSE coalesce(${instantOf(time)}, ${time}) END`
}

const VALID_FROM = canonical('coalesce(r.valid_from, r.created_at)')
const RECORDED_AT = canonical('coalesce(r.recorded_at, r.created_at)')
const VALID_UNTIL = canonical('r.valid_until')

/** What makes a relationship `r` count: that it has no end (the unary plus keeps the planner from the index on those, nearly all), or held at an instant. */
export function holds(at: string | null): string {
  if (at === null) return '+r.valid_until IS NULL'
  return `${VALID_FROM} <= ${at} AND (r.valid_until IS NULL OR ${VALID_UNTIL} > ${at})`
}

/** The relationships at the node ?1 of the types ?2, the earliest first: ?3 of them after ?4. */
export function selectRelationshipHistory(hasTypes: boolean): string {
  return `
SELECT ${SELECTED_RELATIONSHIP}
FROM (SELECT id FROM relationships WHERE from_id = ?1 UNION SELECT id FROM relationships WHERE to_id = ?1) AS wanted
CROSS JOIN relationships AS r ON r.id = wanted.id
WHERE ${hasTypes ? '+r.rel_type IN (SELECT value FROM json_each(?2))' : '?2 IS NOT NULL'}
ORDER BY ${VALID_FROM}, ${RECORDED_AT}, r.id LIMIT ?3 OFFSET ?4`
}

/**
 * Relationships recorded at ?1 or later. The index finds those of the day before ?1 on, in whatever form and zone the time was
 * written; the rest is left out by what the time says.
 */
export const SELECT_RECORDED_SINCE: string = `
SELECT ${SELECTED_RELATIONSHIP} FROM relationships AS r
WHERE (r.recorded_at >= date(?1, '-1 day') OR r.recorded_at IS NULL) AND ${RECORDED_AT} >= ?1
ORDER BY ${RECORDED_AT} DESC, r.id`
/** Relationships that ended between ?1 and ?2. */
export const SELECT_ENDED_SINCE: string = `
SELECT ${SELECTED_RELATIONSHIP} FROM relationships AS r
WHERE r.valid_until IS NOT NULL AND ${VALID_UNTIL} BETWEEN ?1 AND ?2
ORDER BY ${VALID_UNTIL} DESC, r.id`

const STRENGTH = `coalesce(CASE WHEN json_valid(r.properties) THEN
  CASE WHEN json_type(r.properties, '$.strength') IN ('integer', 'real') THEN json_extract(r.properties, '$.strength') END END, 0.5)`

function endpoints(near: 'from_id' | 'to_id', condition: string): string {
  const far = near === 'from_id' ? 'to_id' : 'from_id'
  return `
  SELECT r.${near} AS near, r.${far} AS far, r.id AS relationship_id, r.rel_type AS rel_type, ${near === 'from_id' ? 1 : 0} AS outgoing,
    ${STRENGTH} AS strength, r.valid_from AS valid_from, r.valid_until AS valid_until
  FROM json_each(?1) AS start CROSS JOIN relationships AS r ON r.${near} = start.value
  WHERE r.${far} <> r.${near} AND ${condition}`
}

function bothEnds(direction: Direction, condition: string): string {
  const ends: ('from_id' | 'to_id')[] =
    direction === 'both' ? ['from_id', 'to_id'] : [direction === 'outgoing' ? 'from_id' : 'to_id']
  return ends.map((end) => endpoints(end, condition)).join('\n  UNION ALL')
}

/**
 * Relationships, or those with a context, strongest first, of the types ?1: ?2 of them after ?3. Each group is a JSON array of words,
 * from ?4 on, of which a context must hold one.
 */
export function selectByContext(mustHaveContext: boolean, hasTypes: boolean, groups: number): string {
  const source = mustHaveContext
    ? 'mg_context AS c CROSS JOIN relationships AS r ON r.id = c.id'
    : 'relationships AS r LEFT JOIN mg_context AS c ON c.id = r.id'
  const group = (at: number): string =>
    `AND EXISTS (SELECT 1 FROM json_each(?${at + 4}) AS word WHERE instr(lower(c.context), word.value) > 0)`
  return `
SELECT ${SELECTED_RELATIONSHIP}
FROM ${source}
WHERE ${hasTypes ? '+r.rel_type IN (SELECT value FROM json_each(?1))' : '?1 IS NOT NULL'}
  ${Array.from({ length: groups }, (_, at) => group(at)).join('\n  ')}
ORDER BY ${STRENGTH} DESC, r.id LIMIT ?2 OFFSET ?3`
}

const WALK = `
WITH RECURSIVE walk(id) AS (
  SELECT value FROM json_each(?1)
  UNION SELECT r.to_id FROM walk CROSS JOIN relationships AS r ON r.from_id = walk.id
  WHERE +r.rel_type = ?2 AND +r.valid_until IS NULL)`
/** 1 if a walk from the ids ?1 over current relationships of the type ?2 leads to ?3; ends as soon as it does. */
export const SELECT_LEADS_TO: string = `${WALK}
SELECT 1 FROM walk WHERE id = ?3 LIMIT 1`
/** The ends of the current relationships of the type ?2 that walks from the ids ?1 meet. */
export const SELECT_REACHABLE: string = `${WALK}
SELECT r.from_id, r.to_id FROM walk CROSS JOIN relationships AS r ON r.from_id = walk.id
WHERE +r.rel_type = ?2 AND +r.valid_until IS NULL`

/** One level of a walk from the ids ?1 over the types ?2. */
export function selectNeighbours(
  direction: Direction,
  types: readonly string[],
  currentOnly: boolean,
): string {
  const conditions = [
    ...(currentOnly ? [holds(null)] : []),
    ...(types.length > 0 ? [isOfTypes(types, '?2')] : []),
    '1',
  ]
  return `
SELECT e.near, e.far, e.relationship_id, e.strength, m.importance, e.valid_from, e.valid_until
FROM (${bothEnds(direction, conditions.join(' AND '))}
) AS e LEFT JOIN mg_memory AS m ON m.id = e.far`
}

/**
 * Titles, as JSON text, of the memories related to the ids ?1, now or at the instant ?3, at most ?2 for each, strongest relationship
 * first; with a scope, whose values begin at ?4, only of what is inside.
 */
export function selectRelatedTitles(hasInstant: boolean, within: Scope = []): string {
  const inside =
    within.length === 0 ? '' : `CROSS JOIN nodes AS f ON f.id = e.far AND ${isWithin(within, 'f.', 4).sql}`
  return `
SELECT best.near, best.rel_type, best.outgoing, CAST(n.properties -> '$.title' AS BLOB)
FROM (
  SELECT e.near, e.far, e.rel_type, e.outgoing,
    row_number() OVER (PARTITION BY e.near ORDER BY e.strength DESC, m.importance DESC, e.relationship_id) AS place
  FROM (${bothEnds('both', holds(hasInstant ? '?3' : null))}
  ) AS e CROSS JOIN mg_memory AS m ON m.id = e.far ${inside}
) AS best CROSS JOIN nodes AS n ON n.id = best.far
WHERE best.place <= ?2
ORDER BY best.near, best.place`
}

const SESSION = (row: string): string => propertyOf(SESSION_PROPERTY, row)
const CREATED = (row: string): string => propertyOf('created_at', row)

/**
 * The memory made next in the session of the memory `n`: after it, or before it. The times alone are what the index is entered by, and
 * CASE keeps the planner from the index of a scope, which may be all of a tenant's.
 */
function nextInSession(comparison: '>' | '<', order: 'ASC' | 'DESC', within: Scope): string {
  const inside = within.length === 0 ? '' : `AND CASE WHEN ${isWithin(within, 'f.', 5).sql} THEN 1 END`
  return `(SELECT f.id FROM nodes AS f WHERE f.label = 'Memory' AND ${SESSION('f.')} = ${SESSION('n.')}
    AND ${CREATED('f.')} ${comparison}= ${CREATED('n.')} AND (${CREATED('f.')}, f.id) ${comparison} (${CREATED('n.')}, n.id) ${inside}
    ORDER BY ${CREATED('f.')} ${order}, f.id ${order} LIMIT 1)`
}

/** The newest ?3 relationships at an end that is one of the ids ?1, of those that count: a hub may have any number. */
function newestAt(near: 'from_id' | 'to_id', condition: string, within: Scope): string {
  const far = near === 'from_id' ? 'to_id' : 'from_id'
  const inside =
    within.length === 0
      ? ''
      : `AND EXISTS (SELECT 1 FROM nodes AS f WHERE f.id = r.${far} AND ${isWithin(within, 'f.', 5).sql})`
  return `
  SELECT r.${near} AS near, r.${far} AS far, r.id AS relationship_id, ${STRENGTH} AS strength
  FROM json_each(?1) AS start CROSS JOIN relationships AS r ON r.rowid IN (
    SELECT r.rowid FROM relationships AS r WHERE r.${near} = start.value AND r.${far} <> r.${near} AND ${condition} ${inside}
    ORDER BY r.rowid DESC LIMIT ?3)`
}

/**
 * What stands close to the ids ?1: at most ?2 relationships of each, now or at the instant ?4, and the next in its session; with a
 * scope, whose values begin at ?5, only what is inside.
 */
export function selectLinks(hasInstant: boolean, within: Scope = []): string {
  const condition = holds(hasInstant ? '?4' : null)
  const inSession = [nextInSession('>', 'ASC', within), nextInSession('<', 'DESC', within)].map(
    (far) => `
  SELECT n.id AS near, ${far} AS far, NULL AS strength
  FROM json_each(?1) AS wanted CROSS JOIN nodes AS n ON n.id = wanted.value AND n.label = 'Memory' AND ${SESSION('n.')} IS NOT NULL`,
  )
  return `
SELECT near, far, strength FROM (
  SELECT e.near, e.far, e.strength,
    row_number() OVER (PARTITION BY e.near ORDER BY e.strength DESC, e.far, e.relationship_id) AS place
  FROM (${newestAt('from_id', condition, within)}
  UNION ALL${newestAt('to_id', condition, within)}
  ) AS e
) WHERE place <= ?2
UNION ALL
SELECT near, far, strength FROM (${inSession.join(' UNION ALL')}
) WHERE far IS NOT NULL`
}

export const COUNT_MEMORIES: string = `SELECT count(*) FROM mg_memory`
/** How many memories hold each of the stems ?1. */
export const COUNT_WORDS: string = `
SELECT v.term, v.doc FROM json_each(?1) AS wanted CROSS JOIN mg_vocabulary AS v ON v.term = wanted.value`
export const COUNT_MEMORIES_BY_TYPE: string = `SELECT CAST(type AS BLOB), count(*) FROM mg_memory GROUP BY type`
export const SELECT_AVERAGES: string = `SELECT avg(importance), avg(confidence) FROM mg_memory`
/** Which of the nodes ?1 are inside a scope. */
export function selectWithin(ids: string, within: Scope): Query {
  const inside = isWithin(within, 'n.', 2)
  const sql = `SELECT n.id FROM json_each(?1) AS wanted CROSS JOIN nodes AS n ON n.id = wanted.value WHERE ${inside.sql}`
  return { sql, values: [ids, ...inside.values] }
}
/** Averages of the memories, memories by type, and the number of relationships, inside a scope. */
export function selectStatisticsWithin(within: Scope): Query[] {
  const { sql, values } = isIdWithin(within, 'id', 1)
  return [
    { sql: `${SELECT_AVERAGES} WHERE ${sql}`, values },
    { sql: `SELECT CAST(type AS BLOB), count(*) FROM mg_memory WHERE ${sql} GROUP BY type`, values },
    countRelationshipsWithin(within),
  ]
}
/** How many relationships have both ends inside a scope. */
export function countRelationshipsWithin(within: Scope): Query {
  const { sql, values } = isWithin(within, '', 1)
  const ends = `WITH inside(id) AS MATERIALIZED (SELECT id FROM nodes WHERE ${sql})`
  return {
    sql: `${ends} SELECT count(*) FROM inside CROSS JOIN relationships AS r ON r.from_id = inside.id
WHERE +r.to_id IN (SELECT id FROM inside)`,
    values,
  }
}
export const SELECT_ENGINE_VERSION: string = `SELECT sqlite_version()`
export const SELECT_DATABASE_SIZE: string = `SELECT page_count * page_size FROM pragma_page_count, pragma_page_size`
/** 1 where our tables are. */
export const SELECT_IS_OURS: string = `SELECT count(*) FROM sqlite_master WHERE name = 'mg_schema'`
/** 1 where the mark of MemoryGraph for Python is. */
export const SELECT_IS_PYTHONS: string = `SELECT count(*) FROM sqlite_master WHERE name = 'nodes_fts'`
export const COUNT_NODES: string = `SELECT count(*) FROM nodes`
export const COUNT_RELATIONSHIPS: string = `SELECT count(*) FROM relationships`
export const COUNT_READABLE_MEMORIES: string = `SELECT count(*) FROM mg_memory`
export const COUNT_MEMORIES_OUTSIDE_LIMITS: string = `
SELECT count(*) FROM mg_memory WHERE title_length > ?1 OR type IS NULL OR type NOT IN (SELECT value FROM json_each(?2))`

export const SELECT_CHANGES: string = `SELECT seq, kind, CAST(id AS BLOB), op FROM mg_change WHERE seq > ? ORDER BY seq LIMIT ?`
export const SELECT_LATEST_CHANGE: string = `SELECT seq, kind, CAST(id AS BLOB), op FROM mg_change ORDER BY seq DESC LIMIT 1`
export const SELECT_OLDEST_CHANGE: string = `SELECT min(seq) FROM mg_change`
export const SELECT_AUDIT: string = `
SELECT seq, at, actor, operation, CASE WHEN json_valid(ids) THEN ids ELSE '[]' END, count
FROM mg_audit WHERE seq > ? ORDER BY seq LIMIT ?`
/** Adds entries, given as one JSON array. */
export const INSERT_AUDIT: string = `
INSERT INTO mg_audit(at, actor, operation, ids, count)
SELECT value ->> '$.at', value ->> '$.actor', value ->> '$.operation', value -> '$.ids', value ->> '$.count'
FROM json_each(?) ORDER BY key`
/** Drops the oldest entries beyond those that are kept. */
export const PRUNE_AUDIT: string = `DELETE FROM mg_audit WHERE seq <= (SELECT max(seq) FROM mg_audit) - ${KEPT_AUDIT_ENTRIES}`
/** The position of the feed, which every change of the graph moves. */
export const SELECT_POSITION: string = `SELECT coalesce(max(seq), 0) FROM mg_change`
/** Drops the oldest changes beyond the newest ?1 when the feed has grown a tenth beyond that, at most ?2; else reads none. */
export const PRUNE_CHANGES: string = `
DELETE FROM mg_change WHERE seq <= (
  SELECT min(newest - ?1, oldest + ?2 - 1)
  FROM (SELECT (SELECT max(seq) FROM mg_change) AS newest, (SELECT min(seq) FROM mg_change) AS oldest)
  WHERE newest - oldest > ?1 * 11 / 10)`

/**
 * Takes note of the write ?1, if the database has the epoch ?2 and, where one is given, the write ?4 at the position ?3 (or has
 * dropped it since): else the id is NULL, which the table refuses. If the change feed is not at the position ?5, where one is
 * given, `abandoned` is.
 */
export const RECORD_WRITE: string = `
INSERT INTO mg_write(id, abandoned) VALUES (
  (SELECT ?1 FROM mg_schema WHERE name = 'epoch' AND value = ?2
    AND (?3 IS NULL OR ?3 < (SELECT min(seq) FROM mg_write) OR EXISTS (SELECT 1 FROM mg_write WHERE seq = ?3 AND id = ?4))),
  (SELECT 0 WHERE ?5 IS NULL OR ?5 = (${SELECT_POSITION})))`
/** Takes the place of the write ?1, so that it cannot happen any more; without effect if it has. */
export const ABANDON_WRITE: string = `INSERT INTO mg_write(id, abandoned) VALUES (?, 1) ON CONFLICT(id) DO NOTHING`
export const SELECT_ABANDONED: string = `SELECT abandoned FROM mg_write WHERE id = ?`
/** Drops all but the newest ?1 writes. */
export const PRUNE_WRITES: string = `DELETE FROM mg_write WHERE seq <= (SELECT max(seq) FROM mg_write) - ?`
export const SELECT_NEWEST_WRITE: string = `SELECT seq, id FROM mg_write ORDER BY seq DESC LIMIT 1`
export const SELECT_WRITE: string = `SELECT 1 FROM mg_write WHERE id = ?`
/** Changes nothing, and yet needs a token that may write. */
export const WRITE_NOTHING: string = `DELETE FROM mg_schema WHERE 0`
export const SELECT_NEWEST_CHANGE: string = `SELECT seq, id, op FROM mg_change ORDER BY seq DESC LIMIT 1`
/** 1 where the write ?2 is at the position ?1, or what was there has been dropped. */
export const HAS_WRITE: string = `
SELECT ?1 < (SELECT min(seq) FROM mg_write) OR EXISTS (SELECT 1 FROM mg_write WHERE seq = ?1 AND id = ?2)`
/** 1 where the change of ?2 by ?3 is at the position ?1, or what was there has been dropped. */
export const HAS_CHANGE: string = `
SELECT ?1 < (SELECT min(seq) FROM mg_change) OR EXISTS (SELECT 1 FROM mg_change WHERE seq = ?1 AND id = ?2 AND op = ?3)`
