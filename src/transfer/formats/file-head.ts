import { open } from 'node:fs/promises'
import { unreadable } from './source-fault.js'

const SQLITE_MAGIC = 'SQLite format 3\u0000'
const HEAD_BYTES = 4096

/** The beginning of a file as text, in which all that it is known by stands. */
export async function readHead(path: string): Promise<string> {
  const file = await open(path).catch((cause: unknown) => {
    throw unreadable(path, cause)
  })
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(HEAD_BYTES) })
    return buffer.toString('utf8', 0, bytesRead).replace(/^\ufeff/, '')
  } finally {
    await file.close()
  }
}

/** Whether a file that begins like this is a SQLite or libSQL database that is not encrypted. */
export function isDatabaseHead(head: string): boolean {
  return head.startsWith(SQLITE_MAGIC)
}
