import { MemoryError } from '../../../errors.js'
import type { Progress } from '../../graph-backend.js'
import type { SqlDatabase, SqlSource } from '../sql-source.js'
import { sumOf } from './promote-report.js'
import type { Promotion } from './promotion.js'

/** What copying and verifying work with. */
export type PromoteRun = {
  /** The file, which nobody writes meanwhile. */
  readonly local: SqlSource
  readonly primary: SqlDatabase
  readonly promotion: Promotion
  readonly merge: boolean
  /** Whether this call goes on where an earlier one was interrupted. */
  readonly isResumed: boolean
  /** The ids of rows of which the primary's version stayed, as far as this call has seen them. */
  readonly kept: Set<string>
  /** The ids of memories of which earlier versions on the primary stayed that are other ones, as far as this call has seen them. */
  readonly keptHistories: Set<string>
  /** How many rows the file has, how many earlier versions, and how many embeddings. */
  readonly total: number
  readonly signal: AbortSignal | undefined
  readonly onProgress: ((progress: Progress) => void) | undefined
}

/** Rows read, sent and compared at once: a request of some megabytes at most, which a primary stores well within 5 seconds. */
export const PAGE_ROWS = 300
export const PAGE_BYTES = 2_000_000

/** Tells how many rows are copied, by this call and those it goes on from. */
export function reportCopied({ promotion, total, onProgress }: PromoteRun): void {
  const { nodes, relationships, versions, embeddings } = promotion.note
  const done = sumOf(nodes) + sumOf(relationships) + versions + embeddings
  onProgress?.({ done, total, phase: 'copying' })
}

/** Rejects with `MG_ABORTED` when the signal has fired. */
export function throwIfStopped(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return
  throw new MemoryError(
    'Stopped by the caller: the file is as it was, and what was copied stays on the primary: the next promotion goes on there',
    { code: 'MG_ABORTED', cause: signal.reason },
  )
}
