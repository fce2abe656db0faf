import type { Scope } from '../../model/scope.js'
import type { Direction } from '../graph-backend.js'
import type { GraphLevel, GraphPage } from '../graph-driver.js'
import type { PackedQuery } from './packed-rows.js'
import { isWithin } from './scope-condition.js'
import { type Query, query, type SqlValue } from './sql-source.js'
import { countRelationshipsWithin, holds } from './statements.js'
import { isOfTypes } from './type-condition.js'

/*
 * The graph without what its nodes and relationships say. Rows without an id, or with one that is no text, are no part of it: SQLite
 * allows both.
 */

/** How many nodes, and how many relationships between them, are inside a scope; without one all of them. */
export function countGraph(within: Scope): [nodes: Query, relationships: Query] {
  if (within.length === 0)
    return [
      query('SELECT count(*) FROM nodes WHERE id IS NOT NULL'),
      query('SELECT count(*) FROM relationships WHERE id IS NOT NULL'),
    ]
  const { sql, values } = isWithin(within, '', 1)
  return [
    query(`SELECT count(*) FROM nodes WHERE ${sql} AND id IS NOT NULL`, ...values),
    countRelationshipsWithin(within),
  ]
}

// JSON of the engine has 15 digits of a number, one fewer than some need; what is infinite has a spelling of its own there.
const IMPORTANCE = `CASE WHEN abs(m.importance) < 1e308 THEN printf('%!.17g', m.importance) ELSE m.importance END`

const NODE_COLUMNS = 'id, label, importance'

const STRENGTH = `CASE WHEN json_valid(r.properties) THEN (r.properties -> '$.strength') || '' END`
/** What makes a relationship one of the graph. */
const IS_EDGE = ['id', 'from_id', 'to_id'].map((end) => `typeof(r.${end}) = 'text'`).join(' AND ')
const EDGE = `r.id AS id, r.from_id AS from_id, r.to_id AS to_id, CAST(r.rel_type AS TEXT) AS rel_type, ${STRENGTH} AS strength,
    CAST(coalesce(r.valid_from, r.created_at) AS TEXT) AS valid_from, CAST(r.valid_until AS TEXT) AS valid_until`
const EDGE_COLUMNS = 'id, from_id, to_id, rel_type, strength, valid_from, valid_until'

/** A page of the nodes inside a scope, by id, behind the id whose bytes `after` gives in hexadecimal digits. */
export function selectGraphNodes(page: GraphPage, within: Scope): PackedQuery {
  const inside = isWithin(within, 'n.', page.ids === null ? 3 : 4)
  const rows = `
  SELECT n.id AS id, CAST(n.label AS TEXT) AS label, ${IMPORTANCE} AS importance, hex(n.id) AS place
  FROM ${wanted('nodes AS n', page)} LEFT JOIN mg_memory AS m ON m.id = n.id
  WHERE n.id ${page.after === null ? '>=' : '>'} CAST(?1 AS TEXT) AND typeof(n.id) = 'text' AND ${inside.sql}
  ORDER BY n.id LIMIT ?2`
  const after = Buffer.from(page.after ?? '', 'hex')
  return packedPage(rows, `json_array(${NODE_COLUMNS})`, [after, ...limits(page), ...inside.values], 1)
}

/** A page of the relationships in the order they are stored in, behind the place `after`: by id each would be looked up by itself. */
export function selectGraphEdgePage(page: GraphPage): PackedQuery {
  const rows = `
  SELECT ${EDGE}, r.rowid AS place
  FROM ${wanted('relationships AS r', page)}
  WHERE r.rowid > ?1 AND ${IS_EDGE}
  ORDER BY r.rowid LIMIT ?2`
  const after = page.after === null ? LEAST_ROWID : BigInt(page.after)
  return packedPage(rows, `json_array(${EDGE_COLUMNS})`, [after, ...limits(page)], 3)
}

/** The relationships of one level of a walk from some nodes. */
export function selectGraphEdges(ids: readonly string[], level: GraphLevel): PackedQuery {
  const rows = endsOf(level.direction).map(
    (near, at) => `
  SELECT ${EDGE}
  FROM json_each(?1) AS start CROSS JOIN relationships AS r ON r.${near} = start.value
  WHERE ${IS_EDGE} ${counts(level)} ${at === 0 ? '' : 'AND r.from_id NOT IN (SELECT value FROM json_each(?1))'}`,
  )
  return packed(
    rows.join('\n  UNION ALL'),
    `json_array(${EDGE_COLUMNS})`,
    ofLevel([...new Set(ids)], level),
    3,
  )
}

/**
 * The nodes ?1 and those within ?2 steps of them: each as often as it is met, with its steps then, and whether it exists; ends at ?3 of
 * these.
 */
export function selectReach(
  ids: readonly string[],
  depth: number,
  ways: readonly GraphLevel[],
  most: number,
): PackedQuery {
  const { lists, ...statement } = reachStatements.get(ways) ?? reachStatement(ways)
  reachStatements.set(ways, { lists, ...statement })
  return { ...statement, values: [JSON.stringify(ids), BigInt(depth), BigInt(most), ...lists] }
}

type ReachStatement = Omit<PackedQuery, 'values'> & { readonly lists: readonly string[] }

/** By the ways of a view, which are asked for again and again: to write the statement takes as long as a short walk. */
const reachStatements = new WeakMap<readonly GraphLevel[], ReachStatement>()

function reachStatement(ways: readonly GraphLevel[]): ReachStatement {
  const lists: string[] = []
  const steps = ways.flatMap(({ direction, types, currentOnly }) => {
    if (types.length > 0) lists.push(JSON.stringify(types))
    const ofType = types.length > 0 ? `AND ${isOfTypes(types, `?${lists.length + 3}`)}` : ''
    return endsOf(direction).map((near) => {
      const far = near === 'from_id' ? 'to_id' : 'from_id'
      return `
    UNION SELECT r.${far}, walk.depth + 1 FROM walk CROSS JOIN relationships AS r ON r.${near} = walk.id
    WHERE walk.depth < ?2 AND typeof(r.${far}) = 'text' AND typeof(r.id) = 'text' ${currentOnly ? `AND ${holds(null)}` : ''} ${ofType}`
    })
  })
  const rows = `
  WITH RECURSIVE walk(id, depth) AS (
    SELECT value, 0 FROM json_each(?1)${steps.join('')}
    LIMIT ?3
  )
  SELECT walk.id, walk.depth, EXISTS (SELECT 1 FROM nodes AS n WHERE n.id = walk.id) AS found FROM walk`
  const { packed: text, ids } = packed(rows, 'json_array(id, depth, found)', [], 1)
  return { packed: text, rows, ids, lists }
}

/** The nodes that one level of a walk from some nodes leads to. */
export function selectFarIds(ids: readonly string[], level: GraphLevel): PackedQuery {
  const rows = endsOf(level.direction).map((near) => {
    const far = near === 'from_id' ? 'to_id' : 'from_id'
    return `
  SELECT DISTINCT r.${far} AS id
  FROM json_each(?1) AS start CROSS JOIN relationships AS r ON r.${near} = start.value
  WHERE ${IS_EDGE} ${counts(level)}`
  })
  const existing = `SELECT far.id FROM (${rows.join('\n  UNION')}) AS far WHERE EXISTS (SELECT 1 FROM nodes AS n WHERE n.id = far.id)`
  return packed(existing, 'id', ofLevel(ids, level), 1)
}

const LEAST_ROWID = -(2n ** 63n)

function packedPage(rows: string, row: string, values: readonly SqlValue[], ids: number): PackedQuery {
  const next = 'CASE WHEN count(*) = ?2 THEN max(place) END'
  return { packed: `SELECT ${asBytes(row)}, ${next} FROM (${rows})`, rows, values, ids }
}

function packed(rows: string, row: string, values: readonly SqlValue[], ids: number): PackedQuery {
  return { packed: `SELECT ${asBytes(row)} FROM (${rows})`, rows, values, ids }
}

function asBytes(row: string): string {
  return `CAST(json_group_array(${row}) AS BLOB)`
}

/** A table, or of it the rows with the ids ?3. */
function wanted(table: string, { ids }: GraphPage): string {
  const [, row] = table.split(' AS ')
  return ids === null
    ? table
    : `(SELECT DISTINCT value FROM json_each(?3)) AS wanted CROSS JOIN ${table} ON ${row}.id = wanted.value`
}

function limits({ limit, ids }: GraphPage): SqlValue[] {
  return ids === null ? [BigInt(limit)] : [BigInt(limit), JSON.stringify(ids)]
}

function counts({ types, currentOnly }: GraphLevel): string {
  const ofType = types.length > 0 ? `AND ${isOfTypes(types, '?2')}` : ''
  return currentOnly ? `AND ${holds(null)} ${ofType}` : ofType
}

function ofLevel(ids: readonly string[], { types }: GraphLevel): SqlValue[] {
  return types.length > 0 ? [JSON.stringify(ids), JSON.stringify(types)] : [JSON.stringify(ids)]
}

function endsOf(direction: Direction): ('from_id' | 'to_id')[] {
  if (direction === 'both') return ['from_id', 'to_id']
  return [direction === 'outgoing' ? 'from_id' : 'to_id']
}
