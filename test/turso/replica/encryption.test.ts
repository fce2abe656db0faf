import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { collectGarbage } from '../../../src/backends/turso/local/collect-garbage.js'
import { TursoBackend, type TursoBackendOptions } from '../../../src/backends/turso/turso-backend.js'
import { startNewerPrimary } from '../../support/newer-primary.js'
import { scratchFolder } from '../../support/scratch.js'
import { type Sqld, startSqld } from '../../support/sqld.js'
import { failureOf, note } from '../remote/remote.js'

const KEY = 'correct horse battery staple'
const SECRET = 'the treasure lies beneath the third oak'

/** A copy with a secret in it that nobody has open; encrypted if there is a key. */
async function copyOf(sqld: Sqld, encryptionKey?: string): Promise<TursoBackendOptions & { path: string }> {
  const options = {
    url: sqld.url,
    path: join(scratchFolder(), 'replica.db'),
    timeoutMs: 3_000,
    encryptionKey,
  }
  await using replica = await TursoBackend.create(options)
  await replica.storeMemory(note('secret', { id: 'secret', content: SECRET }))
  return options
}

/** The bytes of the files of a copy that hold data. */
function dataFiles(path: string): Record<string, string> {
  const names = readdirSync(dirname(path)).filter((name) => !/-shm$|-sync-lock$|-sync\.sock$/.test(name))
  return Object.fromEntries(
    names.sort().map((name) => [name, readFileSync(join(dirname(path), name), 'latin1')]),
  )
}

/** What changes when any of those files does. */
function fingerprint(path: string): Record<string, string> {
  const entries = Object.entries(dataFiles(path))
  return Object.fromEntries(
    entries.map(([name, bytes]) => [name, createHash('sha256').update(bytes, 'latin1').digest('hex')]),
  )
}

/** Lets go of files that are closed: the engine writes a log back when the last of its objects is collected as garbage. */
async function letGo(): Promise<void> {
  for (let time = 0; time < 3; time++) {
    collectGarbage()
    await nextTurn()
  }
}

describe('a replica with an encryptionKey', () => {
  it('holds nothing that can be read without it', async () => {
    await using sqld = await startSqld()
    const { path, ...options } = await copyOf(sqld, KEY)
    await using replica = await TursoBackend.create({ ...options, path })
    await replica.storeMemory(note('second', { content: `${SECRET}, too` }))
    expect(await replica.searchMemories({ query: 'treasure' })).toHaveLength(2)
    for (const [name, bytes] of Object.entries(dataFiles(path))) {
      expect(bytes.includes('treasure'), name).toBe(false)
      expect(bytes.includes(KEY), name).toBe(false)
      expect(bytes.startsWith('SQLite format 3'), name).toBe(false)
    }
    expect(existsSync(`${path}-wal`)).toBe(true)
  })

  it('is opened again with the key, also while the primary is away', async () => {
    await using sqld = await startSqld()
    const options = await copyOf(sqld, KEY)
    await sqld.kill()
    await using replica = await TursoBackend.create({ ...options, timeoutMs: 600 })
    expect(await replica.getMemory('secret')).toMatchObject({ content: SECRET })
    await sqld.restart()
    await replica.sync()
    await replica.storeMemory(note('more', { id: 'more' }))
    expect(await replica.getMemory('more')).not.toBeNull()
  })

  it('can be read with the key in local mode', async () => {
    await using sqld = await startSqld()
    const { path } = await copyOf(sqld, KEY)
    await using local = await TursoBackend.create({ path, encryptionKey: KEY })
    expect(await local.getMemory('secret')).toMatchObject({ content: SECRET })
  })

  it.each([
    ['another key', 'incorrect horse'],
    ['no key', undefined],
  ])('is refused with %s, and stays as it is', async (_name, encryptionKey) => {
    await using sqld = await startSqld()
    const options = await copyOf(sqld, KEY)
    await letGo()
    const before = fingerprint(options.path)
    const failure = await failureOf(TursoBackend.create({ ...options, encryptionKey }))
    expect(failure).toMatchObject({
      code: 'MG_NOT_A_DATABASE',
      message: expect.stringContaining('encryptionKey'),
    })
    expect(failure.message).not.toContain(KEY)
    await letGo()
    expect(fingerprint(options.path)).toEqual(before)
    await using replica = await TursoBackend.create(options)
    expect(await replica.getMemory('secret')).not.toBeNull()
    expect((await replica.healthCheck()).warnings).toEqual([])
  })

  it.each([
    ['another key', 'incorrect horse'],
    ['no key', undefined],
  ])('that is in use is refused to another with %s, and goes on', async (_name, encryptionKey) => {
    await using sqld = await startSqld()
    const options = await copyOf(sqld, KEY)
    await using replica = await TursoBackend.create(options)
    const failure = await failureOf(TursoBackend.create({ ...options, encryptionKey }))
    expect(failure).toMatchObject({ code: 'MG_NOT_A_DATABASE' })
    await replica.storeMemory(note('more', { id: 'more' }))
    expect(await replica.getMemories(['secret', 'more'])).toHaveLength(2)
    expect((await replica.healthCheck()).warnings).toEqual([])
    expect(Object.keys(dataFiles(options.path)).filter((name) => name.includes('set-aside'))).toEqual([])
  })
})

describe('a replica without encryption', () => {
  it('is refused with a key, says why, and stays as it is', async () => {
    await using sqld = await startSqld()
    const options = await copyOf(sqld)
    await letGo()
    const before = fingerprint(options.path)
    const failure = await failureOf(TursoBackend.create({ ...options, encryptionKey: KEY }))
    expect(failure).toMatchObject({
      code: 'MG_NOT_A_DATABASE',
      message: expect.stringContaining('not encrypted'),
    })
    await letGo()
    expect(fingerprint(options.path)).toEqual(before)
    await using replica = await TursoBackend.create(options)
    expect(await replica.getMemory('secret')).not.toBeNull()
  })
})

describe('a primary that speaks the newer protocol, for which the engine drops the key', () => {
  it('is followed without a key', async () => {
    await using sqld = await startSqld()
    await copyOf(sqld)
    await using primary = await startNewerPrimary(sqld)
    const path = join(scratchFolder(), 'replica.db')
    await using replica = await TursoBackend.create({ url: primary.url, path })
    expect(await replica.getMemory('secret')).toMatchObject({ content: SECRET })
    expect(primary.downloads()).toBe(1)
    expect(existsSync(`${path}-info`)).toBe(true)
  })

  it('is refused with a key, and nothing that can be read stays here', async () => {
    await using sqld = await startSqld()
    await copyOf(sqld)
    await using primary = await startNewerPrimary(sqld)
    const path = join(scratchFolder(), 'replica.db')
    const failure = await failureOf(TursoBackend.create({ url: primary.url, path, encryptionKey: KEY }))
    expect(primary.downloads()).toBeGreaterThan(0)
    for (const [name, bytes] of Object.entries(dataFiles(path))) {
      expect(bytes.includes('treasure'), name).toBe(false)
      expect(bytes.startsWith('SQLite format 3'), name).toBe(false)
    }
    expect(failure).toMatchObject({
      code: 'MG_CONFIGURATION',
      message: expect.stringContaining('without encryption'),
    })
  })
})

describe('a local file with an encryptionKey', () => {
  it.each([
    ['another key', 'incorrect horse'],
    ['no key', undefined],
  ])('whose process was killed is not harmed by being opened with %s', async (_name, wrongKey) => {
    const running = join(scratchFolder(), 'running.db')
    const path = join(scratchFolder(), 'killed.db')
    await using backend = await TursoBackend.create({ path: running, encryptionKey: KEY })
    const content = 'x'.repeat(5_000)
    await backend.storeMemories(
      Array.from({ length: 30 }, (_, at) => note(`${at}`, { id: `${at}`, content })),
    )
    for (const suffix of ['', '-wal']) copyFileSync(`${running}${suffix}`, `${path}${suffix}`)
    const failure = await failureOf(TursoBackend.create({ path, encryptionKey: wrongKey }))
    expect(failure).toMatchObject({ code: 'MG_NOT_A_DATABASE' })
    await using again = await TursoBackend.create({ path, encryptionKey: KEY })
    expect(await again.getMemory('29')).not.toBeNull()
  })
})
