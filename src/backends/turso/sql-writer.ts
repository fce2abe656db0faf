import type { RelationshipRow } from '../../model/relationship-row.js'
import type { GraphWriter, NodeRow } from '../graph-driver.js'
import type { Connection } from './connection.js'
import { requireOpen } from './local-writer.js'
import { SqlReader } from './sql-reader.js'
import {
  DELETE_NODE,
  DELETE_RELATIONSHIP,
  DELETE_RELATIONSHIPS_OF,
  INSERT_RELATIONSHIP,
  UPDATE_INVALIDATED_RELATIONSHIP,
  UPDATE_RELATIONSHIP,
  UPSERT_NODE,
} from './statements.js'
import { translateError } from './translate-error.js'

/** Reading and writing by SQL inside one open transaction. Once the engine has undone it, everything fails with the first reason. */
export class SqlWriter extends SqlReader implements GraphWriter {
  readonly #connection: Connection
  #fault: { readonly reason: unknown } | null = null

  constructor(connection: Connection) {
    super(async (work) => this.#attempt(() => work(connection)))
    this.#connection = connection
  }

  async atomically<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#attempt(() => this.#connection.exec('SAVEPOINT mg_part'))
    try {
      const result = await work()
      this.#attempt(() => this.#connection.exec('RELEASE mg_part'))
      return result
    } catch (error) {
      if (this.#connection.inTransaction) this.#connection.exec('ROLLBACK TO mg_part; RELEASE mg_part')
      throw error
    }
  }

  putNodes(rows: readonly NodeRow[]): Promise<void> {
    return this.access((connection) => {
      for (const row of rows) connection.run(UPSERT_NODE, [row.id, row.label, row.properties])
    })
  }

  deleteNodes(ids: readonly string[]): Promise<number> {
    return this.access((connection) => {
      let deleted = 0
      for (const id of ids) {
        connection.run(DELETE_RELATIONSHIPS_OF, [id])
        deleted += connection.run(DELETE_NODE, [id])
      }
      return deleted
    })
  }

  insertRelationships(rows: readonly RelationshipRow[]): Promise<void> {
    return this.access((connection) => {
      for (const row of rows) {
        connection.run(INSERT_RELATIONSHIP, [
          row.id,
          row.from_id,
          row.to_id,
          row.rel_type,
          row.properties,
          row.valid_from,
          row.valid_until,
          row.recorded_at,
          row.invalidated_by,
        ])
      }
    })
  }

  updateRelationship(before: RelationshipRow, after: RelationshipRow): Promise<void> {
    return this.access((connection) => {
      const { id, properties, valid_from, valid_until, recorded_at, invalidated_by } = after
      const values = [properties, valid_from, valid_until, recorded_at]
      if (before.invalidated_by === invalidated_by) connection.run(UPDATE_RELATIONSHIP, [...values, id])
      else connection.run(UPDATE_INVALIDATED_RELATIONSHIP, [...values, invalidated_by, id])
    })
  }

  deleteRelationships(ids: readonly string[]): Promise<number> {
    return this.access((connection) =>
      ids.reduce((deleted, id) => deleted + connection.run(DELETE_RELATIONSHIP, [id]), 0),
    )
  }

  #attempt<Result>(work: () => Result): Result {
    if (this.#fault) throw this.#fault.reason
    try {
      return work()
    } catch (error) {
      const reason = translateError(error, 'Cannot write')
      if (!this.#connection.inTransaction) this.#fault = { reason }
      throw reason
    }
  }

  /** Rejects with what made the engine undo the transaction, if it did, also when the caller has caught that before. */
  requireIntact(): void {
    if (this.#fault) throw this.#fault.reason
    requireOpen(this.#connection)
  }
}
