import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFile } from '../../open-files.js'
import { MEMORY_PATH } from '../memory-path.js'
import type { NativeDatabaseConstructor } from './native-libsql.js'

/*
 * A connection with the wrong key is not harmless: when it closes, as the last one of a file that has a log, the engine writes the
 * log back through the wrong cipher, and the file is lost. So the key is tried on a copy of the first page, unless a connection of
 * this process has the file open: then its key is known to fit.
 */

const PLAIN_HEADER = 'SQLite format 3\0'
const FIRST_PAGE_BYTES = 4096

/**
 * Makes sure that a file, if there is one, can be read with a key, or without; the file stays untouched.
 *
 * @throws an error with the engine's code `SQLITE_NOTADB`
 */
export async function requireReadable(
  Database: NativeDatabaseConstructor,
  path: string,
  encryptionKey: string | undefined,
): Promise<void> {
  if (path === MEMORY_PATH) return
  const open = openFile(path)
  if (open) {
    if (open.encryptionKey !== encryptionKey) throw notReadable()
    return
  }
  const page = firstPage(path)
  if (page === null) return
  const isPlain = page.toString('latin1', 0, PLAIN_HEADER.length) === PLAIN_HEADER
  const isReadable =
    encryptionKey === undefined ? isPlain : !isPlain && (await fits(Database, page, encryptionKey))
  if (!isReadable) throw notReadable()
}

/** The beginning of a file, in one go; `null` where there is nothing to read, or where the engine will say why not. */
function firstPage(path: string): Buffer | null {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found?.isFile() || found.size === 0) return null
  const page = Buffer.alloc(FIRST_PAGE_BYTES)
  let file: number | null = null
  try {
    file = openSync(path, 'r')
    return page.subarray(0, readSync(file, page, 0, FIRST_PAGE_BYTES, 0))
  } catch {
    return null
  } finally {
    if (file !== null) closeSync(file)
  }
}

async function fits(
  Database: NativeDatabaseConstructor,
  page: Buffer,
  encryptionKey: string,
): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'memorygraph-key-'))
  try {
    const copy = join(folder, 'page')
    await writeFile(copy, page)
    return canRead(Database, copy, encryptionKey)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

// A page alone is no whole database: only that it is none at all says that the key is wrong.
function canRead(Database: NativeDatabaseConstructor, path: string, encryptionKey: string): boolean {
  const database = new Database(path, {
    encryptionKey,
  } as ConstructorParameters<NativeDatabaseConstructor>[1])
  try {
    database.prepare('SELECT count(*) FROM sqlite_master').all([])
    return true
  } catch (error) {
    return !/not a database/i.test(String(error))
  } finally {
    database.close()
  }
}

function notReadable(): Error {
  return Object.assign(new Error('file is not a database'), { code: 'SQLITE_NOTADB' })
}
