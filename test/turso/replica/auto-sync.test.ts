import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { TursoBackend, type TursoBackendOptions } from '../../../src/backends/turso/turso-backend.js'
import type { SyncReport } from '../../../src/index.js'
import { scratchFolder } from '../../support/scratch.js'
import { startSqld } from '../../support/sqld.js'
import { note } from '../remote/remote.js'

/** Longer than anything here takes, however busy the machine is. */
const PATIENCE_MS = 30_000
/** In how many rounds the last sync, which may take only a second, is to succeed once. */
const ROUNDS = 10

/** A primary, another client of it, and where a copy of it is that nobody has open. Nothing ever syncs at intervals. */
type Copy = AsyncDisposable & {
  readonly other: TursoBackend
  readonly options: TursoBackendOptions & { readonly path: string }
}

async function startCopy(): Promise<Copy> {
  const sqld = await startSqld()
  const other = await TursoBackend.create({ url: sqld.url, mode: 'remote' })
  await other.storeMemory(note('old', { id: 'old' }))
  const path = join(scratchFolder(), 'replica.db')
  const options = { url: sqld.url, path, syncIntervalSeconds: 0 }
  await (await TursoBackend.create(options)).disconnect()
  return {
    other,
    options,
    [Symbol.asyncDispose]: async () => {
      await other.disconnect()
      await sqld[Symbol.asyncDispose]()
    },
  }
}

/** A backend on the copy, and the syncs that it told of. */
async function open(options: TursoBackendOptions): Promise<{ backend: TursoBackend; reports: SyncReport[] }> {
  const backend = new TursoBackend(options)
  const reports: SyncReport[] = []
  backend.on('sync', (report) => reports.push(report))
  await backend.connect()
  await backend.initializeSchema()
  return { backend, reports }
}

/** Whether the file alone, without its primary, holds a memory. */
async function fileHolds(path: string, id: string): Promise<boolean> {
  await using local = await TursoBackend.create({ path })
  expect((await local.healthCheck()).mode).toBe('local')
  return (await local.getMemory(id)) !== null
}

describe('connect()', () => {
  it('of a copy with data brings what another wrote meanwhile, soon, without sync()', async () => {
    await using copy = await startCopy()
    await copy.other.storeMemory(note('theirs', { id: 'theirs' }))
    const { backend, reports } = await open(copy.options)
    await using replica = backend
    expect(await replica.getMemory('old')).not.toBeNull()
    await expect
      .poll(async () => (await replica.getMemory('theirs'))?.id, { timeout: PATIENCE_MS })
      .toBe('theirs')
    await expect.poll(() => reports.length, { timeout: PATIENCE_MS }).toBe(1)
    expect(reports[0]?.frames_synced).toBeGreaterThan(0)
  })

  it('does not with autoSync false', async () => {
    await using copy = await startCopy()
    await copy.other.storeMemory(note('theirs', { id: 'theirs' }))
    const { backend, reports } = await open({ ...copy.options, autoSync: false })
    await using replica = backend
    const busy = await open({
      ...copy.options,
      path: join(scratchFolder(), 'busy.db'),
      syncIntervalSeconds: 0.1,
    })
    await using _busy = busy.backend
    await expect.poll(() => busy.reports.length, { timeout: PATIENCE_MS }).toBeGreaterThan(5)
    expect(reports).toEqual([])
    expect(await replica.getMemory('theirs')).toBeNull()
    await replica.sync()
    expect(await replica.getMemory('theirs')).not.toBeNull()
  })
})

describe('disconnect()', () => {
  it('leaves in the file what another wrote before', { timeout: 2 * PATIENCE_MS }, async () => {
    await using copy = await startCopy()
    let rounds = 0
    let isThere = false
    while (!isThere && rounds++ < ROUNDS) {
      const id = `theirs-${rounds}`
      const { backend, reports } = await open(copy.options)
      await expect.poll(() => reports.length, { timeout: PATIENCE_MS }).toBe(1)
      await copy.other.storeMemory(note(id, { id }))
      expect(await backend.getMemory(id)).toBeNull()
      await backend.disconnect()
      isThere = await fileHolds(copy.options.path, id)
    }
    expect(isThere).toBe(true)
  })

  it('leaves the file as it is with autoSync false', async () => {
    await using copy = await startCopy()
    const { backend } = await open({ ...copy.options, autoSync: false })
    await copy.other.storeMemory(note('theirs', { id: 'theirs' }))
    await backend.disconnect()
    expect(await fileHolds(copy.options.path, 'old')).toBe(true)
    expect(await fileHolds(copy.options.path, 'theirs')).toBe(false)
  })
})
