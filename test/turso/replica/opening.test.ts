import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { TursoBackend, type TursoBackendOptions } from '../../../src/backends/turso/turso-backend.js'
import { letGo } from '../../support/let-go.js'
import { BEFORE_FAR_MS, BY_SHORT_MS, FAR_MS } from '../../support/patience.js'
import { scratchFolder } from '../../support/scratch.js'
import { type Sqld, startSqld } from '../../support/sqld.js'
import { startProxy } from '../../support/tcp-proxy.js'
import { failureOf, millisecondsOf, note } from '../remote/remote.js'

const TIMEOUT_MS = 600

/** A primary that holds these memories. */
async function primaryWith(...titles: string[]): Promise<Sqld> {
  const sqld = await startSqld()
  await storeAt(sqld, ...titles)
  return sqld
}

async function storeAt(sqld: Sqld, ...titles: string[]): Promise<void> {
  await using remote = await TursoBackend.create({ url: sqld.url, mode: 'remote' })
  await remote.storeMemories(titles.map((title) => note(title, { id: title })))
}

function newPath(): string {
  return join(scratchFolder(), 'replica.db')
}

/** Everything in the folder of a file, but for what the engine keeps to itself while it runs. */
function bytesBeside(path: string): Record<string, string> {
  const names = readdirSync(dirname(path)).filter((name) => !/-shm$|-sync-lock$|-sync\.sock$/.test(name))
  return Object.fromEntries(
    names.sort().map((name) => [name, readFileSync(join(dirname(path), name)).toString('base64')]),
  )
}

describe('the first start of a replica', () => {
  it('copies what the primary holds', async () => {
    await using sqld = await primaryWith('one', 'two', 'three')
    const path = newPath()
    await using backend = await TursoBackend.create({ url: sqld.url, path })
    expect(await backend.getMemories(['one', 'two', 'three'])).toHaveLength(3)
    expect(await backend.searchMemories({ query: 'two' })).toMatchObject([{ id: 'two' }])
    expect(existsSync(path)).toBe(true)
    expect(backend.syncStatus().frame_no).toBeGreaterThan(0)
  })

  it('makes the schema of an empty primary', async () => {
    await using sqld = await startSqld()
    await using backend = await TursoBackend.create({ url: sqld.url, path: newPath() })
    expect(await backend.searchMemories({})).toEqual([])
    await backend.storeMemory(note('first', { id: 'first' }))
    await using remote = await TursoBackend.create({ url: sqld.url, mode: 'remote' })
    expect(await remote.getMemory('first')).not.toBeNull()
  })

  it('makes the folder', async () => {
    await using sqld = await primaryWith('one')
    const path = join(scratchFolder(), 'a', 'b', 'replica.db')
    await using backend = await TursoBackend.create({ url: sqld.url, path })
    expect(await backend.getMemory('one')).not.toBeNull()
  })

  it('takes an empty file for none', async () => {
    await using sqld = await primaryWith('one')
    const path = newPath()
    writeFileSync(path, '')
    await using backend = await TursoBackend.create({ url: sqld.url, path })
    expect(await backend.getMemory('one')).not.toBeNull()
  })

  it('without a primary that listens is MG_OFFLINE at once, and can be tried again', async () => {
    await using sqld = await primaryWith('one')
    await sqld.kill()
    const options = { url: sqld.url, path: newPath(), timeoutMs: FAR_MS }
    const took = await millisecondsOf(async () => {
      expect(await failureOf(TursoBackend.create(options))).toMatchObject({ code: 'MG_OFFLINE' })
    })
    expect(took).toBeLessThan(BEFORE_FAR_MS)
    expect(existsSync(options.path)).toBe(false)
    await sqld.restart()
    await using backend = await TursoBackend.create(options)
    expect(await backend.getMemory('one')).not.toBeNull()
  })

  it('without a primary that answers is MG_OFFLINE by its deadline, and can be tried again', async () => {
    await using sqld = await primaryWith('one')
    await using proxy = await startProxy(sqld)
    proxy.freeze()
    const options = { url: proxy.url, path: newPath(), timeoutMs: TIMEOUT_MS }
    const took = await millisecondsOf(async () => {
      expect(await failureOf(TursoBackend.create(options))).toMatchObject({ code: 'MG_OFFLINE' })
    })
    expect(took).toBeLessThan(BY_SHORT_MS)
    proxy.thaw()
    await using backend = await TursoBackend.create({ ...options, timeoutMs: 5_000 })
    expect(await backend.getMemory('one')).not.toBeNull()
  })

  it('whose primary goes away in the middle of the download is MG_OFFLINE, and goes on when it is back', async () => {
    await using sqld = await primaryWith()
    await using remote = await TursoBackend.create({ url: sqld.url, mode: 'remote' })
    const many = Array.from({ length: 300 }, (_, at) =>
      note(`Note ${at}`, { id: `note-${at}`, content: 'x'.repeat(5_000) }),
    )
    await remote.storeMemories(many)
    await using proxy = await startProxy(sqld)
    const options = { url: proxy.url, path: newPath(), timeoutMs: TIMEOUT_MS }
    const before = proxy.bytesDown
    const opening = failureOf(TursoBackend.create(options))
    await expect.poll(() => proxy.bytesDown - before, { interval: 1 }).toBeGreaterThan(100_000)
    proxy.freeze()
    expect(await opening).toMatchObject({ code: 'MG_OFFLINE' })
    proxy.cut()
    proxy.thaw()
    await using backend = await TursoBackend.create({ ...options, timeoutMs: 5_000 })
    expect(await backend.getMemories(many.map(({ id }) => id as string))).toHaveLength(300)
    expect(await backend.executeQuery('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
  })
})

describe('opening a replica while another client has a transaction open', () => {
  it('neither waits for it nor ends it', async () => {
    await using sqld = await primaryWith('one')
    await using other = await TursoBackend.create({ url: sqld.url, mode: 'remote' })
    const options: TursoBackendOptions = { url: sqld.url, path: newPath(), timeoutMs: FAR_MS }
    let end = (): void => undefined
    const ending = new Promise<void>((resolve) => {
      end = resolve
    })
    let began = (): void => undefined
    const beginning = new Promise<void>((resolve) => {
      began = resolve
    })
    const transaction = other.transaction(async (tx) => {
      await tx.storeMemory(note('theirs', { id: 'theirs' }))
      expect(await tx.getMemory('theirs')).not.toBeNull()
      began()
      await ending
    })
    await beginning
    // It would wait for as long as the transaction does for this, or take the primary from it.
    for (let time = 0; time < 2; time++) await (await TursoBackend.create(options)).disconnect()
    end()
    await transaction
    expect(await other.getMemory('theirs')).not.toBeNull()
  })
})

describe('a file that is no replica, given with a URL', () => {
  it('is refused with the way to take it there, and stays as it is', async () => {
    await using sqld = await startSqld()
    const path = newPath()
    const local = await TursoBackend.create({ path })
    await local.storeMemory(note('mine'))
    await local.disconnect()
    const before = bytesBeside(path)
    const names = readdirSync(dirname(path))
    const failure = await failureOf(TursoBackend.create({ url: sqld.url, path }))
    expect(failure).toMatchObject({ code: 'MG_CONFIGURATION', message: expect.stringContaining('promote') })
    expect(bytesBeside(path)).toEqual(before)
    expect(readdirSync(dirname(path))).toEqual(names)
  })

  it('is refused also when it is no database', async () => {
    await using sqld = await startSqld()
    const path = newPath()
    writeFileSync(path, 'A letter to nobody')
    expect(await failureOf(TursoBackend.create({ url: sqld.url, path }))).toMatchObject({
      code: 'MG_NOT_A_DATABASE',
    })
    expect(readFileSync(path, 'utf8')).toBe('A letter to nobody')
  })
})

describe('a replica that is opened in local mode', () => {
  const writes: Record<string, (backend: TursoBackend) => Promise<unknown>> = {
    storeMemory: (backend) => backend.storeMemory(note('new')),
    storeMemories: (backend) => backend.storeMemories([note('new')]),
    updateMemory: (backend) => backend.updateMemory({ id: 'one', title: 'Other' }),
    deleteMemory: (backend) => backend.deleteMemory('one'),
    createRelationship: (backend) => backend.createRelationship('one', 'two', 'CAUSES'),
    createRelationships: (backend) =>
      backend.createRelationships([{ from_memory_id: 'one', to_memory_id: 'two', type: 'CAUSES' }]),
    updateRelationshipProperties: (backend) =>
      backend.updateRelationshipProperties('joined', { strength: 1 }),
    deleteRelationship: (backend) => backend.deleteRelationship('joined'),
    putNodes: (backend) => backend.putNodes([{ id: 'agent', label: 'Agent', properties: {} }]),
    deleteNodes: (backend) => backend.deleteNodes(['one']),
    transaction: (backend) => backend.transaction((tx) => tx.storeMemory(note('new'))),
    executeWriteQuery: (backend) => backend.executeWriteQuery('DELETE FROM nodes'),
    'executeQuery without write': (backend) => backend.executeQuery('DELETE FROM nodes'),
  }

  it('can be read', async () => {
    await using sqld = await primaryWith('one', 'two')
    const path = newPath()
    await (await TursoBackend.create({ url: sqld.url, path })).disconnect()
    await using local = await TursoBackend.create({ path })
    expect(await local.getMemories(['one', 'two'])).toHaveLength(2)
    expect(await local.searchMemories({ query: 'two' })).toMatchObject([{ id: 'two' }])
    const { status, mode, warnings } = await local.healthCheck()
    expect({ status, mode }).toEqual({ status: 'healthy', mode: 'local' })
    expect(warnings.join()).toContain('detach')
  })

  it('refuses every write with the way out, stays as it is, and is followed afterwards', async () => {
    await using sqld = await primaryWith('one', 'two')
    const options: TursoBackendOptions = { url: sqld.url, path: newPath() }
    const replica = await TursoBackend.create(options)
    const joined = await replica.createRelationship('one', 'two', 'SOLVES')
    await replica.disconnect()
    await letGo()
    const before = bytesBeside(options.path as string)
    const local = await TursoBackend.create({ path: options.path })
    for (const [name, write] of Object.entries(writes)) {
      const { code, message } = await failureOf(write(local))
      expect({ name, code }).toEqual({ name, code: 'MG_READ_ONLY' })
      if (name !== 'executeQuery without write') expect(message, name).toContain('detach')
    }
    await local.disconnect()
    await letGo()
    expect(bytesBeside(options.path as string)).toEqual(before)
    await storeAt(sqld, 'three')
    await using again = await TursoBackend.create(options)
    await again.sync()
    expect(await again.getMemories(['one', 'two', 'three'])).toHaveLength(3)
    expect(await again.getRelationship(joined)).not.toBeNull()
  })

  it('shows what comes while another process or backend follows the primary', async () => {
    await using sqld = await primaryWith('one')
    const path = newPath()
    await using replica = await TursoBackend.create({ url: sqld.url, path })
    await using local = await TursoBackend.create({ path })
    await replica.storeMemory(note('later', { id: 'later' }))
    expect(await local.getMemory('later')).not.toBeNull()
    await local.disconnect()
    await replica.storeMemory(note('last', { id: 'last' }))
    expect(await replica.getMemory('last')).not.toBeNull()
  })
})
