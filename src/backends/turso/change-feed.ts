import { breathe } from '../../breathe.js'
import { type Query, query, type SqlTransaction } from './sql-source.js'
import { PRUNE_CHANGES } from './statements.js'

/** Changes the feed keeps: more than anyone who follows it falls behind, and a few megabytes at most. */
const KEPT_CHANGES = 100_000n
/** Changes dropped at a time; some milliseconds of work. */
const PRUNING_STEP = 10_000n

/** Cuts the feed back by a step if it has grown too long. For the end of each write, since no other moment is sure to come. */
export const PRUNE_FEED: Query = query(PRUNE_CHANGES, KEPT_CHANGES, PRUNING_STEP)

/** Cuts the feed back in as many steps as it takes, since one bulk can have left many changes. */
export async function pruneChanges(transaction: SqlTransaction): Promise<void> {
  for (;;) {
    const [dropped = 0] = await transaction.count([PRUNE_FEED])
    if (dropped === 0) return
    await breathe()
  }
}
