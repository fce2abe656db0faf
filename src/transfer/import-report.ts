import type { ConflictPolicy } from './conflict-policy.js'

/** What became of the records of one kind. */
export type ImportCounts = {
  /** Were not there before. */
  imported: number
  /** Were there, said something else, and were replaced. */
  replaced: number
  /** Were there, say something else, and were kept as they are. */
  kept: number
  /** Were there and said the same. */
  unchanged: number
  /** Could not be stored; nothing of them was. */
  refused: number
}

/** A record that was not imported, and why. */
export type RefusedRecord = {
  kind: 'node' | 'relationship' | 'embedding'
  id: string | null
  /** Where it stands in the source. */
  place: string
  reason: string
}

/** What an import did, or would have done. */
export type ImportReport = {
  /** What was read. */
  format: string
  dry_run: boolean
  on_conflict: ConflictPolicy
  /** Memories and other nodes. */
  nodes: ImportCounts
  relationships: ImportCounts
  embeddings: ImportCounts
  /** The first 1,000 that were refused. */
  refused: RefusedRecord[]
}

/** Refused records that a report names. */
const MAX_REFUSED = 1000

/** A report of nothing. */
export function blankReport(format: string, dryRun: boolean, policy: ConflictPolicy): ImportReport {
  const none = (): ImportCounts => ({ imported: 0, replaced: 0, kept: 0, unchanged: 0, refused: 0 })
  return {
    format,
    dry_run: dryRun,
    on_conflict: policy,
    nodes: none(),
    relationships: none(),
    embeddings: none(),
    refused: [],
  }
}

/** Notes that a record was refused. */
export function noteRefused(report: ImportReport, refused: RefusedRecord): void {
  report[`${refused.kind}s`].refused++
  if (report.refused.length < MAX_REFUSED) report.refused.push(refused)
}
