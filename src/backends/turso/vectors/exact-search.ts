import { breathe } from '../../../breathe.js'
import { compareText } from '../../../model/text-order.js'
import type { VectorHitRow, VectorPage } from '../../graph-driver.js'
import { type Query, query, type SqlRow, type SqlSource } from '../sql-source.js'
import {
  allVectorsAfter,
  SELECT_GONE,
  selectAllowedKeys,
  selectBest,
  vectorsOf,
  vectorsOfKeys,
} from './embedding-statements.js'
import { COMPONENT_BYTES } from './vector-bytes.js'

/** Looks for the nodes nearest to a vector. */
export interface VectorSearch {
  /** The limit of the page is 1 at least. */
  find(page: VectorPage): Promise<VectorHitRow[]>
}

/** A hit, with the key of its vector. */
export type KeyedHit = VectorHitRow & { readonly key: number }

/** The best of some vectors, of how many there were, and the greatest of their keys; `null` where there were none. */
export type Compared = { readonly hits: KeyedHit[]; readonly count: number; readonly last: number | null }

/** Of how many of the best the nodes are looked at: of these more than are asked for, and of so many times more when hits lack. */
const LOOKED_MORE = 40
const GROWTH = 16
/** Bytes of vectors that one statement compares where others have their turn in between: a few milliseconds of work. */
const COMPARED_BYTES = 3_000_000

/** Compares every vector, in the engine and in one statement: what a primary and a transaction are asked. */
export class ExactSearch implements VectorSearch {
  readonly #source: SqlSource

  constructor(source: SqlSource) {
    this.#source = source
  }

  async find(page: VectorPage): Promise<VectorHitRow[]> {
    return reaching(page.minScore, (await compareAll(this.#source, vectorsOf(page), page)).hits)
  }
}

/**
 * Compares every vector, some at a time, so that others have their turn. What has changed meanwhile so that the answer would be of no
 * moment is compared again, in one statement.
 */
export class SlicedSearch implements VectorSearch {
  readonly #source: SqlSource
  readonly #whole: ExactSearch

  constructor(source: SqlSource) {
    this.#source = source
    this.#whole = new ExactSearch(source)
  }

  async find(page: VectorPage): Promise<VectorHitRow[]> {
    const isFiltered = page.criteria !== null || page.within.length > 0
    const hits = await (isFiltered ? this.#findAmong(page) : this.#findInAll(page))
    return hits === null ? this.#whole.find(page) : reaching(page.minScore, hits)
  }

  /** In the order of keys: what takes the place of another vector meanwhile has a greater one, and is yet to come. */
  async #findInAll(page: VectorPage): Promise<KeyedHit[] | null> {
    const size = comparedAtATime(page)
    let best: KeyedHit[] = []
    for (let after = 0; ; ) {
      await breathe()
      const { hits, count, last } = await compareAll(this.#source, allVectorsAfter(page, after, size), page)
      best = bestOf([...best, ...hits], page)
      if (last === null || count < size) {
        if (after === 0 || best.length === 0) return best
        break
      }
      after = last
    }
    const keys = JSON.stringify(best.map(({ key }) => key))
    const [gone = []] = await this.#source.read([query(SELECT_GONE, keys)])
    return gone.length === 0 ? best : null
  }

  async #findAmong(page: VectorPage): Promise<KeyedHit[] | null> {
    const keys = await allowedKeys(this.#source, page)
    const { hits, count } = await compareKeys(this.#source, keys, page)
    return count === keys.length ? hits : null
  }
}

/** The keys of the embeddings that a page looks among, ascending. */
export async function allowedKeys(source: SqlSource, page: VectorPage): Promise<number[]> {
  const [[row] = []] = await source.read([selectAllowedKeys(page)])
  return (JSON.parse(row?.[0] as string) as number[]).sort((a, b) => a - b)
}

/** The best of the vectors with these keys, compared some at a time. */
export async function compareKeys(
  source: SqlSource,
  keys: readonly number[],
  page: VectorPage,
): Promise<Compared> {
  const size = comparedAtATime(page)
  let best: KeyedHit[] = []
  let compared = 0
  for (let start = 0; start < keys.length; start += size) {
    await breathe()
    const some = vectorsOfKeys(keys.slice(start, start + size))
    const { hits, count } = await compareAll(source, some, page)
    best = bestOf([...best, ...hits], page)
    compared += count
  }
  return { hits: best, count: compared, last: keys.at(-1) ?? null }
}

/** The best of some vectors, whatever score is asked for, compared in one statement. */
export async function compareAll(source: SqlSource, vectors: Query, page: VectorPage): Promise<Compared> {
  for (let looked = page.limit + LOOKED_MORE; ; looked *= GROWTH) {
    const [[first, ...rows] = []] = await source.read([selectBest(vectors, page, looked)])
    const [last, , count] = first as [number | null, null, number]
    if (rows.length === page.limit || looked >= count) return { hits: rows.map(hitOf), count, last }
  }
}

/** The hits with a score. */
export function reaching(minScore: number | null, hits: readonly VectorHitRow[]): VectorHitRow[] {
  return hits.flatMap(({ id, score }) => (minScore === null || score >= minScore ? [{ id, score }] : []))
}

function bestOf(hits: KeyedHit[], { limit }: VectorPage): KeyedHit[] {
  return hits.sort((a, b) => b.score - a.score || compareText(a.id, b.id)).slice(0, limit)
}

function comparedAtATime({ vector }: VectorPage): number {
  return Math.max(1, Math.floor(COMPARED_BYTES / (vector.length * COMPONENT_BYTES)))
}

function hitOf([key, id, score]: SqlRow): KeyedHit {
  return { key, id, score: Math.max(-1, Math.min(1, score as number)) } as KeyedHit
}
