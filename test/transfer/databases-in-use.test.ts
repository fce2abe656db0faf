import { spawnSync } from 'node:child_process'
import { existsSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exportFile, importGraph, TursoBackend } from '../../src/index.js'
import { digest, filesBeside } from '../support/files.js'
import { scratchFolder } from '../support/scratch.js'

const KEY = 'a key that is long enough to be one'

/** A backend on a new file with one memory. */
async function withFile(
  work: (backend: TursoBackend, path: string) => Promise<void>,
  encryptionKey?: string,
): Promise<void> {
  const path = join(scratchFolder(), 'memory.db')
  await using backend = await TursoBackend.create({ path, encryptionKey })
  await backend.storeMemory({ id: 'a', type: 'general', title: 'First', content: 'stays' })
  await work(backend, path)
}

/** Opens and closes a database in another process, which takes its log away if nobody seems to have it open. */
function visit(path: string): void {
  const other = `const { default: D } = await import('libsql'); const d = new D(process.argv[1]); d.exec('DELETE FROM mg_change WHERE 0'); d.close()`
  expect(spawnSync(process.execPath, ['--input-type=module', '-e', other, path]).status).toBe(0)
}

describe('an import of the database that is open', () => {
  it.each(['', '-wal', '-shm'])('is refused, and leaves the locks on it as they are: memory.db%s', (suffix) =>
    withFile(async (backend, path) => {
      const refusal = importGraph(backend, `${path}${suffix}`)
      await expect(refusal).rejects.toMatchObject({ code: 'MG_VALIDATION' })
      visit(path)
      expect(existsSync(`${path}-wal`)).toBe(true)
      await backend.storeMemory({ id: 'later', type: 'general', title: 'Later', content: 'acknowledged' })
      await using reader = await TursoBackend.create({ path })
      expect(await reader.getMemory('later')).not.toBeNull()
    }),
  )

  it('is refused by any name, also when it is encrypted', () =>
    withFile(async (backend, path) => {
      const link = `${path}.json`
      symlinkSync(path, link)
      await expect(importGraph(backend, link)).rejects.toMatchObject({
        code: 'MG_VALIDATION',
        message: expect.stringContaining('this process has open'),
      })
    }, KEY))
})

describe('an export', () => {
  it.each(['', '-wal', '-shm', '-journal'])(
    'never replaces what is a database, or kept beside one: memory.db%s',
    (suffix) =>
      withFile(async (backend, path) => {
        const target = `${path}${suffix}`
        const before = existsSync(target) ? digest(target) : null
        const refusal = exportFile(backend, target, { overwrite: true })
        await expect(refusal).rejects.toMatchObject({ code: 'MG_CONFLICT', details: { path: target } })
        expect(existsSync(target) ? digest(target) : null).toBe(before)
        expect(filesBeside(path)).toEqual(['memory.db'])
      }),
  )

  it('never replaces a database that nobody has open, or an encrypted one that is', () =>
    withFile(async (backend, path) => {
      const other = join(scratchFolder(), 'other.db')
      await (await TursoBackend.create({ path: other })).disconnect()
      for (const target of [other, path]) {
        const before = digest(target)
        await expect(exportFile(backend, target, { overwrite: true })).rejects.toMatchObject({
          code: 'MG_CONFLICT',
        })
        expect(digest(target)).toBe(before)
      }
    }, KEY))

  it('replaces another file, also one that a link leads to', () =>
    withFile(async (backend, path) => {
      const [file, link] = [`${path}.jsonl`, `${path}.link`]
      writeFileSync(file, 'text')
      symlinkSync(file, link)
      for (const target of [file, link]) {
        expect(await exportFile(backend, target, { overwrite: true })).toMatchObject({ nodes: 1 })
      }
    }))
})
