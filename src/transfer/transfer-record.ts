/**
 * What is moved from a file into a graph, one at a time, still to be checked.
 * - `node`: all of a node: `{ id, label, properties, version?, history? }`, properties as they are stored
 * - `memory`: what MemoryGraph's exports say of a memory (the fields of `MemoryInput`, the id among them); what it does not mention stays as stored
 * - `relationship`: the fields of `RelationshipInput`; without an id it is known by its ends and its type
 * - `embedding`: the fields of `EmbeddingInput`; the vector may be base64 text of 32-bit floats, the low byte first
 */
export type TransferRecord = {
  readonly kind: 'node' | 'memory' | 'relationship' | 'embedding'
  readonly value: unknown
  /** Where it stands, for reports: `line 12`, `memory 3`, `notes/a.md`. */
  readonly place: string
}

/** Where records come from. They can be read again and again, each time from the beginning. */
export type RecordSource = {
  /** What the source is, for reports: `MemoryGraph JSON`. */
  readonly format: string
  /**
   * The records in order: nodes and memories come before the relationships that join them, and before their embeddings.
   *
   * @throws `MG_VALIDATION` the source is malformed; the message and `details` say where (`details.line`)
   */
  records(): AsyncIterable<TransferRecord>
}
