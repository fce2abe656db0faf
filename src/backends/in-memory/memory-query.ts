import { MEMORY_LABEL } from '../../model/node.js'
import { compareText } from '../../model/text-order.js'
import type { MemoryCriteria, MemoryOrder, MemoryPage, NodeRow } from '../graph-driver.js'
import type { GraphStore } from './graph-store.js'
import type { MemoryFacets } from './memory-facets.js'
import { isReachedBy, isRelatedBy } from './neighbourhood.js'
import { firstInOrder } from './ordering.js'
import { scopeTest } from './scope-test.js'
import { countByType } from './store-overview.js'
import { selectByText, type TextSelection } from './text-selection.js'

type Hit = { readonly id: string; readonly facets: MemoryFacets; readonly rank: number }
type Test = (id: string, facets: MemoryFacets) => boolean

/** A page of memories that meet criteria. */
export function memoryPage(store: GraphStore, page: MemoryPage): NodeRow[] {
  const text = page.criteria.text && selectByText(store, page.criteria.text)
  const end = page.offset + page.limit
  const hits =
    page.order === 'id'
      ? firstOf(hitsOf(store, page.criteria, text, idsAfter(store, page.afterId)), end)
      : firstInOrder(hitsOf(store, page.criteria, text, null), end, orderOf(page.order, text))
  return hits.slice(page.offset).flatMap(({ id }) => {
    const row = store.nodeRow(id)
    return row ? [row] : []
  })
}

/** How many memories meet criteria. */
export function countMemories(store: GraphStore, criteria: MemoryCriteria): number {
  let count = 0
  for (const _hit of allHits(store, criteria)) count++
  return count
}

/** How many memories meet criteria, by type. */
export function countMemoriesByType(store: GraphStore, criteria: MemoryCriteria): { [type: string]: number } {
  return countByType([...allHits(store, criteria)].map((hit) => hit.facets))
}

/** A test whether nodes are memories that meet criteria, which name no text. */
export function memoryTest(store: GraphStore, criteria: MemoryCriteria): (id: string) => boolean {
  const tests = testsOf(store, criteria)
  return (id) => {
    const facets = store.facets.get(id)
    return facets !== undefined && tests.every((test) => test(id, facets))
  }
}

function allHits(store: GraphStore, criteria: MemoryCriteria): Iterable<Hit> {
  return hitsOf(store, criteria, criteria.text && selectByText(store, criteria.text), null)
}

/** The memories that meet criteria; among `ids` and in their order, or in any. */
function* hitsOf(
  store: GraphStore,
  criteria: MemoryCriteria,
  text: TextSelection | null,
  ids: Iterable<string> | null,
): Generator<Hit, void, undefined> {
  const tests = testsOf(store, criteria)
  for (const id of ids ?? text?.relevance?.keys() ?? store.facets.keys()) {
    const facets = store.facets.get(id)
    if (!facets || !tests.every((test) => test(id, facets))) continue
    if (text === null) yield { id, facets, rank: 0 }
    else if (text.holds(id, facets)) yield { id, facets, rank: rankOf(id, facets, text) }
  }
}

function idsAfter(store: GraphStore, afterId: string | null): Iterable<string> {
  return store.idsOf(MEMORY_LABEL).after(afterId)
}

function rankOf(id: string, facets: MemoryFacets, text: TextSelection): number {
  return text.relevance ? (text.relevance.get(id) ?? 0) : Number(text.inTitle(facets))
}

function orderOf(order: MemoryOrder, text: TextSelection | null): (a: Hit, b: Hit) => number {
  if (order === 'created') return (a, b) => newestFirst(a, b) || compareText(a.id, b.id)
  if (text?.relevance) return (a, b) => b.rank - a.rank || compareText(a.id, b.id)
  return (a, b) =>
    b.rank - a.rank ||
    b.facets.importance - a.facets.importance ||
    newestFirst(a, b) ||
    compareText(a.id, b.id)
}

function newestFirst(a: Hit, b: Hit): number {
  return compareText(b.facets.createdAt, a.facets.createdAt)
}

function firstOf<Item>(items: Iterable<Item>, count: number): Item[] {
  const first: Item[] = []
  if (count <= 0) return first
  for (const item of items) if (first.push(item) >= count) break
  return first
}

/** A test for each criterion that asks for something, the cheap ones first. */
function testsOf(store: GraphStore, criteria: MemoryCriteria): Test[] {
  const { projectPath } = criteria
  const isInside = scopeTest(store, criteria.within)
  return [
    ...(isInside ? [isInside] : []),
    ...oneOfIds(criteria.ids),
    ...oneOf(criteria.types, (facets) => [facets.type]),
    ...(projectPath === null
      ? []
      : [(_id: string, facets: MemoryFacets) => facets.projectPath === projectPath]),
    ...atLeast(criteria.minImportance, (facets) => facets.importance),
    ...atLeast(criteria.minConfidence, (facets) => facets.confidence),
    ...atLeast(criteria.minEffectiveness, (facets) => facets.effectiveness),
    ...createdWithin(criteria),
    ...oneOf(criteria.tags, (facets) => facets.tags),
    ...oneOf(criteria.languages, (facets) => facets.languages),
    ...oneOf(criteria.frameworks, (facets) => facets.frameworks),
    ...relationshipTests(store, criteria, isInside),
  ]
}

function oneOfIds(ids: readonly string[] | null): Test[] {
  if (ids === null) return []
  const wanted = new Set(ids)
  return [(id) => wanted.has(id)]
}

function oneOf(wanted: readonly string[], valuesOf: (facets: MemoryFacets) => readonly string[]): Test[] {
  if (wanted.length === 0) return []
  const set = new Set(wanted)
  return [(_id, facets) => valuesOf(facets).some((value) => set.has(value))]
}

function atLeast(minimum: number | null, measure: (facets: MemoryFacets) => number | null): Test[] {
  if (minimum === null) return []
  return [(_id, facets) => (measure(facets) ?? Number.NEGATIVE_INFINITY) >= minimum]
}

// A memory without a time of creation is in no span of time.
function createdWithin({ createdAfter, createdBefore }: MemoryCriteria): Test[] {
  if (createdAfter === null && createdBefore === null) return []
  return [
    (_id, { createdAt }) =>
      createdAt !== '' &&
      (createdAfter === null || createdAt >= createdAfter) &&
      (createdBefore === null || createdAt <= createdBefore),
  ]
}

function relationshipTests(
  store: GraphStore,
  { relatedBy, relatedAt, notReachedBy }: MemoryCriteria,
  isInside: ((id: string) => boolean) | null,
): Test[] {
  const [related, reached] = [new Set(relatedBy), new Set(notReachedBy)]
  return [
    ...(related.size > 0 ? [(id: string) => isRelatedBy(store, id, related, relatedAt, isInside)] : []),
    ...(reached.size > 0 ? [(id: string) => !isReachedBy(store, id, reached, isInside)] : []),
  ]
}
