import { randomBytes } from 'node:crypto'
import { existsSync, lstatSync, rmSync, statSync } from 'node:fs'
import {
  ConfigurationError,
  DatabaseConnectionError,
  MemoryError,
  SchemaError,
  SyncError,
} from '../../../errors.js'
import { recogniseLayout } from '../layout.js'
import type { Connection } from '../local/connection.js'
import { requireReadable } from '../local/encryption-key.js'
import { fileError } from '../local/file-error.js'
import { LocalDriver } from '../local/local-driver.js'
import { loadLibsql } from '../local/native-libsql.js'
import { settlePath } from '../local/settle-path.js'
import { endSoleUse, takeSoleUse } from '../local/sole-use.js'
import { finishSwap } from '../promote/finish-swap.js'
import { requireWritable } from '../promote/require-writable.js'
import { readSwapNote, removeSwapNote } from '../promote/swap-note.js'
import { PUT_SETTING } from '../schema.js'
import { SELECT_NEWEST_WRITE } from '../statements.js'
import { translateError } from '../translate-error.js'
import {
  type CompleteTursoOptions,
  completeOptions,
  requireKnownOptions,
  type TursoBackendOptions,
} from '../turso-options.js'
import { filesOf, isReplica } from './replica-files.js'
import { readRecord } from './replica-record.js'
import { takeSyncLock } from './sync-lock.js'

const OPTIONS = ['path', 'encryptionKey', 'synchronous', 'busyTimeoutMs', 'logger'] as const

/** Which copy of a primary is to be a file of its own. Unknown keys are refused. */
export type DetachOptions = Pick<TursoBackendOptions, (typeof OPTIONS)[number]>

/** What `TursoBackend.detach()` did: how many nodes and relationships are in the file at `path`. */
export type DetachReport = { path: string; nodes: number; relationships: number }

/**
 * Makes a copy of a primary a plain local file, whose history is its own from then on. Needs no network; the primary stays as it is.
 * A link leads to the file that is meant. Where a promotion was interrupted while it put the copy in its place, that is finished, or
 * undone, before.
 *
 * @throws `MG_CONFIGURATION` an option does not fit, or the file is no copy of a primary
 * @throws `MG_BUSY` programs use the copy · `MG_SYNC` it was never complete · `MG_CORRUPT` it is damaged
 * @throws `MG_READ_ONLY` · `MG_STORAGE_FULL` · `MG_NOT_A_DATABASE` · `MG_CONNECTION`
 */
export async function detach(options: DetachOptions = {}): Promise<DetachReport> {
  requireKnownOptions(options, OPTIONS)
  const complete = completeOptions({ ...options, mode: 'local' })
  const given = complete.path
  try {
    const isThere = lstatSync(given, { throwIfNoEntry: false }) !== undefined
    if (!isThere && !isReplica(given) && readSwapNote(given) === null) throw noFile(given)
    return await detachAlone({ ...complete, path: await settlePath(given) })
  } catch (error) {
    throw fileError(error, `Cannot detach ${given}`)
  }
}

async function detachAlone(options: CompleteTursoOptions): Promise<DetachReport> {
  const { path } = options
  const isInterrupted = readSwapNote(path) !== null
  if (!isInterrupted && !isReplica(path)) throw await notAReplica(options)
  requireWritable(path)
  const lock = await takeSyncLock(path)
  if (lock === null) throw inUse(path)
  try {
    if (isInterrupted) await finishSwap(options)
    if (isInterrupted && !existsSync(path)) throw noFile(path)
    if (isReplica(path)) {
      requireCompleteCopy(options)
      await giveOwnHistory(options)
      removeMarks(path)
    }
    removeSwapNote(path)
  } finally {
    if (isReplica(path)) lock.release()
    else lock.remove()
  }
  return openAsFile(options)
}

function requireCompleteCopy({ path, encryptionKey }: CompleteTursoOptions): void {
  const record = readRecord(filesOf(path).record)
  if (record === null || !existsSync(path) || statSync(path).size === 0) {
    throw new SyncError(
      `Cannot detach ${path}: it holds no complete copy of the primary: connect once while that is reachable`,
      { details: { path } },
    )
  }
  if (record.isEncrypted === (encryptionKey !== undefined)) return
  throw new ConfigurationError(
    record.isEncrypted
      ? `Cannot detach ${path}: it is encrypted: give its encryptionKey`
      : `Cannot detach ${path}: it is not encrypted: leave encryptionKey out`,
    { details: { path } },
  )
}

/** Gives the copy another epoch, once all of it is known to be whole and in the one file. */
async function giveOwnHistory(options: CompleteTursoOptions): Promise<void> {
  const { path } = options
  const alone = await takeSoleUse(options).catch((error: unknown) => {
    throw MemoryError.is(error) && error.code === 'MG_BUSY' ? inUse(path, error) : error
  })
  try {
    requireWhole(path, alone)
    await recogniseLayout({ read: async (queries) => alone.read(queries) }, path, true)
    warnOfOrphans(alone, options)
    alone.run(PUT_SETTING, ['epoch', randomBytes(16).toString('hex')])
    alone.exec('COMMIT')
  } catch (error) {
    throw translateError(error, `Cannot detach ${path}`)
  } finally {
    endSoleUse(alone)
  }
}

function requireWhole(path: string, alone: Connection): void {
  const result = alone.value('PRAGMA quick_check(1)')
  const seen = readRecord(filesOf(path).record)?.newest?.seq ?? 0
  const newest = Number(alone.get(SELECT_NEWEST_WRITE)?.[0] ?? 0)
  if (result === 'ok' && newest >= seen) return
  const fault = result === 'ok' ? `it ends with the write ${newest} and has held the write ${seen}` : result
  throw new SchemaError(
    `Cannot detach ${path}: it is damaged (${String(fault)}): connect while the primary is reachable, which makes it anew`,
    { code: 'MG_CORRUPT', details: { path } },
  )
}

/** Removes what marks the copy as one; last the record, without which what is left could not be detached any more. */
function removeMarks(path: string): void {
  const { position, newerPosition, record } = filesOf(path)
  for (const file of [position, newerPosition, record]) rmSync(file, { force: true })
}

function warnOfOrphans(alone: Connection, { path, logger }: CompleteTursoOptions): void {
  const orphans = alone.all('PRAGMA foreign_key_check').length
  if (orphans > 0) logger?.warn(`${path} has ${orphans} references to what is not there`)
}

/** Opens the file as what it is now, so that it is known to work. */
async function openAsFile(options: CompleteTursoOptions): Promise<DetachReport> {
  const file = new LocalDriver(options)
  try {
    await file.connect()
    await file.initializeSchema({})
    const { node_count: nodes, relationship_count: relationships } = await file.health()
    return { path: options.path, nodes: nodes ?? 0, relationships: relationships ?? 0 }
  } finally {
    await file.disconnect()
  }
}

/** Why what is there cannot be detached: it is no database, or none that is a copy. */
async function notAReplica({ path, encryptionKey }: CompleteTursoOptions): Promise<unknown> {
  if (!existsSync(path)) return noFile(path)
  try {
    await requireReadable(await loadLibsql(), path, encryptionKey)
  } catch (error) {
    return translateError(error, `Cannot open ${path}`)
  }
  return new ConfigurationError(`Cannot detach ${path}: it is a database of its own already`, {
    details: { path },
  })
}

function noFile(path: string): ConfigurationError {
  return new ConfigurationError(`Cannot detach ${path}: there is no such file`, { details: { path } })
}

function inUse(path: string, cause?: unknown): DatabaseConnectionError {
  return new DatabaseConnectionError(
    `Cannot detach ${path}: programs use it as a copy of the primary: disconnect them and try again`,
    { code: 'MG_BUSY', details: { path }, cause },
  )
}
