/**
 * What can be wrong with a database.
 * - `file`: its pages, or the engine's own indexes of them
 * - `schema`: tables, indexes or triggers of this library are missing
 * - `search-text`: what searches look through is missing, superfluous, or not what is stored
 * - `search-facets`: the same for what searches filter and order by
 * - `context`: the same for what relationships say of themselves
 * - `versions`: earlier versions of what is not there, or counted wrong
 * - `embeddings`: vectors of what is not there, incomplete, or counted wrong
 * - `orphaned-relationship`: a memory at one of its ends is not there
 * - `dangling-invalidator`: it is said to be invalidated by a relationship that is not there
 * - `unreadable`: a memory whose properties are no JSON object
 * - `temporal`: the times in the properties of a relationship are not those of its columns, which count; harmless
 */
export const PROBLEM_KINDS = [
  'file',
  'schema',
  'search-text',
  'search-facets',
  'context',
  'versions',
  'embeddings',
  'orphaned-relationship',
  'dangling-invalidator',
  'unreadable',
  'temporal',
] as const

/** One of {@link PROBLEM_KINDS}. */
export type ProblemKind = (typeof PROBLEM_KINDS)[number]

/** Something that is wrong. */
export type IntegrityProblem = {
  kind: ProblemKind
  count: number
  /** Of the first 20: ids of memories or relationships, names of what is missing, what the engine said. */
  ids: string[]
  /** A sentence. */
  what: string
  /** Whether `repair` ends it. */
  repairable: boolean
  /** Whether it keeps nothing from working. */
  harmless: boolean
}

/** What was looked for; `skipped` says why something was not. */
export type IntegrityCheck = { kind: ProblemKind; skipped: string | null }

/** What a check found. */
export type IntegrityReport = {
  /** Whether there is no problem but harmless ones. */
  ok: boolean
  problems: IntegrityProblem[]
  checked: IntegrityCheck[]
}

/** A relationship as its row is, with properties as they are stored. */
export type StoredRelationship = { [column: string]: string | null }

/** What a repair found and did. */
export type RepairReport = {
  dry_run: boolean
  /** What was wrong before. */
  found: IntegrityProblem[]
  /** How many entries of each kind were put right, or would be. */
  repaired: { kind: ProblemKind; count: number }[]
  /** Relationships that were deleted, or would be, since one of their ends is not there: all there was of them. */
  deleted_relationships: StoredRelationship[]
  /** What is still wrong. */
  remaining: IntegrityProblem[]
  /** Whether nothing but harmless problems is left. */
  ok: boolean
}
