import { constants } from 'node:fs'
import { access, chmod, copyFile, mkdtemp, realpath, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { DatabaseConnectionError } from '../../../errors.js'
import { isOpen } from '../../open-files.js'
import { fileError } from '../local/file-error.js'
import { codeOf } from '../translate-error.js'

/** A database file's copy in a folder of its own. */
export type PrivateCopy = {
  readonly path: string
  /** Deletes the copy. */
  remove(): Promise<void>
}

/** A database is its file, and what a log or an interrupted transaction holds beside it. The engine makes the rest anew. */
const SUFFIXES = ['', '-wal', '-journal']
/** What changed so shortly ago may change again without another time of change: file systems tell it by the tick. */
const TICK_MS = 10
const RETRY_MS = 20

/**
 * Copies a database file, with what is in its log, without opening it as a database: that would write beside it, and in it.
 *
 * @throws `MG_CONNECTION` there is no such file, or this process has it open · `MG_BUSY` others write it all the time · `MG_STORAGE_FULL`
 */
export async function copyPrivately(path: string, busyTimeoutMs: number): Promise<PrivateCopy> {
  const what = `Cannot copy ${path} to read it`
  const file = await locate(path)
  if (isOpen(file)) {
    throw new DatabaseConnectionError(`${what}: a backend of this process has it open: disconnect it first`, {
      details: { path },
    })
  }
  let folder: string | null = null
  const remove = async (): Promise<void> => {
    // Tried again where files that are open cannot be deleted: the engine lets go of them a moment after they are closed.
    if (folder !== null) await rm(folder, { recursive: true, force: true, maxRetries: 10 })
  }
  try {
    folder = await mkdtemp(join(tmpdir(), 'memorygraph-read-'))
    const copy = join(folder, 'copy.db')
    await copyUnchanged(file, copy, performance.now() + busyTimeoutMs, what)
    return { path: copy, remove }
  } catch (error) {
    await remove()
    throw fileError(error, what)
  }
}

/** Where a file is, behind links, that can be read: what the engine keeps beside it is there. */
async function locate(path: string): Promise<string> {
  try {
    const file = await realpath(path)
    await access(file, constants.R_OK)
    if (!(await stat(file)).isFile()) throw new Error('it is no file')
    return file
  } catch (error) {
    throw new DatabaseConnectionError(`Cannot open ${path}: ${(error as Error).message}`, {
      details: { path },
      cause: error,
    })
  }
}

// Files that others write while they are copied do not fit together.
async function copyUnchanged(file: string, copy: string, deadline: number, what: string): Promise<void> {
  for (;;) {
    const before = await stateOf(file)
    for (const suffix of SUFFIXES) await copyOne(`${file}${suffix}`, `${copy}${suffix}`, suffix === '')
    if (before.isSettled && before.marks === (await stateOf(file)).marks) return
    if (performance.now() >= deadline) {
      throw new DatabaseConnectionError(
        `${what}: another program writes it all the time: close that, or try again (option busyTimeoutMs)`,
        { code: 'MG_BUSY' },
      )
    }
    await delay(RETRY_MS)
  }
}

async function copyOne(from: string, to: string, isRequired: boolean): Promise<void> {
  await rm(to, { force: true })
  try {
    await copyFile(from, to)
    await chmod(to, 0o600)
  } catch (error) {
    if (isRequired || codeOf(error) !== 'ENOENT') throw error
  }
}

async function stateOf(file: string): Promise<{ readonly marks: string; readonly isSettled: boolean }> {
  const now = Date.now()
  let isSettled = true
  const marks: string[] = []
  for (const suffix of SUFFIXES) {
    const found = await stat(`${file}${suffix}`, { bigint: true }).catch(absentIsNull)
    marks.push(found === null ? '' : `${found.ino} ${found.size} ${found.mtimeNs}`)
    if (found !== null && Math.abs(now - Number(found.mtimeMs)) < TICK_MS) isSettled = false
  }
  return { marks: marks.join('\n'), isSettled }
}

function absentIsNull(error: unknown): null {
  if (codeOf(error) === 'ENOENT') return null
  throw error
}
