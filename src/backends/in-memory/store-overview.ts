import { MAX_TITLE_CHARACTERS } from '../../model/memory.js'
import { MEMORY_TYPES } from '../../model/memory-type.js'
import { MEMORY_LABEL } from '../../model/node.js'
import type { DriverHealth, StatisticsRow } from '../graph-driver.js'
import type { GraphStore } from './graph-store.js'
import type { MemoryFacets } from './memory-facets.js'

const KNOWN_TYPES: ReadonlySet<string> = new Set(MEMORY_TYPES)

/** Counts and averages over all readable memories. */
export function statisticsOf(store: GraphStore): StatisticsRow {
  return {
    byType: countByType(store.facets.values()),
    relationships: store.graph.size,
    averageImportance: averageOf(store, (facets) => facets.importance),
    averageConfidence: averageOf(store, (facets) => facets.confidence),
  }
}

/** How many memories there are of each type. */
export function countByType(memories: Iterable<MemoryFacets>): { [type: string]: number } {
  const counts = new Map<string, number>()
  for (const { type } of memories) counts.set(type, (counts.get(type) ?? 0) + 1)
  return Object.fromEntries(counts)
}

/** The store's part of a health report. */
export function healthOf(store: GraphStore): DriverHealth {
  const unreadable = store.idsOf(MEMORY_LABEL).size - store.facets.size
  return {
    version: null,
    schema_version: null,
    node_count: store.graph.order,
    relationship_count: store.graph.size,
    memory_count: store.facets.size,
    database_size_bytes: null,
    degraded: unreadable > 0,
    warnings: [
      ...warning(
        unreadable,
        'have properties that are not a JSON object: they are left out of searches and counts',
      ),
      ...warning(countWhere(store, isUnknownType), 'have a type that is not one of the known ones'),
      ...warning(
        countWhere(store, isLongTitle),
        `have a title of more than ${MAX_TITLE_CHARACTERS} characters`,
      ),
    ],
  }
}

function averageOf(store: GraphStore, measure: (facets: MemoryFacets) => number): number | null {
  let sum = 0
  for (const facets of store.facets.values()) sum += measure(facets)
  return store.facets.size === 0 ? null : sum / store.facets.size
}

function countWhere(store: GraphStore, test: (facets: MemoryFacets) => boolean): number {
  let count = 0
  for (const facets of store.facets.values()) if (test(facets)) count++
  return count
}

function isUnknownType({ type }: MemoryFacets): boolean {
  return !KNOWN_TYPES.has(type)
}

function isLongTitle({ title }: MemoryFacets): boolean {
  return title.length > MAX_TITLE_CHARACTERS && [...title].length > MAX_TITLE_CHARACTERS
}

function warning(count: number, what: string): string[] {
  return count === 0 ? [] : [`Memories that ${what}: ${count}`]
}
