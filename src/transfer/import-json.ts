import type { GraphBackend, Progress } from '../backends/graph-backend.js'
import { MemoryError, ValidationError } from '../errors.js'
import { bulkOptionsSchema } from '../model/method-options.js'
import { validate } from '../model/validation.js'
import { isRecord, readExportDocument } from './export-document.js'
import { importMemories } from './import-memories.js'
import { importRelationships } from './import-relationships.js'
import type { ImportReport, ImportRun } from './import-report.js'

export type { ImportReport, RefusedEntry } from './import-report.js'

/** Options of {@link importJson}. */
export type ImportOptions = {
  /** Called after each batch and at the end. An exception it throws ends the import. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
  /** Ends the import with `MG_ABORTED` between two batches; what was imported before stays. */
  readonly signal?: AbortSignal | undefined
  /** Whether to write nothing and only report. Limits that the backend keeps by itself are not tried then. Default is false. */
  readonly dryRun?: boolean | undefined
}

/**
 * Imports a MemoryGraph export (version 1 or 2, as parsed from its JSON): memories first, then relationships, in batches of 1,000.
 *
 * What the document says wins over what is stored, `created_at` and `updated_at` included; fields it does not mention stay as
 * they are. Fields unknown to this library are kept. A relationship with an id is identified by it, one without by its
 * ends and its type; one that is there already is left as it is. So importing twice changes nothing, and an import that was
 * cut short is completed by running it again. Entries that cannot be stored are not stored in part but reported.
 *
 * @throws `MG_VALIDATION` the document is no export, or names an id twice, or an option does not fit; nothing was written
 * @throws `MG_ABORTED` the signal fired
 */
export async function importJson(
  backend: GraphBackend,
  document: unknown,
  options: ImportOptions = {},
): Promise<ImportReport> {
  const { onProgress, signal, dryRun } = checkOptions(options)
  const { memories, relationships } = readExportDocument(document)
  const total = memories.length + relationships.length
  const report: ImportReport = {
    imported_memories: 0,
    updated_memories: 0,
    unchanged_memories: 0,
    imported_relationships: 0,
    skipped_relationships: 0,
    refused: [],
  }
  let done = 0
  const advance: ImportRun['advance'] = (entries, phase) => {
    done += entries
    if (entries > 0) onProgress?.({ done, total, phase })
    if (signal?.aborted && done < total) throw aborted(done, total, signal.reason)
  }
  advance(0, 'memories')
  const run: ImportRun = { backend, dryRun, report, advance }
  const memoryIds = await importMemories(run, memories)
  await importRelationships(run, relationships, memoryIds)
  report.refused.sort((a, b) => (a.kind === b.kind ? a.index - b.index : a.kind < b.kind ? -1 : 1))
  if (total === 0) onProgress?.({ done: 0, total: 0, phase: 'relationships' })
  return report
}

function checkOptions(options: ImportOptions): ImportOptions & { readonly dryRun: boolean } {
  if (!isRecord(options)) throw new ValidationError('Invalid import options: must be an object')
  const { dryRun = false, ...bulk } = options
  if (typeof dryRun !== 'boolean')
    throw new ValidationError('Invalid import options: dryRun: must be true or false')
  return { ...validate(bulkOptionsSchema, bulk, 'import options'), dryRun }
}

function aborted(done: number, total: number, cause: unknown): MemoryError {
  return new MemoryError(
    `The import was stopped after ${done} of ${total} entries, which stay: run it again to import the rest`,
    { code: 'MG_ABORTED', details: { done, total }, cause },
  )
}
