import { v7 as uuidV7 } from 'uuid'
import { BackendError, SyncError } from '../../../errors.js'
import { sharedQueue } from '../../shared-queues.js'
import type { WriteQueue } from '../../write-queue.js'
import { PRUNE_FEED } from '../change-feed.js'
import { type Query, query, type SqlRow, type SqlTransaction } from '../sql-source.js'
import { ABANDON_WRITE, PRUNE_WRITES, RECORD_WRITE, SELECT_ABANDONED } from '../statements.js'
import type { Deadline } from './deadline.js'
import type { Primary } from './primary.js'
import { isMissingTable, isTransient, NoAnswer, primaryError, StatementFailure } from './primary-errors.js'
import { GraphMoved, PrimaryTransaction } from './primary-transaction.js'

/** What a write must find on the primary: the history that it knows. */
export type KnownHistory = {
  readonly epoch: string
  /** The newest write that it has seen, if any. */
  readonly newest: { readonly seq: number; readonly id: string } | null
}

/** What a write did, and the id by which the primary took note of it; `null` when there was nothing to write. */
export type Written<Result> = { readonly result: Result; readonly writeId: string | null }

/** How a write is run. */
export type WriteOptions = {
  /** Whether the work must not be run twice, also when nothing of its first run was stored. */
  readonly runOnce?: boolean
  readonly history: KnownHistory
  /** The ids that the work has written so far, for the error that says that their fate is unknown. */
  readonly touched?: () => Iterable<string>
}

/** Writes the primary takes note of: more than can be under way or on the way to a copy. */
const KEPT_WRITES = 10_000n

/** How often a write whose reads were overtaken by others tries again before it reads under the primary's lock. */
const UNLOCKED_ATTEMPTS = 3

const CANNOT_WRITE = 'Cannot write'

/**
 * Writes to a primary, each at most once, one after the other within the process.
 *
 * Each write begins with a row in a ledger of writes. When the answer to its COMMIT is lost, the ledger tells whether it happened:
 * either the row is there, or a row in its place makes sure that it never will.
 */
export class PrimaryWriter {
  readonly queue: WriteQueue
  readonly #primary: Primary
  readonly #giveUpQueue: () => void

  constructor(primary: Primary) {
    this.#primary = primary
    const { queue, release } = sharedQueue(primary.name)
    this.queue = queue
    this.#giveUpQueue = release
  }

  /** Gives up the place in the shared queue. */
  release(): void {
    this.#giveUpQueue()
  }

  /**
   * Runs work as one transaction.
   *
   * @throws `MG_OFFLINE` nothing was stored · `MG_UNCERTAIN` it may have been stored · `MG_TRANSACTION_LOST` · `MG_DIVERGED` the
   * primary does not have the history that is known · what the work throws
   */
  async write<Result>(
    work: (transaction: PrimaryTransaction) => Promise<Result>,
    options: WriteOptions,
  ): Promise<Written<Result>> {
    return this.#inTurn((deadline) =>
      options.runOnce
        ? this.#writeOnce(work, options, deadline, false)
        : this.#primary.repeatedly(() => this.#writeUnmoved(work, options, deadline), deadline, CANNOT_WRITE),
    )
  }

  /** Runs work, which looks what is left to do, as one transaction that is no write of the graph. */
  async transact<Result>(
    work: (transaction: SqlTransaction) => Promise<Result>,
    foreignKeys: boolean,
  ): Promise<Result> {
    const what = `Cannot write to ${this.#primary.name}`
    const attempt = async (deadline: Deadline): Promise<Result> => {
      const stream = this.#primary.open()
      if (!foreignKeys) await stream.send([query('PRAGMA foreign_keys = OFF')], { deadline })
      const translate = (error: unknown): unknown => primaryError(error, what)
      const transaction = new PrimaryTransaction(stream, { deadline, first: () => [], translate })
      try {
        const result = await work(transaction)
        await transaction.commit([])
        return result
      } catch (error) {
        if (transaction.fate === 'open') await transaction.rollback()
        throw isTransient(transaction.fault) ? transaction.fault : error
      }
    }
    return this.#inTurn((deadline) => this.#primary.repeatedly(() => attempt(deadline), deadline, what))
  }

  async #inTurn<Result>(work: (deadline: Deadline) => Promise<Result>): Promise<Result> {
    const asked = performance.now()
    return this.queue.run(() => work(this.#primary.deadline(asked)))
  }

  // Reads before the first write hold no lock, as long as nobody else keeps writing between them and it.
  async #writeUnmoved<Result>(
    work: (transaction: PrimaryTransaction) => Promise<Result>,
    options: WriteOptions,
    deadline: Deadline,
  ): Promise<Written<Result>> {
    for (let left = UNLOCKED_ATTEMPTS; ; left--) {
      try {
        return await this.#writeOnce(work, options, deadline, left > 0)
      } catch (error) {
        if (!hasMoved(error)) throw error
      }
    }
  }

  async #writeOnce<Result>(
    work: (transaction: PrimaryTransaction) => Promise<Result>,
    { history, runOnce = false, touched = () => [] }: WriteOptions,
    deadline: Deadline,
    readsBefore: boolean,
  ): Promise<Written<Result>> {
    const writeId = uuidV7()
    const transaction = new PrimaryTransaction(this.#primary.open(), {
      deadline,
      first: (seen) => [recordWrite(writeId, history, seen)],
      translate: (error) => this.#translated(error),
      readBefore: readsBefore ? (queries) => this.#primary.select(queries, { deadline }) : undefined,
    })
    try {
      const result = await work(transaction)
      if (transaction.isEmpty) return { result, writeId: null }
      await transaction.commit(PRUNING).catch(async (error: unknown) => {
        if (transaction.fate !== 'unknown') throw error
        await transaction.rollback() // lets go of the lock if the commit has not arrived
        await this.#settle(writeId, touched, transaction.fault, deadline)
      })
      return { result, writeId }
    } catch (error) {
      const { fate, fault } = transaction
      if (fate !== 'open') throw runOnce ? primaryError(error, CANNOT_WRITE) : error
      await transaction.rollback()
      throw !runOnce && (isTransient(fault) || hasMoved(fault)) ? fault : error
    }
  }

  #translated(error: unknown): unknown {
    return isUnknownHistory(error) ? diverged(this.#primary.name, error) : primaryError(error, CANNOT_WRITE)
  }

  /**
   * Finds out whether a write whose answer was lost was stored, and makes sure that it will not be if it was not. Returns when it
   * was.
   *
   * @throws NoAnswer it was not stored, and never will be · `MG_UNCERTAIN` the primary does not say
   */
  async #settle(
    writeId: string,
    touched: () => Iterable<string>,
    cause: unknown,
    deadline: Deadline,
  ): Promise<void> {
    const ask = async (): Promise<unknown> => {
      const [, , [row] = []] = await this.#rowsOf(
        [
          query('BEGIN IMMEDIATE'),
          query(ABANDON_WRITE, writeId),
          query(SELECT_ABANDONED, writeId),
          query('COMMIT'),
        ],
        deadline,
      )
      return row?.[0]
    }
    let isAbandoned: unknown
    try {
      isAbandoned = await this.#primary.repeatedly(ask, deadline, 'Cannot ask')
    } catch (error) {
      throw uncertain(writeId, [...touched()], new AggregateError([cause, error], String(cause)))
    }
    if (isAbandoned !== 0) throw new NoAnswer(messageOf(cause), true, cause)
  }

  async #rowsOf(statements: readonly Query[], deadline: Deadline): Promise<SqlRow[][]> {
    const results = await this.#primary.open().send(statements, { deadline, isLast: true })
    return results.map(({ rows }) => rows)
  }
}

const PRUNING: readonly Query[] = [PRUNE_FEED, query(PRUNE_WRITES, KEPT_WRITES)]

function recordWrite(writeId: string, { epoch, newest }: KnownHistory, seen: number | null): Query {
  return query(
    RECORD_WRITE,
    writeId,
    epoch,
    newest === null ? null : BigInt(newest.seq),
    newest?.id ?? null,
    seen === null ? null : BigInt(seen),
  )
}

// The ledger's columns refuse NULL, which is what its statement makes of a graph that has changed since it was read …
function hasMoved(error: unknown): boolean {
  if (error instanceof GraphMoved) return true
  return isOfLedger(error) && /NOT NULL.*mg_write\.abandoned/.test(error.message)
}

// … and of a history that is not the one known.
function isUnknownHistory(error: unknown): boolean {
  return isOfLedger(error) && (/NOT NULL.*mg_write\.id/.test(error.message) || isMissingTable(error))
}

// What comes second is the row of the ledger, or, before that, the position of the change feed.
function isOfLedger(error: unknown): error is StatementFailure {
  return error instanceof StatementFailure && error.index === 1
}

function diverged(name: string, cause: unknown): SyncError {
  return new SyncError(
    `${name} does not hold the history that this backend knows: it was restored from a backup, or is another database. Nothing was written. A local copy is made anew by itself, and then the write can be made again; without a copy disconnect and connect again`,
    { code: 'MG_DIVERGED', cause },
  )
}

function uncertain(writeId: string, ids: readonly string[], cause: unknown): BackendError {
  return new BackendError(
    `The connection to the primary was lost while it stored a write, and it does not say whether it did: look for ${named(ids)} before you try again (${messageOf(cause)})`,
    { code: 'MG_UNCERTAIN', details: { write_id: writeId, ids }, cause },
  )
}

const MAX_NAMED_IDS = 5

function named(ids: readonly string[]): string {
  if (ids.length === 0) return 'its effect'
  const names = ids.slice(0, MAX_NAMED_IDS).map((id) => JSON.stringify(id))
  return `${names.join(', ')}${ids.length > MAX_NAMED_IDS ? ` and ${ids.length - MAX_NAMED_IDS} more (details.ids)` : ''}`
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
