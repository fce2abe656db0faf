import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A new folder of its own, and how to remove it with all that is in it. */
export type TemporaryFolder = { readonly path: string; readonly remove: () => Promise<void> }

/** Makes a new folder under the system's temporary one. */
export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'memorygraph-turso-'))
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) }
}
