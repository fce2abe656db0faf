import { accessSync, constants, existsSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Connection } from '../local/connection.js'
import { inodeOf } from '../local/inode-of.js'
import { isBusy, translateError } from '../translate-error.js'
import { filesOf } from './replica-files.js'
import { socketPathOf } from './sync-socket.js'

/** A process that was just told to end has the lock for a moment yet. */
const PATIENCE_MS = 1_000
const RETRY_MS = 50

/** The right to sync a replica. The system takes it back when the process ends, however it ends. */
export type SyncLock = {
  /** Whether the lock is still that of the path: a file that was deleted and made anew locks out nobody. */
  isIntact(): boolean
  release(): void
  /** Releases the lock of what is a replica no more, and leaves nothing of it. */
  remove(): void
}

/** Takes the lock of a replica, within a while; `null` when some process syncs it, or is about to. */
export async function takeSyncLock(path: string, patienceMs: number = PATIENCE_MS): Promise<SyncLock | null> {
  const file = filesOf(path).lock
  if (!existsSync(file)) accessSync(dirname(file), constants.W_OK) // the engine only says that it cannot open it
  const lock = await Connection.open({ path: file, encryptionKey: undefined })
  const deadline = performance.now() + patienceMs
  while (!tryLock(lock, file)) {
    if (performance.now() >= deadline) {
      lock.close()
      return null
    }
    await delay(RETRY_MS)
  }
  const release = (): void => {
    lock.exec('ROLLBACK')
    lock.close()
  }
  const inode = inodeOf(file)
  return {
    isIntact: () => inodeOf(file) === inode,
    release,
    remove: () => {
      // Windows keeps what is open, and its sockets are no files.
      if (process.platform !== 'win32') {
        for (const left of [socketPathOf(path), file]) rmSync(left, { force: true })
      }
      release()
    },
  }
}

function tryLock(lock: Connection, file: string): boolean {
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE') // nothing is ever written to it
    return true
  } catch (error) {
    if (isBusy(error)) return false
    lock.close()
    throw translateError(error, `Cannot lock ${file}`)
  }
}
