import type { GraphBackend, GraphTransaction } from '../backends/graph-backend.js'
import { MemoryNotFoundError, ValidationError } from '../errors.js'
import type { Memory } from '../model/memory.js'
import { MEMORY_LABEL } from '../model/node.js'
import type { Relationship } from '../model/relationship.js'
import { mergedMemory, mergedProperties } from './merged-memory.js'

/** A relationship a time, each of which may cross a network. */
const MERGE_TIME = { timeoutMs: 600_000 }

/** What {@link mergeMemories} did. */
export type MergeReport = {
  /** The memory that is left. */
  id: string
  /** Those that are gone, in the order given. */
  merged: string[]
  /** What they were: complete, since of texts and context the kept one takes over only what it lacks. */
  merged_memories: Memory[]
  /** How many relationships lead to or from the one that is left now, and did not before. */
  moved_relationships: number
  /** Those that joined the merged memories to each other, which nothing is left to join: complete, so that nothing is lost unsaid. */
  dropped_relationships: Relationship[]
}

/**
 * Makes one memory of several that say the same, all in one write. The one that is kept gets what it lacks of the others: their tags, titles,
 * their context, and, below its own, contents that its own does not hold; the greater importance, confidence and
 * effectiveness, the earliest creation, the sum of uses. `context.additional_metadata.merged_from` names the others. Their
 * relationships, also those that have ended, become its own, with their ids and all that they are; then the others are deleted, with their earlier
 * versions. What the kept memory was before is in its history. Cycles are not looked for. In a view of a scope, relationships of the
 * others to what is outside go with them, as with any deletion.
 *
 * @throws `MG_NOT_FOUND` one of them does not exist · `MG_VALIDATION` one is named twice, or together they are too large
 */
export async function mergeMemories(
  backend: Pick<GraphBackend, 'transaction'>,
  keepId: string,
  dropIds: readonly string[],
): Promise<MergeReport> {
  checkIds(keepId, dropIds)
  return backend.transaction(async (tx) => {
    const others = await takeOver(tx, keepId, dropIds)
    const { moved, dropped } = await moveRelationships(tx, keepId, new Set(dropIds))
    await tx.deleteNodes(dropIds)
    return {
      id: keepId,
      merged: [...dropIds],
      merged_memories: others,
      moved_relationships: moved,
      dropped_relationships: dropped,
    }
  }, MERGE_TIME)
}

function checkIds(keepId: string, dropIds: readonly string[]): void {
  if (!Array.isArray(dropIds) || dropIds.length === 0)
    throw new ValidationError('Invalid ids to merge: must be an array of at least one id')
  const ids = [keepId, ...dropIds]
  const repeated = ids.find((id, at) => ids.indexOf(id) < at)
  if (repeated !== undefined)
    throw new ValidationError(`Invalid ids to merge: ${JSON.stringify(repeated)} is named twice`)
}

async function takeOver(tx: GraphTransaction, keepId: string, dropIds: readonly string[]): Promise<Memory[]> {
  const [memories, nodes] = [
    await tx.getMemories([keepId, ...dropIds]),
    await tx.getNodes([keepId, ...dropIds]),
  ]
  const found = new Set(memories.map(({ id }) => id))
  const missing = [keepId, ...dropIds].find((id) => !found.has(id))
  if (missing !== undefined) {
    throw new MemoryNotFoundError(`No memory has the id ${JSON.stringify(missing)}: nothing was merged`, {
      details: { id: missing },
    })
  }
  const [kept, ...others] = memories as [(typeof memories)[number], ...typeof memories]
  const properties = mergedProperties(nodes)
  if (properties) await tx.putNodes([{ id: keepId, label: MEMORY_LABEL, properties }])
  await tx.updateMemory(mergedMemory(kept, others))
  return others
}

async function moveRelationships(
  tx: GraphTransaction,
  keepId: string,
  dropIds: ReadonlySet<string>,
): Promise<{ moved: number; dropped: Relationship[] }> {
  const placeOf = (id: string): string => (dropIds.has(id) ? keepId : id)
  const relationships: Relationship[] = []
  for await (const relationship of tx.listRelationships({ memoryIds: [...dropIds] }))
    relationships.push(relationship)
  const dropped: Relationship[] = []
  for (const relationship of relationships) {
    const ends = {
      from_memory_id: placeOf(relationship.from_memory_id),
      to_memory_id: placeOf(relationship.to_memory_id),
    }
    if (ends.from_memory_id === ends.to_memory_id) dropped.push(relationship)
    else await tx.updateRelationshipProperties(relationship.id, {}, ends)
  }
  return { moved: relationships.length - dropped.length, dropped }
}
