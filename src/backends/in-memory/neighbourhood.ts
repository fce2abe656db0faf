import type { RelationshipRow } from '../../model/relationship-row.js'
import { compareText } from '../../model/text-order.js'
import type { Direction } from '../graph-backend.js'
import type { NeighbourRow, RelatedTitle, RelationshipPage } from '../graph-driver.js'
import { type GraphStore, keyOf, type StoredRelationship } from './graph-store.js'
import { firstInOrder } from './ordering.js'

/** One relationship seen from one of its ends. */
type Step = { near: string; far: string; outgoing: boolean; stored: StoredRelationship }

/** One level of a walk: the relationships at these nodes, seen from them, without self-loops. */
export function neighboursOf(
  store: GraphStore,
  ids: readonly string[],
  options: { direction: Direction; types: readonly string[]; currentOnly: boolean },
): NeighbourRow[] {
  const types = new Set(options.types)
  const found: NeighbourRow[] = []
  for (const id of new Set(ids)) {
    for (const step of stepsFrom(store, id, options.direction)) {
      const { row } = step.stored
      if (options.currentOnly && row.valid_until !== null) continue
      if (types.size === 0 || types.has(row.rel_type)) found.push(neighbourRow(store, step))
    }
  }
  return found
}

/** Titles of the memories directly related to each of these, strongest relationship first. */
export function relatedTitlesOf(
  store: GraphStore,
  ids: readonly string[],
  limitEach: number,
): RelatedTitle[] {
  return [...new Set(ids)].flatMap((id) => {
    const steps = stepsFrom(store, id, 'both').filter(
      ({ far, stored }) => stored.row.valid_until === null && store.facets.has(far),
    )
    return firstInOrder(steps, limitEach, strongestFirst(store)).map((step) => relatedTitle(store, step))
  })
}

/** Whether a node has a current relationship of one of these types to another node. */
export function isRelatedBy(store: GraphStore, id: string, types: ReadonlySet<string>): boolean {
  return isReachedBy(store, id, types) || store.graph.findOutEdge(keyOf(id), joins(types)) !== undefined
}

/** Whether a node has a current relationship of one of these types from another node. */
export function isReachedBy(store: GraphStore, id: string, types: ReadonlySet<string>): boolean {
  return store.graph.findInEdge(keyOf(id), joins(types)) !== undefined
}

function joins(types: ReadonlySet<string>): (id: string, stored: StoredRelationship) => boolean {
  return (_id, { row }) => row.valid_until === null && row.from_id !== row.to_id && types.has(row.rel_type)
}

/** A page of relationships by id. */
export function relationshipPage(store: GraphStore, page: RelationshipPage): RelationshipRow[] {
  const types = new Set(page.types)
  const rows: RelationshipRow[] = []
  for (const id of pageIds(store, page)) {
    if (rows.length >= page.limit) break
    const row = store.relationship(id)?.row
    if (!row || (page.currentOnly && row.valid_until !== null)) continue
    if (types.size === 0 || types.has(row.rel_type)) rows.push({ ...row })
  }
  return rows
}

function pageIds(store: GraphStore, { touching, afterId }: RelationshipPage): Iterable<string> {
  if (touching === null) return store.relationshipIds.after(afterId)
  const present = touching.map(keyOf).filter((key) => store.graph.hasNode(key))
  const ids = new Set(present.flatMap((key) => store.graph.edges(key)))
  return [...ids].filter((id) => afterId === null || compareText(id, afterId) > 0).sort(compareText)
}

function stepsFrom(store: GraphStore, id: string, direction: Direction): Step[] {
  const key = keyOf(id)
  const steps: Step[] = []
  if (!store.graph.hasNode(key)) return steps
  const add = (stored: StoredRelationship, far: string, outgoing: boolean): void => {
    if (far !== id) steps.push({ near: id, far, outgoing, stored })
  }
  if (direction !== 'incoming')
    store.graph.forEachOutEdge(key, (_id, stored) => add(stored, stored.row.to_id, true))
  if (direction !== 'outgoing')
    store.graph.forEachInEdge(key, (_id, stored) => add(stored, stored.row.from_id, false))
  return steps
}

function neighbourRow(store: GraphStore, { near, far, stored }: Step): NeighbourRow {
  return {
    near,
    far,
    relationship_id: stored.row.id,
    strength: stored.strength,
    importance: store.facets.get(far)?.importance ?? null,
    valid_from: stored.row.valid_from,
    valid_until: stored.row.valid_until,
  }
}

function relatedTitle(store: GraphStore, { near, far, outgoing, stored }: Step): RelatedTitle {
  return { near, rel_type: stored.row.rel_type, title: store.facets.get(far)?.title ?? '', outgoing }
}

function strongestFirst(store: GraphStore): (a: Step, b: Step) => number {
  const importance = (step: Step): number => store.facets.get(step.far)?.importance ?? 0
  return (a, b) =>
    b.stored.strength - a.stored.strength ||
    importance(b) - importance(a) ||
    compareText(a.stored.row.id, b.stored.row.id)
}
