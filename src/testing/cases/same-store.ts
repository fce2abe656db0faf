import assert from 'node:assert/strict'
import type { GraphBackend } from '../../backends/graph-backend.js'
import { collect, countMemories, failureOf, idsOf, rejectsWith } from '../assertions.js'
import type { GraphBackendCase, OtherBackends } from '../graph-backend-case.js'
import { isSupported, METHOD_CALLS } from '../method-calls.js'
import { note, storeNotes } from '../samples.js'
import { transactionCasesOf } from '../transaction-cases.js'

/** A second backend on the same store; where there can be none, the backend itself. */
async function onSameStore(backend: GraphBackend, { sameStore }: OtherBackends): Promise<GraphBackend> {
  return sameStore ? sameStore() : backend
}

/** Several backends on one store, which must not wait for each other for ever. */
export const sameStoreCases: readonly GraphBackendCase[] = transactionCasesOf({
  'transaction() bars every backend on the same store inside its work': async (backend, others) => {
    const second = await onSameStore(backend, others)
    await backend.transaction(async (tx) => {
      await tx.storeMemory(note('a'))
      for (const { method, needs, call } of METHOD_CALLS) {
        if (!isSupported(second.capabilities, needs)) continue
        await rejectsWith('MG_IN_TRANSACTION', () => call(second), `${method}()`)
      }
    })
    assert.equal((await second.getMemory('a'))?.id, 'a')
    assert.equal(await countMemories(second), 1)
  },

  'transaction() bars the store also inside the work of another backend within': async (backend, others) => {
    const second = await onSameStore(backend, others)
    const elsewhere = await others.another()
    await backend.transaction(async (tx) => {
      await tx.storeMemory(note('a'))
      await elsewhere.transaction(async (inner) => {
        await inner.storeMemory(note('b'))
        await rejectsWith('MG_IN_TRANSACTION', () => second.storeMemory(note('c')))
      })
    })
    assert.deepEqual(idsOf(await collect(second.listMemories())), ['a'])
    assert.deepEqual(idsOf(await collect(elsewhere.listMemories())), ['b'])
  },

  'transaction() of two backends on one store run one after the other': async (backend, others) => {
    const second = await onSameStore(backend, others)
    await storeNotes(backend, 'a')
    const counting = Array.from({ length: 20 }, (_, at) =>
      (at % 2 === 0 ? backend : second).transaction(async (tx) => {
        const count = (await tx.getMemory('a'))?.usage_count ?? 0
        await tx.updateMemory({ id: 'a', usage_count: count + 1 })
      }),
    )
    const undone = failureOf(() =>
      second.transaction(async (tx) => {
        await tx.storeMemory(note('undone'))
        throw new Error('undone')
      }),
    )
    await Promise.all([...counting, undone, second.storeMemory(note('b')), backend.storeMemory(note('c'))])
    assert.equal((await second.getMemory('a'))?.usage_count, 20)
    assert.deepEqual(idsOf(await collect(backend.listMemories())), ['a', 'b', 'c'])
  },
})
