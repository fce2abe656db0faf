import { setImmediate as nextTurn } from 'node:timers/promises'
import { isLingering, noLongerLingers, noteOpen } from '../../open-files.js'
import { MEMORY_PATH } from '../memory-path.js'
import type { Query, SqlRow, SqlValue } from '../sql-source.js'
import { collectGarbage } from './collect-garbage.js'
import { requireReadable } from './encryption-key.js'
import { loadLibsql, type NativeDatabase, type NativeStatement } from './native-libsql.js'

/** How a connection is opened. */
export type ConnectionOptions = {
  readonly path: string
  readonly encryptionKey: string | undefined
}

/**
 * How long a statement may wait for a lock inside the engine, which holds the event loop, in milliseconds. What takes longer
 * is tried again from outside.
 */
const ENGINE_BUSY_TIMEOUT_MS = 10
const MAX_CACHED_STATEMENTS = 128
/** Pages in memory, at most: with the engine's 2 MiB a bulk write puts many pages in the log more than once. */
const CACHE_KIB = 8_192
/** Prepared statements by their text, least recently used first. */
type Statements = Map<string, NativeStatement>

/** One native connection with its prepared statements. Everything is synchronous. */
export class Connection {
  readonly #database: NativeDatabase
  readonly #giveUpNote: () => void
  readonly #statements: Statements = new Map()
  /**
   * Those that give one row are others than those that give all: in libsql 0.5.29 a statement that was asked for all rows, and then for
   * one, gives a row of the first question.
   */
  readonly #forOneRow: Statements = new Map()

  private constructor(database: NativeDatabase, giveUpNote: () => void) {
    this.#database = database
    this.#giveUpNote = giveUpNote
  }

  static async open({ path, encryptionKey }: ConnectionOptions): Promise<Connection> {
    const Database = await loadLibsql()
    if (path !== MEMORY_PATH && isLingering(path)) await letGoOf(path)
    await requireReadable(Database, path, encryptionKey)
    const options = { timeout: ENGINE_BUSY_TIMEOUT_MS, ...(encryptionKey !== undefined && { encryptionKey }) }
    const database = new Database(path, options as ConstructorParameters<typeof Database>[1])
    return new Connection(database, noteOpen(path, encryptionKey))
  }

  /** Sets what holds for this connection alone. Reads the file, so it may find it busy. */
  configure(synchronous: 'full' | 'normal'): void {
    const level = synchronous === 'full' ? 'FULL' : 'NORMAL'
    this.exec(`PRAGMA foreign_keys = ON; PRAGMA synchronous = ${level}; PRAGMA cache_size = -${CACHE_KIB}`)
  }

  /** Runs statements that bind and return nothing. */
  exec(sql: string): void {
    this.#database.exec(sql)
  }

  /** Runs a statement and returns how many rows it changed. */
  run(sql: string, values: readonly SqlValue[] = []): number {
    return this.#prepared(this.#statements, sql).run(values as SqlValue[]).changes
  }

  /** The first row, or `undefined`. */
  get(sql: string, values: readonly SqlValue[] = []): SqlRow | undefined {
    return this.#prepared(this.#forOneRow, sql).get(values as SqlValue[]) as SqlRow | undefined
  }

  /** Every row. */
  all(sql: string, values: readonly SqlValue[] = []): SqlRow[] {
    return this.#prepared(this.#statements, sql).all(values as SqlValue[]) as SqlRow[]
  }

  /** The first column of the first row. */
  value(sql: string, values: readonly SqlValue[] = []): unknown {
    return this.get(sql, values)?.[0]
  }

  #prepared(statements: Statements, sql: string): NativeStatement {
    const cached = statements.get(sql)
    if (cached) {
      if (statements.size === MAX_CACHED_STATEMENTS) {
        statements.delete(sql)
        statements.set(sql, cached)
      }
      return cached
    }
    const statement = this.prepareOnce(sql)
    statements.set(sql, statement)
    if (statements.size > MAX_CACHED_STATEMENTS) {
      const [oldest] = statements.keys()
      statements.delete(oldest as string)
    }
    return statement
  }

  /** A prepared statement that is not kept. */
  prepareOnce(sql: string): NativeStatement {
    const statement = this.#database.prepare(sql)
    return statement.reader ? statement.raw() : statement
  }

  /** The rows of each statement; all see the same state of the file. */
  read(queries: readonly Query[]): SqlRow[][] {
    if (queries.length < 2 || this.inTransaction) return queries.map((query) => this.#rows(query))
    this.exec('BEGIN')
    try {
      return queries.map((query) => this.#rows(query))
    } finally {
      if (this.inTransaction) this.exec('COMMIT')
    }
  }

  #rows({ sql, values, isSingle }: Query): SqlRow[] {
    if (isSingle !== true) return this.all(sql, values)
    const row = this.get(sql, values)
    return row === undefined ? [] : [row]
  }

  get inTransaction(): boolean {
    return this.#database.inTransaction
  }

  close(): void {
    this.#statements.clear()
    this.#forOneRow.clear()
    this.#database.close()
    this.#giveUpNote()
  }
}

/** Waits until the engine has let go of a file whose connections were closed; handles go in the turn after they were collected. */
async function letGoOf(path: string): Promise<void> {
  collectGarbage()
  await nextTurn()
  noLongerLingers(path)
}
