import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type { GraphBackend } from '../../backends/graph-backend.js'
import { CANONICAL_TIMESTAMP, collect, failureOf, idsOf, present, rejectsWith } from '../assertions.js'
import { casesOf, type GraphBackendCase } from '../graph-backend-case.js'
import { note, storeNotes } from '../samples.js'

const PATIENCE_MS = 5000
const PAUSE_MS = 50

/** A case for backends that can note the use of memories; of others it demands that reads change nothing. */
function tracking(run: (backend: GraphBackend) => Promise<void>): GraphBackendCase['run'] {
  return async (backend, { withOptions }) => {
    if (withOptions) return run(await withOptions({ trackUsage: true }))
    await storeNotes(backend, 'a')
    await backend.getMemory('a')
    assert.deepEqual(await usageOf(backend, 'a'), { a: 0 })
  }
}

/** How often memories were used, read by what is no use. */
async function usageOf(backend: GraphBackend, ...ids: readonly string[]): Promise<Record<string, unknown>> {
  const nodes = await backend.getNodes(ids)
  return Object.fromEntries(nodes.map(({ id, properties }) => [id, properties['usage_count']]))
}

/** Waits until memories have been used so often. */
async function reaches(backend: GraphBackend, expected: Record<string, number>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    const usage = await usageOf(backend, ...Object.keys(expected))
    const isWaiting = Object.entries(expected).some(([id, count]) => Number(usage[id]) < count)
    if (!isWaiting || performance.now() > deadline) return assert.deepEqual(usage, expected)
    await delay(PAUSE_MS)
  }
}

/** How often memories are used. */
export const usageCases: readonly GraphBackendCase[] = casesOf('usage', {
  'getMemory() and what else returns memories change nothing unless asked to': async (backend) => {
    await storeNotes(backend, 'a')
    const changes = await collect(backend.changes())
    await backend.getMemory('a')
    await backend.searchMemories({ query: 'note' })
    await delay(1200)
    assert.deepEqual(await usageOf(backend, 'a'), { a: 0 })
    assert.deepEqual(await collect(backend.changes()), changes)
  },

  'searchByVector() counts as a use of the memories it returns': tracking(async (backend) => {
    if (!backend.capabilities.vector) return rejectsWith('MG_NOT_SUPPORTED', () => backend.setEmbeddings([]))
    await storeNotes(backend, 'a', 'b')
    await backend.putNodes([{ id: 'task', label: 'Task', properties: {} }])
    await backend.setEmbeddings(['a', 'b', 'task'].map((id, at) => ({ id, model: 'm', vector: [1, at] })))
    await backend.searchByVector([1, 0], { filter: { label: null } })
    await backend.searchByVector([1, 0], { k: 1 })
    await backend.getEmbeddings(['b'])
    await reaches(backend, { a: 2, b: 1 })
    assert.deepEqual((await backend.getNodes(['task']))[0]?.properties, {})
  }),

  'getMemory(), getMemories(), searches and recalls count as uses, other reads do not': tracking(
    async (backend) => {
      await storeNotes(backend, 'a', 'b', 'unused')
      await backend.updateMemory({ id: 'unused', title: 'Else', content: 'Something different.' })
      const before = present(await backend.getMemory('a'))
      await backend.getMemory('absent')
      await backend.getMemories(['a', 'b', 'a'])
      assert.deepEqual(idsOf(await backend.searchMemories({ query: 'note' })).sort(), ['a', 'b'])
      await backend.searchMemoriesPaginated({ query: 'note', limit: 1 }).then(async ({ results }) => {
        if (results[0]?.id === 'b') await backend.getMemory('a')
        else await backend.getMemory('b')
      })
      await backend.recallMemories('what is of note?')
      await collect(backend.listMemories())
      await backend.getRelatedMemories('a')
      await backend.getRecentActivity()
      const { seq } = present((await collect(backend.changes())).at(-1))
      await reaches(backend, { a: 5, b: 4 })
      assert.deepEqual(await usageOf(backend, 'unused'), { unused: 0 })
      assert.deepEqual(
        [...new Set((await collect(backend.changes({ after: seq }))).map(({ op }) => op))],
        ['update'],
      )
      const after = present(await backend.getMemory('a'))
      const { last_accessed } = after
      assert.match(present(last_accessed), CANONICAL_TIMESTAMP)
      assert.ok(present(last_accessed) >= before.updated_at)
      assert.deepEqual({ ...after, usage_count: 0, last_accessed: null }, before)
      if (backend.capabilities.history) assert.deepEqual(await backend.getMemoryHistory('a'), [])
    },
  ),

  'getMemory() leaves what is written meanwhile, and what is deleted stays deleted': tracking(
    async (backend) => {
      await storeNotes(backend, 'a', 'b')
      await backend.getMemories(['a', 'b'])
      await backend.updateMemory({ id: 'a', title: 'New', tags: ['new'] })
      await backend.deleteMemory('b')
      await reaches(backend, { a: 1 })
      const { title, tags } = present(await backend.getMemory('a'))
      assert.deepEqual([title, tags], ['New', ['new']])
      assert.equal(await backend.getMemory('b'), null)
    },
  ),

  'getMemory() in a transaction counts when that is stored, and not when it is undone': tracking(
    async (backend) => {
      if (!backend.capabilities.transactions) return
      await storeNotes(backend, 'a', 'undone')
      const undone = async (): Promise<void> =>
        backend.transaction(async (tx) => {
          await tx.getMemory('undone')
          throw new Error('undone')
        })
      await failureOf(undone)
      await backend.transaction(async (tx) => {
        await tx.storeMemory(note('b'))
        await tx.getMemory('a')
        await tx.getMemory('b')
      })
      await reaches(backend, { a: 1, b: 1 })
      assert.deepEqual(await usageOf(backend, 'undone'), { undone: 0 })
    },
  ),
})
