import assert from 'node:assert/strict'
import type { RelationshipPropertiesInput } from '../../model/relationship.js'
import { collect, idsOf, present, rejectsWith } from '../assertions.js'
import { casesOf, type GraphBackendCase } from '../graph-backend-case.js'
import { EVERY_PROPERTY, join, storeNotes, storeSamples } from '../samples.js'

const { invalidated_by: _reference, ...EVERY_PROPERTY_BUT_REFERENCE } = EVERY_PROPERTY

/** Changing and deleting relationships. */
export const relationshipUpdateCases: readonly GraphBackendCase[] = casesOf('relationships', {
  'updateRelationshipProperties() changes what the patch names and nothing else': async (backend) => {
    await storeNotes(backend, 'a', 'b')
    await join(backend, 'successor', 'a', 'b')
    await join(backend, 'another', 'a', 'b')
    const id = await backend.createRelationship('a', 'b', 'SOLVES', EVERY_PROPERTY)
    const patches: readonly RelationshipPropertiesInput[] = [
      { strength: 1 },
      { confidence: 0 },
      { context: 'New' },
      { evidence_count: 0 },
      { success_rate: 0.5 },
      { validation_count: 9 },
      { counter_evidence_count: 0 },
      { valid_until: '2027-01-01T00:00:00.000000+00:00' },
      { invalidated_by: 'another' },
      { last_validated: '2027-01-01T00:00:00.000000+00:00' },
      { strength: undefined },
      {},
    ]
    const expected = present(await backend.getRelationship(id))
    for (const patch of patches) {
      assert.equal(await backend.updateRelationshipProperties(id, patch), true)
      for (const [name, value] of Object.entries(patch)) {
        if (value !== undefined) Object.assign(expected.properties, { [name]: value })
      }
      assert.deepEqual(await backend.getRelationship(id), expected, JSON.stringify(patch))
    }
  },

  'updateRelationshipProperties() refuses times that do not fit those that are stored': async (backend) => {
    await storeNotes(backend, 'a', 'b')
    await join(backend, 'r', 'a', 'b', {
      properties: { valid_from: '2026-01-02', valid_until: '2026-01-03' },
    })
    const before = await backend.getRelationship('r')
    for (const patch of [
      { valid_until: '2026-01-02' },
      { valid_until: '2026-01-01' },
      { valid_from: '2026-01-03' },
    ]) {
      const update = (): Promise<boolean> => backend.updateRelationshipProperties('r', patch)
      await rejectsWith('MG_VALIDATION', update, JSON.stringify(patch))
    }
    assert.deepEqual(await backend.getRelationship('r'), before)
    const both = { valid_from: '2026-01-04', valid_until: '2026-01-05' }
    assert.equal(await backend.updateRelationshipProperties('r', both), true)
  },

  'updateRelationshipProperties() with null sets the default': async (backend) => {
    await storeNotes(backend, 'a', 'b', 'c')
    await join(backend, 'successor', 'b', 'c')
    const id = await backend.createRelationship('a', 'b', 'SOLVES', EVERY_PROPERTY)
    const cleared = {
      strength: null,
      confidence: null,
      context: null,
      evidence_count: null,
      success_rate: null,
      validation_count: null,
      counter_evidence_count: null,
      valid_until: null,
      invalidated_by: null,
    }
    assert.equal(await backend.updateRelationshipProperties(id, cleared), true)
    const { created_at, last_validated, valid_from, recorded_at } = EVERY_PROPERTY
    assert.deepEqual((await backend.getRelationship(id))?.properties, {
      ...cleared,
      ...{ created_at, last_validated, valid_from, recorded_at },
      ...{
        strength: 0.5,
        confidence: 0.8,
        evidence_count: 1,
        validation_count: 0,
        counter_evidence_count: 0,
      },
    })
    assert.equal((await backend.getRelatedMemories('a', { maxDepth: 1 })).length, 1, 'it holds again')
  },

  'updateRelationshipProperties() with valid_until ends a relationship': async (backend) => {
    await storeNotes(backend, 'a', 'b')
    await join(backend, 'r', 'a', 'b', { properties: { valid_from: '2026-01-01' } })
    await backend.updateRelationshipProperties('r', { valid_until: '2026-01-02' })
    assert.deepEqual(await backend.getRelatedMemories('a'), [])
    assert.equal((await backend.getRelatedMemories('a', { asOf: '2026-01-01T12:00:00Z' })).length, 1)
    assert.deepEqual(await backend.searchMemories({ relationship_filter: ['RELATED_TO'] }), [])
  },

  'createRelationship() and updateRelationshipProperties() refuse an invalidated_by that is no relationship':
    async (backend) => {
      await storeNotes(backend, 'a', 'b')
      await join(backend, 'r', 'a', 'b')
      const gone = { invalidated_by: 'gone' }
      await rejectsWith('MG_RELATIONSHIP', () => backend.createRelationship('a', 'b', 'SOLVES', gone))
      await rejectsWith('MG_RELATIONSHIP', () => backend.updateRelationshipProperties('r', gone))
      assert.deepEqual(idsOf(await collect(backend.listRelationships())), ['r'])
      assert.equal((await backend.getRelationship('r'))?.properties.invalidated_by, null)
    },

  'deleteRelationship() and deleteMemory() clear invalidated_by where it named what is gone': async (
    backend,
  ) => {
    await storeNotes(backend, 'a', 'b', 'c')
    for (const [successor, remove] of [
      ['s1', () => backend.deleteRelationship('s1')],
      ['s2', () => backend.deleteMemory('c')],
    ] as const) {
      await join(backend, successor, 'b', 'c')
      await join(backend, `before-${successor}`, 'a', 'b', { properties: { invalidated_by: successor } })
      assert.equal(await remove(), true)
      assert.equal((await backend.getRelationship(`before-${successor}`))?.properties.invalidated_by, null)
    }
  },

  'updateRelationshipProperties() resolves to false for an unknown id': async (backend) => {
    assert.equal(await backend.updateRelationshipProperties('unknown', { strength: 1 }), false)
    assert.equal(await backend.getRelationship('unknown'), null)
  },

  'deleteRelationship() resolves to true, then to false': async (backend) => {
    await storeSamples(backend)
    assert.equal(await backend.deleteRelationship('backoff-solves-timeout'), true)
    assert.equal(await backend.getRelationship('backoff-solves-timeout'), null)
    assert.equal(await backend.deleteRelationship('backoff-solves-timeout'), false)
    assert.deepEqual(await backend.getRelatedMemories('retry-backoff'), [])
    assert.equal((await backend.getMemories(['retry-backoff', 'gateway-timeout'])).length, 2)
    assert.equal((await collect(backend.listRelationships())).length, 2)
  },

  'updateRelationshipProperties() moves a relationship to other nodes, with all that it is': async (
    backend,
  ) => {
    await storeNotes(backend, 'a', 'b', 'c', 'd')
    await join(backend, 'r', 'a', 'b', { properties: EVERY_PROPERTY_BUT_REFERENCE })
    await join(backend, 'before', 'a', 'b', { properties: { invalidated_by: 'r' } })
    const before = present(await backend.getRelationship('r'))
    assert.equal(await backend.updateRelationshipProperties('r', {}, { from_memory_id: 'c' }), true)
    assert.deepEqual(await backend.getRelationship('r'), { ...before, from_memory_id: 'c' })
    await backend.updateRelationshipProperties('r', { strength: 1 }, { to_memory_id: 'd' })
    const after = { ...before, from_memory_id: 'c', to_memory_id: 'd' }
    assert.deepEqual(await backend.getRelationship('r'), {
      ...after,
      properties: { ...before.properties, strength: 1 },
    })
    assert.equal((await backend.getRelationship('before'))?.properties.invalidated_by, 'r')
    assert.deepEqual(idsOf(await collect(backend.listRelationships({ memoryIds: ['b'] }))), ['before'])
    assert.deepEqual(idsOf(await collect(backend.listRelationships({ memoryIds: ['d'] }))), ['r'])
    await backend.deleteNodes(['b'])
    assert.equal(present(await backend.getRelationship('r')).to_memory_id, 'd')
  },

  'updateRelationshipProperties() moves none to where nothing is, nor to itself': async (backend) => {
    await storeNotes(backend, 'a', 'b')
    await join(backend, 'r', 'a', 'b')
    const before = await backend.getRelationship('r')
    const move = (ends: unknown) => () => backend.updateRelationshipProperties('r', {}, ends as never)
    await rejectsWith('MG_RELATIONSHIP', move({ to_memory_id: 'unknown' }))
    for (const ends of [{ to_memory_id: 'a' }, { to_memory_id: null }, { id: 'a' }, 5])
      await rejectsWith('MG_VALIDATION', move(ends), JSON.stringify(ends))
    assert.deepEqual(await backend.getRelationship('r'), before)
    assert.equal(await backend.updateRelationshipProperties('unknown', {}, { to_memory_id: 'a' }), false)
  },
})
