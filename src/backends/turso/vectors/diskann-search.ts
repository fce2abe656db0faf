import type { VectorHitRow, VectorPage } from '../../graph-driver.js'
import { query, readValues, type SqlSource } from '../sql-source.js'
import { HAS_DISKANN, MOST_POINTS, SELECT_DONE, selectNearPoints } from './diskann-tables.js'
import { vectorsOfKeys } from './embedding-statements.js'
import { compareAll, reaching, type VectorSearch } from './exact-search.js'
import { bytesOf } from './vector-bytes.js'

/** From how many vectors on the index is asked: among fewer it may miss the nearest, and comparing all takes no longer. */
const INDEX_FROM = 1_000
/** Of how many points the vectors are compared exactly: of so many for each hit, and these more. */
const POINTS_PER_HIT = 4
const MORE_POINTS = 50

/**
 * Asks the DiskANN index for candidates, and compares them, and all that is not indexed yet, exactly. What the index cannot do is left to
 * another search: filters, more hits than it gives, a model that has no index.
 */
export class DiskAnnSearch implements VectorSearch {
  readonly #source: SqlSource
  readonly #other: VectorSearch

  constructor(source: SqlSource, other: VectorSearch) {
    this.#source = source
    this.#other = other
  }

  async find(page: VectorPage): Promise<VectorHitRow[]> {
    const isPlain = !page.exact && page.criteria === null && page.within.length === 0
    const hits = isPlain ? await this.#findByIndex(page) : []
    return hits.length < page.limit ? this.#other.find(page) : reaching(page.minScore, hits)
  }

  async #findByIndex(page: VectorPage): Promise<VectorHitRow[]> {
    const { vector, model, limit, effort } = page
    const [has] = await readValues(this.#source, query(HAS_DISKANN))
    if (has !== 1 || limit > MOST_POINTS) return []
    const [[row] = []] = await this.#source.read([query(SELECT_DONE, model, BigInt(vector.length))])
    if (!row) return []
    const [key, done, vectors] = row as [number, number, number]
    if (vectors < INDEX_FROM) return []
    const count = (limit * POINTS_PER_HIT + MORE_POINTS) * effort
    const [rows = []] = await this.#source.read([selectNearPoints(key, done, bytesOf([vector]), count)])
    const keys = rows.map(([near]) => near as number)
    return (await compareAll(this.#source, vectorsOfKeys(keys), page)).hits
  }
}
