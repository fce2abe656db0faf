import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync, realpathSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { SyncError } from '../../../errors.js'

/** The longest path that every system takes for a socket. */
const MAX_SOCKET_PATH_BYTES = 100

/** Where the process that syncs a file listens: beside the file, or, where that path is too long, in a folder of the user alone. */
export function socketPathOf(path: string): string {
  const real = join(realpathSync(dirname(path)), basename(path))
  const name = createHash('sha256').update(real).digest('hex').slice(0, 24)
  if (process.platform === 'win32') return `\\\\.\\pipe\\memorygraph-turso-${name}`
  const beside = `${real}-sync.sock`
  return Buffer.byteLength(beside) <= MAX_SOCKET_PATH_BYTES ? beside : join(privateFolder(), `${name}.sock`)
}

// Others may write where temporary files are, so the folder must be ours.
function privateFolder(): string {
  const { uid } = userInfo()
  const folder = join(tmpdir(), `memorygraph-turso-${uid}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const found = lstatSync(folder)
  if (found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0) return folder
  throw new SyncError(
    `${folder} does not belong to this user alone: remove it, or choose a shorter path for the file`,
  )
}
