import assert from 'node:assert/strict'
import type { MemoryFilter, RelationshipFilter } from '../../backends/graph-backend.js'
import { assertPlain, collect, idsOf, rejectsWith } from '../assertions.js'
import { casesOf, type GraphBackendCase } from '../graph-backend-case.js'
import { join, note, SAMPLE_IDS, storeNotes, storeSamples } from '../samples.js'

const MANY = 1100
const manyIds = Array.from({ length: MANY }, (_, at) => `note-${String(at).padStart(4, '0')}`)

/** Going through everything. */
export const listingCases: readonly GraphBackendCase[] = casesOf('listing', {
  'listMemories() yields all memories by id, as they are stored': async (backend) => {
    await storeSamples(backend)
    await backend.putNodes([{ id: 'task', label: 'Task', properties: {} }])
    const memories = await collect(backend.listMemories())
    assert.deepEqual(idsOf(memories), SAMPLE_IDS.toSorted())
    assertPlain(memories, 'listed memories')
    const [first] = memories
    assert.deepEqual({ ...first, relationships: null }, await backend.getMemory(first?.id ?? '', false))
  },

  'listMemories() yields more than a page': async (backend) => {
    await backend.storeMemories(manyIds.map((id, at) => note(id, { importance: (at % 10) / 10 })).reverse())
    assert.deepEqual(idsOf(await collect(backend.listMemories())), manyIds)
    assert.equal((await collect(backend.listMemories({ min_importance: 0.9 }))).length, MANY / 10)
  },

  'listMemories() heeds each filter': async (backend) => {
    await storeSamples(backend)
    const expectations: readonly (readonly [MemoryFilter, readonly string[]])[] = [
      [{ memory_types: ['problem'] }, ['gateway-timeout', 'slow-report']],
      [{ tags: ['DATABASE'] }, ['connection-pool', 'slow-report']],
      [{ project_path: '/srv/shop' }, ['connection-pool', 'gateway-timeout', 'retry-backoff']],
      [{ languages: ['sql'] }, ['slow-report']],
      [{ frameworks: ['fastify'] }, ['gateway-timeout', 'retry-backoff']],
      [{ min_importance: 0.8 }, ['gateway-timeout', 'retry-backoff']],
      [{ min_confidence: 1 }, ['deploy-command']],
      [{ min_effectiveness: 0.9 }, ['retry-backoff']],
      [{ created_after: '2026-01-10' }, ['river-names']],
      [{ created_before: '2026-01-06' }, ['gateway-timeout']],
      [{ relationship_filter: ['ADDRESSES'] }, ['connection-pool', 'slow-report']],
      [{ memory_types: ['problem'], tags: ['payment'] }, ['gateway-timeout']],
      [{ tags: null, memory_types: undefined }, SAMPLE_IDS.toSorted()],
    ]
    for (const [filter, ids] of expectations) {
      assert.deepEqual(idsOf(await collect(backend.listMemories(filter))), ids, JSON.stringify(filter))
    }
  },

  'listMemories() refuses what is no filter': async (backend) => {
    await storeNotes(backend, 'a')
    for (const filter of [
      { query: 'x' },
      { limit: 1 },
      { offset: 1 },
      { tag: ['x'] },
      { tags: 'x' },
      5,
      'x',
    ]) {
      await rejectsWith(
        'MG_VALIDATION',
        () => collect(backend.listMemories(filter as never)),
        JSON.stringify(filter),
      )
    }
  },

  'listMemories() goes on while memories are written': async (backend) => {
    await storeNotes(backend, ...manyIds)
    const seen: string[] = []
    for await (const { id } of backend.listMemories()) {
      if (seen.length === 10) await backend.deleteMemory(manyIds.at(-1) ?? '')
      if (seen.length === 20) await backend.storeMemory(note('a-new-one'))
      seen.push(id)
    }
    assert.deepEqual(
      seen.filter((id) => id !== manyIds.at(-1)),
      manyIds.slice(0, -1),
    )
  },

  'listRelationships() yields all relationships by id, as they are stored': async (backend) => {
    await storeSamples(backend)
    const relationships = await collect(backend.listRelationships())
    assert.deepEqual(idsOf(relationships), ['backoff-solves-timeout', 'pool-addresses-report', 'was-related'])
    assert.deepEqual(relationships[2], await backend.getRelationship('was-related'))
    assertPlain(relationships, 'listed relationships')
  },

  'listRelationships() yields more than a page': async (backend) => {
    await storeNotes(backend, 'a', 'b')
    const ends = { from_memory_id: 'a', to_memory_id: 'b', type: 'SOLVES' }
    const ids = Array.from({ length: 1_100 }, (_, at) => `r${String(at).padStart(4, '0')}`)
    await backend.createRelationships(ids.map((id) => ({ ...ends, id })).reverse())
    assert.deepEqual(idsOf(await collect(backend.listRelationships())), ids)
    assert.deepEqual(idsOf(await collect(backend.listRelationships({ ids: ids.toReversed() }))), ids)
  },

  'listRelationships() heeds each filter': async (backend) => {
    await storeNotes(backend, 'a', 'b', 'c')
    await join(backend, 'ab', 'a', 'b', { type: 'SOLVES', properties: { valid_from: '2026-01-01' } })
    await join(backend, 'bc', 'b', 'c', { type: 'CAUSES', properties: { valid_from: '2026-01-03' } })
    const ended = { valid_from: '2026-01-01', valid_until: '2026-01-02' }
    await join(backend, 'ca', 'c', 'a', { type: 'SOLVES', properties: ended })
    const all = ['ab', 'bc', 'ca']
    const expectations: readonly (readonly [RelationshipFilter | undefined, readonly string[]])[] = [
      [undefined, all],
      [{}, all],
      [{ relationshipTypes: ['SOLVES'] }, ['ab', 'ca']],
      [{ relationshipTypes: ['CAUSES', 'BLOCKS'] }, ['bc']],
      [{ relationshipTypes: null, memoryIds: null, asOf: null, includeInvalidated: null }, all],
      [{ ids: ['ca', 'unknown', 'ab', 'ca'] }, ['ab', 'ca']],
      [{ ids: [] }, []],
      [{ ids: all, memoryIds: ['b'], relationshipTypes: ['SOLVES'] }, ['ab']],
      [{ ids: ['ca'], includeInvalidated: false }, []],
      [{ memoryIds: ['a'] }, ['ab', 'ca']],
      [{ memoryIds: ['b', 'c'] }, all],
      [{ memoryIds: ['unknown'] }, []],
      [{ includeInvalidated: false }, ['ab', 'bc']],
      [{ includeInvalidated: true }, all],
      [{ asOf: '2026-01-01T12:00:00Z' }, ['ab', 'ca']],
      [{ asOf: '2026-01-02T00:00:00Z' }, ['ab']],
      [{ asOf: '2026-01-03T00:00:00Z' }, ['ab', 'bc']],
      [{ asOf: '2025-12-31T00:00:00Z' }, []],
      [{ relationshipTypes: ['SOLVES'], memoryIds: ['c'] }, ['ca']],
      [{ relationshipTypes: ['SOLVES'], includeInvalidated: false }, ['ab']],
    ]
    for (const [filter, ids] of expectations) {
      assert.deepEqual(idsOf(await collect(backend.listRelationships(filter))), ids, JSON.stringify(filter))
    }
  },

  'listRelationships() refuses what is no filter': async (backend) => {
    for (const filter of [
      { types: [] },
      { relationshipTypes: 'SOLVES' },
      { memoryIds: 'a' },
      { ids: 'ab' },
      { ids: [5] },
      { asOf: 'then' },
      5,
    ]) {
      const list = (): Promise<unknown> => collect(backend.listRelationships(filter as never))
      await rejectsWith('MG_VALIDATION', list, JSON.stringify(filter))
    }
  },
})
