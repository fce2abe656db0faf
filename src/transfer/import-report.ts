import type { GraphBackend } from '../backends/graph-backend.js'

/** An entry that was not imported, and why. */
export type RefusedEntry = {
  kind: 'memory' | 'relationship'
  /** Its position in the document's list, from 0. */
  index: number
  id: string | null
  reason: string
}

/** What an import did. */
export type ImportReport = {
  /** Memories that were not there before. */
  imported_memories: number
  /** Memories that said something else before. */
  updated_memories: number
  /** Memories that said the same already. */
  unchanged_memories: number
  imported_relationships: number
  /** Relationships that were there already. */
  skipped_relationships: number
  refused: RefusedEntry[]
}

/** What the two halves of an import share. */
export type ImportRun = {
  readonly backend: GraphBackend
  readonly dryRun: boolean
  readonly report: ImportReport
  /** Counts entries as dealt with, and stops the import when the caller wants that. */
  readonly advance: (entries: number, phase: string) => void
}
