import assert from 'node:assert/strict'
import type { GraphBackend } from '../../backends/graph-backend.js'
import { collect, idsOf, rejectsWith } from '../assertions.js'
import { type GraphBackendCase, historyCases } from '../graph-backend-case.js'
import { join, storeNotes } from '../samples.js'

async function related(backend: GraphBackend, id: string, asOf?: string): Promise<string[]> {
  return (await backend.getRelatedMemories(id, { asOf, maxDepth: 1 })).map(([memory]) => memory.id)
}

/** Relationships that end, are replaced, and are asked for as they were. */
export const relationshipHistoryCases: readonly GraphBackendCase[] = historyCases('history', {
  'invalidateRelationship() ends a relationship now: it is left out, and found in its time': async (
    backend,
  ) => {
    await storeNotes(backend, 'a', 'b')
    await join(backend, 'r', 'a', 'b', { properties: { valid_from: '2026-01-01' } })
    assert.equal(await backend.invalidateRelationship('r'), true)
    const relationship = await backend.getRelationship('r')
    assert.ok(relationship?.properties.valid_until)
    assert.equal(relationship.properties.invalidated_by, null)
    assert.deepEqual(await related(backend, 'a'), [])
    assert.deepEqual(await related(backend, 'a', '2026-01-02'), ['b'])
    assert.deepEqual(await related(backend, 'a', '2025-12-31T23:59:59Z'), [])
  },

  'invalidateRelationship() notes by what, and leaves what had ended as it was': async (backend) => {
    await storeNotes(backend, 'a', 'b')
    await join(backend, 'old', 'a', 'b')
    await join(backend, 'new', 'a', 'b')
    assert.equal(await backend.invalidateRelationship('old', 'new'), true)
    const before = await backend.getRelationship('old')
    assert.equal(before?.properties.invalidated_by, 'new')
    assert.equal(await backend.invalidateRelationship('old'), false)
    assert.deepEqual(await backend.getRelationship('old'), before)
  },

  'invalidateRelationship() rejects unknown ids, and circles of invalidation': async (backend) => {
    await storeNotes(backend, 'a', 'b')
    await join(backend, 'one', 'a', 'b')
    await join(backend, 'two', 'a', 'b')
    await rejectsWith('MG_RELATIONSHIP', () => backend.invalidateRelationship('absent'))
    await rejectsWith('MG_RELATIONSHIP', () => backend.invalidateRelationship('one', 'absent'))
    await backend.invalidateRelationship('one', 'two')
    await rejectsWith('MG_RELATIONSHIP', () => backend.invalidateRelationship('two', 'one'))
    assert.equal((await backend.getRelationship('two'))?.properties.valid_until, null)
  },

  'supersedeRelationship() ends one and begins the other at the same instant, with its ends and type': async (
    backend,
  ) => {
    await storeNotes(backend, 'a', 'b', 'c')
    await join(backend, 'old', 'a', 'b', { type: 'USED_IN', properties: { valid_from: '2026-01-01' } })
    const id = await backend.supersedeRelationship('old', {
      to_memory_id: 'c',
      properties: { strength: 0.9, valid_from: '2026-03-01T00:00:00+02:00' },
    })
    const [old, young] = [await backend.getRelationship('old'), await backend.getRelationship(id)]
    assert.equal(old?.properties.valid_until, '2026-02-28T22:00:00.000000+00:00')
    assert.equal(old?.properties.invalidated_by, id)
    assert.equal(young?.properties.valid_from, old?.properties.valid_until)
    assert.deepEqual(
      [young?.from_memory_id, young?.to_memory_id, young?.type, young?.properties.strength],
      ['a', 'c', 'USED_IN', 0.9],
    )
    assert.deepEqual(await related(backend, 'a', '2026-02-28T21:59:59Z'), ['b'])
    assert.deepEqual(await related(backend, 'a', '2026-02-28T22:00:00Z'), ['c'])
  },

  'supersedeRelationship() does both or nothing': async (backend) => {
    await storeNotes(backend, 'a', 'b')
    await join(backend, 'old', 'a', 'b')
    await rejectsWith('MG_RELATIONSHIP', () =>
      backend.supersedeRelationship('old', { to_memory_id: 'absent' }),
    )
    await rejectsWith('MG_RELATIONSHIP', () => backend.supersedeRelationship('absent', {}))
    await rejectsWith('MG_CONFLICT', () => backend.supersedeRelationship('old', { id: 'old' }))
    assert.equal((await backend.getRelationship('old'))?.properties.valid_until, null)
    assert.deepEqual(await related(backend, 'a'), ['b'])
  },

  'supersedeRelationship() refuses one whose place another has taken, and names that': async (backend) => {
    await storeNotes(backend, 'a', 'b')
    await join(backend, 'r', 'a', 'b')
    const successor = await backend.supersedeRelationship('r', {})
    const again = () => backend.supersedeRelationship('r', {})
    await rejectsWith('MG_RELATIONSHIP', again)
    assert.equal((await backend.getRelationship('r'))?.properties.invalidated_by, successor)
    assert.equal((await collect(backend.listRelationships())).length, 2)
  },

  'getRelationshipHistory() has all there ever were, in both directions, the earliest first, page by page':
    async (backend) => {
      await storeNotes(backend, 'a', 'b', 'c')
      await join(backend, 'third', 'a', 'b', { properties: { valid_from: '2026-03-01' } })
      await join(backend, 'first', 'c', 'a', { type: 'CAUSES', properties: { valid_from: '2026-01-01' } })
      await join(backend, 'second', 'a', 'c', {
        properties: { valid_from: '2026-02-01T00:30:00+01:00', valid_until: '2026-02-02' },
      })
      await join(backend, 'other', 'b', 'c')
      assert.deepEqual(idsOf(await backend.getRelationshipHistory('a')), ['first', 'second', 'third'])
      assert.deepEqual(idsOf(await backend.getRelationshipHistory('a', { limit: 1, offset: 1 })), ['second'])
      assert.deepEqual(idsOf(await backend.getRelationshipHistory('a', { relationshipTypes: ['CAUSES'] })), [
        'first',
      ])
      assert.deepEqual(await backend.getRelationshipHistory('absent'), [])
      for (const options of [{ limit: 0 }, { limit: 1001 }, { offset: -1 }])
        await rejectsWith('MG_VALIDATION', () => backend.getRelationshipHistory('a', options))
    },

  'whatChanged() lists what was recorded and what ended since, newest first, in any time zone': async (
    backend,
  ) => {
    await storeNotes(backend, 'a', 'b')
    const recorded = (at: string) => ({ properties: { valid_from: '2025-01-01', recorded_at: at } })
    await join(backend, 'before', 'a', 'b', recorded('2026-05-01T11:59:59Z'))
    await join(backend, 'at', 'a', 'b', recorded('2026-05-01T12:00:00Z'))
    await join(backend, 'after', 'a', 'b', recorded('2026-05-02T00:00:00Z'))
    await backend.updateRelationshipProperties('before', { valid_until: '2026-06-01' })
    await backend.updateRelationshipProperties('at', { valid_until: '2026-04-01' })
    await backend.updateRelationshipProperties('after', { valid_until: '9999-01-01' })
    const changed = await backend.whatChanged('2026-05-01T21:00:00+09:00')
    assert.deepEqual(idsOf(changed.new_relationships), ['after', 'at'])
    assert.deepEqual(idsOf(changed.invalidated_relationships), ['before'])
    const all = await backend.whatChanged('2020-01-01')
    assert.deepEqual(idsOf(all.new_relationships), ['after', 'at', 'before'])
    assert.deepEqual(idsOf(all.invalidated_relationships), ['before', 'at'])
    assert.deepEqual(await backend.whatChanged('9999-01-01'), {
      new_relationships: [],
      invalidated_relationships: [],
    })
    for (const since of ['yesterday', '', 5, null, undefined])
      await rejectsWith('MG_VALIDATION', () => backend.whatChanged(since as never), String(since))
  },

  'searchMemories() and recallMemories() with as_of have the relationships of that instant': async (
    backend,
  ) => {
    await storeNotes(backend, 'a', 'b')
    await join(backend, 'r', 'a', 'b', {
      type: 'SOLVES',
      properties: { valid_from: '2026-01-01', valid_until: '2026-02-01' },
    })
    const titles = { solves: ['Note b'] }
    const query = { query: 'Note a', terms: ['a'], relationship_filter: ['SOLVES'] }
    assert.deepEqual(await backend.searchMemories(query), [])
    const [hit] = await backend.searchMemories({ ...query, as_of: '2026-01-15' })
    assert.deepEqual(hit?.relationships, titles)
    const [recalled] = await backend.recallMemories('note', { asOf: '2026-01-15', limit: 1 })
    assert.deepEqual(Object.keys(recalled?.relationships ?? {}), ['solves'])
    const [present] = await backend.searchMemories({ terms: ['a'] })
    assert.deepEqual(present?.relationships, {})
  },

  'invalidateRelationship() and supersedeRelationship() in a transaction are done with the rest, or not at all':
    async (backend) => {
      await storeNotes(backend, 'a', 'b')
      await join(backend, 'one', 'a', 'b')
      await join(backend, 'two', 'a', 'b')
      const attempt = backend.transaction(async (tx) => {
        await tx.invalidateRelationship('one')
        await tx.supersedeRelationship('two', { id: 'three' })
        assert.deepEqual(idsOf(await tx.getRelationshipHistory('a')).sort(), ['one', 'three', 'two'])
        throw new Error('undone')
      })
      await assert.rejects(attempt, /undone/)
      assert.equal((await backend.getRelationship('one'))?.properties.valid_until, null)
      assert.equal(await backend.getRelationship('three'), null)
    },
})
