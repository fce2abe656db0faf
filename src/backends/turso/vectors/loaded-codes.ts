import { breathe } from '../../../breathe.js'
import { type Query, query, type SqlSource } from '../sql-source.js'
import { CodeIndex } from './code-index.js'
import { codeBytes } from './vector-code.js'

/** The codes of a model, and how many of them have been deleted since they were read, by keys that are not known yet. */
export type CurrentCodes = { readonly index: CodeIndex; readonly lost: number }

type Loaded = {
  readonly index: CodeIndex
  readonly model: number
  /** The greatest key there was when they were read. */
  last: number
  /** By how many more there were than the model's row says. */
  surplus: number
}

/** What the row of a model says. */
type ModelState = {
  readonly key: number
  readonly dimensions: number
  readonly count: number
  readonly last: number
}

/** Bytes of codes that are read at a time: a few milliseconds of work. */
const PAGE_BYTES = 400_000
/** When more than this share of the codes is of what is gone, they are read anew. */
const MOST_LOST = 0.25
const FEW_LOST = 1_000

const SELECT_MODEL = 'SELECT key, dimensions, count, last FROM mg_model WHERE name = ?'
/** A row for thousands of codes, since a row for each takes four times as long. */
const SELECT_CODES = `
SELECT '[' || group_concat(key) || ']', group_concat(hex(code), ''), count(*) FROM (
  SELECT key, code FROM mg_embedding WHERE key > ?1 AND model = ?2 AND length(code) = ?3 ORDER BY key LIMIT ?4)`

/**
 * The codes of the models of a database in memory. Before each use what is new is read, whoever wrote it; what is gone is found out by
 * those who look it up.
 */
export class LoadedCodes {
  readonly #source: SqlSource
  readonly #database: () => object
  /** By database, so that they go when it is closed. */
  readonly #loaded = new WeakMap<object, Map<string, Loaded>>()
  #turn: Promise<unknown> = Promise.resolve()

  /** `database` gives what stands for the database that the source reads, another one for another. */
  constructor(source: SqlSource, database: () => object) {
    this.#source = source
    this.#database = database
  }

  /** The codes of a model as they are by now; `null` where there is no such model. One caller after the other reads what is new. */
  current(model: string): Promise<CurrentCodes | null> {
    const current = this.#turn.then(() => this.#catchUp(model))
    const done = (): undefined => undefined // without what was loaded, so that this does not keep it
    this.#turn = current.then(done, done)
    return current
  }

  async #catchUp(name: string): Promise<CurrentCodes | null> {
    for (;;) {
      const database = this.#database()
      const state = await this.#stateOf(name)
      if (state === null) return null
      const models = this.#loaded.get(database) ?? new Map<string, Loaded>()
      const loaded = usable(models.get(name), state) ?? newlyLoaded(state)
      this.#loaded.set(database, models.set(name, loaded))
      await this.#readNew(loaded, state)
      if (this.#database() !== database) continue
      return { index: loaded.index, lost: loaded.index.size - state.count - loaded.surplus }
    }
  }

  async #stateOf(name: string): Promise<ModelState | null> {
    const [[row] = []] = await this.#source.read([query(SELECT_MODEL, name)])
    if (!row) return null
    const [key, dimensions, count, last] = row as [number, number, number, number]
    return { key, dimensions, count, last }
  }

  async #readNew(loaded: Loaded, { dimensions, count, last }: ModelState): Promise<void> {
    if (loaded.last >= last) return
    const isFirst = loaded.index.size === 0
    const ofCode = codeBytes(dimensions)
    const limit = Math.max(1, Math.floor(PAGE_BYTES / ofCode))
    for (let after = loaded.last; ; ) {
      await breathe()
      const [[row] = []] = await this.#source.read([codesAfter(after, loaded.model, ofCode, limit)])
      const [list, codes, found] = row as [string | null, string | null, number]
      if (list !== null) {
        const keys = JSON.parse(list) as number[]
        loaded.index.append(keys, Buffer.from(codes ?? '', 'hex'))
        after = keys.at(-1) as number
        loaded.last = after
      }
      if (found < limit) break
    }
    loaded.last = Math.max(loaded.last, last)
    if (isFirst) loaded.surplus = Math.max(0, loaded.index.size - count)
  }
}

/** What was loaded, unless the model has begun anew or most of it is gone. */
function usable(loaded: Loaded | undefined, { key, dimensions, count, last }: ModelState): Loaded | null {
  if (!loaded || loaded.model !== key || loaded.index.dimensions !== dimensions || loaded.last > last)
    return null
  const { size, gone } = loaded.index
  const lost = size - count - loaded.surplus + gone
  return lost > FEW_LOST && lost > size * MOST_LOST ? null : loaded
}

function newlyLoaded({ key, dimensions }: ModelState): Loaded {
  return { index: new CodeIndex(dimensions), model: key, last: 0, surplus: 0 }
}

function codesAfter(key: number, model: number, ofCode: number, limit: number): Query {
  return query(SELECT_CODES, BigInt(key), BigInt(model), BigInt(ofCode), BigInt(limit))
}
