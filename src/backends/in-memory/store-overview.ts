import { MEMORY_LABEL } from '../../model/node.js'
import type { DriverHealth, StatisticsRow } from '../graph-driver.js'
import { outsideLimitsWarning, unreadableWarning } from '../health-warnings.js'
import type { GraphStore } from './graph-store.js'
import type { MemoryFacets } from './memory-facets.js'

/** Counts and averages over all readable memories. */
export function statisticsOf(store: GraphStore): StatisticsRow {
  return {
    byType: countByType(store.facets.values()),
    relationships: store.graph.size,
    averageImportance: averageOf(store, (facets) => facets.importance),
    averageConfidence: averageOf(store, (facets) => facets.confidence),
  }
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

function averageOf(store: GraphStore, measure: (facets: MemoryFacets) => number): number | null {
  let sum = 0
  for (const facets of store.facets.values()) sum += measure(facets)
  return store.facets.size === 0 ? null : sum / store.facets.size
}
