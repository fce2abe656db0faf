import { lstatSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  ConfigurationError,
  DatabaseConnectionError,
  MemoryError,
  type MemoryErrorCode,
  SchemaError,
} from '../../../errors.js'
import { recogniseLayout } from '../layout.js'
import { fileError } from '../local/file-error.js'
import { inodeOf } from '../local/inode-of.js'
import { LocalDriver } from '../local/local-driver.js'
import { settlePath } from '../local/settle-path.js'
import { Primary } from '../primary/primary.js'
import { PrimaryStore } from '../primary/primary-store.js'
import { isReplica } from '../replica/replica-files.js'
import { takeSyncLock } from '../replica/sync-lock.js'
import { SELECT_SETTING } from '../schema.js'
import { query, readValues, type SqlSource } from '../sql-source.js'
import { COUNT_NODES, COUNT_RELATIONSHIPS } from '../statements.js'
import { copyGraph } from './copy-graph.js'
import { COUNT_EMBEDDINGS } from './embedding-pages.js'
import { finishSwap } from './finish-swap.js'
import {
  type CompletePromoteOptions,
  completePromoteOptions,
  type PromoteOptions,
} from './promote-options.js'
import type { PromoteRefusal, PromoteReport } from './promote-report.js'
import { type PromoteRun, reportCopied, throwIfStopped } from './promote-run.js'
import { SELECT_FILE_STATE, SELECT_OTHER_TABLES } from './promote-statements.js'
import { endPromotion, notEmpty, Promotion } from './promotion.js'
import { requireWritable } from './require-writable.js'
import { restated } from './restated.js'
import { stateOf } from './staged-copy.js'
import { swapForReplica } from './swap-for-replica.js'
import { readSwapNote, removeSwapNote, type SwapNote } from './swap-note.js'
import { verifyCopy } from './verify-copy.js'
import { COUNT_VERSIONS } from './version-statements.js'

/** What was copied of a file in a certain state. */
type Copied = { readonly promotion: Promotion; readonly refused: PromoteRefusal[]; readonly state: string }

/**
 * Takes a local file to a primary: copies everything in batches, reads it back and compares, and puts a copy of the primary in the
 * place of the file, which is kept under another name. An interrupted call is gone on with by the next, wherever it was.
 *
 * The file is not written to by anybody meanwhile, and nobody else may have it open at the end. A link leads to the file that is meant.
 *
 * @throws `MG_CONFIGURATION` an option does not fit, or there is no such file, or it is a copy of a primary already
 * @throws `MG_CONFLICT` the primary holds memories, and `merge` was not given
 * @throws `MG_SCHEMA_FOREIGN` the file, or the primary without `adopt`, holds tables of another program
 * @throws `MG_BUSY` others use the file · `MG_SYNC` what was copied reads differently · `MG_ABORTED`
 * @throws `MG_AUTH` · `MG_READ_ONLY` · `MG_OFFLINE` · `MG_STORAGE_FULL` · `MG_NOT_A_DATABASE` · `MG_CONNECTION`
 */
export async function promote(options: PromoteOptions): Promise<PromoteReport> {
  const began = performance.now()
  const complete = completePromoteOptions(options)
  const given = complete.turso.path
  try {
    requireAnything(given)
    const path = await settlePath(given)
    const { url, backup, nodes, relationships, versions, embeddings, refused } = await promoteAlone({
      ...complete,
      turso: { ...complete.turso, path },
    })
    return {
      path,
      backup_path: join(dirname(path), backup),
      url,
      nodes,
      relationships,
      versions,
      embeddings,
      refused,
      duration_ms: Math.round((performance.now() - began) * 1000) / 1000,
    }
  } catch (error) {
    throw fileError(error, `Cannot promote ${given}`)
  }
}

/** Sees to it that this call alone promotes the file, and that it can be renamed, before anything is sent. */
async function promoteAlone(options: CompletePromoteOptions): Promise<SwapNote> {
  const { path } = options.turso
  if (readSwapNote(path) === null) requirePlainFile(path)
  requireWritable(path)
  const lock = await takeSyncLock(path)
  if (lock === null) throw beingPromoted(path)
  const store = new PrimaryStore(new Primary(options.primary), options.turso.adopt)
  try {
    const note = (await finishEarlier(options, store)) ?? (await promoteFile(options, store))
    await removeNotes(options, store, note)
    return note
  } finally {
    store.release()
    if (isReplica(path)) lock.release()
    else lock.remove()
  }
}

/** Removes what was noted on the way, here and on the primary; what is left of it stands in nobody's way. */
async function removeNotes(
  { turso }: CompletePromoteOptions,
  store: PrimaryStore,
  { run }: SwapNote,
): Promise<void> {
  const warn = (error: unknown): void =>
    turso.logger?.warn(error instanceof Error ? error.message : String(error))
  await endPromotion(store, run).catch(warn)
  try {
    removeSwapNote(turso.path)
  } catch (error) {
    warn(error)
  }
}

/** What an earlier call had done but for renaming, which is done now; `null` when there is none, or it went to another primary. */
async function finishEarlier(
  { turso }: CompletePromoteOptions,
  store: PrimaryStore,
): Promise<SwapNote | null> {
  const note = await finishSwap(turso)
  if (note?.url === store.name) return note
  if (note !== null) removeSwapNote(turso.path)
  return null
}

async function promoteFile(options: CompletePromoteOptions, store: PrimaryStore): Promise<SwapNote> {
  const { turso } = options
  requirePlainFile(turso.path)
  const inode = inodeOf(turso.path)
  // Whether tables of others may be put beside is asked of the primary; in the file they would be left behind.
  const local = new LocalDriver({ ...turso, mode: 'local', primary: null, adopt: false })
  try {
    await local.connect()
    await requireNoOtherTables(local, turso.path, turso.adopt)
    await prepare(store, options)
    await local.initializeSchema(options)
    const { promotion, refused, state } = await local.transact((file) => copy(file, store, options))
    await local.disconnect()
    throwIfStopped(options.signal)
    const { run, nodes, relationships, versions, embeddings } = promotion.note
    const file = { inode, state, run, url: store.name, nodes, relationships, versions, embeddings, refused }
    return await swapForReplica(options, store, file)
  } finally {
    await local.disconnect()
  }
}

/** Refuses a name that stands for nothing, for which no folder is to be made. */
function requireAnything(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined && readSwapNote(path) === null)
    throw noDatabase(path)
}

function requirePlainFile(path: string): void {
  if (isReplica(path)) {
    throw new ConfigurationError(
      `Cannot promote ${path}: it is a copy of a primary already: "memorygraph-turso sync" brings it up to date, "memorygraph-turso detach" makes it a file of its own`,
      { details: { path } },
    )
  }
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0) throw noDatabase(path)
}

function noDatabase(path: string): ConfigurationError {
  return new ConfigurationError(
    `Cannot promote ${path}: there is no database: to begin with an empty one, connect to the primary with this path; to promote another file, give its path`,
    { details: { path } },
  )
}

function beingPromoted(path: string): DatabaseConnectionError {
  return new DatabaseConnectionError(
    `Cannot promote ${path}: another program is just promoting it, or uses it as a copy of a primary: wait until that is done`,
    { code: 'MG_BUSY', details: { path } },
  )
}

async function requireNoOtherTables(local: LocalDriver, path: string, adopt: boolean): Promise<void> {
  if (adopt) return
  const [rows = []] = await local.read([query(SELECT_OTHER_TABLES)])
  if (rows.length === 0) return
  const tables = rows.map(([name]) => String(name))
  throw new SchemaError(
    `Cannot promote ${path}: it also holds tables of another program (${tables.join(', ')}), which would stay in the backup alone: give the option adopt to go on; it was left as it is`,
    { code: 'MG_SCHEMA_FOREIGN', details: { path, tables } },
  )
}

/** Sees to it that the primary has a schema, and changes nothing of one that is to be refused. */
async function prepare(
  store: PrimaryStore,
  { turso, merge, ...bulk }: CompletePromoteOptions,
): Promise<void> {
  const { kind } = await recogniseLayout(store, store.name, turso.adopt)
  if (!merge && (kind === 'python' || kind === 'pre-temporal')) {
    const [nodes] = await readValues(store, query(COUNT_NODES))
    if (Number(nodes) > 0) throw notEmpty(store.name, Number(nodes))
  }
  await store.initializeSchema(bulk)
  if (store.mayWrite) return
  throw new DatabaseConnectionError(
    `Cannot promote to ${store.name}: the token only reads: use one that may write`,
    { code: 'MG_READ_ONLY' },
  )
}

async function copy(
  file: SqlSource,
  store: PrimaryStore,
  { merge, signal, onProgress }: CompletePromoteOptions,
): Promise<Copied> {
  const [epoch, ...counts] = await readValues(
    file,
    query(SELECT_SETTING, 'epoch'),
    query(COUNT_NODES),
    query(COUNT_RELATIONSHIPS),
    query(COUNT_VERSIONS),
    query(COUNT_EMBEDDINGS),
  )
  const [newest = []] = await file.read([query(SELECT_FILE_STATE)])
  const state = stateOf(newest[0])
  throwIfStopped(signal)
  const promotion = await Promotion.begin(store, { epoch: String(epoch), state }, merge)
  const run: PromoteRun = {
    local: file,
    primary: store,
    promotion,
    merge,
    isResumed: promotion.isResumed,
    kept: new Set(),
    keptHistories: new Set(),
    total: counts.map(Number).reduce((sum, count) => sum + count, 0),
    signal,
    onProgress,
  }
  try {
    reportCopied(run)
    await copyGraph(run)
    return { promotion, state, refused: await verifyCopy(run) }
  } catch (error) {
    if (!MemoryError.is(error)) throw error
    if (error.code === 'MG_SYNC') await promotion.reject().catch(() => undefined)
    throw INTERRUPTED.has(error.code)
      ? restated(
          error,
          (message) => `The promotion was interrupted, and the next one goes on there: ${message}`,
        )
      : error
  }
}

const INTERRUPTED: ReadonlySet<MemoryErrorCode> = new Set(['MG_OFFLINE', 'MG_AUTH', 'MG_TRANSACTION_LOST'])
