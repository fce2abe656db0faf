import type { BulkOptions, GraphBackend } from '../backends/graph-backend.js'
import { scopeOf } from '../backends/scope/scope-of.js'
import type { ConflictPolicy } from './conflict-policy.js'
import { EmbeddingImport } from './import-embeddings.js'
import { NodeImport } from './import-nodes.js'
import { RelationshipImport } from './import-relationships.js'
import { blankReport, type ImportReport } from './import-report.js'
import { type ImportRun, importAborted } from './import-run.js'
import type { RecordSource } from './transfer-record.js'

/** What a run of records into a target is told. */
export type RecordImportOptions = BulkOptions & {
  readonly policy: ConflictPolicy
  readonly dryRun: boolean
  /** The backend that the target is, or is a transaction of. */
  readonly backend: GraphBackend
  /** Whether what was written is read back and compared. Default is false. */
  readonly verify?: boolean
  /** How many records there are, where that is known. */
  readonly total: number | null
}

/** Stores records by writes of a backend, or in one. */
export async function importRecords(
  inWrite: ImportRun['inWrite'],
  source: RecordSource,
  { policy, dryRun, backend, verify = false, total, onProgress, signal }: RecordImportOptions,
): Promise<ImportReport> {
  const report = blankReport(source.format, dryRun, policy)
  let done = 0
  const advance = (records: number): void => {
    done += records
    if (records > 0) onProgress?.({ done, total, phase: 'importing' })
    if (signal?.aborted) throw importAborted(done, total, signal.reason)
  }
  const run: ImportRun = {
    inWrite,
    policy,
    scope: scopeOf(backend),
    keepsHistory: backend.capabilities.history,
    keepsVectors: backend.capabilities.vector,
    conflicts: new Map(),
    verify,
    report,
    advance,
  }
  const nodes = new NodeImport(run)
  const relationships = new RelationshipImport(run)
  const embeddings = new EmbeddingImport(run)
  for await (const record of source.records()) {
    const { kind } = record
    if (kind === 'node' || kind === 'memory') await nodes.add(record)
    else {
      await nodes.finish()
      await (kind === 'relationship' ? relationships : embeddings).add(record)
    }
  }
  await nodes.finish()
  await relationships.finish()
  await embeddings.finish()
  if (done === 0) onProgress?.({ done, total: 0, phase: 'importing' })
  return report
}
