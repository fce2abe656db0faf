import { statSync } from 'node:fs'

/** What tells a file from another that takes its name; `null` when there is none. */
export function inodeOf(path: string): string | null {
  return statSync(path, { throwIfNoEntry: false, bigint: true })?.ino.toString() ?? null
}
