import { realpathSync, statSync } from 'node:fs'

/*
 * Closing any handle of a file gives up all locks that this process has on it. Without them another process that closes the database
 * takes itself for the last one and deletes the log, and what this one writes from then on is lost. So a database, and what the
 * engine keeps beside it, is looked at by other means only while no connection of this process has it open.
 */

/** What is known of a file that this process has open. */
export type OpenFile = { readonly encryptionKey: string | undefined }

const openFiles = new Map<string, OpenFile & { connections: number }>()
/**
 * Files whose last connection was closed and may still have them open, with when they were made, which tells them from others that
 * get their numbers later: the engine's handles go when garbage is collected.
 */
const lingering = new Map<string, bigint | undefined>()

/** What the engine keeps beside a database. */
const BESIDE = /-(?:wal|shm|journal)$/

/** Takes note that a file is open with a key; returns what takes the note back, once. */
export function noteOpen(path: string, encryptionKey: string | undefined): () => void {
  const file = nameOf(path)
  const note = openFiles.get(file) ?? { encryptionKey, connections: 0 }
  note.connections++
  openFiles.set(file, note)
  let isNoted = true
  return () => {
    if (isNoted && --note.connections === 0) {
      openFiles.delete(file)
      lingering.set(file, birthOf(path))
    }
    isNoted = false
  }
}

/**
 * Whether a file is not open, but a handle of one that was closed may be left. The locks of such are given up by whoever has looked
 * at the file since, and a new connection would rely on them.
 */
export function isLingering(path: string): boolean {
  const file = nameOf(path)
  return lingering.has(file) && lingering.get(file) === birthOf(path) && !openFiles.has(file)
}

/** Takes note that garbage was collected, and with it what was left of a file. */
export function noLongerLingers(path: string): void {
  lingering.delete(nameOf(path))
}

/** What is known of a file, if this process has it open. */
export function openFile(path: string): OpenFile | undefined {
  return openFiles.get(nameOf(path))
}

/** Whether a file is a database that this process has open, or is kept beside one. */
export function isOpen(path: string): boolean {
  const database = databaseBeside(path)
  return openFiles.has(nameOf(path)) || (database !== null && openFiles.has(nameOf(database)))
}

/** The database that the engine would keep a file of this name beside; `null` for other names. Links are followed. */
export function databaseBeside(path: string): string | null {
  const exists = statSync(path, { throwIfNoEntry: false }) !== undefined
  const file = exists ? realpathSync(path) : path
  return BESIDE.test(file) ? file.replace(BESIDE, '') : null
}

function birthOf(path: string): bigint | undefined {
  return statSync(path, { throwIfNoEntry: false, bigint: true })?.birthtimeNs
}

/** The same for every path that leads to a file. */
function nameOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true })
  return found ? `${found.dev}:${found.ino}` : path
}
