import type { NeighbourRow } from '../../graph/graph-rows.js'
import { holdsAt, type RelationshipRow } from '../../model/relationship-row.js'
import { compareText } from '../../model/text-order.js'
import type { Timestamp } from '../../model/timestamp.js'
import type { Direction } from '../graph-backend.js'
import type { LinkLimits, LinkRow, RelatedTitle, RelationshipPage } from '../graph-driver.js'
import { type GraphStore, keyOf, type StoredRelationship } from './graph-store.js'
import { firstInOrder } from './ordering.js'

/** One relationship seen from one of its ends. */
type Step = { near: string; far: string; outgoing: boolean; stored: StoredRelationship }

/** Whether a node is inside a scope. */
type IsInside = (id: string) => boolean

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

/** The ends of the current relationships of a type that walks from any of these nodes meet. */
export function reachableFrom(
  store: GraphStore,
  starts: readonly string[],
  type: string,
): { from: string; to: string }[] {
  const met = new Set(starts)
  const found: { from: string; to: string }[] = []
  for (const id of met) {
    if (!store.graph.hasNode(keyOf(id))) continue
    store.graph.forEachOutEdge(keyOf(id), (_id, { row }) => {
      if (row.rel_type !== type || row.valid_until !== null) return
      found.push({ from: id, to: row.to_id })
      met.add(row.to_id)
    })
  }
  return found
}

/** Titles of the memories directly related to each of these, strongest relationship first; only those that pass a test, where there is one. */
export function relatedTitlesOf(
  store: GraphStore,
  ids: readonly string[],
  limitEach: number,
  asOf: Timestamp | null,
  isInside: IsInside | null,
): RelatedTitle[] {
  return [...new Set(ids)].flatMap((id) => {
    const steps = stepsFrom(store, id, 'both').filter(
      ({ far, stored }) => counts(stored, asOf) && store.facets.has(far) && (isInside?.(far) ?? true),
    )
    return firstInOrder(steps, limitEach, strongestFirst(store)).map((step) => relatedTitle(store, step))
  })
}

/**
 * What stands close to nodes: the strongest of the newest relationships of each, and the next of its session; only what passes a
 * test, where there is one.
 */
export function linksOf(
  store: GraphStore,
  ids: readonly string[],
  { each, among }: LinkLimits,
  asOf: Timestamp | null,
  isInside: IsInside | null,
): LinkRow[] {
  return [...new Set(ids)].flatMap((near): LinkRow[] => {
    const newest = (direction: Direction): Step[] =>
      stepsFrom(store, near, direction)
        .filter(({ far, stored }) => counts(stored, asOf) && (isInside?.(far) ?? true))
        .slice(-among)
    const strongest = firstInOrder(
      [...newest('outgoing'), ...newest('incoming')],
      each,
      (a, b) =>
        b.stored.strength - a.stored.strength ||
        compareText(a.far, b.far) ||
        compareText(a.stored.row.id, b.stored.row.id),
    )
    const facets = store.facets.get(near)
    return [
      ...strongest.map(({ far, stored }) => ({ near, far, strength: stored.strength })),
      ...(facets ? store.sessions.around(near, facets, isInside) : []).map((far) => ({
        near,
        far,
        strength: null,
      })),
    ]
  })
}

/** Whether a node has a relationship of one of these types, in either direction, to another node: a current one, or one of an instant. */
export function isRelatedBy(
  store: GraphStore,
  id: string,
  types: ReadonlySet<string>,
  asOf: Timestamp | null,
  isInside: IsInside | null,
): boolean {
  return store.graph.findEdge(keyOf(id), joins(types, asOf, isInside)) !== undefined
}

/** Whether a node has a current relationship of one of these types from another node. */
export function isReachedBy(
  store: GraphStore,
  id: string,
  types: ReadonlySet<string>,
  isInside: IsInside | null,
): boolean {
  return store.graph.findInEdge(keyOf(id), joins(types, null, isInside)) !== undefined
}

function joins(
  types: ReadonlySet<string>,
  asOf: Timestamp | null,
  isInside: IsInside | null,
): (id: string, stored: StoredRelationship) => boolean {
  return (_id, stored) => {
    const { from_id, to_id, rel_type } = stored.row
    if (!counts(stored, asOf) || from_id === to_id || !types.has(rel_type)) return false
    return isInside === null || (isInside(from_id) && isInside(to_id))
  }
}

/** Whether a relationship has no end, or held at an instant. */
function counts({ row }: StoredRelationship, asOf: Timestamp | null): boolean {
  return asOf === null ? row.valid_until === null : holdsAt(row, asOf)
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
