import type { GraphBackend, Progress } from '../backends/graph-backend.js'
import { breathe } from '../breathe.js'
import { ValidationError } from '../errors.js'
import { bulkOptionsSchema } from '../model/method-options.js'
import { validate } from '../model/validation.js'
import { CONFLICT_POLICIES, type ConflictPolicy } from './conflict-policy.js'
import type { ImportReport } from './import-report.js'
import { type ImportRun, type ImportTarget, importAborted } from './import-run.js'
import { openRecordSource } from './open-record-source.js'
import { isRecord } from './record-value.js'
import type { RecordSource } from './transfer-record.js'

/** Options of {@link importGraph}. */
export type ImportOptions = {
  /** What counts where an id is stored with other content. Default is `newer`. */
  readonly onConflict?: ConflictPolicy | undefined
  /** Whether to undo everything at the end and only report. Default is false. */
  readonly dryRun?: boolean | undefined
  /**
   * Whether everything is one write, which others wait for and which leaves nothing when it fails. Default is false: batches of
   * 5,000, each looked up and stored with nobody else's write in between; those before a failure stay, and the next import goes on.
   */
  readonly atomic?: boolean | undefined
  /** Called after each batch and at the end: first with the phase `checking`, then with `importing`. An exception it throws ends the import. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
  /** Ends the import with `MG_ABORTED` between two batches. */
  readonly signal?: AbortSignal | undefined
}

/** Longest time a transaction may be given, in milliseconds. */
const NO_TIME_LIMIT_MS = 2 ** 31 - 1

/**
 * Imports a file or a folder (see {@link openRecordSource} for what is recognised), or records from elsewhere.
 *
 * The source is read to its end before anything is written, so one that is malformed or cut short imports nothing. Then memories
 * and other nodes are stored, then relationships, each with all it is: times, versions, what is not valid any more. Vectors follow
 * their nodes: one of a node that was kept is kept too, one of a node that was replaced replaces, and else the policy says. A
 * relationship with an id is identified by it, one without by its ends and its type. So importing twice changes nothing.
 * What cannot be stored is refused by itself, and reported. Cycles are not looked for. Takes little memory, however large the source;
 * relationships that were invalidated by another are held until the end.
 *
 * @throws `MG_VALIDATION` the source is malformed (`details.line`), or an option does not fit; nothing was written
 * @throws `MG_CONFLICT` with `onConflict: 'error'`; nothing was written
 * @throws `MG_ABORTED` the signal fired
 */
export async function importGraph(
  backend: GraphBackend,
  source: string | RecordSource,
  options: ImportOptions = {},
): Promise<ImportReport> {
  const { onConflict: policy, dryRun, atomic, ...bulk } = checkImportOptions(options)
  const records = typeof source === 'string' ? await openRecordSource(source) : requireSource(source)
  const total = await countRecords(records, bulk)
  const { importRecords } = await import('./import-records.js')
  const run = (inWrite: ImportRun['inWrite']): Promise<ImportReport> =>
    importRecords(inWrite, records, { policy, dryRun, backend, total, ...bulk })
  const isOneWrite = dryRun || atomic || policy === 'error'
  if (isOneWrite) return inOneWrite(backend, dryRun, (tx) => run((work) => work(tx)))
  const { transactions } = backend.capabilities
  return run((work) =>
    transactions ? backend.transaction(work, { timeoutMs: NO_TIME_LIMIT_MS }) : work(backend),
  )
}

/** Reads a source to its end, so that a fault of it is known before anything is written. */
async function countRecords(
  source: RecordSource,
  { onProgress, signal }: Pick<ImportOptions, 'onProgress' | 'signal'>,
): Promise<number> {
  let count = 0
  for await (const _record of source.records()) {
    count++
    if (count % 10_000 === 0) onProgress?.({ done: count, total: null, phase: 'checking' })
    if (count % 100 === 0) await breathe()
    if (signal?.aborted) throw importAborted(0, null, signal.reason)
  }
  return count
}

/** Runs an import as one write; a dry run takes everything back at the end. */
export async function inOneWrite(
  backend: GraphBackend,
  dryRun: boolean,
  run: (target: ImportTarget) => Promise<ImportReport>,
): Promise<ImportReport> {
  const takeBack = new Error('A dry run takes everything back')
  let report: ImportReport | null = null
  const work = async (tx: ImportTarget): Promise<ImportReport> => {
    report = await run(tx)
    if (dryRun) throw takeBack
    return report
  }
  try {
    return await backend.transaction(work, { timeoutMs: NO_TIME_LIMIT_MS })
  } catch (error) {
    if (error === takeBack && report !== null) return report
    throw error
  }
}

function requireSource(source: RecordSource): RecordSource {
  if (isRecord(source) && typeof source.records === 'function') return source
  throw new ValidationError(
    'Invalid source: must be the path of a file or a folder, or have a method records()',
  )
}

type CheckedOptions = Omit<ImportOptions, 'onConflict' | 'dryRun' | 'atomic'> & {
  readonly onConflict: ConflictPolicy
  readonly dryRun: boolean
  readonly atomic: boolean
}

/** Checks options and fills in the defaults. */
export function checkImportOptions(options: ImportOptions): CheckedOptions {
  if (!isRecord(options)) throw new ValidationError('Invalid import options: must be an object')
  const { onConflict = 'newer', dryRun = false, atomic = false, ...bulk } = options
  if (!CONFLICT_POLICIES.includes(onConflict)) {
    throw new ValidationError(
      `Invalid import options: onConflict: must be one of ${CONFLICT_POLICIES.join(', ')} (got ${JSON.stringify(onConflict)})`,
    )
  }
  for (const [name, value] of Object.entries({ dryRun, atomic })) {
    if (typeof value !== 'boolean')
      throw new ValidationError(`Invalid import options: ${name}: must be true or false`)
  }
  return { ...validate(bulkOptionsSchema, bulk, 'import options'), onConflict, dryRun, atomic }
}
