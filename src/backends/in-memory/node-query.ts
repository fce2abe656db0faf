import { decodeJson } from '../../model/json-text.js'
import type { CompleteNodeQuery } from '../../model/node.js'
import { compareText } from '../../model/text-order.js'
import type { NodeRow } from '../graph-driver.js'
import type { GraphStore } from './graph-store.js'
import { firstInOrder } from './ordering.js'

/** A node whose properties are a JSON object, and that object. */
type ReadableNode = { row: NodeRow; object: Record<string, unknown> }
/** A property's value as SQLite orders it: nothing, then numbers, then text. */
type SortValue = null | number | string
type Candidate = { row: NodeRow; value: SortValue }

/** A page of the nodes with a label, by a property or by id. */
export function nodePage(store: GraphStore, query: CompleteNodeQuery): NodeRow[] {
  return query.orderBy ? pageByProperty(store, query, query.orderBy) : pageById(store, query)
}

function pageById(store: GraphStore, query: CompleteNodeQuery): NodeRow[] {
  const rows: NodeRow[] = []
  for (const { row } of nodesAfter(store, query, query.after)) {
    rows.push(store.nodeRow(row.id) ?? row)
    if (rows.length >= query.limit) break
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
  const candidateOf = ({ row, object }: ReadableNode): Candidate => ({
    row,
    value: sortValue(object, property),
  })
  const previous = query.after === null ? null : readableNode(store, query.after)
  const isOther = previous && query.label !== null && previous.row.label !== query.label
  if (previous === undefined || isOther) return []
  const last = previous && candidateOf(previous)
  const candidates = [...nodesAfter(store, query, null)]
    .map(candidateOf)
    .filter((candidate) => last === null || compare(candidate, last) > 0)
  return firstInOrder(candidates, query.limit, compare).map(({ row }) => store.nodeRow(row.id) ?? row)
}

/** The readable nodes that a query asks for whose ids are greater than one, or all, by id. */
function* nodesAfter(
  store: GraphStore,
  { label, where }: CompleteNodeQuery,
  id: string | null,
): Generator<ReadableNode, void, undefined> {
  for (const next of store.idsOf(label).after(id)) {
    const node = readableNode(store, next)
    if (node && meets(node.object, where)) yield node
  }
}

function readableNode(store: GraphStore, id: string): ReadableNode | undefined {
  const row = store.node(id)?.row
  const object = row && objectOf(row)
  return object ? { row, object } : undefined
}

function meets(object: ReadableNode['object'], where: CompleteNodeQuery['where']): boolean {
  return where.every(({ property, anyOf }) => {
    const value = memberOf(object, property)
    return anyOf.some((wanted) => wanted === value)
  })
}

function objectOf(row: NodeRow): ReadableNode['object'] | null {
  try {
    const value = decodeJson(row.properties)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as ReadableNode['object']) : null
  } catch {
    return null // not JSON: a search leaves such a node out
  }
}

function memberOf(object: ReadableNode['object'], property: string): unknown {
  return Object.hasOwn(object, property) ? object[property] : null
}

function sortValue(object: ReadableNode['object'], property: string): SortValue {
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
