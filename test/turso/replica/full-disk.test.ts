import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { TursoBackend } from '../../../src/backends/turso/turso-backend.js'
import { scratchFolder } from '../../support/scratch.js'
import { startSqld } from '../../support/sqld.js'
import { failureOf, note } from '../remote/remote.js'

const DISK = '24m'
const FILLER_BYTES = 22 * 1024 * 1024

/** A disk of its own, in memory; `null` where one cannot be mounted. */
function mountDisk(): string | null {
  const folder = join(scratchFolder(), 'disk')
  mkdirSync(folder)
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK}`, 'none', folder]).status !== 0) return null
  onTestFinished(() => void spawnSync('umount', ['--lazy', folder]))
  return folder
}

const canMount = process.getuid?.() === 0 && process.platform === 'linux'

describe.skipIf(!canMount)('a copy on a disk that is full', () => {
  it('stays as it was, a sync is MG_STORAGE_FULL, and goes on when there is space again', async ({
    skip,
  }) => {
    const folder = mountDisk()
    if (folder === null) return skip('no disk can be mounted here')
    await using sqld = await startSqld()
    const options = { url: sqld.url, path: join(folder, 'replica.db'), timeoutMs: 5_000 }
    await using replica = await TursoBackend.create({ ...options, autoSync: false, syncIntervalSeconds: 0 })
    await using other = await TursoBackend.create({ url: sqld.url, mode: 'remote' })
    await other.storeMemory(note('small', { id: 'small' }))
    await replica.sync()
    const filler = join(folder, 'filler')
    writeFileSync(filler, Buffer.alloc(FILLER_BYTES))
    await other.storeMemories(
      Array.from({ length: 20 }, (_, at) => note(`big ${at}`, { content: 'x'.repeat(200_000) })),
    )
    for (let time = 0; time < 4; time++) {
      expect(await failureOf(replica.sync())).toMatchObject({
        code: 'MG_STORAGE_FULL',
        message: expect.stringMatching(/free some space/),
      })
    }
    expect(await replica.getMemory('small')).not.toBeNull()
    expect(readdirSync(folder).filter((name) => name.includes('set-aside'))).toEqual([])
    rmSync(filler)
    await replica.sync()
    expect((await replica.getMemoryStatistics()).total_memories.count).toBe(21)
    expect(await replica.executeQuery('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
  })

  it('that never was complete leaves nothing, and is MG_STORAGE_FULL', async ({ skip }) => {
    const folder = mountDisk()
    if (folder === null) return skip('no disk can be mounted here')
    await using sqld = await startSqld()
    await using other = await TursoBackend.create({ url: sqld.url, mode: 'remote' })
    await other.storeMemories(
      Array.from({ length: 20 }, (_, at) => note(`big ${at}`, { content: 'x'.repeat(200_000) })),
    )
    const filler = join(folder, 'filler')
    writeFileSync(filler, Buffer.alloc(FILLER_BYTES))
    const options = { url: sqld.url, path: join(folder, 'replica.db'), timeoutMs: 5_000 }
    expect(await failureOf(TursoBackend.create(options))).toMatchObject({ code: 'MG_STORAGE_FULL' })
    expect(readdirSync(folder).filter((name) => /set-aside|\.db$|-wal$|wal_index/.test(name))).toEqual([])
    rmSync(filler)
    await using replica = await TursoBackend.create(options)
    expect((await replica.getMemoryStatistics()).total_memories.count).toBe(20)
  })
})
