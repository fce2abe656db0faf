import type { GraphBackend } from '../backends/graph-backend.js'
import { findCycles as cyclesAmong, type Edge } from '../graph/cycles/find-cycle.js'
import { isSymmetricType, type RelationshipType } from '../model/relationship-type.js'

/** Ids along a cycle of one type, the first again at the end. */
export type RelationshipCycle = { type: string; path: string[] }

/**
 * Cycles among current relationships, of one type or of each that holds in one direction: one of the shortest of each part of the
 * graph that has any. By type, then by the first id.
 */
export async function findCycles(
  backend: Pick<GraphBackend, 'listRelationships'>,
  type?: RelationshipType | null,
): Promise<RelationshipCycle[]> {
  const edges = new Map<string, Edge[]>()
  const filter = { includeInvalidated: false, relationshipTypes: type ? [type] : null }
  for await (const { type: found, from_memory_id, to_memory_id } of backend.listRelationships(filter)) {
    if (isSymmetricType(found)) continue
    const ofType = edges.get(found) ?? []
    edges.set(found, ofType)
    ofType.push({ from: from_memory_id, to: to_memory_id })
  }
  return [...edges.keys()]
    .sort()
    .flatMap((found) => cyclesAmong(edges.get(found) ?? []).map((path) => ({ type: found, path })))
}
