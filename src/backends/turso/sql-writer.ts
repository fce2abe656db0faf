import { breathe } from '../../breathe.js'
import type { RelationshipRow } from '../../model/relationship-row.js'
import type { AuditRow, EmbeddingRow, GraphWriter, NodeRow } from '../graph-driver.js'
import { DELETE_SETTING, PUT_SETTING } from './schema.js'
import { RECALL_MODEL, SqlReader } from './sql-reader.js'
import { query, type SqlTransaction } from './sql-source.js'
import {
  DELETE_NODE,
  DELETE_RELATIONSHIP,
  DELETE_RELATIONSHIPS_OF,
  INSERT_AUDIT,
  INSERT_RELATIONSHIP,
  MOVE_RELATIONSHIP,
  PRUNE_AUDIT,
  PUT_REVISION,
  PUT_VERSION,
  UPDATE_INVALIDATED_RELATIONSHIP,
  UPDATE_RELATIONSHIP,
  UPSERT_NODE,
} from './statements.js'
import { DELETE_EMBEDDINGS, DELETE_SOME_OF_MODEL } from './vectors/embedding-statements.js'
import { putEmbeddings } from './vectors/put-embeddings.js'

/** Entries of the audit log that one statement takes: some hundred kilobytes where each names many ids. */
const AUDIT_SLICE = 100
/** Embeddings that one statement deletes: some milliseconds of work, or one that crosses a network for all. */
const DELETED_AT_A_TIME = 1_000
const ALL = -1

/** Reading and writing by SQL inside one open transaction. */
export class SqlWriter extends SqlReader implements GraphWriter {
  readonly leastSlice: number
  readonly #transaction: SqlTransaction

  constructor(transaction: SqlTransaction) {
    super(transaction)
    this.leastSlice = transaction.leastSlice
    this.#transaction = transaction
  }

  atomically<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#transaction.atomically(work)
  }

  putNodes(rows: readonly NodeRow[]): Promise<void> {
    return this.#transaction.run(
      rows.flatMap(({ id, label, properties, version = 1, history = [] }) => [
        query(UPSERT_NODE, id, label, properties),
        ...(version > 1 ? [query(PUT_REVISION, id, BigInt(version))] : []),
        ...history.map((earlier) =>
          query(
            PUT_VERSION,
            id,
            BigInt(earlier.version),
            earlier.properties,
            earlier.replaced_at,
            BigInt(version),
          ),
        ),
      ]),
    )
  }

  async deleteNodes(ids: readonly string[]): Promise<number> {
    const counts = await this.#transaction.count(
      ids.flatMap((id) => [query(DELETE_RELATIONSHIPS_OF, id), query(DELETE_NODE, id)]),
    )
    return counts.reduce((deleted, count, at) => (at % 2 === 1 ? deleted + count : deleted), 0)
  }

  insertRelationships(rows: readonly RelationshipRow[]): Promise<void> {
    return this.#transaction.run(
      rows.map((row) =>
        query(
          INSERT_RELATIONSHIP,
          row.id,
          row.from_id,
          row.to_id,
          row.rel_type,
          row.properties,
          row.valid_from,
          row.valid_until,
          row.recorded_at,
          row.invalidated_by,
        ),
      ),
    )
  }

  updateRelationship(before: RelationshipRow, after: RelationshipRow): Promise<void> {
    const { id, properties, valid_from, valid_until, recorded_at, invalidated_by } = after
    const values = [properties, valid_from, valid_until, recorded_at]
    const isMoved = before.from_id !== after.from_id || before.to_id !== after.to_id
    return this.#transaction.run([
      ...(isMoved ? [query(MOVE_RELATIONSHIP, after.from_id, after.to_id, id)] : []),
      before.invalidated_by === invalidated_by
        ? query(UPDATE_RELATIONSHIP, ...values, id)
        : query(UPDATE_INVALIDATED_RELATIONSHIP, ...values, invalidated_by, id),
    ])
  }

  async deleteRelationships(ids: readonly string[]): Promise<number> {
    const counts = await this.#transaction.count(ids.map((id) => query(DELETE_RELATIONSHIP, id)))
    return counts.reduce((deleted, count) => deleted + count, 0)
  }

  putEmbeddings(rows: readonly EmbeddingRow[]): Promise<void> {
    return this.#transaction.run(putEmbeddings(rows))
  }

  async deleteEmbeddings(ids: readonly string[], model: string | null): Promise<number> {
    const [deleted = 0] = await this.#transaction.count([
      query(DELETE_EMBEDDINGS, JSON.stringify(ids), model),
    ])
    return deleted
  }

  async dropEmbeddingModel(model: string): Promise<void> {
    const atATime = this.leastSlice > 1 ? ALL : DELETED_AT_A_TIME
    for (;;) {
      const [deleted = 0] = await this.#transaction.count([
        query(DELETE_SOME_OF_MODEL, model, BigInt(atATime)),
      ])
      if (deleted < DELETED_AT_A_TIME || atATime === ALL) return
      await breathe()
    }
  }

  setRecallModel(model: string | null): Promise<void> {
    return this.#transaction.run([
      model === null ? query(DELETE_SETTING, RECALL_MODEL) : query(PUT_SETTING, RECALL_MODEL, model),
    ])
  }

  recordAudit(rows: readonly AuditRow[]): Promise<void> {
    const slices = Array.from({ length: Math.ceil(rows.length / AUDIT_SLICE) }, (_, at) =>
      rows.slice(at * AUDIT_SLICE, (at + 1) * AUDIT_SLICE),
    )
    return this.#transaction.run([
      ...slices.map((slice) => query(INSERT_AUDIT, JSON.stringify(slice))),
      query(PRUNE_AUDIT),
    ])
  }
}
