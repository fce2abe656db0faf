import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TursoBackend } from '../../../src/backends/turso/turso-backend.js'
import { type Sqld, startSqld } from '../../support/sqld.js'
import { changesOf, failureOf, note, startRemote, TIMEOUT_MS } from './remote.js'

type Write = {
  readonly what: string
  /** Which of its requests holds the COMMIT. */
  readonly commit: number
  readonly run: (backend: TursoBackend) => Promise<unknown>
  readonly result: unknown
  /** What it adds to the feed. */
  readonly changes: string[]
}

/** Each on the memories `a` and `b`. */
const WRITES: Write[] = [
  {
    what: 'storeMemory',
    commit: 1,
    run: (backend) => backend.storeMemory(note('New')),
    result: expect.any(String),
    changes: ['insert node'],
  },
  {
    what: 'storeMemory with an id',
    commit: 2,
    run: (backend) => backend.storeMemory(note('A', { id: 'a', summary: 'Again' })),
    result: 'a',
    changes: ['update node a'],
  },
  {
    what: 'storeMemories',
    commit: 1,
    run: (backend) => backend.storeMemories([note('C'), note('D')]),
    result: [expect.any(String), expect.any(String)],
    changes: ['insert node', 'insert node'],
  },
  {
    what: 'updateMemory',
    commit: 2,
    run: (backend) => backend.updateMemory({ id: 'a', title: 'Changed' }),
    result: true,
    changes: ['update node a'],
  },
  {
    what: 'deleteMemory',
    commit: 3,
    run: (backend) => backend.deleteMemory('a'),
    result: true,
    changes: ['delete node a'],
  },
  {
    what: 'createRelationship',
    commit: 2,
    run: (backend) => backend.createRelationship('a', 'b', 'SOLVES'),
    result: expect.any(String),
    changes: ['insert relationship'],
  },
  {
    what: 'executeWriteQuery',
    commit: 2,
    run: (backend) => backend.executeWriteQuery("DELETE FROM nodes WHERE id = 'b' RETURNING id"),
    result: [{ id: 'b' }],
    changes: ['delete node b'],
  },
  {
    what: 'transaction',
    commit: 3,
    run: (backend) =>
      backend.transaction(async (tx) => {
        await tx.storeMemory(note('C', { id: 'c' }))
        return 'done'
      }),
    result: 'done',
    changes: ['insert node c'],
  },
]

let sqld: Sqld

beforeAll(async () => {
  sqld = await startSqld()
})

afterAll(() => sqld[Symbol.asyncDispose]())

async function startPair() {
  const remote = await startRemote({ circuitFailures: 100 }, { sqld })
  await remote.backend.transaction(async (tx) => {
    for await (const { id } of tx.listMemories()) await tx.deleteMemory(id)
  })
  await remote.backend.executeWriteQuery('DELETE FROM mg_change')
  await remote.backend.storeMemories([note('A', { id: 'a' }), note('B', { id: 'b' })])
  return remote
}

/** The feed after `a` and `b` were stored, without ids that were made up. */
async function changesSince(backend: TursoBackend): Promise<string[]> {
  const changes = (await changesOf(backend)).slice(2)
  return changes.map((change) => change.replace(/ [\da-f]{8}-[\da-f-]+$/, ''))
}

describe.each(WRITES)('$what', ({ commit, run, result, changes }) => {
  it('whose connection is cut when the primary has committed it resolves, and is stored once', async () => {
    await using remote = await startPair()
    const { backend, proxy } = remote
    proxy.cutAfterRequest(commit)
    expect(await run(backend)).toEqual(result)
    expect(await changesSince(backend)).toEqual(changes)
    expect((await backend.healthCheck()).primary).toMatchObject({ failed: 1 })
  })

  it('whose primary stays away after that is MG_UNCERTAIN, with what to look for', async () => {
    await using remote = await startPair()
    const { backend, proxy } = remote
    proxy.cutAfterRequest(commit)
    proxy.refuse()
    const failure = await failureOf(run(backend))
    expect(failure).toMatchObject({
      code: 'MG_UNCERTAIN',
      name: 'BackendError',
      retryable: false,
      details: { write_id: expect.stringMatching(/^[\da-f-]{36}$/) },
    })
    const { ids } = failure.details as { ids: string[] }
    for (const id of ids) expect(failure.message).toContain(id)
    await proxy.accept()
    expect(await changesSince(backend)).toEqual(changes)
    const touched = (await changesOf(backend)).slice(2).map((change) => change.split(' ')[2])
    if (ids.length > 0) expect(touched).toEqual(ids)
  })

  it('whose connection is cut before the primary got the commit is stored once or reported, never twice', async () => {
    await using remote = await startPair()
    const { backend, proxy } = remote
    let cuts = 0
    const cutTheCommit = setInterval(() => {
      if (cuts > 0 || proxy.requests - before < commit) return
      cuts++
      proxy.cut()
    }, 1)
    proxy.latencyMs = 40
    const before = proxy.requests
    const outcome = await run(backend).then(
      () => 'stored',
      (error: { code: string }) => error.code,
    )
    clearInterval(cutTheCommit)
    proxy.latencyMs = 0
    expect(cuts).toBe(1)
    expect(['stored', 'MG_OFFLINE']).toContain(outcome)
    expect(await changesSince(backend)).toEqual(outcome === 'stored' ? changes : [])
  })
})

describe.each(
  WRITES.filter(({ what }) =>
    ['storeMemory', 'updateMemory', 'executeWriteQuery', 'transaction'].includes(what),
  ),
)('$what', ({ commit, run, changes }) => {
  it('that the primary gets after the client gave up is stored once or not at all', async () => {
    await using remote = await startPair()
    const { backend, proxy } = remote
    const before = proxy.requests
    const freezeTheCommit = setInterval(() => {
      if (proxy.requests - before >= commit) proxy.freeze()
    }, 1)
    proxy.latencyMs = 40
    const failure = await failureOf(run(backend))
    clearInterval(freezeTheCommit)
    expect(failure.code).toBe('MG_UNCERTAIN')
    proxy.latencyMs = 0
    proxy.thaw()
    const next = 'after the thaw'
    await expect.poll(() => backend.storeMemory(note(next, { id: next })).catch(() => null)).toBe(next)
    const since = (await changesSince(backend)).filter((change) => !change.includes(next))
    expect([[], changes]).toContainEqual(since)
    expect(await backend.executeQuery('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
  })
})

describe('many writes', () => {
  it('over a network that cuts at random are each stored once, or reported', async () => {
    await using remote = await startRemote({
      timeoutMs: 4 * TIMEOUT_MS,
      maxRetries: 5,
      circuitFailures: 1_000,
    })
    const { backend, proxy } = remote
    let seed = 7
    const random = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return seed / 2_147_483_648
    }
    proxy.cutAtRandom(0.15, random)
    const outcomes = await Promise.all(
      Array.from({ length: 60 }, async (_, at) => {
        const id = `note-${at}`
        return backend.storeMemory(note(id, at % 3 === 0 ? { id } : { title: id })).then(
          (stored) => ({ at, stored, code: null }),
          (error: { code: string }) => ({ at, stored: null, code: error.code }),
        )
      }),
    )
    proxy.cutAtRandom(0, random)
    const titles = (await backend.searchMemories({ limit: 100 })).map(({ title }) => title)
    expect(new Set(titles).size).toBe(titles.length)
    for (const { at, stored, code } of outcomes) {
      if (stored !== null) expect(titles).toContain(`note-${at}`)
      else if (code === 'MG_OFFLINE') expect(titles).not.toContain(`note-${at}`)
      else expect(code).toBe('MG_UNCERTAIN')
    }
    expect((await changesOf(backend)).length).toBe(titles.length)
  })
})
