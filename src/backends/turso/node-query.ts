import type { CompleteNodeQuery } from '../../model/node.js'
import type { Query, SqlValue } from './sql-source.js'
import { SELECTED_NODE } from './statements.js'

/** A page of the nodes with a label, or of all. Property names are checked before they come here; values are bound. */
export function selectNodePage({ label, where, orderBy, limit, after }: CompleteNodeQuery): Query {
  const hasOwner = where.some(
    ({ property, anyOf: [value, ...more] }) =>
      INDEXED.has(property) && typeof value === 'string' && more.length === 0,
  )
  // The nodes of one owner are fewer than those of a label, which the unary plus keeps the planner from walking through.
  const conditions = [...(label === null ? [] : [`${hasOwner ? '+' : ''}label = ?`]), IS_OBJECT]
  const values: SqlValue[] = label === null ? [] : [label]
  for (const { property, anyOf } of where) {
    const tests = anyOf.map((value) => {
      if (value === null) return `${jsonValue(property)} IS NULL`
      if (typeof value === 'boolean') return `${jsonType(property)} = '${value}'`
      values.push(value)
      return `(${jsonType(property)} NOT IN ('true', 'false', 'array', 'object') AND ${jsonValue(property)} = ?)`
    })
    conditions.push(`(${tests.join(' OR ')})`)
  }
  if (after !== null) {
    conditions.push(orderBy ? afterInOrder(orderBy.property, orderBy.descending) : 'id > ?')
    values.push(...(orderBy ? [after, label, after, label, after] : [after]))
  }
  const order = orderBy ? `${jsonValue(orderBy.property)} ${orderBy.descending ? 'DESC' : 'ASC'}, id` : 'id'
  return {
    sql: `SELECT ${SELECTED_NODE} FROM nodes AS n WHERE ${conditions.join(' AND ')} ORDER BY ${order} LIMIT ?`,
    values: [...values, limit],
  }
}

/** The properties that nodes are found by through an index. */
const INDEXED: ReadonlySet<string> = new Set([
  'context_tenant_id',
  'context_project_path',
  'context_created_by',
])

const IS_OBJECT = `CASE WHEN json_valid(properties) THEN json_type(properties) = 'object' END`

// Rows whose JSON is broken have no properties; json_extract() would fail the whole statement.
function jsonValue(property: string): string {
  return `CASE WHEN json_valid(properties) THEN json_extract(properties, '$.${property}') END`
}

function jsonType(property: string): string {
  return `CASE WHEN json_valid(properties) THEN json_type(properties, '$.${property}') END`
}

/** Rows behind the row `after` (its id and label, twice, then its id): NULL is the least value. An unknown row has nothing behind it. */
function afterInOrder(property: string, descending: boolean): string {
  const value = jsonValue(property)
  const before = `(SELECT ${value} FROM nodes WHERE id = ? AND label = coalesce(?, label))`
  const beyond = descending
    ? `(v.value < v.last OR (v.value IS NULL AND v.last IS NOT NULL))`
    : `(v.value > v.last OR (v.value IS NOT NULL AND v.last IS NULL))`
  return `EXISTS (
    SELECT 1 FROM (SELECT ${value} AS value, ${before} AS last, n.id AS id) AS v
    WHERE EXISTS (SELECT 1 FROM nodes AS given WHERE given.id = ? AND given.label = coalesce(?, given.label))
      AND (${beyond} OR (v.value IS v.last AND v.id > ?)))`
}
