import type { Query, SqlRow, SqlValue } from '../sql-source.js'
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

/** One native connection with its prepared statements. Everything is synchronous. */
export class Connection {
  readonly #database: NativeDatabase
  /** Least recently used first. */
  readonly #statements = new Map<string, NativeStatement>()

  private constructor(database: NativeDatabase) {
    this.#database = database
  }

  static async open({ path, encryptionKey }: ConnectionOptions): Promise<Connection> {
    const Database = await loadLibsql()
    const options = { timeout: ENGINE_BUSY_TIMEOUT_MS, ...(encryptionKey !== undefined && { encryptionKey }) }
    return new Connection(new Database(path, options as ConstructorParameters<typeof Database>[1]))
  }

  /** Sets what holds for this connection alone. Reads the file, so it may find it busy. */
  configure(synchronous: 'full' | 'normal'): void {
    this.exec(`PRAGMA foreign_keys = ON; PRAGMA synchronous = ${synchronous === 'full' ? 'FULL' : 'NORMAL'}`)
  }

  /** Runs statements that bind and return nothing. */
  exec(sql: string): void {
    this.#database.exec(sql)
  }

  /** Runs a statement and returns how many rows it changed. */
  run(sql: string, values: readonly SqlValue[] = []): number {
    return this.prepare(sql).run(values as SqlValue[]).changes
  }

  /** The first row, or `undefined`. */
  get(sql: string, values: readonly SqlValue[] = []): SqlRow | undefined {
    return this.prepare(sql).get(values as SqlValue[]) as SqlRow | undefined
  }

  /** Every row. */
  all(sql: string, values: readonly SqlValue[] = []): SqlRow[] {
    return this.prepare(sql).all(values as SqlValue[]) as SqlRow[]
  }

  /** The first column of the first row. */
  value(sql: string, values: readonly SqlValue[] = []): unknown {
    return this.get(sql, values)?.[0]
  }

  /** A cached prepared statement that returns rows as arrays. */
  prepare(sql: string): NativeStatement {
    const cached = this.#statements.get(sql)
    if (cached) {
      if (this.#statements.size === MAX_CACHED_STATEMENTS) {
        this.#statements.delete(sql)
        this.#statements.set(sql, cached)
      }
      return cached
    }
    const statement = this.prepareOnce(sql)
    this.#statements.set(sql, statement)
    if (this.#statements.size > MAX_CACHED_STATEMENTS) {
      const [oldest] = this.#statements.keys()
      this.#statements.delete(oldest as string)
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
    this.#database.close()
  }
}
