import { closeSync, fsyncSync, openSync } from 'node:fs'

/** Makes what is in a file, or the names in a folder, outlast a power cut, where the system can be asked for that. */
export function flush(path: string): void {
  try {
    const handle = openSync(path, 'r')
    try {
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
  } catch {} // Windows flushes no folders, and some file systems none at all
}
