import type { GraphBackend } from '../backends/graph-backend.js'
import type { Relationship } from '../model/relationship.js'
import { contradictionOf } from './contradictory-types.js'

/** Two relationships that cannot both be right. */
export type Contradiction = {
  /** The one with the lesser id first. */
  relationships: [Relationship, Relationship]
  reason: string
}

/**
 * Contradictions among the current relationships of a memory: of two that join the same two memories in the same direction, as
 * SOLVES and INEFFECTIVE_FOR do. In the order of the relationships' ids.
 */
export async function findContradictions(
  backend: Pick<GraphBackend, 'listRelationships'>,
  memoryId: string,
): Promise<Contradiction[]> {
  const byEnds = new Map<string, Relationship[]>()
  const filter = { memoryIds: [memoryId], includeInvalidated: false }
  for await (const relationship of backend.listRelationships(filter)) {
    const ends = JSON.stringify([relationship.from_memory_id, relationship.to_memory_id])
    byEnds.set(ends, [...(byEnds.get(ends) ?? []), relationship])
  }
  return [...byEnds.values()].flatMap(contradictionsIn)
}

function contradictionsIn(relationships: readonly Relationship[]): Contradiction[] {
  return relationships.flatMap((one, at) =>
    relationships.slice(at + 1).flatMap((other): Contradiction[] => {
      const reason = contradictionOf(one.type, other.type)
      return reason === null ? [] : [{ relationships: [one, other], reason }]
    }),
  )
}
