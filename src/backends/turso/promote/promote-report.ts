/** What became of the rows of one kind. */
export type PromoteCounts = {
  /** The primary did not have them. */
  copied: number
  /** The primary had an older version, which gave way. */
  replaced: number
  /** The primary had a version that is newer, or of which nothing says that it is older; it stayed. */
  kept: number
  /** The primary had the same. */
  unchanged: number
}

/** A row that a primary cannot hold; of an earlier version or an embedding, the id is the node's. It is in the backup, as it was. */
export type PromoteRefusal = {
  kind: 'node' | 'relationship' | 'version' | 'embedding'
  id: string
  reason: string
}

/** What `TursoBackend.promote()` did. */
export type PromoteReport = {
  /** Where the local copy of the primary is now. */
  path: string
  /** Where the file that was there is now. */
  backup_path: string
  /** The primary, without credentials. */
  url: string
  nodes: PromoteCounts
  relationships: PromoteCounts
  /** How many earlier versions of memories were copied. */
  versions: number
  /** How many embeddings were copied. */
  embeddings: number
  refused: PromoteRefusal[]
  duration_ms: number
}

/** Counts of nothing yet. */
export function noCounts(): PromoteCounts {
  return { copied: 0, replaced: 0, kept: 0, unchanged: 0 }
}

/** How many rows were counted. */
export function sumOf({ copied, replaced, kept, unchanged }: PromoteCounts): number {
  return copied + replaced + kept + unchanged
}
