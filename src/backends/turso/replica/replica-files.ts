import { closeSync, existsSync, openSync, readSync, renameSync, rmSync, statSync } from 'node:fs'
import { openFile } from '../../open-files.js'

/** The files of a replica: libSQL's four, and ours. */
export type ReplicaFiles = {
  readonly database: string
  readonly log: string
  readonly sharedMemory: string
  /** libSQL's note of how far the replica has come; marks a file as a replica. */
  readonly position: string
  /** The same where the primary speaks the newer protocol. */
  readonly newerPosition: string
  /** Ours of what it must hold. */
  readonly record: string
  /** Held by the process that syncs. */
  readonly lock: string
}

/** Where the files of a replica are. */
export function filesOf(path: string): ReplicaFiles {
  return {
    database: path,
    log: `${path}-wal`,
    sharedMemory: `${path}-shm`,
    position: `${path}-client_wal_index`,
    newerPosition: `${path}-info`,
    record: `${path}-replica.json`,
    lock: `${path}-sync-lock`,
  }
}

/** Whether the file is a replica, or was one before its position got lost. */
export function isReplica(path: string): boolean {
  const files = filesOf(path)
  return hasPosition(files) || existsSync(files.record)
}

/** Whether there is a file that is no replica. A file without content is none. */
export function isPlainFile(path: string): boolean {
  return !isReplica(path) && existsSync(path) && statSync(path).size > 0
}

const HEADER_BYTES = 100
const PLAIN_HEADER = 'SQLite format 3\0'

/** Whether a database file can be read without a key. */
export function isUnencrypted(path: string): boolean {
  const open = openFile(path)
  if (open) return open.encryptionKey === undefined
  return readHeader(path).toString('latin1', 0, PLAIN_HEADER.length) === PLAIN_HEADER
}

/**
 * What is wrong with the files of a replica, as far as can be seen without opening them; `null` when nothing is. What is wrong
 * inside is found by a check of the database.
 */
export function findFault(path: string, isEncrypted: boolean): string | null {
  const files = filesOf(path)
  const hasDatabase = existsSync(files.database)
  if (!hasDatabase) return hasPosition(files) || existsSync(files.record) ? 'its database file is gone' : null
  if (!hasPosition(files)) return existsSync(files.record) ? 'its position (-client_wal_index) is gone' : null
  if (isEncrypted) return null
  const header = readHeader(path)
  if (header.length < HEADER_BYTES) return existsSync(files.record) ? 'its database file is cut off' : null
  if (header.toString('latin1', 0, PLAIN_HEADER.length) !== PLAIN_HEADER) return 'its header is damaged'
  const pageSize = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16)
  const isShort = statSync(path).size < header.readUInt32BE(28) * pageSize
  return isShort && !existsSync(files.log) ? 'its database file is cut off' : null
}

/** Renames a replica so that it is a plain database file, which nothing else will touch; returns its path. */
export function setAside(path: string, now: Date): string {
  const files = filesOf(path)
  const stamp = now.toISOString().replace(/[:.]/g, '-')
  const kept = freeName(`${path}.set-aside-${stamp}`)
  const renames: [from: string, to: string][] = [
    [files.position, `${kept}.position`], // first: without it the rest is no replica that anything would go on with
    [files.newerPosition, `${kept}.position`],
    [files.database, kept],
    [files.log, `${kept}-wal`],
    [files.record, `${kept}.record`],
  ]
  for (const [from, to] of renames) if (existsSync(from)) renameSync(from, to)
  rmSync(files.sharedMemory, { force: true })
  return kept
}

/** Whether there is the engine's note that marks a file as a replica. */
export function hasPosition({ position, newerPosition }: ReplicaFiles): boolean {
  return existsSync(position) || existsSync(newerPosition)
}

function freeName(wanted: string): string {
  for (let count = 0; ; count++) {
    const name = count === 0 ? wanted : `${wanted}-${count}`
    if (!existsSync(name)) return name
  }
}

/** Deletes what is left at a path where no replica came to be. */
export function removeTraces(path: string, socketPath: string): void {
  if (existsSync(path)) return
  for (const file of [filesOf(path).lock, socketPath]) rmSync(file, { force: true })
}

/** Deletes a replica that must not stay. */
export function removeReplica(path: string): void {
  const { database, log, sharedMemory, position, newerPosition, record } = filesOf(path)
  for (const file of [database, log, sharedMemory, position, newerPosition, record])
    rmSync(file, { force: true })
}

function readHeader(path: string): Buffer {
  const header = Buffer.alloc(HEADER_BYTES)
  const file = openSync(path, 'r')
  try {
    return header.subarray(0, readSync(file, header, 0, HEADER_BYTES, 0))
  } finally {
    closeSync(file)
  }
}
