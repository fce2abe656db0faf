import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, vi } from 'vitest'

const SETTINGS = [
  'MEMORY_BACKEND',
  'MEMORYGRAPH_TURSO_URL',
  'MEMORY_TURSO_URL',
  'TURSO_DATABASE_URL',
  'MEMORY_TURSO_MODE',
  'NO_COLOR',
]

/** The folder of the test that runs, and the database in it that its commands use. */
export let folder: string
export let path: string

/** Gives each test of the file a folder of its own, and no settings of the environment it is run in. */
export function useCliFolder(): void {
  beforeEach(() => {
    for (const name of SETTINGS) vi.stubEnv(name, undefined)
    folder = mkdtempSync(join(tmpdir(), 'cli-'))
    path = join(folder, 'memory.db')
  })

  afterEach(() => {
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true, force: true })
  })
}
