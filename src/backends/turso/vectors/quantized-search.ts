import type { VectorHitRow, VectorPage } from '../../graph-driver.js'
import { query, type SqlSource } from '../sql-source.js'
import type { CodeIndex } from './code-index.js'
import { SELECT_GONE } from './embedding-statements.js'
import { allowedKeys, compareKeys, reaching, SlicedSearch, type VectorSearch } from './exact-search.js'
import { LoadedCodes } from './loaded-codes.js'

/** Candidates that are compared exactly: so many at least, so many times the root of how many there are, and so many for each hit. */
const LEAST_CANDIDATES = 200
const CANDIDATES_PER_ROOT = 2
const CANDIDATES_PER_HIT = 5
/** By how much more are looked at when hits lack. */
const GROWTH = 4
/** When more than this share of the candidates is gone, others are looked for in their place. */
const MOST_GONE = 0.05
/** What a filter leaves is no longer spread as all are: more is looked at, and up to so many are all compared. */
const FILTERED_GROWTH = 8
const MOST_COMPARED = 4_000

/** From how many vectors on codes are looked through first: below, comparing all is as fast. */
const QUANTIZED_FROM = 1_000
/** Codes of fewer bits tell too little. */
const QUANTIZED_BITS = 64

/**
 * Looks through the codes of all vectors in memory, and compares the vectors of the best exactly. Filters leave codes out before; what
 * has gone meanwhile is found out when it is compared, and others are looked for in its place.
 */
export class QuantizedSearch implements VectorSearch {
  readonly #source: SqlSource
  readonly #exact: SlicedSearch
  readonly #codes: LoadedCodes
  readonly #isAlways: boolean

  /** `database` gives what stands for the database that the source reads; unless `isAlways`, few vectors are all compared. */
  constructor(source: SqlSource, database: () => object, isAlways: boolean) {
    this.#source = source
    this.#exact = new SlicedSearch(source)
    this.#codes = new LoadedCodes(source, database)
    this.#isAlways = isAlways
  }

  async find(page: VectorPage): Promise<VectorHitRow[]> {
    return page.exact ? this.#exact.find(page) : reaching(page.minScore, await this.#find(page))
  }

  async #find(page: VectorPage): Promise<VectorHitRow[]> {
    const { model, vector, limit } = page
    for (let growth = 1; ; ) {
      const codes = await this.#codes.current(model)
      if (codes === null || codes.index.dimensions !== vector.length) return []
      const { index, lost } = codes
      const count = growth * candidatesOf(page, index.size)
      if (!this.#pays(index) || count >= index.size) return this.#exact.find(page)
      const isFiltered = page.criteria !== null || page.within.length > 0
      if (isFiltered) return this.#findAmong(await allowedKeys(this.#source, page), index, page)
      const keys = await index.nearest(vector, count, null)
      const hits = (await compareKeys(this.#source, keys, page)).hits
      const gone = lost > 0 ? await this.#goneAmong(keys) : []
      index.drop(gone)
      if (gone.length > keys.length * MOST_GONE) continue
      if (hits.length >= limit) return hits
      growth *= GROWTH
    }
  }

  /** Looks among the embeddings with these ascending keys, all of which exist. */
  async #findAmong(keys: readonly number[], index: CodeIndex, page: VectorPage): Promise<VectorHitRow[]> {
    const rows = index.rowsOf(keys)
    for (let growth = FILTERED_GROWTH; ; growth *= GROWTH) {
      const count = growth * candidatesOf(page, rows.length)
      const isAll = rows.length <= Math.max(count, MOST_COMPARED)
      const candidates = isAll ? keys : await index.nearest(page.vector, count, rows)
      const { hits } = await compareKeys(this.#source, candidates, page)
      if (hits.length >= page.limit || isAll) return hits
    }
  }

  #pays(index: CodeIndex): boolean {
    return this.#isAlways || (index.size >= QUANTIZED_FROM && index.dimensions >= QUANTIZED_BITS)
  }

  async #goneAmong(keys: readonly number[]): Promise<number[]> {
    const [rows = []] = await this.#source.read([query(SELECT_GONE, JSON.stringify(keys))])
    return rows.map(([key]) => key as number)
  }
}

function candidatesOf({ limit, effort }: VectorPage, among: number): number {
  const usual = Math.max(LEAST_CANDIDATES, CANDIDATES_PER_ROOT * Math.sqrt(among), CANDIDATES_PER_HIT * limit)
  return Math.ceil(usual * effort)
}
