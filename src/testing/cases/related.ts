import assert from 'node:assert/strict'
import type { GraphBackend, RelatedOptions } from '../../backends/graph-backend.js'
import { assertPlain, rejectsWith } from '../assertions.js'
import { casesOf, type GraphBackendCase } from '../graph-backend-case.js'
import { join, note, storeNotes, storeSamples } from '../samples.js'

/** What is reached, as `memory by relationship`, in order. */
async function reach(backend: GraphBackend, id: string, options?: RelatedOptions): Promise<string[]> {
  const related = await backend.getRelatedMemories(id, options)
  return related.map(([memory, relationship]) => `${memory.id} by ${relationship.id}`)
}

async function storeChain(backend: GraphBackend, length: number): Promise<void> {
  await storeNotes(backend, ...Array.from({ length: length + 1 }, (_, at) => `n${at}`))
  for (let at = 0; at < length; at++) await join(backend, `r${at + 1}`, `n${at}`, `n${at + 1}`)
}

/** Walking from one memory to those around it. */
export const relatedCases: readonly GraphBackendCase[] = casesOf('related', {
  'getRelatedMemories() goes exactly as deep as it is told, two steps by default': async (backend) => {
    await storeChain(backend, 4)
    assert.deepEqual(await reach(backend, 'n0'), ['n1 by r1', 'n2 by r2'])
    for (const maxDepth of [1, 2, 3, 4, 5]) {
      const expected = ['n1 by r1', 'n2 by r2', 'n3 by r3', 'n4 by r4'].slice(0, maxDepth)
      assert.deepEqual(await reach(backend, 'n0', { maxDepth }), expected)
    }
    assert.deepEqual(await reach(backend, 'n0', { maxDepth: null }), ['n1 by r1', 'n2 by r2'])
  },

  'getRelatedMemories() clamps the depth to 1 to 10': async (backend) => {
    await storeChain(backend, 12)
    assert.equal((await reach(backend, 'n0', { maxDepth: 0 })).length, 1)
    assert.equal((await reach(backend, 'n0', { maxDepth: -3 })).length, 1)
    assert.equal((await reach(backend, 'n0', { maxDepth: 10 })).length, 10)
    assert.equal((await reach(backend, 'n0', { maxDepth: 99 })).length, 10)
  },

  'getRelatedMemories() walks in the direction asked for, at every step': async (backend) => {
    await storeNotes(backend, 'start', 'out', 'out-out', 'out-in', 'in', 'in-in')
    await join(backend, 'r1', 'start', 'out', { type: 'LEADS_TO', properties: { strength: 0.9 } })
    await join(backend, 'r2', 'out', 'out-out', { type: 'LEADS_TO', properties: { strength: 0.9 } })
    await join(backend, 'r3', 'out-in', 'out', { type: 'LEADS_TO', properties: { strength: 0.8 } })
    await join(backend, 'r4', 'in', 'start', { type: 'LEADS_TO', properties: { strength: 0.5 } })
    await join(backend, 'r5', 'in-in', 'in', { type: 'LEADS_TO', properties: { strength: 0.7 } })
    assert.deepEqual(await reach(backend, 'start', { direction: 'outgoing' }), ['out by r1', 'out-out by r2'])
    assert.deepEqual(await reach(backend, 'start', { direction: 'incoming' }), ['in by r4', 'in-in by r5'])
    const both = ['out by r1', 'in by r4', 'out-out by r2', 'out-in by r3', 'in-in by r5']
    assert.deepEqual(await reach(backend, 'start', { direction: 'both' }), both)
    assert.deepEqual(await reach(backend, 'start', { direction: null }), both)
  },

  'getRelatedMemories() walks types that hold in both directions both ways': async (backend) => {
    await storeNotes(backend, 'a', 'b', 'c', 'd')
    await join(backend, 'r1', 'b', 'a', { type: 'SIMILAR_TO' })
    await join(backend, 'r2', 'b', 'c', { type: 'LEADS_TO' })
    await join(backend, 'r3', 'd', 'a', { type: 'LEADS_TO' })
    assert.deepEqual(await reach(backend, 'a', { direction: 'outgoing' }), ['b by r1', 'c by r2'])
    assert.deepEqual(await reach(backend, 'a', { direction: 'incoming' }), ['b by r1', 'd by r3'])
    assert.deepEqual(await reach(backend, 'c', { direction: 'incoming' }), ['b by r2', 'a by r1'])
    const similar = { direction: 'outgoing', relationshipTypes: ['SIMILAR_TO'] } as const
    assert.deepEqual(await reach(backend, 'a', similar), ['b by r1'])
    assert.deepEqual(await reach(backend, 'a', { ...similar, relationshipTypes: ['LEADS_TO'] }), [])
  },

  'getRelatedMemories() follows only the types asked for, in both directions': async (backend) => {
    await storeNotes(backend, 'a', 'b', 'c', 'd', 'e')
    await join(backend, 'r1', 'a', 'b', { type: 'SOLVES' })
    await join(backend, 'r2', 'a', 'c', { type: 'CAUSES' })
    await join(backend, 'r3', 'd', 'a', { type: 'CAUSES' })
    await join(backend, 'r4', 'b', 'e', { type: 'CAUSES' })
    const solves = { relationshipTypes: ['SOLVES'] }
    assert.deepEqual(await reach(backend, 'a', solves), ['b by r1'])
    assert.deepEqual(await reach(backend, 'a', { relationshipTypes: ['CAUSES'] }), ['c by r2', 'd by r3'])
    assert.deepEqual(await reach(backend, 'a', { relationshipTypes: ['CAUSES'], direction: 'incoming' }), [
      'd by r3',
    ])
    const all = ['b by r1', 'c by r2', 'd by r3', 'e by r4']
    assert.deepEqual(await reach(backend, 'a', { relationshipTypes: ['SOLVES', 'CAUSES'] }), all)
    for (const relationshipTypes of [[], null, undefined]) {
      assert.deepEqual(await reach(backend, 'a', { relationshipTypes }), all)
    }
    assert.deepEqual(await reach(backend, 'a', { relationshipTypes: ['BLOCKS'] }), [])
  },

  'getRelatedMemories() leaves out relationships that have ended, unless asked for their time': async (
    backend,
  ) => {
    await storeNotes(backend, 'a', 'b', 'c', 'd')
    await join(backend, 'ended', 'a', 'b', {
      properties: { valid_from: '2026-01-01', valid_until: '2026-02-01' },
    })
    await join(backend, 'current', 'a', 'c', { properties: { valid_from: '2026-01-15' } })
    await join(backend, 'beyond', 'b', 'd', { properties: { valid_from: '2026-01-01' } })
    assert.deepEqual(await reach(backend, 'a'), ['c by current'])
    const asOf = (time: string): Promise<string[]> => reach(backend, 'a', { asOf: time })
    assert.deepEqual(await asOf('2025-12-31T23:59:59.999999Z'), [])
    assert.deepEqual(await asOf('2026-01-01T00:00:00Z'), ['b by ended', 'd by beyond'])
    assert.deepEqual(await asOf('2026-01-20T00:00:00Z'), ['b by ended', 'c by current', 'd by beyond'])
    assert.deepEqual(await asOf('2026-01-31T23:59:59.999999Z'), ['b by ended', 'c by current', 'd by beyond'])
    assert.deepEqual(await asOf('2026-02-01T00:00:00Z'), ['c by current'])
    assert.deepEqual(await reach(backend, 'a', { asOf: null }), ['c by current'])
  },

  'getRelatedMemories() has the times of what it gives, also of what has ended since or begins later': async (
    backend,
  ) => {
    await storeNotes(backend, 'a', 'b', 'c')
    const ended = { valid_from: '2026-01-01', valid_until: '2026-02-01' }
    await join(backend, 'ended', 'a', 'b', { properties: ended })
    await join(backend, 'later', 'a', 'c', { properties: { valid_from: '9999-01-01' } })
    const [[, then] = []] = await backend.getRelatedMemories('a', { asOf: '2026-01-20' })
    assert.equal(then?.properties.valid_from, '2026-01-01T00:00:00.000000+00:00')
    assert.equal(then?.properties.valid_until, '2026-02-01T00:00:00.000000+00:00')
    assert.deepEqual(await reach(backend, 'a'), ['c by later'])
    assert.deepEqual(await reach(backend, 'a', { asOf: new Date() }), [])
    assert.deepEqual(await reach(backend, 'a', { asOf: '9999-01-01' }), ['c by later'])
  },

  'getRelatedMemories() gives 100 unless told otherwise': async (backend) => {
    const ids = Array.from({ length: 120 }, (_, at) => `n${String(at).padStart(3, '0')}`)
    await storeNotes(backend, 'hub', ...ids)
    await backend.createRelationships(
      ids.map((id) => ({ from_memory_id: 'hub', to_memory_id: id, type: 'RELATED_TO' })),
    )
    const reached = async (limit?: number | null): Promise<string[]> =>
      (await backend.getRelatedMemories('hub', limit === undefined ? {} : { limit })).map(
        ([memory]) => memory.id,
      )
    assert.deepEqual(await reached(), ids.slice(0, 100))
    assert.deepEqual(await reached(7), ids.slice(0, 7))
    assert.deepEqual(await reached(110), ids.slice(0, 110))
    assert.deepEqual(await reached(null), ids)
  },

  'getRelatedMemories() gives each relationship of a direct neighbour, and its real direction and times':
    async (backend) => {
      await storeNotes(backend, 'a', 'b')
      const times = {
        valid_from: '2026-01-01T00:00:00.000000+00:00',
        recorded_at: '2026-01-02T00:00:00.000000+00:00',
      }
      await join(backend, 'r1', 'a', 'b', {
        type: 'SOLVES',
        properties: { strength: 0.9, ...times, success_rate: 0.5 },
      })
      await join(backend, 'r2', 'a', 'b', {
        type: 'SOLVES',
        properties: { strength: 0.8, evidence_count: 7 },
      })
      await join(backend, 'r3', 'b', 'a', { type: 'CAUSES', properties: { strength: 0.7, context: 'why' } })
      const related = await backend.getRelatedMemories('a')
      assert.deepEqual(await reach(backend, 'a'), ['b by r1', 'b by r2', 'b by r3'])
      for (const [memory, relationship] of related) {
        assert.deepEqual(relationship, await backend.getRelationship(relationship.id))
        assert.deepEqual({ ...memory, relationships: null }, await backend.getMemory('b', false))
      }
      assert.deepEqual([related[2]?.[1].from_memory_id, related[2]?.[1].to_memory_id], ['b', 'a'])
      assertPlain(related, 'related memories')
      assert.deepEqual(await reach(backend, 'a', { limit: 2 }), ['b by r1', 'b by r2'])
    },

  'getRelatedMemories() meets each memory once beyond the first step, by its strongest relationship': async (
    backend,
  ) => {
    await storeNotes(backend, 'a', 'b', 'c', 'd')
    await join(backend, 'ab', 'a', 'b', { properties: { strength: 0.9 } })
    await join(backend, 'ac', 'a', 'c', { properties: { strength: 0.8 } })
    await join(backend, 'bd', 'b', 'd', { properties: { strength: 0.1 } })
    await join(backend, 'cd1', 'c', 'd', { properties: { strength: 0.4 } })
    await join(backend, 'cd2', 'c', 'd', { properties: { strength: 0.6 } })
    await join(backend, 'bc', 'b', 'c', { properties: { strength: 1 } })
    for (const maxDepth of [2, 5]) {
      assert.deepEqual(await reach(backend, 'a', { maxDepth }), ['b by ab', 'c by ac', 'd by cd2'])
    }
  },

  'getRelatedMemories() ends in cycles and does not return the start': async (backend) => {
    await storeNotes(backend, 'a', 'b', 'c')
    await join(backend, 'r1', 'a', 'b', { type: 'CAUSES' })
    await join(backend, 'r2', 'b', 'c', { type: 'LEADS_TO' })
    await join(backend, 'r3', 'c', 'a', { type: 'TRIGGERS' })
    assert.deepEqual(await reach(backend, 'a', { maxDepth: 10 }), ['b by r1', 'c by r3'])
    assert.deepEqual(await reach(backend, 'a', { maxDepth: 10, direction: 'outgoing' }), [
      'b by r1',
      'c by r2',
    ])
    assert.deepEqual(await reach(backend, 'a', { maxDepth: 10, direction: 'incoming' }), [
      'c by r3',
      'b by r2',
    ])
  },

  'getRelatedMemories() orders by depth, strength, importance, then id': async (backend) => {
    await backend.storeMemories([
      note('start'),
      note('weak', { importance: 1 }),
      note('strong', { importance: 0 }),
      note('tie-b', { importance: 0.5 }),
      note('tie-a', { importance: 0.5 }),
      note('tie-important', { importance: 0.6 }),
      note('far', { importance: 1 }),
    ])
    await join(backend, 'r1', 'start', 'weak', { properties: { strength: 0.1 } })
    await join(backend, 'r2', 'start', 'tie-b', { properties: { strength: 0.5 } })
    await join(backend, 'r3', 'start', 'tie-a', { properties: { strength: 0.5 } })
    await join(backend, 'r4', 'start', 'tie-important', { properties: { strength: 0.5 } })
    await join(backend, 'r5', 'start', 'strong', { properties: { strength: 0.9 } })
    await join(backend, 'r6', 'weak', 'far', { properties: { strength: 1 } })
    const order = [
      'strong by r5',
      'tie-important by r4',
      'tie-a by r3',
      'tie-b by r2',
      'weak by r1',
      'far by r6',
    ]
    assert.deepEqual(await reach(backend, 'start'), order)
    assert.deepEqual(await reach(backend, 'start', { limit: 3 }), order.slice(0, 3))
  },

  'getRelatedMemories() walks through nodes of other labels without returning them': async (backend) => {
    await storeNotes(backend, 'a', 'b')
    await backend.putNodes([{ id: 'topic', label: 'Topic', properties: { title: 'Topic', importance: 1 } }])
    await join(backend, 'r1', 'a', 'topic')
    await join(backend, 'r2', 'b', 'topic')
    assert.deepEqual(await reach(backend, 'a', { maxDepth: 1 }), [])
    assert.deepEqual(await reach(backend, 'a', { maxDepth: 2 }), ['b by r2'])
    assert.deepEqual(await reach(backend, 'topic', { maxDepth: 1 }), ['a by r1', 'b by r2'])
    assert.deepEqual((await backend.getMemory('a'))?.relationships, {})
  },

  'getRelatedMemories() resolves to nothing for an unknown id': async (backend) => {
    await storeSamples(backend)
    assert.deepEqual(await backend.getRelatedMemories('unknown'), [])
  },

  'getRelatedMemories() sees what was joined and parted a moment ago': async (backend) => {
    await storeNotes(backend, 'a', 'b')
    await join(backend, 'r', 'a', 'b', { properties: { strength: 0.3 } })
    assert.deepEqual(await reach(backend, 'a'), ['b by r'])
    await backend.updateRelationshipProperties('r', { strength: 0.4 })
    assert.equal((await backend.getRelatedMemories('a'))[0]?.[1].properties.strength, 0.4)
    await backend.deleteRelationship('r')
    assert.deepEqual(await reach(backend, 'a'), [])
    await join(backend, 'r', 'b', 'a')
    assert.deepEqual(await reach(backend, 'a'), ['b by r'])
    await backend.deleteMemory('b')
    assert.deepEqual(await reach(backend, 'a'), [])
  },

  'getRelatedMemories() refuses what it does not know or cannot do': async (backend) => {
    await storeNotes(backend, 'a')
    const unfit = [
      { depth: 3 },
      { maxDepth: 'deep' },
      { maxDepth: Number.NaN },
      { direction: 'sideways' },
      { relationshipTypes: 'SOLVES' },
      { relationshipTypes: [5] },
      { asOf: 'then' },
      { limit: -1 },
      { limit: 'all' },
      'deep',
    ]
    for (const options of unfit) {
      const call = (): Promise<unknown> => backend.getRelatedMemories('a', options as never)
      await rejectsWith('MG_VALIDATION', call, JSON.stringify(options))
    }
    for (const id of [5, null, undefined, {}]) {
      await rejectsWith('MG_VALIDATION', () => backend.getRelatedMemories(id as never), String(id))
    }
  },
})
