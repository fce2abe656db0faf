import { MemoryError } from '../../../errors.js'
import { query } from '../sql-source.js'
import { codeOf } from '../translate-error.js'
import { CHECK_FILE, type FileFaults, sortFaults } from './fault-lines.js'
import type { MaintainedStore } from './maintained-store.js'
import { runInThread, type ThreadOptions } from './maintenance-thread.js'

/** Has the engine check a database; a file in a thread, by a connection of its own. A text says why it could not be done. */
export async function findFileFaults(
  { file, alone, reading }: MaintainedStore,
  { signal }: ThreadOptions,
): Promise<FileFaults | string> {
  if (file) {
    const open = { path: file.path, encryptionKey: file.encryptionKey }
    return sortFaults(await runInThread({ kind: 'inspect', open }, { signal }))
  }
  try {
    const [rows = []] = alone
      ? [await alone(async (connection) => connection.all(CHECK_FILE))]
      : await reading.read([query(CHECK_FILE)])
    return sortFaults(rows.map(([line]) => String(line)))
  } catch (error) {
    const code = MemoryError.is(error) ? error.code : codeOf(error)
    if (!(error instanceof Error) || code === 'MG_OFFLINE' || code === 'MG_AUTH') throw error
    return `the primary does not check itself: ${error.message}`
  }
}
