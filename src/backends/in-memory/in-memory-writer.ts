import type { RelationshipRow } from '../../model/relationship-row.js'
import type { GraphWriter, NodeRow } from '../graph-driver.js'
import type { AtomicEdits } from './atomic-edits.js'
import type { GraphStore } from './graph-store.js'
import { InMemoryReader } from './in-memory-reader.js'

/** Reads and writes a store inside one atomic write. */
export class InMemoryWriter extends InMemoryReader implements GraphWriter {
  readonly #edits: AtomicEdits

  constructor(store: GraphStore, edits: AtomicEdits) {
    super(
      () => store,
      () => Promise.resolve(),
    )
    this.#edits = edits
  }

  async putNodes(rows: readonly NodeRow[]): Promise<void> {
    this.#edits.putNodes(rows)
  }

  async deleteNodes(ids: readonly string[]): Promise<number> {
    return this.#edits.deleteNodes(ids)
  }

  async putRelationships(rows: readonly RelationshipRow[]): Promise<void> {
    this.#edits.putRelationships(rows)
  }

  async deleteRelationships(ids: readonly string[]): Promise<number> {
    return this.#edits.deleteRelationships(ids)
  }
}
