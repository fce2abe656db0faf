import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DatabaseConnectionError } from '../../../errors.js'

/**
 * Creates the folder of a database file, if there is none.
 *
 * @throws `MG_CONNECTION` that cannot be, or the path itself is a folder
 */
export async function prepareFolder(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    if ((await stat(path).catch(() => null))?.isDirectory()) throw new Error('it is a folder')
  } catch (error) {
    throw new DatabaseConnectionError(`Cannot open ${path}: ${(error as Error).message}`, {
      details: { path },
      cause: error,
    })
  }
}
