import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'libsql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import { testGraphBackend } from '../../src/testing/index.js'
import { scratchFolder } from '../support/scratch.js'

// Making the schema takes many times as long as opening a file that has it, so each case is given a copy of one new file.
const templates = mkdtempSync(join(tmpdir(), 'memorygraph-template-'))
const template = join(templates, 'memory.db')
beforeAll(async () => {
  await (await TursoBackend.create({ path: template })).disconnect()
  const raw = new Database(template)
  expect(raw.pragma('wal_checkpoint(TRUNCATE)')).toEqual([{ busy: 0, log: 0, checkpointed: 0 }]) // all is in the one file
  raw.close()
})
afterAll(() => rmSync(templates, { recursive: true }))

testGraphBackend({
  name: 'TursoBackend on a file',
  create: async () => {
    const folder = scratchFolder()
    const path = join(folder, 'memory.db')
    copyFileSync(template, path)
    return {
      backend: await TursoBackend.create({ path }),
      sameStore: () => TursoBackend.create({ path }),
      withOptions: (options) => TursoBackend.create({ path, ...options }),
      unconnected: new TursoBackend({ path: join(folder, 'other.db') }),
    }
  },
  runner: { describe, it },
})
