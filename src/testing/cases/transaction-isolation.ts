import assert from 'node:assert/strict'
import { setTimeout as after } from 'node:timers/promises'
import { collect, countMemories, failureOf, idsOf } from '../assertions.js'
import type { GraphBackendCase } from '../graph-backend-case.js'
import { note, storeNotes } from '../samples.js'
import { transactionCasesOf } from '../transaction-cases.js'

/** Transactions beside other work. */
export const transactionIsolationCases: readonly GraphBackendCase[] = transactionCasesOf({
  'transaction() hides its writes from others until it ends': async (backend) => {
    await storeNotes(backend, 'a')
    let end: () => void = () => undefined
    const ending = new Promise<void>((resolve) => {
      end = resolve
    })
    let wrote: () => void = () => undefined
    const written = new Promise<void>((resolve) => {
      wrote = resolve
    })
    let isOver = false
    const running = backend.transaction(async (tx) => {
      await tx.storeMemory(note('b'))
      await tx.updateMemory({ id: 'a', title: 'Patched' })
      wrote()
      await ending
      isOver = true
    })
    await Promise.race([written, running])
    const reads = Promise.all([
      backend.getMemory('b').then((memory) => [memory?.id ?? null, isOver]),
      backend.getMemory('a').then((memory) => [memory?.title === 'Patched' ? 'patched' : null, isOver]),
      backend.searchMemories({ query: 'patched' }).then((hits) => [hits[0]?.id ?? null, isOver]),
      countMemories(backend).then((count) => [count > 1 ? count : null, isOver]),
    ])
    await Promise.race([reads, after(500, undefined, { ref: false })])
    end()
    await running
    for (const [seen, sinceItWasOver] of await reads)
      assert.ok(seen === null || sinceItWasOver, `saw ${seen}`)
    assert.equal((await backend.getMemory('a'))?.title, 'Patched')
    assert.equal(await countMemories(backend), 2)
  },

  'transaction() and writes run one after the other, and nothing is lost': async (backend) => {
    const slow = backend.transaction(async (tx) => {
      await tx.storeMemory(note('slow-1'))
      await after(20)
      await tx.storeMemory(note('slow-2'))
    })
    const ids = Array.from({ length: 100 }, (_, at) => `note-${at}`)
    const failing = ids.slice(0, 10).map((id) =>
      failureOf(() =>
        backend.transaction(async (tx) => {
          await tx.storeMemory(note(`undone-${id}`))
          throw new Error('undone')
        }),
      ),
    )
    await Promise.all([slow, ...failing, ...ids.map((id) => backend.storeMemory(note(id)))])
    assert.deepEqual(idsOf(await collect(backend.listMemories())), [...ids, 'slow-1', 'slow-2'].sort())
    assert.equal(idsOf(await backend.searchMemories({ query: 'note', limit: 1000 })).length, 102)
  },

  'transaction() reads and writes counters without losing a step': async (backend) => {
    await storeNotes(backend, 'a')
    const increments = Array.from({ length: 20 }, () =>
      backend.transaction(async (tx) => {
        const count = (await tx.getMemory('a'))?.usage_count ?? 0
        await tx.updateMemory({ id: 'a', usage_count: count + 1 })
      }),
    )
    await Promise.all(increments)
    assert.equal((await backend.getMemory('a'))?.usage_count, 20)
  },

  'transaction() leaves other backends alone, also inside its work': async (backend, { another }) => {
    const other = await another()
    await backend.transaction(async (tx) => {
      await tx.storeMemory(note('a'))
      await storeNotes(other, 'b')
      await other.transaction(async (inner) => inner.updateMemory({ id: 'b', title: 'New' }))
    })
    assert.deepEqual(idsOf(await collect(backend.listMemories())), ['a'])
    assert.equal((await other.getMemory('b'))?.title, 'New')
  },

  'transaction() bars the backend only until its work ends': async (backend) => {
    let later: Promise<unknown> = Promise.resolve()
    let end = (): void => undefined
    const ended = new Promise<void>((resolve) => {
      end = resolve
    })
    await backend.transaction(async (tx) => {
      await tx.storeMemory(note('a'))
      later = ended.then(() => backend.getMemory('a', false))
    })
    end()
    assert.deepEqual(await later, await backend.getMemory('a', false))
  },
})
