import { BackendError, ConfigurationError } from '../../../errors.js'
import { inSlices } from '../../slices.js'
import { query, type SqlDatabase, type SqlTransaction } from '../sql-source.js'
import { translateError } from '../translate-error.js'
import { requireKnownOptions } from '../turso-options.js'
import { findMissing } from './expected-schema.js'
import { type Finding, findProblems, type Problems, reportOf } from './find-problems.js'
import type { IntegrityReport, ProblemKind, RepairReport, StoredRelationship } from './integrity-report.js'
import type { MaintainedStore } from './maintained-store.js'
import { runInThread } from './maintenance-thread.js'

/** How a repair is made. Unknown keys are refused. */
export type RepairOptions = {
  /** Whether to tell only what would be done. Default is false. */
  readonly dryRun?: boolean | undefined
}

/** The least number of entries put right in one transaction where it crosses a network. */
const NETWORK_SLICE = 100
/** How often it is looked again, since what was put right can show what was hidden behind it. */
const MAX_ROUNDS = 3

const REBUILD_TEXT = [
  `INSERT INTO mg_text(mg_text) VALUES ('rebuild')`,
  `INSERT INTO mg_trigram(mg_trigram) VALUES ('rebuild')`,
]

/** Puts right what can be made anew from nodes and relationships. See `TursoBackend.repair`. */
export async function repair(options: RepairOptions, store: MaintainedStore): Promise<RepairReport> {
  requireKnownOptions(options, ['dryRun'])
  const { dryRun = false } = options
  if (typeof dryRun !== 'boolean')
    throw new ConfigurationError('Invalid option dryRun: must be true or false')
  try {
    return await repairStore(dryRun, store)
  } catch (error) {
    throw translateError(error, 'Cannot repair the database')
  }
}

async function repairStore(isDryRun: boolean, store: MaintainedStore): Promise<RepairReport> {
  // What is wrong with the rows of a local copy is wrong on its primary, where they are put right.
  const source = store.sync === null ? store : { ...store, reading: store.writing }
  const first = await findProblems(source, {})
  const found = reportOf(first)
  const run = new Repair(source, isDryRun)
  try {
    const left = await putAllRight(run, first, store, source)
    return {
      dry_run: isDryRun,
      found: found.problems,
      repaired: [...run.counts].map(([kind, count]) => ({ kind, count })),
      deleted_relationships: run.deleted,
      remaining: left.problems,
      ok: left.ok,
    }
  } catch (error) {
    throw isDryRun ? error : interrupted(error, run.deleted)
  }
}

/** Puts right what was found, until no more of it is; returns what is left. */
async function putAllRight(
  run: Repair,
  found: Problems,
  store: MaintainedStore,
  source: MaintainedStore,
): Promise<IntegrityReport> {
  await run.putRight(found)
  if (run.isDryRun) return reportOf(found)
  for (let round = 1; ; round++) {
    await store.sync?.().catch(() => undefined) // it is right on the primary; the event "sync-error" tells of this
    const problems = await findProblems(source, {})
    const left = reportOf(problems)
    if (round === MAX_ROUNDS || left.problems.every(({ repairable }) => !repairable)) return left
    await run.putRight(problems)
  }
}

/** What ended a repair, with the relationships that were deleted before and are nowhere else. */
function interrupted(error: unknown, deleted: readonly StoredRelationship[]): unknown {
  if (deleted.length === 0) return error
  const { message, code, details } = translateError(error, 'Cannot repair the database')
  return new BackendError(
    `${message}; before that ${deleted.length} relationships without an end were deleted (details.deleted_relationships)`,
    { code, details: { ...details, deleted_relationships: deleted }, cause: error },
  )
}

class Repair {
  readonly counts: Map<ProblemKind, number> = new Map()
  readonly deleted: StoredRelationship[] = []
  readonly #store: MaintainedStore
  readonly isDryRun: boolean

  constructor(store: MaintainedStore, isDryRun: boolean) {
    this.#store = store
    this.isDryRun = isDryRun
  }

  /** Puts right what was found, each kind in transactions of its own; once it was done it stays, whatever comes after. */
  async putRight({ missing, faults, findings }: Problems): Promise<void> {
    if (missing.length > 0) {
      this.#count('schema', missing.length)
      if (!this.isDryRun) await this.#store.writing.transact(makeMissing)
    }
    if (faults.text.length > 0) {
      this.#count('search-text', faults.text.length)
      if (!this.isDryRun) await rebuildText(this.#store)
    }
    for (const finding of findings) await this.#putRows(finding)
  }

  async #putRows({ look, names }: Finding): Promise<void> {
    const { repair: repairOf, lost, kind } = look
    if (repairOf === undefined) return
    const putSlice = async (slice: typeof names): Promise<void> => {
      const list = JSON.stringify(slice)
      const rows = await (this.isDryRun
        ? read(this.#store, lost, list)
        : this.#store.writing.transact(async (tx) => {
            const before = lost === undefined ? [] : await tx.read([query(lost, list)])
            await tx.run(repairOf(list))
            return before.flat()
          }))
      for (const [row] of rows) this.deleted.push(JSON.parse(String(row)) as StoredRelationship)
      this.#count(kind, slice.length)
    }
    await inSlices(names, putSlice, { least: writesToPrimary(this.#store) ? NETWORK_SLICE : 1 })
  }

  #count(kind: ProblemKind, count: number): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + count)
  }
}

async function read(
  { reading }: MaintainedStore,
  sql: string | undefined,
  list: string,
): Promise<unknown[][]> {
  return sql === undefined ? [] : (await reading.read([query(sql, list)])).flat()
}

function writesToPrimary({ sync, file, alone }: MaintainedStore): boolean {
  return sync !== null || (file === null && alone === null)
}

async function makeMissing(transaction: SqlTransaction): Promise<void> {
  // Looked up again: else the engine takes the schema that it read before another program dropped something for the present one.
  for (const { sql } of await findMissing(transaction)) await transaction.script(sql)
}

/** Makes the indexes of the texts anew from their own copies of them: in one statement each, so in a thread where there is a file. */
async function rebuildText({ file, writing }: MaintainedStore): Promise<void> {
  for (const sql of REBUILD_TEXT) {
    if (file === null || file.isReplica) await run(writing, sql)
    else {
      const open = { path: file.path, encryptionKey: file.encryptionKey }
      await runInThread({ kind: 'execute', open, sql })
    }
  }
}

async function run(database: SqlDatabase, sql: string): Promise<void> {
  await database.transact((transaction) => transaction.run([query(sql)]))
}
