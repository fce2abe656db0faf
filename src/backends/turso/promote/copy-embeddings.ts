import type { EmbeddingRow } from '../../graph-driver.js'
import { PUT_SETTING, SELECT_SETTING } from '../schema.js'
import { RECALL_MODEL } from '../sql-reader.js'
import { query, readValues } from '../sql-source.js'
import { putEmbeddings } from '../vectors/put-embeddings.js'
import { copyPages, type PreparedBatch } from './copy-pages.js'
import {
  embeddingPages,
  embeddingReads,
  isSameVector,
  misfitOf,
  nodesOf,
  type PrimaryEmbeddings,
  primaryEmbeddingsOf,
  type StoredEmbedding,
  vectorThere,
} from './embedding-pages.js'
import type { PromoteRun } from './promote-run.js'

/** Never the version of a memory: what was made of an earlier text is out of date there too. */
const OUT_OF_DATE = 0

/**
 * Copies the embeddings of nodes that the primary has as they are here, and which model recalls use, if it does not say. Where it has
 * an embedding of its own, that stays, unless nobody else has written there: then copying made it.
 */
export async function copyEmbeddings(run: PromoteRun): Promise<void> {
  const { promotion } = run
  const isAnew = promotion.note.after === null && run.isResumed
  const [model] = await readValues(run.local, query(SELECT_SETTING, RECALL_MODEL))
  await promotion.step([query(SELECT_SETTING, RECALL_MODEL)], ([there = []], isAlone) => ({
    writes: [
      ...(isAnew && isAlone ? [query('DELETE FROM mg_embedding')] : []),
      ...(typeof model === 'string' && there.length === 0 ? [query(PUT_SETTING, RECALL_MODEL, model)] : []),
    ],
  }))
  await copyPages(run, embeddingPages(run.local), (page) => batchOfEmbeddings(run, page))
}

async function batchOfEmbeddings(run: PromoteRun, page: readonly StoredEmbedding[]): Promise<PreparedBatch> {
  const [here = []] = await run.local.read([nodesOf(page)])
  return {
    reads: embeddingReads(page),
    next: (results, isAlone) => {
      const there = primaryEmbeddingsOf(here, results)
      const copied = page.filter((row) => isWanted(row, there, isAlone))
      return {
        writes: putEmbeddings(copied.map((row) => asThere(row, there))),
        embeddings: run.promotion.note.embeddings + copied.length,
      }
    },
  }
}

function isWanted(row: StoredEmbedding, there: PrimaryEmbeddings, isAlone: boolean): boolean {
  if (!there.nodes.has(row.id) || misfitOf(row, there) !== null) return false
  there.dimensions.set(row.model, row.vector.length) // the first of a model says it for the others
  const existing = vectorThere(there, row)
  return existing === null || (isAlone && !isSameVector(existing, row.vector))
}

/** With the number that the memory has on the primary, where the vector is of its present text. */
function asThere(row: StoredEmbedding, { revisions }: PrimaryEmbeddings): EmbeddingRow {
  const { version, revision, id } = row
  if (version === null) return row
  return { ...row, version: version === revision ? (revisions.get(id) ?? 1) : OUT_OF_DATE }
}
