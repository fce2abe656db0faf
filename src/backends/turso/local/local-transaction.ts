import type { Query, SqlRow, SqlTransaction } from '../sql-source.js'
import { translateError } from '../translate-error.js'
import type { Connection } from './connection.js'
import { requireOpen } from './local-writer.js'

/** The open transaction of a connection. Once the engine has undone it, everything fails with the first reason. */
export class LocalTransaction implements SqlTransaction {
  readonly leastSlice = 1
  readonly #connection: Connection
  #fault: { readonly reason: unknown } | null = null

  constructor(connection: Connection) {
    this.#connection = connection
  }

  async read(queries: readonly Query[]): Promise<SqlRow[][]> {
    return this.#attempt((connection) => connection.read(queries))
  }

  async run(queries: readonly Query[]): Promise<void> {
    this.#attempt((connection) => {
      for (const { sql, values } of queries) connection.run(sql, values)
    })
  }

  async count(queries: readonly Query[]): Promise<number[]> {
    return this.#attempt((connection) => queries.map(({ sql, values }) => connection.run(sql, values)))
  }

  async script(sql: string): Promise<void> {
    this.#attempt((connection) => connection.exec(sql))
  }

  async atomically<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.script('SAVEPOINT mg_part')
    try {
      const result = await work()
      await this.script('RELEASE mg_part')
      return result
    } catch (error) {
      if (this.#connection.inTransaction) this.#connection.exec('ROLLBACK TO mg_part; RELEASE mg_part')
      throw error
    }
  }

  /** Throws what made the engine undo the transaction, if it did, also when the caller has caught that before. */
  requireIntact(): void {
    if (this.#fault) throw this.#fault.reason
    requireOpen(this.#connection)
  }

  #attempt<Result>(work: (connection: Connection) => Result): Result {
    if (this.#fault) throw this.#fault.reason
    try {
      return work(this.#connection)
    } catch (error) {
      const reason = translateError(error, 'Cannot write')
      if (!this.#connection.inTransaction) this.#fault = { reason }
      throw reason
    }
  }
}
