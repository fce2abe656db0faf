import { existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { inodeOf } from '../local/inode-of.js'
import { endSoleUse, takeSoleUse } from '../local/sole-use.js'
import { filesOf, hasPosition } from '../replica/replica-files.js'
import { SELECT_NEWEST_CHANGE } from '../statements.js'
import type { CompleteTursoOptions } from '../turso-options.js'
import { discardStaged, stagedPathOf, stateOf } from './staged-copy.js'
import { readSwapNote, removeSwapNote, type SwapNote } from './swap-note.js'

/**
 * Puts in order what a call that came to a sudden end has left of a swap: undoes it as long as the copy has not taken the place of
 * the file; after that finishes it, and returns what was noted, which the caller removes when all is done. `null` when there
 * is nothing (any more) to be finished. To be called by one process at a time.
 *
 * @throws `MG_BUSY` somebody has opened the copy, which cannot be told yet to be one
 */
export async function finishSwap(turso: CompleteTursoOptions): Promise<SwapNote | null> {
  const { path } = turso
  const note = readSwapNote(path)
  if (note === null) return null
  const hasTakenPlace =
    hasPosition(filesOf(path)) || (!existsSync(stagedPathOf(path)) && (await isCopy(turso, note)))
  if (hasTakenPlace) moveMarks(path)
  else restoreFile(path, join(dirname(path), note.backup))
  await discardStaged(path)
  if (hasTakenPlace && existsSync(join(dirname(path), note.backup))) return note
  removeSwapNote(path)
  return null
}

/** Renames what makes a database file a copy of the primary; the position first, by which it can be gone on with. */
export function moveMarks(path: string): void {
  const from = filesOf(stagedPathOf(path))
  const to = filesOf(path)
  const marks = hasPosition(filesOf(path))
    ? (['record'] as const)
    : (['position', 'newerPosition', 'record'] as const)
  for (const mark of marks) {
    if (existsSync(from[mark]) && !existsSync(to[mark])) renameSync(from[mark], to[mark])
  }
}

/** Whether the file is the copy, as it was when it took its place. */
async function isCopy(turso: CompleteTursoOptions, { copy }: SwapNote): Promise<boolean> {
  if (inodeOf(turso.path) !== copy.inode) return false
  const alone = await takeSoleUse(turso) // who has it open takes it for a file of its own
  try {
    return stateOf(alone.get(SELECT_NEWEST_CHANGE)) === copy.state
  } finally {
    endSoleUse(alone)
  }
}

/** Gives the file its one name again. */
function restoreFile(path: string, backup: string): void {
  const isGone = (statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0
  if (isGone && existsSync(backup)) renameSync(backup, path)
  else if (inodeOf(path) !== null && inodeOf(path) === inodeOf(backup)) rmSync(backup)
  const { record } = filesOf(path)
  const isOurs = existsSync(stagedPathOf(path)) && !existsSync(filesOf(stagedPathOf(path)).record)
  if (isOurs) rmSync(record, { force: true })
}
