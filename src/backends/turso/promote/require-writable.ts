import { accessSync, constants, existsSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes sure that a file can be written, and others put beside it, as far as permissions say.
 *
 * @throws the system's error
 */
export function requireWritable(path: string): void {
  for (const place of [dirname(path), path])
    if (existsSync(place)) accessSync(place, constants.R_OK | constants.W_OK)
}
