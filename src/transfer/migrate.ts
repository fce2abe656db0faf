import type { GraphBackend, Progress } from '../backends/graph-backend.js'
import { MemoryError, ValidationError } from '../errors.js'
import type { ConflictPolicy } from './conflict-policy.js'
import { graphSource } from './graph-source.js'
import { checkImportOptions, inOneWrite } from './import-graph.js'
import type { ImportReport } from './import-report.js'

/** Options of {@link migrate}. */
export type MigrateOptions = {
  /** What counts where the target has other content under an id. Default is `newer`. */
  readonly onConflict?: ConflictPolicy | undefined
  /** Whether what the target refuses is left behind, and reported. Default is false: then nothing is migrated. */
  readonly skipRefused?: boolean | undefined
  /** Whether vectors are copied too. Default is true where the source can have some. */
  readonly includeEmbeddings?: boolean | undefined
  /** Whether to undo everything at the end and only report. Default is false. */
  readonly dryRun?: boolean | undefined
  /** Called after each batch and at the end. An exception it throws ends the migration. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
  /** Ends the migration with `MG_ABORTED`; the target is as it was. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Copies all that a graph holds into another backend, of whatever kind: nodes, relationships, earlier versions, what is not valid
 * any more, vectors. What the target has stays. Everything is one write, read back and compared with what was read: a migration that
 * fails, at whatever point, leaves the target as it was. Cycles are not looked for. On a primary that is one long
 * transaction: from some ten thousand memories on, export to a file and import that instead, which goes in batches.
 *
 * @throws `MG_VALIDATION` the target would not store all of it, and `skipRefused` was not given; `details.refused` says what
 * @throws `MG_CONFLICT` with `onConflict: 'error'` · `MG_ABORTED` the signal fired
 */
export async function migrate(
  source: GraphBackend,
  target: GraphBackend,
  options: MigrateOptions = {},
): Promise<ImportReport> {
  const { skipRefused = false, includeEmbeddings = source.capabilities.vector, ...rest } = options
  for (const [name, value] of Object.entries({ skipRefused, includeEmbeddings })) {
    if (typeof value !== 'boolean')
      throw new ValidationError(`Invalid migrate options: ${name}: must be true or false`)
  }
  const { onConflict: policy, dryRun, onProgress, signal } = checkImportOptions(rest)
  const { importRecords } = await import('./import-records.js')
  return inOneWrite(target, dryRun, async (tx) => {
    await requireOther(source)
    const records = graphSource(source, { includeEmbeddings })
    const report = await importRecords((work) => work(tx), records, {
      policy,
      dryRun,
      backend: target,
      verify: true,
      total: null,
      onProgress,
      signal,
    })
    if (!skipRefused && report.refused.length > 0) throw notAll(report)
    return { ...report, format: source.backendName() }
  })
}

// Inside a transaction of its own store, the source rejects each read with that alone.
async function requireOther(source: GraphBackend): Promise<void> {
  await source.getNodes([]).catch((error: unknown) => {
    if (!MemoryError.is(error) || error.code !== 'MG_IN_TRANSACTION') throw error
    throw new ValidationError('Invalid target: it is on the same store as the source: give another one', {
      cause: error,
    })
  })
}

function notAll({ nodes, relationships, embeddings, refused }: ImportReport): ValidationError {
  const count = nodes.refused + relationships.refused + embeddings.refused
  const [first] = refused
  return new ValidationError(
    `The target refuses ${count} of the records, so nothing was migrated; the first is ${first?.place}: ${first?.reason}. Mend them, or leave them behind with skipRefused`,
    { details: { refused } },
  )
}
