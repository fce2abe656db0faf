import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** What changes when a file does. */
export function digest(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}

/** The files in a file's folder, but for what the engine keeps beside those that are open. */
export function filesBeside(path: string): string[] {
  return readdirSync(dirname(path))
    .filter((name) => !/-(wal|shm)$/.test(name))
    .sort()
}
