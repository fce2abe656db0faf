import type { GraphBackend } from '../backends/graph-backend.js'
import type { Relationship } from '../model/relationship.js'
import { oneLine } from './output.js'
import { printTime } from './print-memory.js'
import { alignColumns } from './print-table.js'

/** The titles of the memories that relationships join. */
export async function titlesOf(
  backend: GraphBackend,
  relationships: readonly Relationship[],
): Promise<Map<string, string>> {
  const ids = relationships.flatMap(({ from_memory_id, to_memory_id }) => [from_memory_id, to_memory_id])
  const memories = await backend.getMemories([...new Set(ids)])
  return new Map(memories.map(({ id, title }) => [id, title]))
}

/** Relationships as a table: when each held, what it says, and its id. */
export function printRelationships(
  relationships: readonly Relationship[],
  titles: ReadonlyMap<string, string>,
): string {
  const name = (id: string): string => `"${oneLine(titles.get(id) ?? id)}"`
  const rows = relationships.map(({ id, type, from_memory_id, to_memory_id, properties }) => [
    printTime(properties.valid_from),
    properties.valid_until === null ? 'until now' : `until ${printTime(properties.valid_until)}`,
    `${name(from_memory_id)} ${oneLine(type)} ${name(to_memory_id)}`,
    oneLine(id),
  ])
  return alignColumns(rows, '  ')
}
