import { truncateSync } from 'node:fs'
import { Connection } from '../local/connection.js'
import { graphCountsOf } from './graph-counts.js'
import type { GraphCounts, KeyedFile } from './maintenance-messages.js'

/*
 * The pages of a database, read in one transaction, are the database at one moment, whoever writes or moves its log meanwhile. They are
 * read and written through the engine: it encrypts those of the copy, and it alone opens the file, since closing any other handle
 * would give up the locks that this process has on it.
 */

const PAGES_AT_ONCE = 256
const GREATEST_BLOB_BYTES = 64 * 1024 * 1024
/** Where the engine puts its locks; the page there holds nothing. */
const LOCKED_BYTE = 2 ** 30
/** Places in the header, on the first page: the file format's two versions, and the size in pages. */
const WRITE_VERSION = 18
const READ_VERSION = 19
const SIZE_IN_PAGES = 28
/** The version of a file that has no log beside it. */
const WITHOUT_LOG = 1

const SELECT_PAGES = `SELECT pgno, data FROM sqlite_dbpage('main') WHERE pgno BETWEEN ? AND ?`
const PUT_PAGE = `UPDATE sqlite_dbpage SET data = ? WHERE pgno = ?`
const FAST = 'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF'

/**
 * Copies all pages that a connection reads into an empty file, and counts what is in them. `during` is called after each slice; what it
 * throws ends the copy. The copy needs no log, and is not flushed.
 */
export async function copyPages(
  from: Connection,
  target: KeyedFile,
  during: (doneBytes: number, totalBytes: number) => Promise<void>,
): Promise<GraphCounts> {
  from.exec('BEGIN')
  try {
    const counts = graphCountsOf(from) // from here on nothing changes for this connection
    const pages = Number(from.value('PRAGMA page_count'))
    const pageBytes = Number(from.value('PRAGMA page_size'))
    await grow(target, pages, pageBytes)
    const to = await Connection.open(target)
    try {
      to.exec(`${FAST}; BEGIN`)
      for (let first = 2; first <= pages; first += PAGES_AT_ONCE) {
        const last = Math.min(first + PAGES_AT_ONCE - 1, pages)
        copySlice(from, to, first, last, pageBytes)
        await during(last * pageBytes, pages * pageBytes)
      }
      copyFirstPage(from, to, pages) // last: with it the engine takes the copy for what it is to be
      to.exec('COMMIT')
    } finally {
      to.close()
    }
    truncateSync(target.path, pages * pageBytes)
    return counts
  } finally {
    if (from.inTransaction) from.exec('ROLLBACK')
  }
}

function copySlice(from: Connection, to: Connection, first: number, last: number, pageBytes: number): void {
  for (const [number, data] of from.all(SELECT_PAGES, [BigInt(first), BigInt(last)])) {
    if (number === LOCKED_BYTE / pageBytes + 1) continue
    to.run(PUT_PAGE, [data as Buffer, BigInt(number as number)])
  }
}

function copyFirstPage(from: Connection, to: Connection, pages: number): void {
  const page = from.get(SELECT_PAGES, [1n, 1n])?.[1] as Buffer
  page[WRITE_VERSION] = WITHOUT_LOG
  page[READ_VERSION] = WITHOUT_LOG
  page.writeUInt32BE(pages, SIZE_IN_PAGES)
  to.run(PUT_PAGE, [page, 1n])
}

/** Makes a database of at least so many pages; the engine only replaces pages that are there. */
async function grow(target: KeyedFile, pages: number, pageBytes: number): Promise<void> {
  const connection = await Connection.open(target)
  try {
    connection.exec(`PRAGMA page_size = ${pageBytes}; ${FAST}; CREATE TABLE filler(bytes)`)
    for (;;) {
      const missing = pages - Number(connection.value('PRAGMA page_count'))
      if (missing <= 0) return
      const bytes = Math.min(missing * pageBytes, GREATEST_BLOB_BYTES)
      connection.run('INSERT INTO filler VALUES (zeroblob(?))', [BigInt(bytes)])
    }
  } finally {
    connection.close()
  }
}
