import { decodeJson } from '../../model/json-text.js'
import type { CompleteNodeQuery } from '../../model/node.js'
import { compareText } from '../../model/text-order.js'
import type { NodeRow } from '../graph-driver.js'
import type { GraphStore } from './graph-store.js'
import { firstInOrder } from './ordering.js'

/** A property's value as SQLite orders it: nothing, then numbers, then text. */
type SortValue = null | number | string
type Candidate = { row: NodeRow; value: SortValue }

/** A page of the nodes with a label, by a property or by id. */
export function nodePage(store: GraphStore, query: CompleteNodeQuery): NodeRow[] {
  return query.orderBy ? pageByProperty(store, query, query.orderBy) : pageById(store, query)
}

function pageById(store: GraphStore, query: CompleteNodeQuery): NodeRow[] {
  const rows: NodeRow[] = []
  for (const id of store.idsOf(query.label).after(query.after)) {
    if (rows.length >= query.limit) break
    const row = store.node(id)?.row
    if (row && meets(row, query.where)) rows.push({ ...row })
  }
  return rows
}

function pageByProperty(
  store: GraphStore,
  query: CompleteNodeQuery,
  { property, descending }: NonNullable<CompleteNodeQuery['orderBy']>,
): NodeRow[] {
  const compare = (a: Candidate, b: Candidate): number =>
    (descending ? compareValues(b.value, a.value) : compareValues(a.value, b.value)) ||
    compareText(a.row.id, b.row.id)
  const candidateOf = (row: NodeRow): Candidate => ({ row, value: sortValue(objectOf(row), property) })
  const previous = query.after === null ? null : store.node(query.after)?.row
  if (previous === undefined || (previous && previous.label !== query.label)) return []
  const last = previous && candidateOf(previous)
  const candidates = rowsOf(store, query)
    .map(candidateOf)
    .filter((candidate) => last === null || compare(candidate, last) > 0)
  return firstInOrder(candidates, query.limit, compare).map(({ row }) => ({ ...row }))
}

function rowsOf(store: GraphStore, query: CompleteNodeQuery): NodeRow[] {
  const rows = [...store.idsOf(query.label).after(null)].flatMap((id) => store.node(id)?.row ?? [])
  return rows.filter((row) => meets(row, query.where))
}

function meets(row: NodeRow, where: CompleteNodeQuery['where']): boolean {
  if (where.length === 0) return true
  const object = objectOf(row)
  return where.every(({ property, anyOf }) => {
    const value = memberOf(object, property)
    return anyOf.some((wanted) => wanted === value)
  })
}

function objectOf(row: NodeRow): Record<string, unknown> | null {
  try {
    const value = decodeJson(row.properties)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : null
  } catch {
    return null // not JSON: such a node has no properties to ask for
  }
}

function memberOf(object: Record<string, unknown> | null, property: string): unknown {
  return object && Object.hasOwn(object, property) ? object[property] : null
}

function sortValue(object: Record<string, unknown> | null, property: string): SortValue {
  const value = memberOf(object, property)
  if (value === null || typeof value === 'number' || typeof value === 'string') return value
  return typeof value === 'boolean' ? Number(value) : JSON.stringify(value)
}

function compareValues(a: SortValue, b: SortValue): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b)
  return classOf(a) - classOf(b)
}

function classOf(value: SortValue): number {
  return value === null ? 0 : typeof value === 'number' ? 1 : 2
}
