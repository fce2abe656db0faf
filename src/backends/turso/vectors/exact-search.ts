import type { VectorHitRow, VectorPage } from '../../graph-driver.js'
import type { Query, SqlRow, SqlSource } from '../sql-source.js'
import { selectBest, vectorsOf } from './embedding-statements.js'

/** Looks for the nodes nearest to a vector. */
export interface VectorSearch {
  /** The limit of the page is 1 at least. */
  find(page: VectorPage): Promise<VectorHitRow[]>
}

/** Of how many of the best the nodes are looked at: of these more than are asked for, and of so many times more when hits lack. */
const LOOKED_MORE = 40
const GROWTH = 16

/** Compares every vector, in the engine. */
export class ExactSearch implements VectorSearch {
  readonly #source: SqlSource

  constructor(source: SqlSource) {
    this.#source = source
  }

  async find(page: VectorPage): Promise<VectorHitRow[]> {
    return reaching(page.minScore, await compareAll(this.#source, vectorsOf(page), page))
  }
}

/** The best of some vectors, whatever score is asked for. */
export async function compareAll(
  source: SqlSource,
  vectors: Query,
  page: VectorPage,
): Promise<VectorHitRow[]> {
  for (let looked = page.limit + LOOKED_MORE; ; looked *= GROWTH) {
    const [[first, ...rows] = []] = await source.read([selectBest(vectors, page, looked)])
    const compared = first?.[1] as number
    if (rows.length === page.limit || looked >= compared) return rows.map(hitOf)
  }
}

/** The hits with a score. */
export function reaching(minScore: number | null, hits: VectorHitRow[]): VectorHitRow[] {
  return minScore === null ? hits : hits.filter(({ score }) => score >= minScore)
}

function hitOf([id, score]: SqlRow): VectorHitRow {
  return { id: id as string, score: Math.max(-1, Math.min(1, score as number)) }
}
