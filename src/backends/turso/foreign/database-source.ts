/**
 * What a database holds, one at a time, still to be checked.
 * - `node`: all of a node: `{ id, label, properties, version?, history? }`, properties as they are stored; `history` holds its
 *   earlier versions as `{ version, properties, replaced_at }`, oldest first
 * - `memory`: the fields of a `MemoryInput`; what has no field of its own is kept under its own name
 * - `relationship`: the fields of a `RelationshipInput`
 * - `embedding`: the fields of an `EmbeddingInput`, the vector as base64 text
 *
 * A row that cannot be read is a record too, and whoever checks it will refuse it: it has `null` or `''` for the id it lacks, or the
 * text that is no JSON where others have an object.
 */
export type DatabaseRecord = {
  readonly kind: 'node' | 'memory' | 'relationship' | 'embedding'
  readonly value: unknown
  /** The row it is made of, for reports: `nodes row 12`. */
  readonly place: string
}

/**
 * A database file whose memories can be read. What it gives is the state of the file when it was opened, again and again; the file
 * itself is left alone.
 */
export interface DatabaseSource {
  /** Whose layout the file has, for reports: `MemoryGraph for Python`. */
  readonly format: string
  /**
   * The records, in the order of their rows: nodes and memories come before the relationships that join them, and before their vectors.
   *
   * @throws `MG_CORRUPT` the file is damaged · `MG_NOT_CONNECTED` after `close()`
   */
  records(): AsyncIterable<DatabaseRecord>
  /** Removes the copy that is read from. Can be called again. */
  close(): Promise<void>
  /** The same as {@link DatabaseSource.close}. */
  [Symbol.asyncDispose](): Promise<void>
}

/** The id of a relationship whose row has none: one that is just absent would stand for one to be made. */
export const NO_ID = ''
