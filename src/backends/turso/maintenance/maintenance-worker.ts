import { randomBytes } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { noteOpen } from '../../open-files.js'
import { collectGarbage } from '../local/collect-garbage.js'
import { Connection } from '../local/connection.js'
import { flush } from '../promote/flush.js'
import { PUT_SETTING } from '../schema.js'
import { codeOf } from '../translate-error.js'
import { copyPages } from './copy-pages.js'
import { CHECK_FILE, sortFaults } from './fault-lines.js'
import { graphCountsOf } from './graph-counts.js'
import type {
  GraphCounts,
  KeyedFile,
  MaintenanceMessage,
  MaintenanceResult,
  MaintenanceTask,
} from './maintenance-messages.js'

/* A thread for work on a whole file, which the engine does in one go, however long that takes. */

/** How long to wait for other processes inside the engine, which keeps nobody waiting in this thread. */
const BUSY_TIMEOUT_MS = 10_000

class Stopped extends Error {}

let isStopped = false
const tell = (message: MaintenanceMessage): void => parentPort?.postMessage(message)

parentPort?.on('message', () => {
  isStopped = true
})

async function run(task: MaintenanceTask): Promise<MaintenanceResult[keyof MaintenanceResult]> {
  if (task.kind === 'copy') return copy(task.open, task.target)
  if (task.kind === 'verify') return verify(task.target, task.newHistory)
  const connection = await openAgain(task.open)
  try {
    if (task.kind === 'inspect') return inspect(connection)
    connection.exec(task.sql)
    return null
  } finally {
    connection.close()
  }
}

async function copy(open: KeyedFile, target: KeyedFile): Promise<GraphCounts> {
  const from = await openAgain(open)
  try {
    return await copyPages(from, target, async (done, total) => {
      tell({ kind: 'progress', done, total })
      await nextTurn()
      if (isStopped) throw new Stopped()
    })
  } finally {
    from.close()
  }
}

/** Opens a file that another thread has open. To look at it in any other way would give up the locks of that one. */
async function openAgain(file: KeyedFile): Promise<Connection> {
  noteOpen(file.path, file.encryptionKey)
  const connection = await Connection.open(file)
  connection.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`)
  return connection
}

async function verify(target: KeyedFile, newHistory: boolean): Promise<MaintenanceResult['verify']> {
  const connection = await Connection.open(target)
  try {
    if (newHistory) connection.run(PUT_SETTING, ['epoch', randomBytes(16).toString('hex')])
    const { file, text } = sortFaults(inspect(connection))
    return { ...graphCountsOf(connection), faults: [...file, ...text] }
  } finally {
    connection.close()
    flush(target.path) // here, where nobody waits for the disk
  }
}

/** What the engine says of a file; of one that it cannot go through, why. */
function inspect(connection: Connection): string[] {
  try {
    return connection.all(CHECK_FILE).map(([line]) => String(line))
  } catch (error) {
    if (!/^SQLITE_(CORRUPT|NOTADB)/.test(codeOf(error))) throw error
    return [(error as Error).message]
  }
}

try {
  tell({ kind: 'done', result: await run(workerData as MaintenanceTask) })
} catch (error) {
  if (error instanceof Stopped) tell({ kind: 'stopped' })
  else
    tell({
      kind: 'failed',
      message: error instanceof Error ? error.message : String(error),
      code: codeOf(error),
      syscall: (error as NodeJS.ErrnoException).syscall,
    })
} finally {
  collectGarbage() // closes what was closed: the engine keeps files until their statements are gone
  parentPort?.close()
}
