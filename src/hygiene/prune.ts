import type { GraphBackend, GraphTransaction } from '../backends/graph-backend.js'
import { pruneOptionsSchema } from '../model/hygiene-options.js'
import type { Memory } from '../model/memory.js'
import type { MemoryType } from '../model/memory-type.js'
import { toTimestamp } from '../model/timestamp.js'
import { validate } from '../model/validation.js'

/** Which memories {@link prune} deletes: those that meet all that is given, of which one of the first two must be. */
export type PruneOptions = {
  /** Not changed since this instant. */
  readonly olderThan?: string | Date | undefined
  /** Less important than this, 0 to 1. */
  readonly minImportance?: number | undefined
  /** Only of these types. Default, and the empty list, is all. */
  readonly memoryTypes?: readonly (MemoryType | (string & {}))[] | undefined
  /** Only of exactly this project. */
  readonly projectPath?: string | undefined
  /** None that has any of these tags. */
  readonly keepTags?: readonly string[] | undefined
  /** None that is joined to another by a current relationship. Default is false. */
  readonly keepRelated?: boolean | undefined
  /** Whether nothing is deleted. Default is false. */
  readonly dryRun?: boolean | undefined
}

/** What {@link prune} deleted, or would have. */
export type PruneReport = { ids: string[]; dry_run: boolean }

/** Memories that are looked at again, with their contents, at a time. */
const MEMORIES_AT_A_TIME = 100
/** As long as it takes. */
const TIMEOUT_MS = 24 * 60 * 60 * 1000

type Criteria = ReturnType<typeof pruneOptionsSchema.parse>

/**
 * Deletes memories that are old, or not important, with their relationships and versions: all in one write, or none. Those that were
 * changed while the others were looked for are looked at again; one whose time of change cannot be read is not old. Returns
 * their ids, in order.
 *
 * @throws `MG_VALIDATION` an option is unknown or does not fit, or neither `olderThan` nor `minImportance` is given
 */
export async function prune(
  backend: Pick<GraphBackend, 'listMemories' | 'getRelatedMemories' | 'transaction'>,
  options: PruneOptions,
): Promise<PruneReport> {
  const criteria = validate(pruneOptionsSchema, options, 'prune options')
  const filter = { memory_types: criteria.memoryTypes, project_path: criteria.projectPath }
  const found = await selectFrom(backend.listMemories(filter), backend, criteria)
  if (criteria.dryRun || found.length === 0) return { ids: found, dry_run: criteria.dryRun }
  const ids = await backend.transaction((tx) => deleteAmong(tx, found, criteria), { timeoutMs: TIMEOUT_MS })
  return { ids, dry_run: false }
}

/** Deletes those that are still to be deleted. */
async function deleteAmong(
  tx: GraphTransaction,
  found: readonly string[],
  criteria: Criteria,
): Promise<string[]> {
  const ids: string[] = []
  for (let start = 0; start < found.length; start += MEMORIES_AT_A_TIME) {
    const memories = await tx.getMemories(found.slice(start, start + MEMORIES_AT_A_TIME))
    ids.push(...(await selectFrom(memories, tx, criteria)))
  }
  await tx.deleteNodes(ids)
  return ids
}

async function selectFrom(
  memories: AsyncIterable<Memory> | Iterable<Memory>,
  graph: Pick<GraphTransaction, 'getRelatedMemories'>,
  criteria: Criteria,
): Promise<string[]> {
  const ids: string[] = []
  for await (const memory of memories) {
    if (!isMeant(memory, criteria)) continue
    const isKept =
      criteria.keepRelated &&
      (await graph.getRelatedMemories(memory.id, { maxDepth: 1, limit: 1 })).length > 0
    if (!isKept) ids.push(memory.id)
  }
  return ids
}

function isMeant(memory: Memory, criteria: Criteria): boolean {
  const { olderThan, minImportance, memoryTypes, projectPath, keepTags } = criteria
  const changedAt = toTimestamp(memory.updated_at)
  if (olderThan !== undefined && (changedAt === null || changedAt >= olderThan)) return false
  if (minImportance !== undefined && memory.importance >= minImportance) return false
  if (memoryTypes.length > 0 && !memoryTypes.includes(memory.type)) return false
  if (projectPath !== undefined && memory.context?.project_path !== projectPath) return false
  return !memory.tags.some((tag) => keepTags.includes(tag.trim().toLowerCase()))
}
