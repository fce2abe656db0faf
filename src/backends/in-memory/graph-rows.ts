import type { GraphEdgeRow, GraphNodeRow } from '../../graph/graph-rows.js'
import { DEFAULT_STRENGTH } from '../../model/relationship.js'
import { compareText } from '../../model/text-order.js'
import type { GraphLevel, GraphPage, GraphPart } from '../graph-driver.js'
import { type GraphStore, keyOf, type StoredRelationship } from './graph-store.js'
import type { SortedIds } from './sorted-ids.js'
import { countJoined } from './store-overview.js'

/** Whether a node is inside a scope. */
type IsInside = (id: string) => boolean

/** How many nodes, and how many relationships between them, pass a test, where there is one. */
export function countGraph(
  store: GraphStore,
  isInside: IsInside | null,
): { nodes: number; relationships: number } {
  const { graph } = store
  if (!isInside) return { nodes: graph.order, relationships: graph.size }
  const nodes = graph.reduceNodes((count, _key, { row }) => count + Number(isInside(row.id)), 0)
  return { nodes, relationships: countJoined(store, isInside) }
}

/** A page of the nodes that pass a test, where there is one, by id. */
export function graphNodePage(
  store: GraphStore,
  page: GraphPage,
  isInside: IsInside | null,
): GraphPart<GraphNodeRow> {
  return pageOf(page, store.idsOf(null), (id) => {
    const node = (isInside?.(id) ?? true) ? store.node(id) : undefined
    return node && { id, label: node.row.label, importance: node.facets?.importance ?? null }
  })
}

/** A page of the relationships by id. */
export function graphEdgePage(store: GraphStore, page: GraphPage): GraphPart<GraphEdgeRow> {
  return pageOf(page, store.relationshipIds, (id) => {
    const stored = store.relationship(id)
    return stored && edgeRow(stored)
  })
}

/** One level of a walk: the relationships at these nodes, each once. */
export function graphEdgesOf(store: GraphStore, ids: readonly string[], level: GraphLevel): GraphEdgeRow[] {
  const found = new Map<string, GraphEdgeRow>()
  forEachStep(store, ids, level, (stored) => found.set(stored.row.id, edgeRow(stored)))
  return [...found.values()]
}

/** The nodes that one level of a walk from these leads to, each once. */
export function farIdsOf(
  store: GraphStore,
  ids: readonly string[],
  ways: readonly GraphLevel[],
): ReadonlySet<string> {
  const found = new Set<string>()
  for (const way of ways) forEachStep(store, ids, way, (_stored, far) => found.add(far))
  return found
}

function pageOf<GraphRow extends { readonly id: string }>(
  { ids, after, limit }: GraphPage,
  all: SortedIds,
  rowOf: (id: string) => GraphRow | undefined,
): GraphPart<GraphRow> {
  const rows: GraphRow[] = []
  for (const id of ids === null ? all.after(after) : wanted(ids, after)) {
    const row = rowOf(id)
    if (row && rows.push(row) === limit) return { rows, next: id }
  }
  return { rows, next: null }
}

function wanted(ids: readonly string[], after: string | null): string[] {
  const beyond = after === null ? ids : ids.filter((id) => compareText(id, after) > 0)
  return [...new Set(beyond)].sort(compareText)
}

function forEachStep(
  { graph }: GraphStore,
  ids: readonly string[],
  { direction, types, currentOnly }: GraphLevel,
  visit: (stored: StoredRelationship, far: string) => void,
): void {
  const asked = new Set(types)
  const counts = ({ row }: StoredRelationship): boolean =>
    (!currentOnly || row.valid_until === null) && (asked.size === 0 || asked.has(row.rel_type))
  for (const key of ids.map(keyOf)) {
    if (!graph.hasNode(key)) continue
    if (direction !== 'incoming')
      graph.forEachOutEdge(key, (_id, stored) => {
        if (counts(stored)) visit(stored, stored.row.to_id)
      })
    if (direction !== 'outgoing')
      graph.forEachInEdge(key, (_id, stored) => {
        if (counts(stored)) visit(stored, stored.row.from_id)
      })
  }
}

function edgeRow({ row, strength }: StoredRelationship): GraphEdgeRow {
  return {
    id: row.id,
    from: row.from_id,
    to: row.to_id,
    type: row.rel_type,
    strength: Number.isFinite(strength) ? strength : DEFAULT_STRENGTH,
    valid_from: row.valid_from,
    valid_until: row.valid_until,
  }
}
