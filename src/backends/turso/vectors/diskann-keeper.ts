import { createHash } from 'node:crypto'
import { breathe } from '../../../breathe.js'
import { query, readValues, type SqlDatabase, type SqlTransaction } from '../sql-source.js'
import {
  COUNT_GONE,
  COUNT_INDEX_NOTES,
  CREATE_DISKANN,
  createIndexOf,
  DELETE_KEY,
  DROP_DISKANN,
  DROP_INDEX_NOTES,
  deletePoint,
  dropIndexOf,
  HAS_DISKANN,
  HAS_INDEX_NOTES,
  indexVector,
  isVectorOf,
  PUT_DONE,
  SELECT_BEHIND,
  SELECT_INDEXED,
  SELECT_NEXT,
  SELECT_OUTDATED,
  SELECT_SOME_GONE,
} from './diskann-tables.js'
import type { CompleteDiskAnnOptions } from './vector-options.js'

/** Vectors indexed in one transaction: some tenths of a second, in which others get their turn. */
const INDEXED_AT_A_TIME = 32
const DELETED_AT_A_TIME = 100

/** Keeps the DiskANN indexes of a file as its embeddings are. */
export class DiskAnnKeeper {
  readonly #database: SqlDatabase
  readonly #options: CompleteDiskAnnOptions

  constructor(database: SqlDatabase, options: CompleteDiskAnnOptions) {
    this.#database = database
    this.#options = options
  }

  /** Makes what is missing, drops what was made in another way, and catches up. */
  async initialize(): Promise<void> {
    await this.#database.transact(async (transaction) => {
      await transaction.script(CREATE_DISKANN)
      await this.#dropOutdated(transaction)
    })
    await this.catchUp()
  }

  /** Indexes what is new, whoever stored it, and forgets what is gone, a few at a time. */
  async catchUp(): Promise<void> {
    for (;;) {
      const [behind = [], gone = []] = await this.#database.read([query(SELECT_BEHIND), query(COUNT_GONE)])
      const isGone = Number(gone[0]?.[0] ?? 0) > 0
      if (behind.length === 0 && !isGone) return
      const forgotten = isGone ? await this.#inTransaction((transaction) => this.#forgetGone(transaction)) : 0
      if (behind.length > 0) await this.#inTransaction((transaction) => this.#indexNext(transaction))
      else if (forgotten === 0) return
    }
  }

  #inTransaction<Result>(work: (transaction: SqlTransaction) => Promise<Result>): Promise<Result> {
    return this.#database.transact(async (transaction) => {
      await this.#dropOutdated(transaction)
      return work(transaction)
    })
  }

  async #dropOutdated(transaction: SqlTransaction): Promise<void> {
    const [outdated = []] = await transaction.read([query(SELECT_OUTDATED, this.#made)])
    for (const [model] of outdated) await transaction.script(dropIndexOf(model as number))
  }

  async #indexNext(transaction: SqlTransaction): Promise<void> {
    const [[first] = []] = await transaction.read([query(SELECT_BEHIND)])
    if (!first) return
    const [model, dimensions, done] = first as [number, number, number | null]
    if (done === null) await transaction.script(createIndexOf(model, dimensions, this.#options, this.#made))
    const [rows = []] = await transaction.read([
      query(SELECT_NEXT, BigInt(model), BigInt(done ?? 0), BigInt(INDEXED_AT_A_TIME)),
    ])
    for (const [key, vector] of rows) {
      await breathe()
      if (!isVectorOf(vector, dimensions)) continue
      const digest = createHash('sha256').update(vector).digest('hex').slice(0, 32)
      await transaction.run(indexVector(model, key as number, digest, vector))
    }
    const isEnd = rows.length < INDEXED_AT_A_TIME
    const last = isEnd
      ? (await readValues(transaction, query('SELECT last FROM mg_model WHERE key = ?', BigInt(model))))[0]
      : rows.at(-1)?.[0]
    await transaction.run([query(PUT_DONE, BigInt(last as number), BigInt(model))])
  }

  /** Returns how many it forgot. */
  async #forgetGone(transaction: SqlTransaction): Promise<number> {
    const [rows = []] = await transaction.read([query(SELECT_SOME_GONE, BigInt(DELETED_AT_A_TIME))])
    for (const [key, model, point] of rows as [number, number, number][]) {
      await breathe()
      await transaction.run([query(DELETE_KEY, BigInt(key)), deletePoint(model, point)])
    }
    return rows.length
  }

  get #made(): string {
    return JSON.stringify(this.#options)
  }
}

/** Takes every DiskANN index out of a file, where there are any. */
export async function dropDiskAnn(database: SqlDatabase): Promise<void> {
  const [has] = await readValues(database, query(HAS_DISKANN))
  if (has !== 1) return
  await database.transact(async (transaction) => {
    const [models = []] = await transaction.read([query(SELECT_INDEXED)])
    for (const [model] of models) await transaction.script(dropIndexOf(model as number))
    await transaction.script(DROP_DISKANN)
    const [has] = await readValues(transaction, query(HAS_INDEX_NOTES))
    const [others] = has === 1 ? await readValues(transaction, query(COUNT_INDEX_NOTES)) : []
    if (others === 0) await transaction.script(DROP_INDEX_NOTES)
  })
}
