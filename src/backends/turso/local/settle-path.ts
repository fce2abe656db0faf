import { lstat, mkdir, readlink, realpath } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { DatabaseConnectionError } from '../../../errors.js'

/** Links that lead to links, before they are taken for a circle. */
const MOST_LINKS = 40

/**
 * Where a database file is, or will be, behind links; creates its folder if there is none. So whoever names a file in whatever way
 * finds the same files beside it.
 *
 * @throws `MG_CONNECTION` its folder cannot be made, or what is there is no file
 */
export async function settlePath(path: string): Promise<string> {
  try {
    let place = resolve(path)
    for (let links = 0; ; links++) {
      await mkdir(dirname(place), { recursive: true })
      const found = await lstat(place).catch(absentIsNull)
      if (found === null || found.isFile()) break
      if (!found.isSymbolicLink()) throw new Error(found.isDirectory() ? 'it is a folder' : 'it is no file')
      if (links === MOST_LINKS) throw new Error('its links lead in a circle')
      place = resolve(dirname(place), await readlink(place))
    }
    return resolve(await realpath(dirname(place)), place.slice(dirname(place).length + 1))
  } catch (error) {
    throw new DatabaseConnectionError(`Cannot open ${path}: ${(error as Error).message}`, {
      details: { path },
      cause: error,
    })
  }
}

function absentIsNull(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null
  throw error
}
