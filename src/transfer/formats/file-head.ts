import { open, stat } from 'node:fs/promises'
import { isOpen } from '../../backends/open-files.js'
import { sourceFault, unreadable } from './source-fault.js'

const SQLITE_MAGIC = 'SQLite format 3\u0000'
const HEAD_BYTES = 4096

/**
 * The beginning of a file as text, in which all that it is known by stands.
 *
 * @throws `MG_VALIDATION` it is no file that can be read again and again, belongs to a database that this process has open, or
 *   cannot be read
 */
export async function readHead(path: string): Promise<string> {
  await requireFile(path)
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

// Opening a pipe may wait for ever, and opening a database may harm who uses it.
async function requireFile(path: string): Promise<void> {
  const found = await stat(path).catch((cause: unknown) => {
    throw unreadable(path, cause)
  })
  if (!found.isFile()) {
    throw sourceFault(
      path,
      'it is no file that can be read more than once: save it as one, or give it as "-" on the command line',
    )
  }
  if (isOpen(path)) {
    throw sourceFault(
      path,
      'it belongs to a database that this process has open: a graph is not imported into itself; disconnect what uses it',
    )
  }
}
