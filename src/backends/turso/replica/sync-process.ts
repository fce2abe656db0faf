import type { SyncProcessMessage, SyncStart } from './sync-messages.js'
import { SyncServer } from './sync-server.js'

/*
 * The process that syncs a replica for all that use it on this machine. It never outlives its parent: a native call that waits
 * for the network cannot be ended in any other way than with its process, which SIGKILL does at any time without harm.
 */

const tell = (message: SyncProcessMessage): void => {
  process.send?.(message)
}

const end = (): void => {
  process.kill(process.pid, 'SIGKILL')
}

process.umask(0o077)
process.on('disconnect', end)
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined) // the parent decides
process.once('message', async (start: SyncStart) => {
  try {
    const server = new SyncServer(start, { owner: process.ppid, end })
    if (!(await server.takeOver())) {
      tell({ kind: 'taken' })
      process.disconnect()
      return
    }
    await server.listen()
    tell({ kind: 'listening' })
  } catch (error) {
    tell({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) })
    process.disconnect()
  }
})
