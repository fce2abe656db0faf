import { eachPage } from './each-page.js'
import {
  embeddingPages,
  embeddingReads,
  isSameVector,
  misfitOf,
  nodesOf,
  primaryEmbeddingsOf,
  vectorThere,
} from './embedding-pages.js'
import type { PromoteRefusal } from './promote-report.js'
import type { PromoteRun } from './promote-run.js'
import { readsDifferently } from './reads-differently.js'

/**
 * Reads embeddings back and compares each with the file's; returns those that the primary cannot hold.
 *
 * @param onPage is told how many were compared
 * @throws `MG_SYNC` there is a difference · `MG_ABORTED` · `MG_OFFLINE`
 */
export async function verifyEmbeddings(
  run: PromoteRun,
  onPage: (count: number) => void,
): Promise<PromoteRefusal[]> {
  const refused: PromoteRefusal[] = []
  for await (const page of eachPage(run, embeddingPages(run.local))) {
    const [[here = []], found] = await Promise.all([
      run.local.read([nodesOf(page)]),
      run.primary.read(embeddingReads(page)),
    ])
    const there = primaryEmbeddingsOf(here, found)
    for (const row of page.filter(({ id }) => there.nodes.has(id))) {
      const existing = vectorThere(there, row)
      const reason = existing === null ? misfitOf(row, there) : null
      if (reason !== null) refused.push({ kind: 'embedding', id: row.id, reason })
      // Where others write, a vector of theirs stays.
      const isRight = existing !== null && (!run.promotion.note.isAlone || isSameVector(existing, row.vector))
      if (reason === null && !isRight) throw readsDifferently(run, 'embedding', row.id)
    }
    onPage(page.length)
  }
  return refused
}
