import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TursoBackend } from '../../../src/backends/turso/turso-backend.js'
import type { Progress } from '../../../src/index.js'
import { startSqld } from '../../support/sqld.js'
import { startProxy } from '../../support/tcp-proxy.js'
import { failureOf, Gateway, note, notes, type Remote, startRemote } from './remote.js'

let remote: Remote

beforeAll(async () => {
  remote = await startRemote({ timeoutMs: 10_000 })
})

afterAll(() => remote[Symbol.asyncDispose]())

/** What the health report says of requests. */
async function sent(): Promise<number> {
  return (await remote.backend.healthCheck()).primary?.requests ?? Number.NaN
}

describe('requests', () => {
  it('connecting takes few, and what it has seen is not looked at again', async () => {
    const { options, requestsOf } = remote
    await using backend = new TursoBackend(options)
    expect(await requestsOf(() => backend.connect())).toBe(3)
    expect(await requestsOf(() => backend.initializeSchema())).toBe(0)
  })

  it('making the schema of an empty primary takes some more, of which the option onProgress is told', async () => {
    await using sqld = await startSqld()
    await using proxy = await startProxy(sqld)
    const seen: Progress[] = []
    const onProgress = (progress: Progress): void => void seen.push(progress)
    await using backend = new TursoBackend({ ...remote.options, url: proxy.url, onProgress })
    await backend.connect()
    expect(seen).toEqual([])
    await backend.initializeSchema()
    expect(seen).toEqual([{ done: 0, total: 0, phase: 'indexing' }])
    expect(proxy.requests).toBeLessThanOrEqual(22)
  })

  it('one memory without an id is one', async () => {
    const { backend, requestsOf } = remote
    expect(await requestsOf(() => backend.storeMemory(note('One')))).toBe(1)
  })

  it('1,000 memories are few, with ids of their own too, and so are 1,000 relationships', async () => {
    const { backend, requestsOf } = remote
    expect(await requestsOf(() => backend.storeMemories(notes(1_000)))).toBeLessThanOrEqual(3)
    const given = notes(1_000, (at) => ({ id: `given-${at}` }))
    expect(await requestsOf(() => backend.storeMemories(given))).toBeLessThanOrEqual(4)
    expect(await requestsOf(() => backend.storeMemories(given))).toBeLessThanOrEqual(4)
    const chain = given.slice(1).map((_, at) => ({
      from_memory_id: `given-${at}`,
      to_memory_id: `given-${at + 1}`,
      type: 'FOLLOWS',
    }))
    expect(await requestsOf(() => backend.createRelationships(chain))).toBeLessThanOrEqual(6)
    expect(
      await requestsOf(() => backend.deleteNodes(given.map(({ id }) => id as string))),
    ).toBeLessThanOrEqual(4)
  })

  it('each of the others is a handful, and none goes out on its own afterwards', async () => {
    const { backend, requestsOf } = remote
    const [a, b, c] = (await backend.storeMemories([note('A'), note('B'), note('C')])) as [
      string,
      string,
      string,
    ]
    const join = await requestsOf(() => backend.createRelationship(a, b, 'SOLVES'))
    await backend.createRelationship(b, c, 'SOLVES')
    const counts = {
      join,
      get: await requestsOf(() => backend.getMemory(a)),
      getAlone: await requestsOf(() => backend.getMemory(a, false)),
      search: await requestsOf(() => backend.searchMemories({ query: 'about', include_relationships: true })),
      recall: await requestsOf(() => backend.recallMemories('all about notes')),
      related: await requestsOf(() => backend.getRelatedMemories(a, { maxDepth: 2 })),
      update: await requestsOf(() => backend.updateMemory({ id: a, title: 'Changed' })),
      remove: await requestsOf(() => backend.deleteMemory(c)),
      removeNothing: await requestsOf(() => backend.deleteMemory('none')),
      statistics: await requestsOf(() => backend.getMemoryStatistics()),
      raw: await requestsOf(() => backend.executeQuery('SELECT 1 AS one')),
      rawAgain: await requestsOf(() => backend.executeQuery('SELECT 1 AS one')),
      rawWrite: await requestsOf(() => backend.executeWriteQuery("DELETE FROM nodes WHERE id = 'none'")),
      transaction: await requestsOf(() =>
        backend.transaction(async (tx) => {
          await tx.storeMemory(note('D'))
          await tx.storeMemory(note('E'))
        }),
      ),
      empty: await requestsOf(() => backend.transaction(async () => undefined)),
    }
    expect(counts).toEqual({
      join: 2,
      get: 2,
      getAlone: 1,
      search: 2,
      recall: 4, // the words, the hits, what stands close to them, and what they are joined to
      related: 4,
      update: 2,
      remove: 3,
      removeNothing: 1,
      statistics: 1,
      raw: 2,
      rawAgain: 1,
      rawWrite: 2,
      transaction: 3,
      empty: 0,
    })
  })

  it('a write that fails sends at most one more, which undoes it', async () => {
    const { backend, requestsOf } = remote
    await backend.putNodes([{ id: 'task', label: 'Task', properties: {} }])
    const conflict = await requestsOf(async () => {
      expect(await failureOf(backend.storeMemory(note('Task', { id: 'task' })))).toMatchObject({
        code: 'MG_CONFLICT',
      })
      await backend.getMemory('none', false)
    })
    expect(conflict).toBe(2)
    const missing = await requestsOf(async () => {
      expect(await failureOf(backend.executeWriteQuery('DELETE FROM nowhere'))).toMatchObject({
        code: 'MG_QUERY',
      })
      await backend.getMemory('none', false)
    })
    expect(missing).toBe(3)
  })

  it('the health report counts them as the network does, and all of them end', async () => {
    const { backend, proxy } = remote
    const before = { sent: await sent(), seen: proxy.requests }
    await backend.storeMemory(note('F'))
    await failureOf(backend.storeMemory(note('Task', { id: 'task' })))
    await backend.recallMemories('notes')
    const after = { sent: await sent(), seen: proxy.requests }
    expect(after.sent - before.sent).toBe(after.seen - before.seen)
    const { primary } = await backend.healthCheck()
    expect(primary).toMatchObject({
      answered: primary?.requests,
      failed: 0,
      retried: 0,
      refused: 0,
      in_flight: 0,
      waiting: 0,
      circuit: 'closed',
      online: true,
      last_error: null,
    })
    expect(primary?.latency_ms).toBeGreaterThan(0)
  })
})

describe('requests at once', () => {
  it('are never more than maxInFlight, also when work fails and is undone; the others wait, and none of them fails for it', async () => {
    await using gateway = await Gateway.start(remote.sqld)
    await using backend = await TursoBackend.create({
      url: gateway.url,
      mode: 'remote',
      maxInFlight: 3,
      timeoutMs: 400,
    })
    gateway.latencyMs = 50
    gateway.mostOpen = 0
    const reads = Array.from({ length: 40 }, () => backend.getMemory('none', false))
    const failing = [1, 2, 3].map((n) =>
      failureOf(backend.storeMemories([note(`Good ${n}`), note('Task', { id: 'task' })])),
    )
    await expect.poll(() => gateway.mostOpen, { interval: 5 }).toBe(3)
    const busy = await new Promise<Awaited<ReturnType<typeof backend.healthCheck>>['primary']>((resolve) => {
      void backend.healthCheck().then(({ primary }) => resolve(primary))
    })
    expect(busy?.in_flight).toBeLessThanOrEqual(3)
    expect(await Promise.all(reads)).toEqual(reads.map(() => null))
    for (const failure of await Promise.all(failing)) expect(failure.code).toBe('MG_CONFLICT')
    expect(gateway.mostOpen).toBe(3)
    expect((await backend.healthCheck()).primary).toMatchObject({
      in_flight: 0,
      waiting: 0,
      failed: 0,
      retried: 0,
      circuit: 'closed',
    })
  })
})
