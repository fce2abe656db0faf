import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { TursoBackend, type TursoBackendOptions } from '../../../src/backends/turso/turso-backend.js'
import type { MemoryError, SyncReport } from '../../../src/index.js'
import { scratchFolder } from '../../support/scratch.js'
import { type Sqld, startSqld } from '../../support/sqld.js'
import { startProxy, type TcpProxy } from '../../support/tcp-proxy.js'
import { failureOf, note } from '../remote/remote.js'

/** What a backend told of. */
type Heard = {
  readonly names: string[]
  readonly reports: SyncReport[]
  readonly errors: MemoryError[]
  /** When the errors came. */
  readonly errorTimes: number[]
}

/** A primary, a replica of it behind a proxy, and another client of the same primary. */
type Trio = AsyncDisposable & {
  readonly sqld: Sqld
  readonly proxy: TcpProxy
  readonly replica: TursoBackend
  readonly heard: Heard
  readonly other: TursoBackend
  readonly options: TursoBackendOptions
}

/** Deadlines and pauses that a test can wait for. */
const IMPATIENT = { timeoutMs: 3_000, maxRetries: 0, circuitResetMs: 100 } as const

async function startTrio(more: TursoBackendOptions = {}): Promise<Trio> {
  const sqld = await startSqld()
  const proxy = await startProxy(sqld)
  const other = await TursoBackend.create({ url: sqld.url, mode: 'remote' })
  const options = { url: proxy.url, path: join(scratchFolder(), 'replica.db'), timeoutMs: 5_000, ...more }
  const replica = new TursoBackend(options)
  const heard = listenTo(replica)
  await replica.connect()
  await replica.initializeSchema()
  if (more.autoSync !== false)
    await expect.poll(() => heard.reports.length, { interval: 5 }).toBeGreaterThan(0)
  return {
    sqld,
    proxy,
    replica,
    heard,
    other,
    options,
    [Symbol.asyncDispose]: async () => {
      proxy.thaw()
      sqld.thaw()
      await replica.disconnect()
      await other.disconnect()
      await proxy.close()
      await sqld[Symbol.asyncDispose]()
    },
  }
}

function listenTo(backend: TursoBackend): Heard {
  const heard: Heard = { names: [], reports: [], errors: [], errorTimes: [] }
  backend
    .on('sync', (report) => heard.names.push('sync') && heard.reports.push(report))
    .on('sync-error', (error) => {
      heard.names.push('sync-error')
      heard.errors.push(error)
      heard.errorTimes.push(performance.now())
    })
    .on('online', () => heard.names.push('online'))
    .on('offline', () => heard.names.push('offline'))
  return heard
}

/** Waits for a condition, as long as a test may take. */
function eventually<Value>(look: () => Value | Promise<Value>): ReturnType<typeof expect.poll<Value>> {
  return expect.poll(look, { interval: 20 })
}

describe('sync()', () => {
  it('with nothing to do reports no frames and the position it was at', async () => {
    await using trio = await startTrio()
    const before = trio.replica.syncStatus().frame_no
    const report = await trio.replica.sync()
    expect(report).toEqual({ frames_synced: 0, frame_no: before, duration_ms: expect.any(Number) })
    expect(report.duration_ms).toBeGreaterThan(0)
  })

  it('brings what another client wrote, and reports how far that was', async () => {
    await using trio = await startTrio()
    const before = trio.replica.syncStatus().frame_no as number
    await trio.other.storeMemory(note('theirs', { id: 'theirs' }))
    expect(await trio.replica.getMemory('theirs')).toBeNull()
    const report = await trio.replica.sync()
    expect(await trio.replica.getMemory('theirs')).toMatchObject({ title: 'theirs' })
    expect(report.frames_synced).toBeGreaterThan(0)
    expect(report.frame_no).toBe(before + report.frames_synced)
    expect(trio.replica.syncStatus().frame_no).toBe(report.frame_no)
  })

  it('that is called 20 times at once syncs twice at most', async () => {
    await using trio = await startTrio()
    const before = trio.heard.reports.length
    const reports = await Promise.all(Array.from({ length: 20 }, () => trio.replica.sync()))
    expect(reports).toHaveLength(20)
    expect(trio.heard.reports.length - before).toBeLessThanOrEqual(2)
  })

  it('shows each caller what was written before it called, however many call', async () => {
    await using trio = await startTrio()
    const shown: Promise<boolean>[] = []
    for (let at = 0; at < 20; at++) {
      await trio.other.storeMemory(note(`Note ${at}`, { id: `note-${at}` }))
      shown.push(trio.replica.sync().then(async () => (await trio.replica.getMemory(`note-${at}`)) !== null))
    }
    expect(await Promise.all(shown)).toEqual(Array.from({ length: 20 }, () => true))
  })

  it('of two backends on the same file shows each what was written before', async () => {
    await using trio = await startTrio()
    await using second = await TursoBackend.create(trio.options)
    for (let at = 0; at < 5; at++) {
      await trio.other.storeMemory(note(`Note ${at}`, { id: `note-${at}` }))
      await Promise.all([trio.replica.sync(), second.sync()])
      expect(await trio.replica.getMemory(`note-${at}`)).not.toBeNull()
      expect(await second.getMemory(`note-${at}`)).not.toBeNull()
    }
  })

  it('is refused before connect() and after disconnect()', async () => {
    await using trio = await startTrio()
    expect(await failureOf(new TursoBackend(trio.options).sync())).toMatchObject({ code: 'MG_NOT_CONNECTED' })
    await trio.replica.disconnect()
    expect(await failureOf(trio.replica.sync())).toMatchObject({ code: 'MG_NOT_CONNECTED' })
  })
})

describe('events', () => {
  it('tell of each sync what it did', async () => {
    await using trio = await startTrio()
    const report = await trio.replica.sync()
    expect(trio.heard.reports.at(-1)).toEqual(report)
    expect(new Set(trio.heard.names)).toEqual(new Set(['sync']))
  })

  it('come no more once they are turned off', async () => {
    await using trio = await startTrio()
    const reports: SyncReport[] = []
    const hear = (report: SyncReport): void => void reports.push(report)
    trio.replica.on('sync', hear)
    await trio.replica.sync()
    trio.replica.off('sync', hear)
    await trio.replica.sync()
    expect(reports).toHaveLength(1)
  })

  it('tell once that the primary is away, of each sync that failed, and once that it is back', async () => {
    await using trio = await startTrio(IMPATIENT)
    trio.heard.names.length = 0
    await trio.sqld.kill()
    const failure = await failureOf(trio.replica.sync())
    await failureOf(trio.replica.sync())
    expect(failure.code).toBe('MG_OFFLINE')
    expect(trio.heard.errors[0]).toBe(failure)
    await trio.sqld.restart()
    await trio.replica.sync()
    expect(trio.heard.names).toEqual(['offline', 'sync-error', 'sync-error', 'online', 'sync'])
  })

  it('whose listener throws do no harm to what they tell of', async () => {
    await using trio = await startTrio(IMPATIENT)
    const fail = (): void => {
      throw new Error('not my day')
    }
    trio.replica.on('sync', fail).on('sync-error', fail).on('offline', fail).on('online', fail)
    await trio.replica.sync()
    expect(trio.replica.syncStatus().last_sync_error).toBeNull()
    await trio.sqld.kill()
    expect(await failureOf(trio.replica.sync())).toMatchObject({ code: 'MG_OFFLINE' })
    await trio.sqld.restart()
    await trio.replica.storeMemory(note('mine', { id: 'mine' }))
    expect(await trio.replica.getMemory('mine')).not.toBeNull()
  })
})

describe('syncStatus()', () => {
  it('before connect() and after disconnect() says that nothing is known', async () => {
    await using trio = await startTrio()
    const unknown = {
      enabled: true,
      last_sync_at: null,
      last_sync_error: null,
      frame_no: null,
      online: null,
      owner: null,
      pending_writes: 0,
    }
    expect(new TursoBackend(trio.options).syncStatus()).toEqual(unknown)
    await trio.replica.disconnect()
    expect(trio.replica.syncStatus()).toEqual(unknown)
  })

  it('says when it last synced, how far, and who does it', async () => {
    await using trio = await startTrio()
    const before = new Date()
    await trio.other.storeMemory(note('theirs'))
    const { frame_no } = await trio.replica.sync()
    const status = trio.replica.syncStatus()
    expect(status).toEqual({
      enabled: true,
      last_sync_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/),
      last_sync_error: null,
      frame_no,
      online: true,
      owner: { pid: process.pid, is_self: true },
      pending_writes: 0,
    })
    expect(new Date(status.last_sync_at as string).getTime()).toBeGreaterThanOrEqual(before.getTime())
  })

  it('says that the primary is away and why, and forgets it when it is back', async () => {
    await using trio = await startTrio(IMPATIENT)
    const { last_sync_at, frame_no } = trio.replica.syncStatus()
    await trio.sqld.kill()
    const { message } = await failureOf(trio.replica.sync())
    expect(trio.replica.syncStatus()).toMatchObject({
      online: false,
      last_sync_error: message,
      last_sync_at,
      frame_no,
    })
    await trio.sqld.restart()
    await trio.replica.sync()
    expect(trio.replica.syncStatus()).toMatchObject({ online: true, last_sync_error: null })
  })
})

describe('healthCheck()', () => {
  it('says where the replica stands', async () => {
    await using trio = await startTrio({ syncIntervalSeconds: 60 })
    await trio.replica.storeMemory(note('mine'))
    const { last_sync_at, frame_no } = trio.replica.syncStatus()
    expect(await trio.replica.healthCheck()).toMatchObject({
      status: 'healthy',
      connected: true,
      backend: 'turso',
      mode: 'embedded_replica',
      replica_mode: true,
      database_path: trio.options.path,
      sync_enabled: true,
      sync_url: expect.stringContaining(`127.0.0.1:${trio.proxy.port}`),
      auto_sync: true,
      sync_interval: 60,
      last_sync_at,
      last_sync_error: null,
      frame_no,
      pending_writes: 0,
      node_count: 1,
      statistics: { memory_count: 1 },
      primary: { online: true, circuit: 'closed' },
      error: null,
      warnings: [],
    })
  })

  it('says that the primary is away while the file can be read', async () => {
    await using trio = await startTrio(IMPATIENT)
    await trio.replica.storeMemory(note('mine'))
    await trio.sqld.kill()
    const { message } = await failureOf(trio.replica.sync())
    expect(await trio.replica.healthCheck()).toMatchObject({
      connected: true,
      error: null,
      node_count: 1,
      last_sync_error: message,
      primary: { online: false },
    })
  })
})

describe('syncs in the background', () => {
  it('bring what another client wrote', async () => {
    await using trio = await startTrio({ syncIntervalSeconds: 0.2 })
    await trio.other.storeMemory(note('theirs', { id: 'theirs' }))
    await eventually(async () => (await trio.replica.getMemory('theirs'))?.id).toBe('theirs')
  })

  it('do so also for a backend that joined another on the same file', async () => {
    await using trio = await startTrio({ syncIntervalSeconds: 0.2 })
    await using joined = await TursoBackend.create({ ...trio.options, syncIntervalSeconds: 0 })
    await trio.other.storeMemory(note('theirs', { id: 'theirs' }))
    await eventually(async () => (await joined.getMemory('theirs'))?.id).toBe('theirs')
  })

  it('never come with an interval of 0', async () => {
    await using trio = await startTrio({ syncIntervalSeconds: 0 })
    await using busy = await TursoBackend.create({
      ...trio.options,
      path: join(scratchFolder(), 'busy.db'),
      syncIntervalSeconds: 0.1,
    })
    const { reports } = listenTo(busy)
    const before = trio.heard.reports.length
    await trio.other.storeMemory(note('theirs', { id: 'theirs' }))
    await eventually(() => reports.length).toBeGreaterThan(5)
    expect(await busy.getMemory('theirs')).not.toBeNull()
    expect(trio.heard.reports).toHaveLength(before)
    expect(await trio.replica.getMemory('theirs')).toBeNull()
  })

  it('are tried again soon after one failed, then more rarely, and bring what was missed', async () => {
    await using trio = await startTrio(IMPATIENT)
    await trio.replica.disconnect()
    await trio.sqld.kill()
    await using replica = await TursoBackend.create({ ...trio.options, syncIntervalSeconds: 60 })
    const heard = listenTo(replica)
    const requestsBefore = trio.proxy.requests
    await eventually(() => heard.errors.length).toBe(1)
    expect(heard.errors).toMatchObject([{ code: 'MG_OFFLINE' }])
    expect(trio.proxy.requests - requestsBefore).toBeLessThanOrEqual(1)
    await trio.sqld.restart()
    await trio.other.storeMemory(note('theirs', { id: 'theirs' }))
    await eventually(() => heard.reports.length).toBe(1)
    expect(performance.now() - (heard.errorTimes[0] as number)).toBeGreaterThan(3_500)
    expect(await replica.getMemory('theirs')).not.toBeNull()
    expect(heard.names).toEqual(['sync-error', 'online', 'sync'])
  })

  it('end with disconnect()', async () => {
    await using trio = await startTrio({ syncIntervalSeconds: 0.1 })
    await using busy = await TursoBackend.create({ ...trio.options, path: join(scratchFolder(), 'busy.db') })
    const { reports } = listenTo(busy)
    await trio.replica.disconnect()
    const before = trio.heard.names.length
    await eventually(() => reports.length).toBeGreaterThan(4)
    expect(trio.heard.names).toHaveLength(before)
  })
})

describe('a connection that is cut in the middle of a sync', () => {
  it.each([1, 2, 3, 4])('after request %i is tried again', async (request) => {
    await using sqld = await startSqld()
    const proxy = await startProxy(sqld)
    await using replica = await TursoBackend.create({
      url: proxy.url,
      path: join(scratchFolder(), 'replica.db'),
      autoSync: false,
      syncIntervalSeconds: 0,
    })
    await using other = await TursoBackend.create({ url: sqld.url, mode: 'remote' })
    await other.storeMemory(note('theirs', { id: 'theirs' }))
    proxy.cutAfterRequest(request)
    await replica.sync()
    expect(await replica.getMemory('theirs')).not.toBeNull()
    await proxy.close()
  })
})
