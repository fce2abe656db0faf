import { CopyKeeper, WrongKey } from './copy-keeper.js'
import { takeSyncLock } from './sync-lock.js'
import type { SyncProcessMessage, SyncStart, TokenMessage } from './sync-messages.js'
import { SyncServer } from './sync-server.js'

/*
 * The process that syncs a replica for all that use it on this machine. It never outlives its parent: a native call that waits
 * for the network cannot be ended in any other way than with its process, which SIGKILL does at any time without harm.
 */

/** How long the parent may take to say whether there is a new token. */
const TOKEN_TIMEOUT_MS = 2_000

const tell = (message: SyncProcessMessage): void => {
  process.send?.(message)
}

const end = (): void => {
  process.kill(process.pid, 'SIGKILL')
}

const askForToken = (): Promise<string | undefined> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), TOKEN_TIMEOUT_MS)
    process.once('message', ({ token }: TokenMessage) => {
      clearTimeout(timer)
      resolve(token)
    })
    tell({ kind: 'token?' })
  })

process.umask(0o077)
process.on('disconnect', end)
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined) // the parent decides
process.once('message', async (start: SyncStart) => {
  try {
    const lock = await takeSyncLock(start.path, 0)
    if (lock === null) {
      tell({ kind: 'taken' })
      process.disconnect()
      return
    }
    const keeper = new CopyKeeper(start, askForToken)
    const server = new SyncServer(start, keeper, {
      owner: process.ppid,
      end,
      mayGoOn: () => lock.isIntact(), // of a lock file that was deleted another may hold the new one
    })
    await server.listen()
    tell({ kind: 'listening' })
    await server.open()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    tell({ kind: 'failed', reason, isWrongKey: error instanceof WrongKey })
    process.disconnect()
  }
})
