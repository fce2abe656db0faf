import type { GraphTransaction } from '../backends/graph-backend.js'
import { BackendError, MemoryError, type MemoryErrorCode } from '../errors.js'
import type { Scope } from '../model/scope.js'
import type { ConflictPolicy } from './conflict-policy.js'
import type { ImportReport } from './import-report.js'

/** Where an import writes: a backend, or one transaction of it. */
export type ImportTarget = Pick<
  GraphTransaction,
  | 'getNodes'
  | 'putNodes'
  | 'listRelationships'
  | 'createRelationships'
  | 'updateRelationshipProperties'
  | 'getEmbeddings'
  | 'setEmbeddings'
>

/** What the parts of an import share. */
export type ImportRun = {
  /** Looks at what is stored and writes accordingly, with nobody else's write in between. */
  readonly inWrite: (work: (target: ImportTarget) => Promise<void>) => Promise<void>
  readonly policy: ConflictPolicy
  /** What the target stamps all that it stores with. */
  readonly scope: Scope
  /** Whether the target can keep earlier versions. */
  readonly keepsHistory: boolean
  /** Whether the target can keep vectors. */
  readonly keepsVectors: boolean
  /** Nodes that were stored with other content, and what became of them: their vectors go the same way. */
  readonly conflicts: Map<string, 'replaced' | 'kept'>
  /** Whether what was written is read back and compared. */
  readonly verify: boolean
  readonly report: ImportReport
  /** Counts records as dealt with, and stops the import when the caller wants that. */
  readonly advance: (records: number) => void
}

/** Records written at a time: few enough to be held in memory, enough that a commit costs little. */
export const BATCH_SIZE = 5000

const LEAST_PART = 64

/**
 * Hands records over in parts. What writes a part can be taken back by itself, for which the engine notes pages as they were: the
 * more it has noted, the longer each row takes. Over a network each part takes its time whatever its size. So parts double
 * while that makes a record cheaper.
 */
export async function inParts<Value>(
  records: readonly Value[],
  write: (part: readonly Value[]) => Promise<void>,
): Promise<void> {
  let size = LEAST_PART
  let each = Number.POSITIVE_INFINITY
  for (let start = 0; start < records.length; ) {
    const part = records.slice(start, start + size)
    const before = performance.now()
    await write(part)
    const now = (performance.now() - before) / part.length
    size = now < each * 0.8 ? size * 2 : Math.max(LEAST_PART, Math.floor(size / 2))
    each = now
    start += part.length
  }
}

/** Errors that lie in a record, so that the others can still be stored. */
const FAULTS_OF_A_RECORD: ReadonlySet<MemoryErrorCode> = new Set([
  'MG_VALIDATION',
  'MG_CONFLICT',
  'MG_RELATIONSHIP',
  'MG_NOT_FOUND',
  'MG_CORRUPT',
])

/** The message of an error that lies in a record; others are thrown on. */
export function reasonOf(error: unknown): string {
  if (MemoryError.is(error) && FAULTS_OF_A_RECORD.has(error.code)) return error.message
  throw error
}

/** Writes records as one; where the fault of one of them prevents that, halves them until only that one is refused. */
export async function writeTogether<Value>(
  records: readonly Value[],
  write: (records: readonly Value[]) => Promise<void>,
  refuse: (record: Value, error: unknown) => Promise<void> | void,
): Promise<void> {
  const [first] = records
  if (first === undefined) return
  try {
    await write(records)
  } catch (error) {
    reasonOf(error)
    if (records.length === 1) return refuse(first, error)
    const half = Math.ceil(records.length / 2)
    await writeTogether(records.slice(0, half), write, refuse)
    await writeTogether(records.slice(half), write, refuse)
  }
}

/** That what was written reads differently. */
export function notAsWritten(kind: string, id: string): BackendError {
  return new BackendError(
    `The ${kind} ${JSON.stringify(id)} does not read as it was written: somebody else writes to the same place; try again`,
    { details: { kind, id } },
  )
}

/** That the caller stopped an import. */
export function importAborted(done: number, total: number | null, cause: unknown): MemoryError {
  return new MemoryError(
    `The import was stopped after ${done} records; batches that were stored stay, unless it was atomic: run it again to import the rest`,
    { code: 'MG_ABORTED', details: { done, total }, cause },
  )
}
