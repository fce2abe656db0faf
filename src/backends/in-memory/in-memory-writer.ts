import type { RelationshipRow } from '../../model/relationship-row.js'
import type { AuditRow, EmbeddingRow, GraphWriter, NodeRow } from '../graph-driver.js'
import type { AtomicEdits } from './atomic-edits.js'
import type { GraphStore } from './graph-store.js'
import { InMemoryReader } from './in-memory-reader.js'

/** Reads and writes a store inside one atomic write. */
export class InMemoryWriter extends InMemoryReader implements GraphWriter {
  readonly #edits: AtomicEdits

  constructor(store: GraphStore, edits: AtomicEdits) {
    super(
      () => store,
      (look) => look(),
    )
    this.#edits = edits
  }

  atomically<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#edits.atomically(work)
  }

  async putNodes(rows: readonly NodeRow[]): Promise<void> {
    this.#edits.putNodes(rows)
  }

  async deleteNodes(ids: readonly string[]): Promise<number> {
    return this.#edits.deleteNodes(ids)
  }

  async insertRelationships(rows: readonly RelationshipRow[]): Promise<void> {
    this.#edits.insertRelationships(rows)
  }

  async updateRelationship(before: RelationshipRow, after: RelationshipRow): Promise<void> {
    this.#edits.updateRelationship(before, after)
  }

  async deleteRelationships(ids: readonly string[]): Promise<number> {
    return this.#edits.deleteRelationships(ids)
  }

  async putEmbeddings(rows: readonly EmbeddingRow[]): Promise<void> {
    this.#edits.putEmbeddings(rows)
  }

  async deleteEmbeddings(ids: readonly string[], model: string | null): Promise<number> {
    return this.#edits.deleteEmbeddings(ids, model)
  }

  async dropEmbeddingModel(model: string): Promise<void> {
    this.#edits.dropEmbeddingModel(model)
  }

  async setRecallModel(model: string | null): Promise<void> {
    this.#edits.setRecallModel(model)
  }

  async recordAudit(rows: readonly AuditRow[]): Promise<void> {
    this.#edits.recordAudit(rows)
  }
}
