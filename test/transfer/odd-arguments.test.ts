import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { exportFile, exportGraph, InMemoryBackend, importGraph } from '../../src/index.js'
import { scratchFolder } from '../support/scratch.js'

let backend: InMemoryBackend

beforeEach(async () => {
  backend = new InMemoryBackend()
  await backend.connect()
})

describe('an export is refused', () => {
  it.each([
    [{ overwrit: true }],
    [{ overwrite: 'false' }],
    [{ signal: 'stop' }],
    [{ onProgress: 5 }],
    [{ format: 'xml' }],
  ])('for the options %j, and writes nothing', async (options) => {
    const path = join(scratchFolder(), 'export.jsonl')
    await expect(exportFile(backend, path, options as object)).rejects.toMatchObject({
      code: 'MG_VALIDATION',
    })
    expect(existsSync(path)).toBe(false)
    const { overwrite: _ofFiles, ...others } = options as { overwrite?: unknown }
    if (Object.keys(others).length === 0) return
    await expect(exportGraph(backend, others).next()).rejects.toMatchObject({ code: 'MG_VALIDATION' })
  })

  it.each(['', 'a\0b', undefined, 5])('for the path %j', async (path) => {
    await expect(exportFile(backend, path as string)).rejects.toMatchObject({ code: 'MG_VALIDATION' })
  })
})

describe('an import is refused', () => {
  it.runIf(process.platform !== 'win32')(
    'from a pipe, which can be read only once, without waiting for it',
    async () => {
      const pipe = join(scratchFolder(), 'pipe')
      execFileSync('mkfifo', [pipe])
      await expect(importGraph(backend, pipe)).rejects.toMatchObject({
        code: 'MG_VALIDATION',
        message: expect.stringContaining('more than once'),
      })
    },
  )

  it.each([null, 5, {}, { records: 5 }])('from %j, which is no source', async (source) => {
    await expect(importGraph(backend, source as never)).rejects.toMatchObject({ code: 'MG_VALIDATION' })
  })
})
