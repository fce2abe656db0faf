import { setTimeout as delay } from 'node:timers/promises'
import { BackendError, DatabaseConnectionError } from '../../../errors.js'
import { sharedQueue } from '../../shared-queues.js'
import type { WriteQueue } from '../../write-queue.js'
import { isBusy, translateError } from '../translate-error.js'
import type { Connection } from './connection.js'

const FIRST_RETRY_MS = 2
const GREATEST_RETRY_MS = 40

/** Writes to one file: one after the other within the process, with patience towards other processes. */
export class LocalWriter {
  readonly #connection: Connection
  readonly #busyTimeoutMs: number
  readonly #giveUpQueue: () => void
  readonly queue: WriteQueue

  /** `file` names the file; writers of the same file share a queue, so that they take turns instead of fighting for its lock. */
  constructor(connection: Connection, file: string, busyTimeoutMs: number) {
    this.#connection = connection
    this.#busyTimeoutMs = busyTimeoutMs
    const { queue, release } = sharedQueue(file)
    this.queue = queue
    this.#giveUpQueue = release
  }

  /** Runs work as one transaction; what it throws undoes it, and is thrown as it is. */
  write<Result>(work: (connection: Connection) => Promise<Result> | Result): Promise<Result> {
    return this.queue.run(() => this.#transact(work))
  }

  /** As {@link LocalWriter.write}, with foreign keys unchecked: for schema changes over files that hold orphans. */
  withoutForeignKeys<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    return this.queue.run(async () => {
      this.#connection.exec('PRAGMA foreign_keys = OFF') // has no effect inside a transaction
      try {
        return await this.#transact(work)
      } finally {
        this.#connection.exec('PRAGMA foreign_keys = ON')
      }
    })
  }

  /** Runs work outside a transaction, in turn. */
  exclusively<Result>(work: (connection: Connection) => Result, what: string): Promise<Result> {
    return this.queue.run(() => this.#patiently(() => work(this.#connection), what))
  }

  /** Gives up the place in the shared queue. */
  release(): void {
    this.#giveUpQueue()
  }

  async #transact<Result>(work: (connection: Connection) => Promise<Result> | Result): Promise<Result> {
    const connection = this.#connection
    // exec() rather than prepared statements: one that ended in SQLITE_BUSY would keep later commits from happening.
    await this.#patiently(() => connection.exec('BEGIN IMMEDIATE'), 'Cannot start to write')
    try {
      const result = await work(connection)
      requireOpen(connection)
      // In write-ahead-log mode a commit waits for nobody; a file that is not there yet may have readers to wait for.
      await this.#patiently(() => connection.exec('COMMIT'), 'Cannot commit')
      return result
    } catch (error) {
      undo(connection, error)
      throw error
    }
  }

  #patiently<Result>(work: () => Result, what: string): Promise<Result> {
    return patiently(work, this.#busyTimeoutMs, what)
  }
}

/**
 * Runs work again and again while another process holds the lock it needs, without holding the event loop.
 *
 * @throws `MG_BUSY` at the deadline
 */
export async function patiently<Result>(
  work: () => Result,
  timeoutMs: number,
  what: string,
): Promise<Result> {
  const deadline = performance.now() + timeoutMs
  for (let wait = FIRST_RETRY_MS; ; wait = Math.min(wait * 2, GREATEST_RETRY_MS)) {
    try {
      return work()
    } catch (error) {
      if (!isBusy(error)) throw translateError(error, what)
      if (performance.now() >= deadline) throw stillBusy(what, timeoutMs, error)
    }
    await delay(wait * (0.5 + Math.random()))
  }
}

/**
 * A full disk, or a trigger of another program, can make the engine undo the whole transaction by itself; what came after that
 * would be stored on its own.
 */
export function requireOpen(connection: Connection): void {
  if (connection.inTransaction) return
  throw new BackendError(
    'The engine undid the transaction (the disk may be full): nothing of it was stored',
    {
      code: 'MG_STORAGE_FULL',
    },
  )
}

function undo(connection: Connection, reason: unknown): void {
  if (!connection.inTransaction) return
  try {
    connection.exec('ROLLBACK')
  } catch (error) {
    throw translateError(new AggregateError([reason, error], String(error)), 'Cannot undo a failed write')
  }
}

function stillBusy(what: string, timeoutMs: number, cause: unknown): DatabaseConnectionError {
  return new DatabaseConnectionError(
    `${what}: another process has been writing for ${timeoutMs} ms (option busyTimeoutMs): try again`,
    { code: 'MG_BUSY', details: { timeoutMs }, cause },
  )
}
