import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { TursoBackend } from '../../../src/backends/turso/turso-backend.js'
import { settlesWithin } from '../../support/patience.js'
import { changesOf, failureOf, note, type Remote, startRemote } from './remote.js'

let remote: Remote
let backend: TursoBackend

beforeAll(async () => {
  remote = await startRemote({ timeoutMs: 8_000 })
  backend = remote.backend
})

beforeEach(async () => {
  await backend.executeWriteQuery('DELETE FROM nodes')
  await backend.executeWriteQuery('DELETE FROM mg_change')
})

afterAll(() => remote[Symbol.asyncDispose]())

/** The ids of all memories. */
async function stored(): Promise<string[]> {
  return (await backend.executeQuery('SELECT id FROM nodes ORDER BY id')).map(({ id }) => String(id))
}

describe('a transaction', () => {
  it('stores all it did, and sees it while it lasts', async () => {
    const found = await backend.transaction(async (tx) => {
      await tx.storeMemories([note('A', { id: 'a' }), note('B', { id: 'b' })])
      await tx.createRelationship('a', 'b', 'SOLVES')
      expect(await tx.updateMemory({ id: 'a', title: 'Changed' })).toBe(true)
      expect(await tx.getMemory('a')).toMatchObject({
        title: 'Changed',
        relationships: { solves: [expect.any(String)] },
      })
      expect(await tx.searchMemories({ query: 'changed' })).toHaveLength(1)
      expect(await tx.deleteMemory('nothing')).toBe(false)
      return tx.getRelatedMemories('a')
    })
    expect(found.map(([{ id }]) => id)).toEqual(['b'])
    expect(await backend.getRelatedMemories('a')).toEqual(found)
  })

  it('whose work fails rejects with just that error, and stores nothing', async () => {
    class Mine extends Error {}
    const mine = new Mine('mine')
    for (const thrown of [mine, 'text', undefined, null, new TypeError('no')]) {
      const failing = backend.transaction(async (tx) => {
        await tx.storeMemory(note('Undone'))
        throw thrown
      })
      const caught = await failing.then(
        () => 'resolved',
        (error: unknown) => error,
      )
      expect(caught).toBe(thrown)
    }
    expect(await stored()).toEqual([])
    expect(await changesOf(backend)).toEqual([])
  })

  it('of which a part fails keeps the rest', async () => {
    await backend.putNodes([{ id: 'task', label: 'Task', properties: {} }])
    await backend.transaction(async (tx) => {
      await tx.storeMemory(note('Before', { id: 'before' }))
      const part = tx.storeMemories([note('Half', { id: 'half' }), note('Task', { id: 'task' })])
      expect(await failureOf(part)).toMatchObject({ code: 'MG_CONFLICT' })
      expect(await failureOf(tx.createRelationship('before', 'missing', 'SOLVES'))).toMatchObject({
        code: 'MG_RELATIONSHIP',
      })
      await tx.storeMemory(note('After', { id: 'after' }))
      expect(await tx.getMemory('half')).toBeNull()
    })
    expect(await stored()).toEqual(['after', 'before', 'task'])
  })

  it('that only reads sees one state, whatever others write meanwhile', async () => {
    await backend.storeMemory(note('A', { id: 'a' }))
    const counts = await backend.transaction(async (tx) => [
      (await tx.searchMemories({})).length,
      (await tx.searchMemories({})).length,
    ])
    expect(counts).toEqual([1, 1])
  })

  it('that takes longer than its timeoutMs is MG_TIMEOUT, and is undone', async () => {
    let late: Promise<unknown> = Promise.resolve()
    let goOn = (): void => undefined
    const goesOn = new Promise<void>((resolve) => {
      goOn = resolve
    })
    const slow = backend.transaction(
      async (tx) => {
        await tx.storeMemory(note('Slow'))
        await goesOn
        late = failureOf(tx.storeMemory(note('Late')))
        await late
      },
      { timeoutMs: 1_000 },
    )
    expect(await failureOf(slow)).toMatchObject({ code: 'MG_TIMEOUT' })
    await backend.storeMemory(note('Next', { id: 'next' }))
    goOn()
    await expect.poll(() => late).toMatchObject({ code: 'MG_TRANSACTION_CLOSED' })
    expect(await stored()).toEqual(['next'])
  })

  it('while the primary is frozen rejects by the deadline, and its work is told so by an error of this library', async () => {
    const deadline = 1_500
    await using another = await startRemote({ timeoutMs: deadline })
    const told: unknown[] = []
    let code = ''
    const isInTime = await settlesWithin(2 * deadline - 100, async () => {
      const failure = await failureOf(
        another.backend.transaction(async (tx) => {
          await tx.storeMemory(note('Lost'))
          another.proxy.freeze()
          told.push(await failureOf(tx.storeMemory(note('Lost too'))))
          told.push(await failureOf(tx.getMemory('lost')))
        }),
      )
      code = failure.code
    })
    expect(code).toBe('MG_OFFLINE')
    expect(told).toEqual([
      expect.objectContaining({ code: 'MG_OFFLINE' }),
      expect.objectContaining({ code: 'MG_OFFLINE' }),
    ])
    expect(isInTime).toBe(true)
    another.proxy.thaw()
  })

  // The primary lets another writer take the lock after 5 s.
  it('that holds others up for more than 5 s is MG_TRANSACTION_LOST, stores nothing, and the other writes', async () => {
    await using another = await TursoBackend.create({ ...remote.options, url: remote.sqld.url })
    let runs = 0
    let told: { code: string } | undefined
    const lost = failureOf(
      backend.transaction(async (tx) => {
        runs++
        await tx.storeMemory(note('Mine', { id: 'mine' }))
        await another.storeMemory(note('Theirs', { id: 'theirs' }))
        told = await failureOf(tx.storeMemory(note('Mine too')))
        expect((await failureOf(tx.getMemory('mine'))).code).toBe('MG_TRANSACTION_LOST')
      }),
    )
    expect(await lost).toMatchObject({
      code: 'MG_TRANSACTION_LOST',
      retryable: true,
      message: expect.stringMatching(/after 5 seconds/),
    })
    expect(told?.code).toBe('MG_TRANSACTION_LOST')
    expect(runs).toBe(1)
    expect(await stored()).toEqual(['theirs'])
    await backend.storeMemory(note('Next', { id: 'next' }))
    expect(await changesOf(backend)).toEqual(['insert node theirs', 'insert node next'])
  })
})
