import { type Query, query, type SqlRow, type SqlTransaction, type SqlValue } from '../sql-source.js'
import { SELECT_POSITION } from '../statements.js'
import type { Deadline } from './deadline.js'
import { NoAnswer, StatementFailure, UnreadableAnswer } from './primary-errors.js'
import type { PrimaryStream, StatementResult } from './primary-stream.js'

/** Rows that a bulk hands over at once: a request of some hundred kilobytes. */
const LEAST_SLICE = 500
/** What may wait to be sent. */
const MAX_WAITING_STATEMENTS = 500
const MAX_WAITING_CHARACTERS = 1_000_000

/** What is known of a commit: it was not sent, or there is an answer, or there is none. */
export type Fate = 'open' | 'committed' | 'unknown'

/** The graph has changed between reads that must see the same state. */
export class GraphMoved extends Error {}

/** How a transaction begins. */
export type TransactionOptions = {
  readonly deadline: Deadline
  /**
   * Run before everything else; when one of them fails, the transaction has failed. Given the position of the change feed that
   * reads before it have seen, `null` when there were none.
   */
  readonly first: (seen: number | null) => readonly Query[]
  /** Makes errors of this library of what the work is to see. */
  readonly translate: (error: unknown) => unknown
  /** Makes reads before the first write, so that no lock is held between them and the rest; absent: they are made inside. */
  readonly readBefore?: ((queries: readonly Query[]) => Promise<StatementResult[]>) | undefined
}

type GatheredReads = { readonly queries: Query[]; readonly results: Promise<StatementResult[]> }

/**
 * A transaction on a primary. Writes wait until a result is needed, so that it crosses the network rarely, and most hold the
 * primary's lock for a single request: BEGIN, every write, COMMIT.
 */
export class PrimaryTransaction implements SqlTransaction {
  readonly leastSlice: number = LEAST_SLICE
  readonly #stream: PrimaryStream
  readonly #options: TransactionOptions
  readonly #deadline: Deadline
  /** Statements at the begin, without which nothing of the transaction counts. */
  #opening = 0
  /** The position of the change feed that reads before the begin have seen. */
  #seen: number | null = null
  #waiting: Query[] = []
  /** Reads that were asked for in this turn. */
  #gathered: GatheredReads | null = null
  #waitingCharacters = 0
  #sent = 0
  #fault: unknown
  #fate: Fate = 'open'

  constructor(stream: PrimaryStream, options: TransactionOptions) {
    this.#stream = stream
    this.#options = options
    this.#deadline = options.deadline
  }

  get fate(): Fate {
    return this.#fate
  }

  /** What ended the transaction before its time, if anything did. */
  get fault(): unknown {
    return this.#fault
  }

  /** Whether nothing was written, so that there is nothing to commit. */
  get isEmpty(): boolean {
    return this.#sent === 0 && this.#waiting.length === 0 && this.#fault === undefined
  }

  /** Reads that are asked for in the same turn go out as one request. */
  async read(queries: readonly Query[]): Promise<SqlRow[][]> {
    this.#gathered ??= this.#gather()
    const { queries: all, results } = this.#gathered
    const place = all.length
    all.push(...queries)
    return (await results).slice(place, place + queries.length).map(({ rows }) => rows)
  }

  #gather(): GatheredReads {
    const queries: Query[] = []
    const look = async (): Promise<StatementResult[]> => {
      await Promise.resolve()
      this.#gathered = null
      const { readBefore } = this.#options
      return this.#attempt(() =>
        readBefore && this.isEmpty ? this.#lookBefore(readBefore, queries) : this.#lookInside(queries),
      )
    }
    return { queries, results: look() }
  }

  async run(queries: readonly Query[]): Promise<void> {
    this.#throwFault()
    for (const next of queries) {
      const isFull =
        this.#waiting.length >= MAX_WAITING_STATEMENTS || this.#waitingCharacters >= MAX_WAITING_CHARACTERS
      if (isFull) await this.#send([])
      this.#waiting.push(next)
      this.#waitingCharacters += next.sql.length + charactersOf(next.values)
    }
  }

  async count(queries: readonly Query[]): Promise<number[]> {
    return (await this.#send(queries)).map(({ changes }) => changes)
  }

  async script(sql: string): Promise<void> {
    await this.#attempt(async () => {
      const before = this.#takeWaiting()
      if (before.length > 0) await this.#stream.send(before, { deadline: this.#deadline })
      await this.#stream.script(sql, this.#deadline)
    })
  }

  async atomically<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#throwFault()
    const sentBefore = this.#sent
    const waitingBefore = this.#waiting.length
    this.#waiting.push(query('SAVEPOINT mg_part'))
    try {
      const result = await work()
      this.#waiting.push(query('RELEASE mg_part'))
      await this.#send([])
      return result
    } catch (error) {
      if (this.#sent === sentBefore) this.#waiting.length = waitingBefore
      else await this.#undoPart()
      throw error
    }
  }

  /** Runs statements and returns what they did, integers as bigints. */
  async execute(queries: readonly Query[]): Promise<StatementResult[]> {
    return this.#send(queries, true)
  }

  /** Ends the transaction with these statements and COMMIT. */
  async commit(last: readonly Query[]): Promise<void> {
    await this.#attempt(async () => {
      const statements = [...this.#takeWaiting(), ...last, query('COMMIT')]
      try {
        await this.#stream.send(statements, { deadline: this.#deadline, isLast: true })
        this.#fate = 'committed'
      } catch (error) {
        if (error instanceof UnreadableAnswer || (error instanceof NoAnswer && error.wasSent))
          this.#fate = 'unknown'
        throw error
      }
    })
  }

  /** Undoes everything, as far as the primary does not do so by itself. */
  rollback(): Promise<void> {
    return this.#stream.close(this.#deadline)
  }

  async #lookInside(queries: readonly Query[]): Promise<StatementResult[]> {
    const before = this.#takeWaiting()
    const options = { deadline: this.#deadline }
    const results = await this.#stream.sendOrNull([...before, ...queries], options)
    return results?.slice(before.length) ?? this.#stream.selectInPages(queries, options)
  }

  async #lookBefore(
    readBefore: NonNullable<TransactionOptions['readBefore']>,
    queries: readonly Query[],
  ): Promise<StatementResult[]> {
    const [position, ...results] = await readBefore([query(SELECT_POSITION), ...queries])
    const seen = Number(position?.rows[0]?.[0])
    if (this.#seen !== null && this.#seen !== seen) throw new GraphMoved()
    this.#seen = seen
    return results
  }

  async #undoPart(): Promise<void> {
    if (this.#fault !== undefined) return
    this.#takeWaiting()
    const statements = [query('ROLLBACK TO mg_part'), query('RELEASE mg_part')]
    // What follows would otherwise build on half of a part.
    await this.#stream.send(statements, { deadline: this.#deadline }).catch((error: unknown) => {
      this.#fault = error
    })
  }

  async #send(queries: readonly Query[], bigints = false): Promise<StatementResult[]> {
    this.#throwFault()
    if (queries.length === 0 && this.#waiting.length === 0) return []
    return this.#attempt(async () => {
      const before = this.#takeWaiting()
      const results = await this.#stream.send([...before, ...queries], { deadline: this.#deadline, bigints })
      return results.slice(before.length)
    })
  }

  async #attempt<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#throwFault()
    const isOpening = this.#sent === 0
    try {
      return await work()
    } catch (error) {
      const hasNotOpened = isOpening && error instanceof StatementFailure && error.index < this.#opening
      if (hasNotOpened || isFatal(error)) this.#fault = error
      throw this.#options.translate(error)
    }
  }

  #throwFault(): void {
    if (this.#fault !== undefined) throw this.#options.translate(this.#fault)
  }

  #takeWaiting(): Query[] {
    const opening = this.#sent === 0 ? [query('BEGIN IMMEDIATE'), ...this.#options.first(this.#seen)] : []
    this.#opening ||= opening.length
    const taken = [...opening, ...this.#waiting]
    this.#waiting = []
    this.#waitingCharacters = 0
    this.#sent += taken.length
    return taken
  }
}

// Statement errors leave the transaction open; all else ends it.
function isFatal(error: unknown): boolean {
  return !(error instanceof StatementFailure) || /^(TRANSACTION_|STREAM_)/.test(error.code)
}

function charactersOf(values: Query['values']): number {
  return values.reduce<number>((sum, value) => sum + sizeOf(value), 0)
}

/** Bytes are sent as base64. */
function sizeOf(value: SqlValue): number {
  if (typeof value === 'string') return value.length
  return value instanceof Uint8Array ? Math.ceil(value.length / 3) * 4 : 8
}
