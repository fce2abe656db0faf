import { existsSync, linkSync, renameSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DatabaseConnectionError, MemoryError, type MemoryErrorCode } from '../../../errors.js'
import type { Connection } from '../local/connection.js'
import { fileError } from '../local/file-error.js'
import { inodeOf } from '../local/inode-of.js'
import { endSoleUse, takeSoleUse } from '../local/sole-use.js'
import { filesOf } from '../replica/replica-files.js'
import type { SqlSource } from '../sql-source.js'
import { finishSwap, moveMarks } from './finish-swap.js'
import { flush } from './flush.js'
import type { CompletePromoteOptions } from './promote-options.js'
import { throwIfStopped } from './promote-run.js'
import { SELECT_FILE_STATE } from './promote-statements.js'
import { restated } from './restated.js'
import { discardStaged, stageCopy, stagedPathOf, stateOf } from './staged-copy.js'
import { readSwapNote, type SwapNote, writeSwapNote } from './swap-note.js'

/** A file of which everything is on the primary: its inode, and what names what it held; and what is to be reported of it. */
export type PromotedFile = Omit<SwapNote, 'format' | 'backup' | 'copy'> & {
  readonly inode: string | null
  readonly state: string
}

/**
 * Puts a copy of the primary in the place of the file, which gets another name. The copy is made beside it, and the file is in its
 * place, used by nobody, until the copy is complete; then they change places by renaming. What was noted of it is left for the
 * caller to remove.
 *
 * @throws `MG_BUSY` other programs have the file open, or wrote or replaced it since it was copied
 * @throws `MG_SYNC` · `MG_OFFLINE` · `MG_STORAGE_FULL` · `MG_READ_ONLY` · `MG_ABORTED`
 */
export async function swapForReplica(
  options: CompletePromoteOptions,
  primary: SqlSource,
  file: PromotedFile,
): Promise<SwapNote> {
  const { path } = options.turso
  let alone: Connection | null = await takeSoleUse(options.turso).catch((error: unknown) => {
    throw inUse(path, error)
  })
  try {
    requireUnchanged(path, alone, file)
    const note = await noteFor(options, primary, file)
    throwIfStopped(options.signal)
    requireSameFile(path, file)
    writeSwapNote(path, note)
    flush(dirname(path))
    // Windows renames nothing that is open; elsewhere nobody comes in between.
    if (process.platform === 'win32') alone = releaseFile(alone)
    changePlaces(path, note)
    flush(dirname(path))
    return note
  } catch (error) {
    return await goBack(options, error)
  } finally {
    if (alone !== null && inodeOf(path) === file.inode) endSoleUse(alone)
    else if (alone !== null) releaseFile(alone)
  }
}

async function noteFor(
  options: CompletePromoteOptions,
  primary: SqlSource,
  { run, url, nodes, relationships, versions, embeddings, refused }: PromotedFile,
): Promise<SwapNote> {
  const copy = await stageCopy(options, primary)
  const backup = basename(backupPathOf(options.turso.path))
  return { format: 1, run, url, backup, copy, nodes, relationships, versions, embeddings, refused }
}

/** There is a database at the path at each moment; where the file system knows no second names, all but one. */
function changePlaces(path: string, { backup }: SwapNote): void {
  const staged = filesOf(stagedPathOf(path))
  const kept = join(dirname(path), backup)
  if (!nameTwice(path, kept)) {
    renameSync(staged.record, filesOf(path).record) // whoever opens the file in that moment is told that it is a copy
    renameSync(path, kept)
  }
  renameSync(staged.database, path)
  moveMarks(path)
}

function nameTwice(path: string, name: string): boolean {
  try {
    linkSync(path, name)
    return true
  } catch {
    return false // what is wrong besides, renaming will tell
  }
}

/** Undoes what was begun, or finishes what cannot be undone any more. */
async function goBack({ turso }: CompletePromoteOptions, reason: unknown): Promise<SwapNote> {
  const { path } = turso
  const error = fileError(reason, `Cannot put a copy of the primary in the place of ${path}`)
  const finished = await finishSwap(turso).catch(() => null)
  if (finished !== null) return finished
  await discardStaged(path).catch(() => undefined) // the next call does it
  if (readSwapNote(path) !== null) {
    throw restated(error, (message) => `${message}. Promote again, which finishes what was begun`)
  }
  if (MemoryError.is(error) && SAYS_ENOUGH.has(error.code)) throw error
  throw restated(
    error,
    (message) => `${message}. The file is as it was, and everything is on the primary: promote again`,
  )
}

const SAYS_ENOUGH: ReadonlySet<MemoryErrorCode> = new Set(['MG_BUSY', 'MG_ABORTED'])

// Without its transaction a connection holds no lock, even while its statements keep it from being closed.
function releaseFile(alone: Connection): null {
  alone.exec('ROLLBACK')
  alone.close()
  return null
}

function backupPathOf(path: string): string {
  const wanted = `${path}.before-promote-${new Date().toISOString().replace(/[:.]/g, '-')}`
  for (let count = 0; ; count++) {
    const name = count === 0 ? wanted : `${wanted}-${count}`
    if (!existsSync(name)) return name
  }
}

function requireUnchanged(path: string, alone: Connection, file: PromotedFile): void {
  requireSameFile(path, file)
  if (stateOf(alone.get(SELECT_FILE_STATE)) === file.state) return
  throw new DatabaseConnectionError(
    `Another program wrote to ${path} just when everything was copied: promote again, which copies what is new`,
    { code: 'MG_BUSY' },
  )
}

// Renaming goes by names: what another program has put there since must not be taken for what was copied.
function requireSameFile(path: string, { inode }: PromotedFile): void {
  if (inodeOf(path) === inode) return
  throw new DatabaseConnectionError(
    `Another program put another file in the place of ${path} while it was promoted: it was left as it is; promote again`,
    { code: 'MG_BUSY' },
  )
}

function inUse(path: string, error: unknown): unknown {
  if (!MemoryError.is(error) || error.code !== 'MG_BUSY') return error
  return new DatabaseConnectionError(
    `Cannot put a copy of the primary in the place of ${path}: another program, or another backend of this one, has it open, and what it writes would be lost. Disconnect those that use it and promote again: everything is on the primary by now`,
    { code: 'MG_BUSY', details: error.details, cause: error },
  )
}
