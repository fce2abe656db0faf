import { MEMORY_LABEL } from '../../model/node.js'
import type { DriverHealth, StatisticsRow } from '../graph-driver.js'
import { outsideLimitsWarning, unreadableWarning } from '../health-warnings.js'
import type { GraphStore } from './graph-store.js'
import type { MemoryFacets } from './memory-facets.js'

/** Counts and averages over all readable memories, or those that pass a test. */
export function statisticsOf(store: GraphStore, isInside: ((id: string) => boolean) | null): StatisticsRow {
  const memories = isInside
    ? [...store.facets].flatMap(([id, facets]) => (isInside(id) ? [facets] : []))
    : [...store.facets.values()]
  return {
    byType: countByType(memories),
    relationships: isInside ? countJoined(store, isInside) : store.graph.size,
    averageImportance: averageOf(memories, (facets) => facets.importance),
    averageConfidence: averageOf(memories, (facets) => facets.confidence),
  }
}

/** How many relationships have both ends among the nodes that pass a test. */
export function countJoined(store: GraphStore, isInside: (id: string) => boolean): number {
  return store.graph.reduceEdges(
    (count, _id, { row }) => count + Number(isInside(row.from_id) && isInside(row.to_id)),
    0,
  )
}

/** How many memories there are of each type; those without one under the empty text. */
export function countByType(memories: Iterable<MemoryFacets>): { [type: string]: number } {
  const counts = new Map<string, number>()
  for (const { type } of memories) counts.set(type, (counts.get(type) ?? 0) + 1)
  return Object.fromEntries(counts)
}

/** The store's part of a health report. Takes no longer for a large store. */
export function healthOf(store: GraphStore): DriverHealth {
  const memories = store.idsOf(MEMORY_LABEL).size
  const unreadable = memories - store.facets.size
  const outside = store.memoriesOutsideLimits
  return {
    version: null,
    schema_version: null,
    node_count: store.graph.order,
    relationship_count: store.graph.size,
    memory_count: memories,
    database_size_bytes: null,
    degraded: unreadable > 0,
    warnings: [
      ...(unreadable > 0 ? [unreadableWarning(unreadable)] : []),
      ...(outside > 0 ? [outsideLimitsWarning(outside)] : []),
    ],
  }
}

function averageOf(
  memories: readonly MemoryFacets[],
  measure: (facets: MemoryFacets) => number,
): number | null {
  let sum = 0
  for (const facets of memories) sum += measure(facets)
  return memories.length === 0 ? null : sum / memories.length
}
