import { existsSync, linkSync, renameSync, rmSync } from 'node:fs'

/** Gives a file a name that nothing has; false where something has it, which is left as it is. */
export function takeName(file: string, name: string): boolean {
  try {
    linkSync(file, name) // unlike renaming, this never replaces what another put there meanwhile
  } catch (error) {
    if (existsSync(name)) return false
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') throw error
    renameSync(file, name) // a file system without links
    return true
  }
  rmSync(file)
  return true
}
