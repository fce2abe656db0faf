import type { Pages } from './local-rows.js'
import { PAGE_BYTES, PAGE_ROWS, type PromoteRun, throwIfStopped } from './promote-run.js'

/**
 * All rows, page by page.
 *
 * @throws `MG_ABORTED`
 */
export async function* eachPage<Row>({ signal }: PromoteRun, pages: Pages<Row>): AsyncGenerator<Row[]> {
  const limits = { rows: PAGE_ROWS, bytes: PAGE_BYTES }
  for (let after: string | null = null; ; ) {
    throwIfStopped(signal)
    const rows: Row[] = await pages.read(after, limits)
    const last = rows.at(-1)
    if (last === undefined) return
    yield rows
    after = pages.positionOf(last)
  }
}
