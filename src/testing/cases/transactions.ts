import assert from 'node:assert/strict'
import { setTimeout as after } from 'node:timers/promises'
import type { GraphBackend, GraphTransaction } from '../../backends/graph-backend.js'
import { codeOf, collect, countMemories, failureOf, idsOf, rejectsWith } from '../assertions.js'
import type { GraphBackendCase } from '../graph-backend-case.js'
import { note, SAMPLE_IDS, storeNotes, storeSamples } from '../samples.js'
import { transactionCasesOf } from '../transaction-cases.js'

/** Writes of every kind, over the sample notes. */
async function writeAll(tx: GraphTransaction): Promise<void> {
  await tx.storeMemory(note('new', { title: 'Brand new zebra' }))
  await tx.storeMemories([note('new-2'), note('river-names', { title: 'Replaced' })])
  await tx.updateMemory({ id: 'gateway-timeout', title: 'Patched' })
  await tx.deleteMemory('slow-report')
  await tx.createRelationship('new', 'new-2', 'SOLVES')
  await tx.createRelationships([
    { id: 'r', from_memory_id: 'new', to_memory_id: 'river-names', type: 'CAUSES' },
  ])
  await tx.updateRelationshipProperties('backoff-solves-timeout', { strength: 0.1 })
  await tx.deleteRelationship('was-related')
  await tx.putNodes([{ id: 'task', label: 'Task', properties: { done: true } }])
  await tx.deleteNodes(['deploy-command'])
}

async function everythingIn(backend: GraphBackend): Promise<unknown[]> {
  return [
    await collect(backend.listMemories()),
    await collect(backend.listRelationships()),
    await backend.findNodes({ label: 'Task' }),
    await backend.getMemoryStatistics(),
    idsOf(await backend.searchMemories({ query: 'zebra patched replaced' })),
    idsOf(await backend.searchMemories({})),
    (await backend.getRelatedMemories('new')).length,
  ]
}

/** All or nothing. */
export const transactionCases: readonly GraphBackendCase[] = transactionCasesOf({
  'transaction() stores all that its work writes, and resolves to what it resolves to': async (backend) => {
    await storeSamples(backend)
    const result = await backend.transaction(async (tx) => {
      await writeAll(tx)
      return { any: 'value' }
    })
    assert.deepEqual(result, { any: 'value' })
    const ids = ['gateway-timeout', 'retry-backoff', 'connection-pool', 'new', 'new-2', 'river-names']
    assert.deepEqual(idsOf(await collect(backend.listMemories())), ids.sort())
    assert.equal((await backend.getMemory('gateway-timeout'))?.title, 'Patched')
    assert.equal((await backend.getRelationship('backoff-solves-timeout'))?.properties.strength, 0.1)
    assert.equal(await backend.getRelationship('was-related'), null)
    assert.deepEqual(idsOf(await backend.searchMemories({ query: 'zebra' })), ['new'])
    assert.equal((await backend.findNodes({ label: 'Task' })).length, 1)
  },

  'transaction() undoes all when its work throws, and rejects with what it threw': async (backend) => {
    await storeSamples(backend)
    const before = await everythingIn(backend)
    const fault = new Error('thrown by the work')
    const error = await failureOf(() =>
      backend.transaction(async (tx) => {
        await writeAll(tx)
        throw fault
      }),
    )
    assert.equal(error, fault)
    assert.deepEqual(await everythingIn(backend), before)
    await storeNotes(backend, 'after')
    assert.equal(await countMemories(backend), SAMPLE_IDS.length + 1)
  },

  'transaction() rejects with whatever its work throws, to the letter': async (backend) => {
    const ofAnotherDatabase = Object.assign(new Error('not ours'), { code: 'SQLITE_CONSTRAINT_UNIQUE' })
    for (const thrown of [ofAnotherDatabase, 'a text', { an: 'object' }, new TypeError('a mistake')]) {
      const error = await failureOf(() =>
        backend.transaction(async (tx) => {
          await tx.storeMemory(note('a'))
          throw thrown
        }),
      )
      assert.equal(error, thrown)
      assert.equal(await countMemories(backend), 0)
    }
  },

  'transaction() undoes all when a method of tx rejects and the work lets it pass': async (backend) => {
    await storeNotes(backend, 'a')
    const failing = backend.transaction(async (tx) => {
      await tx.storeMemory(note('b'))
      await tx.createRelationship('a', 'gone', 'SOLVES')
    })
    await rejectsWith('MG_RELATIONSHIP', () => failing)
    assert.equal(await countMemories(backend), 1)
  },

  'transaction() stores the rest when its work handles an error of tx': async (backend) => {
    await storeNotes(backend, 'a')
    await backend.transaction(async (tx) => {
      await tx.storeMemory(note('b'))
      const good = { id: 'good', from_memory_id: 'a', to_memory_id: 'b', type: 'SOLVES' }
      const bad = { ...good, id: 'bad', to_memory_id: 'gone' }
      await rejectsWith('MG_RELATIONSHIP', () => tx.createRelationships([good, bad]))
      await rejectsWith('MG_VALIDATION', () => tx.storeMemories([note('c'), { ...note('d'), importance: 7 }]))
      const properties = { invalidated_by: 'gone' }
      await rejectsWith('MG_RELATIONSHIP', () => tx.createRelationship('a', 'b', 'SOLVES', properties))
      await rejectsWith('MG_CONFLICT', () => tx.putNodes([{ id: 'a', label: 'Task', properties: {} }]))
      await rejectsWith('MG_VALIDATION', () => tx.updateMemory({ id: 'a', title: '' }))
      await tx.storeMemory(note('e'))
    })
    assert.deepEqual(idsOf(await collect(backend.listMemories())), ['a', 'b', 'e'])
    assert.deepEqual(await collect(backend.listRelationships()), [])
  },

  'transaction() lets every method of tx see what was written so far': async (backend) => {
    await storeSamples(backend)
    await backend.transaction(async (tx) => {
      await writeAll(tx)
      assert.equal((await tx.getMemory('new'))?.title, 'Brand new zebra')
      assert.deepEqual((await tx.getMemory('new'))?.relationships, {
        solves: ['Note new-2'],
        causes: ['Replaced'],
      })
      assert.deepEqual(idsOf(await tx.getMemories(['slow-report', 'new-2'])), ['new-2'])
      assert.deepEqual(idsOf(await tx.searchMemories({ query: 'zebra' })), ['new'])
      assert.deepEqual(await tx.searchMemories({ query: 'monthly' }), [])
      assert.equal((await tx.searchMemoriesPaginated({})).total_count, 6)
      assert.equal((await tx.recallMemories('the zebra'))[0]?.id, 'new')
      assert.equal((await collect(tx.listMemories())).length, 6)
      assert.equal((await tx.getRelationship('r'))?.type, 'CAUSES')
      assert.equal((await tx.getRelatedMemories('new')).length, 2)
      assert.equal((await collect(tx.listRelationships())).length, 3)
      assert.equal((await tx.getNodes(['task'])).length, 1)
      assert.equal((await tx.findNodes({ label: 'Task' })).length, 1)
    })
  },

  'transaction() that takes longer than timeoutMs rejects with MG_TIMEOUT and is undone': async (backend) => {
    let settle: (code: unknown) => void = () => undefined
    const late = new Promise<unknown>((resolve) => {
      settle = resolve
    })
    const stuck = backend.transaction(
      async (tx) => {
        await failureOf(() => tx.storeMemory(note('a')))
        await after(80)
        settle(await codeOf(() => tx.storeMemory(note('b'))))
      },
      { timeoutMs: 25 },
    )
    await rejectsWith('MG_TIMEOUT', () => stuck)
    await storeNotes(backend, 'after')
    assert.deepEqual(idsOf(await collect(backend.listMemories())), ['after'])
    assert.equal(await late, 'MG_TRANSACTION_CLOSED')
    assert.deepEqual(idsOf(await collect(backend.listMemories())), ['after'])
  },

  'transaction() refuses work and options that do not fit': async (backend) => {
    const work = async (): Promise<null> => null
    await rejectsWith('MG_VALIDATION', () => backend.transaction('work' as never))
    await rejectsWith('MG_VALIDATION', () => backend.transaction(work, { timeout: 10 } as never))
    for (const timeoutMs of [-1, Number.NaN, '10']) {
      await rejectsWith(
        'MG_VALIDATION',
        () => backend.transaction(work, { timeoutMs: timeoutMs as never }),
        String(timeoutMs),
      )
    }
    assert.equal(await backend.transaction(work, { timeoutMs: undefined }), null)
    assert.equal(await backend.transaction(work, {}), null)
  },

  'transaction() rejects with MG_TRANSACTION_CLOSED when tx is used after the end': async (backend) => {
    const kept: GraphTransaction[] = []
    await backend.transaction(async (tx) => {
      kept.push(tx)
    })
    await failureOf(() =>
      backend.transaction(async (tx) => {
        kept.push(tx)
        throw new Error('undone')
      }),
    )
    for (const tx of kept) {
      await rejectsWith('MG_TRANSACTION_CLOSED', () => tx.storeMemory(note('a')), 'storeMemory()')
      await rejectsWith('MG_TRANSACTION_CLOSED', () => tx.getMemory('a'), 'getMemory()')
      await rejectsWith('MG_TRANSACTION_CLOSED', () => collect(tx.listMemories()), 'listMemories()')
    }
    assert.equal(await countMemories(backend), 0)
  },

  'healthCheck() inside the work of transaction() resolves': async (backend) => {
    const work = async (tx: GraphTransaction): Promise<boolean> => {
      await tx.storeMemory(note('a'))
      return (await backend.healthCheck()).connected
    }
    assert.equal(await backend.transaction(work, { timeoutMs: 2000 }), true)
  },
})
