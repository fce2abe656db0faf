import { MemoryError } from '../../../errors.js'
import type { Query, SqlRow } from '../sql-source.js'
import type { Pages } from './local-rows.js'
import { PAGE_BYTES, PAGE_ROWS, type PromoteRun, reportCopied, throwIfStopped } from './promote-run.js'
import type { Batch } from './promotion.js'

/** How often in a row a batch may be lost to another writer; each time those that follow have a quarter of its rows. */
const MAX_LOST = 8

/** What a batch reads of the primary, and what it makes of that. */
export type PreparedBatch = {
  readonly reads: readonly Query[]
  readonly next: (results: SqlRow[][], isAlone: boolean) => Batch
}

/** Copies the rows of a file, from where this stage of the promotion is to their end, one page as one batch. */
export async function copyPages<Row>(
  run: PromoteRun,
  pages: Pages<Row>,
  prepare: (rows: readonly Row[]) => PreparedBatch | Promise<PreparedBatch>,
): Promise<void> {
  const { promotion, signal } = run
  let share = 1
  for (let lost = 0; ; ) {
    throwIfStopped(signal)
    const limits = { rows: Math.ceil(PAGE_ROWS * share), bytes: PAGE_BYTES * share }
    const rows = await pages.read(promotion.note.after, limits)
    const last = rows.at(-1)
    if (last === undefined) return
    const { reads, next } = await prepare(rows)
    try {
      const after = pages.positionOf(last)
      await promotion.step(reads, (results, isAlone) => ({ ...next(results, isAlone), after }))
      lost = 0
    } catch (error) {
      if (!MemoryError.is(error) || error.code !== 'MG_TRANSACTION_LOST' || lost++ === MAX_LOST) throw error
      share /= 4
    }
    reportCopied(run)
  }
}
