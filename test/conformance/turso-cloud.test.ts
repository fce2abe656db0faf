import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, it } from 'vitest'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import type { TursoMode } from '../../src/index.js'
import { testGraphBackend } from '../../src/testing/index.js'

/*
 * Against a service, when asked: TURSO_TEST_URL has the URLs of two databases that may be emptied, separated by a comma, and
 * TURSO_TEST_TOKEN a token that may write both. A database that holds a graph at the start is left alone.
 */

const urls = (process.env['TURSO_TEST_URL'] ?? '').split(',').filter((url) => url !== '')
const authToken = process.env['TURSO_TEST_TOKEN']
const free = [...urls]
const looked = new Set<string>()
const folder = mkdtempSync(join(tmpdir(), 'memorygraph-cloud-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function empty(backend: TursoBackend): Promise<void> {
  for (const table of ['relationships', 'nodes', 'mg_change']) {
    await backend.executeWriteQuery(`DELETE FROM ${table}`)
  }
}

async function requireEmpty(url: string, backend: TursoBackend): Promise<void> {
  if (looked.has(url)) return
  const { node_count: nodes } = await backend.healthCheck()
  if (nodes !== 0) throw new Error(`${url} holds ${nodes} nodes: give a database that may be emptied`)
  looked.add(url)
}

async function open(url: string, mode: TursoMode): Promise<TursoBackend> {
  const path = mode === 'replica' ? { path: join(folder, `${urls.indexOf(url)}.db`) } : {}
  return TursoBackend.create({ url, mode, ...path, ...(authToken !== undefined && { authToken }) })
}

describe.skipIf(urls.length === 0).each<TursoMode>(['remote', 'replica'])('a service in %s mode', (mode) => {
  testGraphBackend({
    name: `TursoBackend on a service, ${mode}`,
    create: async () => {
      const url = free.pop()
      if (url === undefined) throw new Error('TURSO_TEST_URL needs another URL for this case')
      const backend = await open(url, mode)
      await requireEmpty(url, backend)
      return {
        backend,
        sameStore: () => open(url, mode),
        dispose: async () => {
          await using cleaner = await open(url, 'remote')
          await empty(cleaner)
          free.push(url)
        },
      }
    },
    runner: { describe, it },
  })
})
