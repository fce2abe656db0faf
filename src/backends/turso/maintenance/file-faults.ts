import { MemoryError } from '../../../errors.js'
import { query } from '../sql-source.js'
import { codeOf } from '../translate-error.js'
import type { MaintainedStore } from './maintained-store.js'
import { runInThread, type ThreadOptions } from './maintenance-thread.js'

/** What the engine finds wrong with a database: with its pages, and with the index of our texts. */
export type FileFaults = { readonly file: readonly string[]; readonly text: readonly string[] }

/** Of whom the engine tells, faults of full-text indexes. */
const FULL_TEXT = /\bFTS[345] table \w+\.(\w+)/

/** Sorts what the engine's check says. Full-text indexes of other programs, which are not used here, are left out. */
export function sortFaults(lines: readonly string[]): FileFaults {
  const found = lines.filter((line) => line !== 'ok')
  const indexOf = (line: string): string | undefined => FULL_TEXT.exec(line)?.[1]
  return {
    file: found.filter((line) => indexOf(line) === undefined),
    text: found.filter((line) => indexOf(line) === 'mg_text'),
  }
}

/** One statement, on any kind of store. */
export const CHECK_FILE = 'SELECT * FROM pragma_integrity_check'

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
