import { query } from '../sql-source.js'
import { type GraphTable, NODES, RELATIONSHIPS } from './graph-table.js'
import { type PromoteRun, throwIfStopped } from './promote-run.js'
import { DELETE_ROWS, selectIds, selectPresent } from './promote-statements.js'

const IDS = 500n

/**
 * Deletes from the primary what an interrupted promotion has copied and the file does not hold any more; nothing once somebody else
 * has written there.
 */
export async function removeGone(run: PromoteRun): Promise<void> {
  for (const table of [RELATIONSHIPS, NODES]) await removeGoneOf(run, table)
}

async function removeGoneOf(
  { local, primary, promotion, signal }: PromoteRun,
  table: GraphTable,
): Promise<void> {
  for (let after: string | null = null; ; ) {
    throwIfStopped(signal)
    const page = query(selectIds(table, after === null), IDS, ...(after === null ? [] : [after]))
    const [rows = []] = await primary.read([page])
    const ids = rows.map(([id]) => String(id))
    const last = ids.at(-1)
    if (last === undefined) return
    const [present = []] = await local.read([query(selectPresent(table), JSON.stringify(ids))])
    const here = new Set(present.map(([id]) => String(id)))
    const gone = ids.filter((id) => !here.has(id))
    if (gone.length > 0) {
      await promotion.step([], (_, isAlone) => ({
        writes: isAlone ? [query(DELETE_ROWS[table.name], JSON.stringify(gone))] : [],
      }))
    }
    after = last
  }
}
