import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { TursoBackend, type TursoBackendOptions } from '../../../src/backends/turso/turso-backend.js'
import type { MemoryError, MemoryErrorCode } from '../../../src/index.js'
import { BEFORE_FAR_MS, BY_SHORT_MS, FAR_MS } from '../../support/patience.js'
import { ReplicaPool } from '../../support/replica-pool.js'
import { scratchFolder } from '../../support/scratch.js'
import { type Sqld, startSqld } from '../../support/sqld.js'
import { startProxy, type TcpProxy } from '../../support/tcp-proxy.js'
import { failureOf, millisecondsOf, note } from '../remote/remote.js'

/** A primary, and a replica of it behind a proxy. */
type Pair = AsyncDisposable & {
  readonly sqld: Sqld
  readonly proxy: TcpProxy
  readonly replica: TursoBackend
  readonly options: TursoBackendOptions
  /** Another client of the same primary. */
  other(): Promise<TursoBackend>
}

async function startPair(more: TursoBackendOptions = {}): Promise<Pair> {
  const sqld = await startSqld()
  const proxy = await startProxy(sqld)
  const options = { url: proxy.url, path: join(scratchFolder(), 'replica.db'), timeoutMs: 5_000, ...more }
  const replica = await TursoBackend.create(options)
  return {
    sqld,
    proxy,
    replica,
    options,
    other: () => TursoBackend.create({ url: sqld.url, mode: 'remote' }),
    [Symbol.asyncDispose]: async () => {
      await replica.disconnect()
      await proxy.close()
      await sqld[Symbol.asyncDispose]()
    },
  }
}

/** The processes that sync, of those that this one started. */
function syncProcesses(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const [, parent] = /\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? []
        return (
          Number(parent) === process.pid &&
          readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('sync-process')
        )
      } catch {
        return false // it ended meanwhile
      }
    })
}

/** Runs work while the process that syncs stands still. */
async function withoutSyncs<Result>(work: () => Promise<Result>): Promise<Result> {
  const stopped = syncProcesses()
  expect(stopped).not.toEqual([])
  for (const pid of stopped) process.kill(pid, 'SIGSTOP')
  try {
    return await work()
  } finally {
    for (const pid of stopped) process.kill(pid, 'SIGCONT')
  }
}

describe('every write shows in the next read of the same backend:', () => {
  /** What is there before: the memories a and b, joined. */
  type Start = { readonly backend: TursoBackend; readonly joined: string }

  const replicas = new ReplicaPool()
  afterAll(() => replicas[Symbol.asyncDispose]())

  async function start(backend: TursoBackend): Promise<Start> {
    await backend.storeMemories([note('a', { id: 'a' }), note('b', { id: 'b' })])
    return { backend, joined: await backend.createRelationship('a', 'b', 'CAUSES') }
  }

  const cases: Record<string, (start: Start) => Promise<void>> = {
    storeMemory: async ({ backend }) => {
      const id = await backend.storeMemory(note('new'))
      expect(await backend.getMemory(id)).toMatchObject({ title: 'new' })
    },
    'storeMemory, in a text search': async ({ backend }) => {
      await backend.storeMemory(note('zebra'))
      expect(await backend.searchMemories({ query: 'zebra' })).toHaveLength(1)
    },
    storeMemories: async ({ backend }) => {
      const ids = await backend.storeMemories(Array.from({ length: 1_200 }, (_, at) => note(`Note ${at}`)))
      expect(await backend.getMemories(ids)).toHaveLength(1_200)
    },
    updateMemory: async ({ backend }) => {
      await backend.updateMemory({ id: 'a', title: 'Changed' })
      expect(await backend.getMemory('a')).toMatchObject({ title: 'Changed' })
    },
    deleteMemory: async ({ backend }) => {
      await backend.deleteMemory('a')
      expect(await backend.getMemory('a')).toBeNull()
    },
    createRelationship: async ({ backend }) => {
      const id = await backend.createRelationship('b', 'a', 'SOLVES')
      expect(await backend.getRelationship(id)).toMatchObject({ type: 'SOLVES' })
      expect((await backend.getMemory('b'))?.relationships).toMatchObject({ solves: ['a'] })
    },
    createRelationships: async ({ backend }) => {
      const ids = await backend.createRelationships([
        { from_memory_id: 'a', to_memory_id: 'b', type: 'SOLVES' },
        { from_memory_id: 'b', to_memory_id: 'a', type: 'REQUIRES' },
      ])
      for (const id of ids) expect(await backend.getRelationship(id)).not.toBeNull()
    },
    updateRelationshipProperties: async ({ backend, joined }) => {
      await backend.updateRelationshipProperties(joined, { strength: 0.9 })
      expect((await backend.getRelationship(joined))?.properties.strength).toBe(0.9)
    },
    deleteRelationship: async ({ backend, joined }) => {
      await backend.deleteRelationship(joined)
      expect(await backend.getRelationship(joined)).toBeNull()
    },
    putNodes: async ({ backend }) => {
      await backend.putNodes([{ id: 'agent', label: 'Agent', properties: { name: 'Ada' } }])
      expect(await backend.getNodes(['agent'])).toMatchObject([{ properties: { name: 'Ada' } }])
    },
    deleteNodes: async ({ backend }) => {
      await backend.deleteNodes(['a'])
      expect(await backend.getNodes(['a'])).toEqual([])
    },
    transaction: async ({ backend }) => {
      await backend.transaction(async (tx) => {
        await tx.storeMemory(note('c', { id: 'c' }))
        await tx.deleteMemory('a')
      })
      expect(await backend.getMemories(['a', 'b', 'c'])).toMatchObject([{ id: 'b' }, { id: 'c' }])
    },
    executeWriteQuery: async ({ backend }) => {
      await backend.executeWriteQuery(`INSERT INTO nodes(id, label, properties) VALUES (?, ?, ?)`, [
        'raw',
        'Agent',
        '{}',
      ])
      expect(await backend.executeQuery(`SELECT id FROM nodes WHERE label = 'Agent'`)).toEqual([
        { id: 'raw' },
      ])
    },
    'executeWriteQuery of a new table': async ({ backend }) => {
      await backend.executeWriteQuery('CREATE TABLE mine (x)')
      await backend.executeQuery('INSERT INTO mine VALUES (7)', [], true)
      expect(await backend.executeQuery('SELECT x FROM mine')).toEqual([{ x: 7 }])
    },
    'the counts': async ({ backend }) => {
      await backend.storeMemory(note('c'))
      expect((await backend.getMemoryStatistics()).total_memories.count).toBe(3)
      expect((await backend.healthCheck()).node_count).toBe(3)
    },
    'the change feed': async ({ backend }) => {
      await backend.storeMemory(note('c', { id: 'c' }))
      const ids: string[] = []
      for await (const { id } of backend.changes()) ids.push(id)
      expect(ids.at(-1)).toBe('c')
    },
  }

  it.each(Object.entries(cases))('%s', async (_name, expectShown) => {
    const replica = await replicas.take()
    const backend = await TursoBackend.create(replica.options)
    await expectShown(await start(backend))
    await backend.disconnect()
    await replicas.giveBack(replica)
  })

  it('also of many that are under way at once', async () => {
    await using pair = await startPair()
    const { replica } = pair
    const shown = Array.from({ length: 30 }, async (_, at) => {
      const id = await replica.storeMemory(note(`Note ${at}`))
      return (await replica.getMemory(id))?.title
    })
    expect(await Promise.all(shown)).toEqual(Array.from({ length: 30 }, (_, at) => `Note ${at}`))
  })

  it('also with a network that is slow', async () => {
    await using pair = await startPair()
    pair.proxy.latencyMs = 100
    const id = await pair.replica.storeMemory(note('far'))
    expect(await pair.replica.getMemory(id)).not.toBeNull()
  })
})

describe('a write that cannot be shown', () => {
  it('in time is stored all the same, says so by an event, and shows later', async () => {
    await using pair = await startPair({ timeoutMs: 600 })
    await pair.replica.sync()
    const errors: MemoryError[] = []
    pair.replica.on('sync-error', (error) => errors.push(error))
    const took = await withoutSyncs(() =>
      millisecondsOf(() => pair.replica.storeMemory(note('hidden', { id: 'hidden' }))),
    )
    expect(took).toBeLessThan(BY_SHORT_MS)
    expect(errors).toMatchObject([{ code: 'MG_OFFLINE' }])
    await using other = await pair.other()
    expect(await other.getMemory('hidden')).not.toBeNull()
    await pair.replica.sync()
    expect(await pair.replica.getMemory('hidden')).not.toBeNull()
  })

  it('yet with the consistency "eventual" resolves at once, and shows after the next sync', async () => {
    await using pair = await startPair({ consistency: 'eventual', timeoutMs: FAR_MS })
    await pair.replica.sync()
    const took = await withoutSyncs(async () => {
      const spent = await millisecondsOf(() => pair.replica.storeMemory(note('soon', { id: 'soon' })))
      expect(await pair.replica.getMemory('soon')).toBeNull()
      return spent
    })
    expect(took).toBeLessThan(BEFORE_FAR_MS)
    await pair.replica.sync()
    expect(await pair.replica.getMemory('soon')).not.toBeNull()
  })

  it('yet with the consistency "eventual" shows by itself soon after', async () => {
    await using pair = await startPair({ consistency: 'eventual' })
    await pair.replica.storeMemory(note('soon', { id: 'soon' }))
    await expect.poll(() => pair.replica.getMemory('soon')).not.toBeNull()
  })

  it('because autoSync is off shows after sync() alone', async () => {
    await using pair = await startPair({ autoSync: false })
    await pair.replica.storeMemory(note('mine', { id: 'mine' }))
    await pair.replica.transaction((tx) => tx.storeMemory(note('ours', { id: 'ours' })))
    await using other = await pair.other()
    expect(await other.getMemories(['mine', 'ours'])).toHaveLength(2)
    expect(await pair.replica.getMemories(['mine', 'ours'])).toEqual([])
    await pair.replica.sync()
    expect(await pair.replica.getMemories(['mine', 'ours'])).toHaveLength(2)
  })

  it('because autoSync is off does not come with connect() or disconnect() either', async () => {
    await using pair = await startPair({ autoSync: false })
    await pair.replica.storeMemory(note('mine', { id: 'mine' }))
    await pair.replica.disconnect()
    await pair.replica.connect()
    expect(await pair.replica.getMemory('mine')).toBeNull()
    expect(pair.replica.syncStatus().owner).toMatchObject({ is_self: true })
    await pair.replica.sync()
    expect(await pair.replica.getMemory('mine')).not.toBeNull()
  })
})

describe('transaction() on a replica', () => {
  it('is stored whole, seen from inside, and by nobody else before it ends', async () => {
    await using pair = await startPair()
    const { replica } = pair
    await using other = await pair.other()
    await replica.transaction(async (tx) => {
      await tx.storeMemory(note('zebra', { id: 'one' }))
      await tx.storeMemory(note('two', { id: 'two' }))
      const joined = await tx.createRelationship('one', 'two', 'CAUSES')
      expect(await tx.getMemories(['one', 'two'])).toHaveLength(2)
      expect(await tx.getRelationship(joined)).toMatchObject({ type: 'CAUSES' })
      expect(await tx.searchMemories({ query: 'zebra' })).toMatchObject([{ id: 'one' }])
      expect(await other.getMemory('one')).toBeNull()
    })
    expect(await replica.getMemories(['one', 'two'])).toHaveLength(2)
    expect(await replica.getRelatedMemories('one')).toMatchObject([[{ id: 'two' }, { type: 'CAUSES' }]])
    expect(await other.getMemories(['one', 'two'])).toHaveLength(2)
  })

  it('whose work throws leaves nothing, here or there', async () => {
    await using pair = await startPair()
    const { replica } = pair
    await replica.storeMemory(note('old', { id: 'old' }))
    const work = replica.transaction(async (tx) => {
      await tx.storeMemory(note('new', { id: 'new' }))
      await tx.deleteMemory('old')
      expect(await tx.getMemory('old')).toBeNull()
      throw new Error('second thoughts')
    })
    await expect(work).rejects.toThrow('second thoughts')
    await replica.sync()
    await using other = await pair.other()
    for (const backend of [replica, other])
      expect(await backend.getMemories(['old', 'new'])).toMatchObject([{ id: 'old' }])
  })

  it('that loses its connection leaves nothing, and says so', async () => {
    await using pair = await startPair({ circuitFailures: 1_000 })
    const { replica, proxy } = pair
    const failure = await failureOf(
      replica.transaction(async (tx) => {
        await tx.storeMemory(note('new', { id: 'new' }))
        await tx.getMemory('new')
        proxy.cut()
        proxy.refuse()
        await tx.storeMemory(note('newer', { id: 'newer' }))
        await tx.getMemory('newer')
      }),
    )
    expect(['MG_OFFLINE', 'MG_TRANSACTION_LOST']).toContain(failure.code)
    await proxy.accept()
    await replica.sync()
    expect(await replica.getMemories(['new', 'newer'])).toEqual([])
  })
})

describe('a write whose answer is lost', () => {
  type Attempt = { readonly failure: MemoryErrorCode | null; readonly count: number }

  /** Cuts the n-th request of a write off from its answer, and counts what came of it, here and there. */
  async function attempt(n: number, write: (replica: TursoBackend) => Promise<unknown>): Promise<Attempt> {
    await using pair = await startPair()
    const { replica, proxy } = pair
    await replica.storeMemories([note('a', { id: 'a' }), note('b', { id: 'b' })])
    await replica.sync()
    await using other = await pair.other()
    proxy.cutAfterRequest(n)
    const failure = await write(replica).then(
      () => null,
      (error: MemoryError) => error.code,
    )
    const here = await countRelationships(replica)
    const there = await countRelationships(other)
    if (failure === null) expect(here).toBe(there)
    return { failure, count: there }
  }

  async function countRelationships(backend: TursoBackend): Promise<number> {
    return (await backend.getMemoryStatistics()).total_relationships.count
  }

  it.each([1, 2, 3])('at request %i is resolved, done once, and shows', async (n) => {
    const outcome = await attempt(n, (replica) => replica.createRelationship('a', 'b', 'CAUSES'))
    expect(outcome).toEqual({ failure: null, count: 1 })
  })

  it.each([1, 2, 3])('at request %i of a transaction is done once or not at all, as it says', async (n) => {
    const { failure, count } = await attempt(n, (replica) =>
      replica.transaction((tx) => tx.createRelationship('a', 'b', 'CAUSES')),
    )
    expect(count).toBe(failure === null ? 1 : 0)
  })

  it.each([1, 2, 3])('at request %i of a raw statement is done once or not at all, as it says', async (n) => {
    const { failure, count } = await attempt(n, (replica) =>
      replica.executeWriteQuery(
        `INSERT INTO relationships(id, from_id, to_id, rel_type, properties) VALUES (hex(randomblob(8)), 'a', 'b', 'CAUSES', '{}')`,
      ),
    )
    expect(count).toBe(failure === null ? 1 : 0)
  })
})

describe('two backends in one process', () => {
  it('on the same file: one syncs for both, and goes on when the other leaves', async () => {
    await using pair = await startPair()
    const second = await TursoBackend.create(pair.options)
    expect(syncProcesses()).toHaveLength(1)
    await pair.replica.storeMemory(note('first', { id: 'first' }))
    expect(await second.getMemory('first')).not.toBeNull()
    await second.storeMemory(note('second', { id: 'second' }))
    expect(await second.getMemory('second')).not.toBeNull()
    await pair.replica.disconnect()
    await second.storeMemory(note('third', { id: 'third' }))
    expect(await second.getMemories(['first', 'second', 'third'])).toHaveLength(3)
    expect(second.syncStatus().owner).toEqual({ pid: process.pid, is_self: true })
    await second.disconnect()
    expect(syncProcesses()).toEqual([])
  })

  it('on two files of the same primary: each shows its own writes, and the other those after a sync', async () => {
    await using pair = await startPair()
    await using second = await TursoBackend.create({
      ...pair.options,
      path: join(scratchFolder(), 'second.db'),
    })
    await Promise.all([
      pair.replica.storeMemory(note('first', { id: 'first' })),
      second.storeMemory(note('second', { id: 'second' })),
    ])
    expect(await pair.replica.getMemory('first')).not.toBeNull()
    expect(await second.getMemory('second')).not.toBeNull()
    await Promise.all([pair.replica.sync(), second.sync()])
    for (const backend of [pair.replica, second])
      expect(await backend.getMemories(['first', 'second'])).toHaveLength(2)
  })
})
