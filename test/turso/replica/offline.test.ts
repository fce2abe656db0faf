import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { TursoBackend, type TursoBackendOptions } from '../../../src/backends/turso/turso-backend.js'
import { BEFORE_FAR_MS, BY_SHORT_MS, FAR_MS } from '../../support/patience.js'
import { scratchFolder } from '../../support/scratch.js'
import { type Sqld, startSqld } from '../../support/sqld.js'
import { startProxy, type TcpProxy } from '../../support/tcp-proxy.js'
import { failureOf, millisecondsOf, note } from '../remote/remote.js'

/** Deadlines and pauses that a test can wait for. */
const OPTIONS = { timeoutMs: 600, maxRetries: 1, circuitResetMs: 100 } as const

/** A primary with the memory "old", a proxy before it, and a complete copy that nobody has open. */
type Copy = AsyncDisposable & {
  readonly sqld: Sqld
  readonly proxy: TcpProxy
  readonly options: TursoBackendOptions
}

async function startCopy(): Promise<Copy> {
  const sqld = await startSqld()
  const proxy = await startProxy(sqld)
  const options = { url: proxy.url, path: join(scratchFolder(), 'replica.db'), ...OPTIONS }
  const replica = await TursoBackend.create({ ...options, timeoutMs: 5_000 })
  await replica.storeMemory(note('old', { id: 'old' }))
  await replica.disconnect()
  return {
    sqld,
    proxy,
    options,
    [Symbol.asyncDispose]: async () => {
      await proxy.close()
      await sqld[Symbol.asyncDispose]()
    },
  }
}

/** The ways a primary can be away, and how it comes back. */
type Absence = {
  readonly name: string
  readonly begin: (copy: Copy) => Promise<void>
  readonly end: (copy: Copy) => Promise<void>
}

const absences: Absence[] = [
  { name: 'down', begin: ({ sqld }) => sqld.kill(), end: ({ sqld }) => sqld.restart() },
  { name: 'frozen', begin: ({ sqld }) => sqld.freeze(), end: async ({ sqld }) => sqld.thaw() },
]

/** Waits until a write gets through. */
async function untilWritten(backend: TursoBackend, id: string): Promise<void> {
  await expect
    .poll(
      () =>
        backend.storeMemory(note(id, { id })).then(
          () => 'stored',
          (error) => error.code,
        ),
      { interval: 50 },
    )
    .toBe('stored')
}

describe.each(absences)('a primary that is $name', ({ begin, end }) => {
  it('does not keep a replica from starting and being read', async () => {
    await using copy = await startCopy()
    await begin(copy)
    const backend = new TursoBackend({ ...copy.options, timeoutMs: FAR_MS })
    const took = await millisecondsOf(async () => {
      await backend.connect()
      await backend.initializeSchema()
    })
    expect(took).toBeLessThan(BEFORE_FAR_MS)
    expect(await backend.getMemory('old')).not.toBeNull()
    expect(await backend.searchMemories({ query: 'old' })).toHaveLength(1)
    expect((await backend.healthCheck()).connected).toBe(true)
    expect(backend.syncStatus().frame_no).toBeGreaterThan(0)
    expect(await millisecondsOf(() => backend.disconnect())).toBeLessThan(BEFORE_FAR_MS)
    await end(copy)
  })

  it('has writes and syncs refused by their deadline, with nothing stored', async () => {
    await using copy = await startCopy()
    await using replica = await TursoBackend.create(copy.options)
    await begin(copy)
    const began = performance.now()
    const failures = Promise.all([
      failureOf(replica.storeMemory(note('lost', { id: 'lost' }))),
      failureOf(replica.transaction((tx) => tx.storeMemory(note('lost', { id: 'lost too' })))),
      failureOf(replica.sync()),
    ])
    const codes = (await failures).map(({ code }) => code)
    expect(codes).toEqual(['MG_OFFLINE', 'MG_OFFLINE', 'MG_OFFLINE'])
    expect(performance.now() - began).toBeLessThan(BY_SHORT_MS)
    expect(replica.syncStatus().online).toBe(false)
    await end(copy)
    await untilWritten(replica, 'after')
    expect(await replica.getMemories(['lost', 'lost too', 'after'])).toMatchObject([{ id: 'after' }])
  })

  it('does not hold up reads while writes and syncs wait for it', async () => {
    await using copy = await startCopy()
    const replica = await TursoBackend.create({ ...copy.options, timeoutMs: FAR_MS })
    await begin(copy)
    const waiting = Promise.allSettled([replica.storeMemory(note('lost')), replica.sync()])
    const took = await millisecondsOf(async () => {
      for (let read = 0; read < 50; read++) expect(await replica.getMemory('old')).not.toBeNull()
    })
    expect(took).toBeLessThan(BEFORE_FAR_MS)
    await replica.disconnect()
    for (const { status } of await waiting) expect(status).toBe('rejected')
    await end(copy)
  })

  it('is noticed when it is back, without anyone reconnecting', async () => {
    await using copy = await startCopy()
    await begin(copy)
    await using replica = await TursoBackend.create({ ...copy.options, syncIntervalSeconds: 0.1 })
    const heard: string[] = []
    replica.on('online', () => heard.push('online')).on('offline', () => heard.push('offline'))
    expect(await failureOf(replica.storeMemory(note('lost', { id: 'lost' })))).toMatchObject({
      code: 'MG_OFFLINE',
    })
    await end(copy)
    await expect.poll(() => replica.syncStatus().online).toBe(true)
    await replica.storeMemory(note('after', { id: 'after' }))
    expect(await replica.getMemories(['lost', 'after'])).toMatchObject([{ id: 'after' }])
    expect(heard.at(-1)).toBe('online')
    expect(replica.syncStatus().last_sync_error).toBeNull()
  })

  it('does not hold up disconnect(), also of what is under way', async () => {
    await using copy = await startCopy()
    const replica = await TursoBackend.create({ ...copy.options, timeoutMs: FAR_MS })
    await replica.sync()
    await begin(copy)
    const underWay = Promise.allSettled([
      replica.storeMemory(note('lost')),
      replica.sync(),
      replica.storeMemories([note('lost'), note('lost too')]),
    ])
    const took = await millisecondsOf(() => replica.disconnect())
    expect(took).toBeLessThan(BEFORE_FAR_MS)
    for (const { status } of await underWay) expect(status).toBe('rejected')
    await end(copy)
  })
})
