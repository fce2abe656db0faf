import type { GraphBackend } from '../backends/graph-backend.js'
import { ValidationError } from '../errors.js'
import type { MemoryType } from '../model/memory-type.js'
import { toTimestamp } from '../model/timestamp.js'

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

const KNOWN: ReadonlySet<string> = new Set([
  'olderThan',
  'minImportance',
  'memoryTypes',
  'projectPath',
  'keepTags',
  'keepRelated',
  'dryRun',
])

/**
 * Deletes memories that are old, or not important, with their relationships and versions: all in one write, or none. Returns their
 * ids, in order.
 *
 * @throws `MG_VALIDATION` an option is unknown or does not fit, or neither `olderThan` nor `minImportance` is given
 */
export async function prune(
  backend: Pick<GraphBackend, 'listMemories' | 'getRelatedMemories' | 'deleteNodes'>,
  options: PruneOptions,
): Promise<PruneReport> {
  const { memoryTypes, projectPath, keepTags = [], keepRelated = false, dryRun = false } = options
  const { before, below } = limitsOf(options)
  const kept = new Set(keepTags.map((tag) => tag.trim().toLowerCase()))
  const ids: string[] = []
  for await (const memory of backend.listMemories({ memory_types: memoryTypes, project_path: projectPath })) {
    const isOld = before === null || memory.updated_at < before
    const isUnimportant = below === null || memory.importance < below
    if (!isOld || !isUnimportant || memory.tags.some((tag) => kept.has(tag))) continue
    if (keepRelated && (await backend.getRelatedMemories(memory.id, { maxDepth: 1, limit: 1 })).length > 0)
      continue
    ids.push(memory.id)
  }
  if (!dryRun && ids.length > 0) await backend.deleteNodes(ids)
  return { ids, dry_run: dryRun }
}

function limitsOf(options: PruneOptions): { before: string | null; below: number | null } {
  const unknown = Object.keys(options).find((key) => !KNOWN.has(key))
  if (unknown !== undefined)
    throw new ValidationError(`Unknown option ${JSON.stringify(unknown)}: it takes ${[...KNOWN].join(', ')}`)
  const { olderThan, minImportance } = options
  const before = olderThan === undefined ? null : toTimestamp(olderThan)
  if (olderThan !== undefined && before === null)
    throw new ValidationError(
      `Invalid olderThan: must be a Date or an ISO 8601 time (got ${String(olderThan)})`,
    )
  if (minImportance !== undefined && !(minImportance >= 0 && minImportance <= 1))
    throw new ValidationError(`Invalid minImportance: must be 0 to 1 (got ${String(minImportance)})`)
  if (before === null && minImportance === undefined)
    throw new ValidationError('Nothing says what to prune: give olderThan or minImportance')
  return { before, below: minImportance ?? null }
}
