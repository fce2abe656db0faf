import { RelationshipError } from '../../errors.js'
import type { RelationshipRow } from '../../model/relationship-row.js'
import type { Change } from '../graph-backend.js'
import type { AuditRow, EmbeddingRow, NodeRow } from '../graph-driver.js'
import {
  type GraphStore,
  keyOf,
  type StoredNode,
  type StoredRelationship,
  storedNode,
  storedRelationship,
} from './graph-store.js'
import { newVersions, type Versions, versionsAfter } from './version-log.js'

/** The columns of a relationship that can change. */
const CHANGEABLE = [
  'from_id',
  'to_id',
  'properties',
  'valid_from',
  'valid_until',
  'recorded_at',
  'invalidated_by',
] as const

/**
 * The changes that one atomic write makes to a store, and how to take them back: what was there before is put back,
 * newest first. A method that throws has changed nothing.
 */
export class AtomicEdits {
  readonly #store: GraphStore
  readonly #undo: (() => void)[] = []

  constructor(store: GraphStore) {
    this.#store = store
  }

  putNodes(rows: readonly NodeRow[]): void {
    this.#allOrNothing(() => {
      for (const row of rows) this.#putNode(row)
    })
  }

  insertRelationships(rows: readonly RelationshipRow[]): void {
    this.#allOrNothing(() => {
      for (const row of rows) this.#insertRelationship(row)
    })
  }

  /** Writes the columns of a relationship that differ between the two; its type stays. */
  updateRelationship(before: RelationshipRow, after: RelationshipRow): void {
    this.#allOrNothing(() => this.#updateRelationship(before, after))
  }

  /** Deletes nodes and the relationships at them; returns how many nodes there were. */
  deleteNodes(ids: readonly string[]): number {
    return this.#allOrNothing(() => ids.filter((id) => this.#deleteNode(id)).length)
  }

  /** Returns how many there were. */
  deleteRelationships(ids: readonly string[]): number {
    return this.#allOrNothing(() => ids.filter((id) => this.#deleteRelationship(id)).length)
  }

  putEmbeddings(rows: readonly EmbeddingRow[]): void {
    for (const row of rows) this.#setEmbedding(row.id, row.model, { ...row, vector: row.vector.slice() })
  }

  /** Deletes embeddings of nodes, of one model or of all; returns how many there were. */
  deleteEmbeddings(ids: readonly string[], model: string | null): number {
    const rows = ids
      .flatMap((id) => this.#store.embeddings.of(id))
      .filter((row) => model === null || row.model === model)
    for (const row of rows) this.#setEmbedding(row.id, row.model, undefined)
    return rows.length
  }

  dropEmbeddingModel(model: string): void {
    for (const { id } of [...this.#store.embeddings.ofModel(model)]) this.#setEmbedding(id, model, undefined)
  }

  setRecallModel(model: string | null): void {
    const before = this.#store.recallModel
    this.#store.recallModel = model
    this.#undo.push(() => {
      this.#store.recallModel = before
    })
  }

  recordAudit(rows: readonly AuditRow[]): void {
    for (const row of rows) {
      this.#store.audit.add(row)
      this.#undo.push(() => this.#store.audit.undo())
    }
  }

  /** Runs work so that all it changes stays, or, when it rejects, none of it. */
  async atomically<Result>(work: () => Promise<Result>): Promise<Result> {
    const mark = this.#undo.length
    try {
      return await work()
    } catch (error) {
      this.#rollBackTo(mark)
      throw error
    }
  }

  /** Takes everything back. */
  rollBack(): void {
    this.#rollBackTo(0)
  }

  /** Ends the write: nothing of it can be taken back any more, also not by work that is still on its way. */
  commit(): void {
    this.#undo.length = 0
    this.#store.changes.trim()
    this.#store.audit.trim()
  }

  #putNode(row: NodeRow): void {
    const before = this.#store.node(row.id)?.row
    if (before && before.label === row.label && before.properties === row.properties) return
    this.#setNode(row.id, storedNode(row))
    this.#setVersions(
      row.id,
      before ? this.#versionsAfter(before, row) : newVersions(row, this.#store.keptVersions),
    )
    this.#record('node', row.id, before ? 'update' : 'insert')
  }

  #insertRelationship(row: RelationshipRow): void {
    this.#requireNode(row.from_id)
    this.#requireNode(row.to_id)
    this.#setRelationship(row.id, storedRelationship(row))
    this.#requireRelationship(row.invalidated_by) // may be the row itself
    this.#record('relationship', row.id, 'insert')
  }

  #updateRelationship(before: RelationshipRow, after: RelationshipRow): void {
    const stored = this.#store.relationship(after.id)?.row
    const changed = CHANGEABLE.filter((column) => before[column] !== after[column])
    if (!stored || changed.length === 0) return
    this.#requireNode(after.from_id)
    this.#requireNode(after.to_id)
    if (changed.includes('invalidated_by')) this.#requireRelationship(after.invalidated_by)
    const columns = Object.fromEntries(changed.map((column) => [column, after[column]]))
    this.#setRelationship(after.id, storedRelationship({ ...stored, ...columns }))
    this.#record('relationship', after.id, 'update')
  }

  #deleteNode(id: string): boolean {
    if (!this.#store.node(id)) return false
    for (const relationshipId of this.#store.graph.edges(keyOf(id))) this.#deleteRelationship(relationshipId)
    this.deleteEmbeddings([id], null)
    this.#setNode(id, undefined)
    this.#setVersions(id, undefined)
    this.#record('node', id, 'delete')
    return true
  }

  #deleteRelationship(id: string): boolean {
    if (!this.#store.relationship(id)) return false
    for (const other of this.#store.idsInvalidatedBy(id)) {
      const row = this.#store.relationship(other)?.row
      if (row && other !== id) this.#updateRelationship(row, { ...row, invalidated_by: null })
    }
    this.#setRelationship(id, undefined)
    this.#record('relationship', id, 'delete')
    return true
  }

  #setNode(id: string, after: StoredNode | undefined): void {
    const before = this.#store.setNode(id, after)
    this.#undo.push(() => this.#store.setNode(id, before))
  }

  #versionsAfter(before: NodeRow, after: NodeRow): Versions | undefined {
    const { versions, keptVersions } = this.#store
    return versionsAfter(versions.get(after.id), before, after, keptVersions)
  }

  #setVersions(id: string, after: Versions | undefined): void {
    const { versions } = this.#store
    const before = versions.get(id)
    if (before === after) return
    const set = (value: Versions | undefined): void => {
      if (value) versions.set(id, value)
      else versions.delete(id)
    }
    set(after)
    this.#undo.push(() => set(before))
  }

  #setEmbedding(id: string, model: string, after: EmbeddingRow | undefined): void {
    const before = this.#store.embeddings.set(id, model, after)
    this.#undo.push(() => this.#store.embeddings.set(id, model, before))
  }

  #setRelationship(id: string, after: StoredRelationship | undefined): void {
    const before = this.#store.setRelationship(id, after)
    this.#undo.push(() => this.#store.setRelationship(id, before))
  }

  #record(kind: Change['kind'], id: string, op: Change['op']): void {
    this.#store.changes.add({ kind, id, op })
    this.#undo.push(() => this.#store.changes.undo())
  }

  #allOrNothing<Result>(work: () => Result): Result {
    const mark = this.#undo.length
    try {
      return work()
    } catch (error) {
      this.#rollBackTo(mark)
      throw error
    }
  }

  #rollBackTo(mark: number): void {
    while (this.#undo.length > mark) this.#undo.pop()?.()
  }

  #requireNode(id: string): void {
    if (this.#store.node(id)) return
    throw new RelationshipError(`Cannot store the relationship: no node with the id ${JSON.stringify(id)}`, {
      details: { missing: [id] },
    })
  }

  #requireRelationship(id: string | null): void {
    if (id === null || this.#store.relationship(id)) return
    throw new RelationshipError(
      `Cannot store the relationship: invalidated_by names ${JSON.stringify(id)}, which is no relationship`,
      { details: { missing: [id] } },
    )
  }
}
