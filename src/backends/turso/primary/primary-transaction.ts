import { type Query, query, type SqlRow, type SqlTransaction } from '../sql-source.js'
import type { Deadline } from './deadline.js'
import type { PrimaryStream, StatementResult } from './primary.js'
import { NoAnswer, primaryError, StatementFailure } from './primary-errors.js'

/** Rows that a bulk hands over at once: a request of some hundred kilobytes. */
const LEAST_SLICE = 500
/** What may wait to be sent. */
const MAX_WAITING_STATEMENTS = 1_000
const MAX_WAITING_CHARACTERS = 2_000_000

/** What is known of a commit: it was not sent, or there is an answer, or there is none. */
export type Fate = 'open' | 'committed' | 'unknown'

/**
 * A transaction on a primary. Writes wait until a result is needed, so that what does not read crosses the network once:
 * BEGIN, every write, COMMIT.
 */
export class PrimaryTransaction implements SqlTransaction {
  readonly leastSlice: number = LEAST_SLICE
  readonly #stream: PrimaryStream
  readonly #deadline: Deadline
  /** Statements at the begin, without which nothing of the transaction counts. */
  readonly #opening: number
  #waiting: Query[]
  #waitingCharacters = 0
  #sent = 0
  #fault: { readonly reason: unknown } | null = null
  #fate: Fate = 'open'

  /** `first` are run before everything else; when one of them fails, the transaction has failed. */
  constructor(stream: PrimaryStream, deadline: Deadline, first: readonly Query[]) {
    this.#stream = stream
    this.#deadline = deadline
    this.#waiting = [query('BEGIN IMMEDIATE'), ...first]
    this.#opening = this.#waiting.length
  }

  get fate(): Fate {
    return this.#fate
  }

  async read(queries: readonly Query[]): Promise<SqlRow[][]> {
    return this.#attempt(async () => {
      const before = this.#takeWaiting()
      const rows = await this.#stream.rowsOrNull([...before, ...queries], { deadline: this.#deadline })
      return rows?.slice(before.length) ?? (await this.#stream.readInPages(queries, this.#deadline))
    })
  }

  async run(queries: readonly Query[]): Promise<void> {
    this.#throwFault()
    for (const next of queries) {
      this.#waiting.push(next)
      this.#waitingCharacters += next.sql.length + charactersOf(next.values)
      const isFull =
        this.#waiting.length >= MAX_WAITING_STATEMENTS || this.#waitingCharacters >= MAX_WAITING_CHARACTERS
      if (isFull) await this.#send([])
    }
  }

  async count(queries: readonly Query[]): Promise<number[]> {
    return (await this.#send(queries)).map(({ changes }) => changes)
  }

  async script(sql: string): Promise<void> {
    await this.#send([])
    await this.#attempt(() => this.#stream.script(sql, this.#deadline))
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
    this.#throwFault()
    const statements = [...this.#takeWaiting(), ...last, query('COMMIT')]
    try {
      await this.#stream.send(statements, { deadline: this.#deadline, isLast: true })
      this.#fate = 'committed'
    } catch (error) {
      if (error instanceof NoAnswer && error.wasSent) this.#fate = 'unknown'
      throw error
    }
  }

  /** Undoes everything, as far as the primary does not do so by itself. */
  rollback(): void {
    this.#stream.close()
  }

  async #undoPart(): Promise<void> {
    if (this.#fault) return
    this.#takeWaiting()
    const statements = [query('ROLLBACK TO mg_part'), query('RELEASE mg_part')]
    // What follows would otherwise build on half of a part.
    await this.#stream.send(statements, { deadline: this.#deadline }).catch((error: unknown) => {
      this.#fault = { reason: this.#translated(error) }
    })
  }

  async #send(queries: readonly Query[], bigints = false): Promise<StatementResult[]> {
    this.#throwFault()
    return this.#attempt(async () => {
      const before = this.#takeWaiting()
      if (before.length + queries.length === 0) return []
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
      const isOpeningFailure = isOpening && error instanceof StatementFailure && error.index < this.#opening
      const reason = isOpeningFailure || error instanceof NoAnswer ? error : this.#translated(error)
      if (isOpeningFailure || isFatal(error)) this.#fault = { reason }
      throw reason
    }
  }

  #translated(error: unknown): unknown {
    return primaryError(error, 'Cannot write')
  }

  #throwFault(): void {
    if (this.#fault) throw this.#fault.reason
  }

  #takeWaiting(): Query[] {
    const taken = this.#waiting
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
  return values.reduce<number>((sum, value) => sum + (typeof value === 'string' ? value.length : 8), 0)
}
