import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import { scratchFolder } from '../support/scratch.js'
import { startSqld } from '../support/sqld.js'
import { failureOf, note } from './remote/remote.js'

const NOWHERE = 'http://127.0.0.1:1'

describe.each(['local', 'replica'] as const)('a path, in %s mode,', (mode) => {
  const open = (path: string) =>
    TursoBackend.create({ path, ...(mode === 'replica' && { url: NOWHERE, timeoutMs: 300, maxRetries: 0 }) })

  it('of a folder is refused', async () => {
    const path = join(scratchFolder(), 'folder.db')
    mkdirSync(path)
    expect(await failureOf(open(path))).toMatchObject({
      code: 'MG_CONNECTION',
      message: expect.stringContaining('it is a folder'),
    })
    expect(readdirSync(dirname(path))).toEqual(['folder.db'])
  })

  it('below a file, or with a name that is too long, is refused', async () => {
    const folder = scratchFolder()
    writeFileSync(join(folder, 'file'), '')
    for (const path of [join(folder, 'file', 'x.db'), join(folder, `${'x'.repeat(300)}.db`)])
      expect(await failureOf(open(path))).toMatchObject({ code: 'MG_CONNECTION' })
    expect(readdirSync(folder)).toEqual(['file'])
  })

  it.skipIf(process.platform === 'win32')('of a pipe is refused, and the pipe stays', async ({ skip }) => {
    const path = join(scratchFolder(), 'pipe.db')
    if (spawnSync('mkfifo', [path]).status !== 0) return skip('no pipe can be made here')
    expect(await failureOf(open(path))).toMatchObject({
      code: 'MG_CONNECTION',
      message: expect.stringContaining('it is no file'),
    })
    expect(readdirSync(dirname(path))).toEqual(['pipe.db'])
  })

  it('of links in a circle is refused', async () => {
    const folder = scratchFolder()
    symlinkSync(join(folder, 'b.db'), join(folder, 'a.db'))
    symlinkSync(join(folder, 'a.db'), join(folder, 'b.db'))
    expect(await failureOf(open(join(folder, 'a.db')))).toMatchObject({ code: 'MG_CONNECTION' })
  })

  it('of a text file is refused, and the file stays', async () => {
    const path = join(scratchFolder(), 'notes.db')
    writeFileSync(path, 'These are notes, no database. '.repeat(10))
    expect(await failureOf(open(path))).toMatchObject({ code: 'MG_NOT_A_DATABASE' })
    expect(readdirSync(dirname(path))).toEqual(['notes.db'])
  })
})

describe('a link', () => {
  it('to a file that does not exist yet makes that file', async () => {
    const folder = scratchFolder()
    const path = join(folder, 'deep', 'memory.db')
    symlinkSync(path, join(folder, 'link.db'))
    await using backend = await TursoBackend.create({ path: join(folder, 'link.db') })
    await backend.storeMemory(note('Behind a link'))
    expect(existsSync(path)).toBe(true)
    expect(readlinkSync(join(folder, 'link.db'))).toBe(path)
  })

  it('to a local copy leads to the same copy, which local mode only reads', async () => {
    await using sqld = await startSqld()
    const folder = scratchFolder()
    const path = join(folder, 'replica.db')
    const link = join(scratchFolder(), 'link.db')
    symlinkSync(path, link)
    await using named = await TursoBackend.create({ url: sqld.url, path })
    await using linked = await TursoBackend.create({ url: sqld.url, path: link })
    await linked.storeMemory(note('Shared', { id: 'shared' }))
    expect(await named.getMemory('shared')).not.toBeNull()
    expect(linked.syncStatus().owner).toEqual(named.syncStatus().owner)
    expect(readdirSync(dirname(link))).toEqual(['link.db'])
    await using local = await TursoBackend.create({ path: link })
    expect(await local.getMemory('shared')).not.toBeNull()
    expect(await failureOf(local.storeMemory(note('Here alone')))).toMatchObject({ code: 'MG_READ_ONLY' })
  })
})
