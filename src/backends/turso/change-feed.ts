import { breathe } from '../breathe.js'
import { query, readValues, type SqlTransaction } from './sql-source.js'
import { PRUNE_CHANGES, SELECT_CHANGE_SPAN } from './statements.js'

/** Changes the feed keeps: more than anyone who follows it falls behind, and a few megabytes at most. */
export const KEPT_CHANGES = 100_000
/** How far beyond that it may grow before it is cut back. */
const PRUNING_SLACK = 1.1
/** Changes dropped at a time; some milliseconds of work. */
const PRUNING_STEP = 5_000

/** Cuts the feed back: in steps, since one bulk can have left many; at the end of each write, since no other moment is sure to come. */
export async function pruneChanges(transaction: SqlTransaction): Promise<void> {
  const span = async (): Promise<number> =>
    Number((await readValues(transaction, query(SELECT_CHANGE_SPAN)))[0] ?? 0)
  if ((await span()) <= KEPT_CHANGES * PRUNING_SLACK) return
  while ((await span()) >= KEPT_CHANGES) {
    await transaction.run([query(PRUNE_CHANGES, KEPT_CHANGES, PRUNING_STEP)])
    await breathe()
  }
}
