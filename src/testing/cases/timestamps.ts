import assert from 'node:assert/strict'
import { CANONICAL_TIMESTAMP, collect, present } from '../assertions.js'
import { casesOf, type GraphBackendCase } from '../graph-backend-case.js'
import { join, note, storeNotes } from '../samples.js'

/** Times as they may be given, and as they come out. */
const TIMES: readonly (readonly [given: string | Date, canonical: string])[] = [
  [new Date('2026-03-01T12:00:00.250Z'), '2026-03-01T12:00:00.250000+00:00'],
  ['2026-03-01T12:00:00Z', '2026-03-01T12:00:00.000000+00:00'],
  ['2026-03-01T12:00:00.5z', '2026-03-01T12:00:00.500000+00:00'],
  ['2026-03-01T12:00:00', '2026-03-01T12:00:00.000000+00:00'],
  ['2026-03-01 12:00:00', '2026-03-01T12:00:00.000000+00:00'],
  ['2026-03-01', '2026-03-01T00:00:00.000000+00:00'],
  ['2026-03-01T12:00:00.123456+00:00', '2026-03-01T12:00:00.123456+00:00'],
  ['2026-03-01T12:00:00.1234569Z', '2026-03-01T12:00:00.123456+00:00'],
  ['2026-03-01T01:00:00.000001+02:00', '2026-02-28T23:00:00.000001+00:00'],
  ['2026-02-28T23:30:00-05:30', '2026-03-01T05:00:00.000000+00:00'],
  ['2026-03-01T12:00:00-0800', '2026-03-01T20:00:00.000000+00:00'],
  ['2024-02-29T12:00:00Z', '2024-02-29T12:00:00.000000+00:00'],
  ['1969-12-31T23:59:59.999999Z', '1969-12-31T23:59:59.999999+00:00'],
  ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59.000000+00:00'],
]

/** Times go in as `Date` or ISO 8601 text with any offset and come out in one form. */
export const timestampCases: readonly GraphBackendCase[] = casesOf('timestamps', {
  'storeMemory() brings times into the canonical form': async (backend) => {
    for (const [given, canonical] of TIMES) {
      const id = await backend.storeMemory({
        type: 'general',
        title: 'A time',
        content: 'A time',
        created_at: given,
        last_accessed: given,
        context: { timestamp: given },
      })
      const memory = present(await backend.getMemory(id))
      assert.deepEqual(
        [memory.created_at, memory.last_accessed, memory.context?.timestamp],
        [canonical, canonical, canonical],
        String(given),
      )
    }
  },

  'updateMemory() brings times into the canonical form': async (backend) => {
    await storeNotes(backend, 'a')
    for (const [given, canonical] of TIMES) {
      await backend.updateMemory({
        id: 'a',
        created_at: given,
        last_accessed: given,
        context: { timestamp: given },
      })
      const memory = present(await backend.getMemory('a'))
      assert.deepEqual(
        [memory.created_at, memory.last_accessed, memory.context?.timestamp],
        [canonical, canonical, canonical],
        String(given),
      )
    }
  },

  'createRelationship() and updateRelationshipProperties() bring times into the canonical form': async (
    backend,
  ) => {
    await storeNotes(backend, 'a', 'b')
    for (const [given, canonical] of TIMES) {
      const times = { valid_from: given, recorded_at: given, created_at: given, last_validated: given }
      const id = await backend.createRelationship('a', 'b', 'RELATED_TO', times)
      await backend.updateRelationshipProperties(id, { last_validated: given, recorded_at: given })
      const { properties } = present(await backend.getRelationship(id))
      const { valid_from, recorded_at, created_at, last_validated } = properties
      for (const time of [valid_from, recorded_at, created_at, last_validated]) assert.equal(time, canonical)
    }
  },

  'created_after, created_before and asOf are instants, whatever their offset': async (backend) => {
    await backend.storeMemories([note('a', { created_at: '2026-03-01T12:00:00Z' }), note('b')])
    await join(backend, 'a-b', 'a', 'b', {
      properties: { valid_from: '2026-03-01T12:00:00Z', valid_until: '2026-03-02T12:00:00Z' },
    })
    for (const noon of [
      new Date('2026-03-01T12:00:00Z'),
      '2026-03-01T14:00:00+02:00',
      '2026-03-01T04:00:00-08:00',
    ]) {
      assert.equal((await backend.searchMemories({ created_after: noon, created_before: noon })).length, 1)
      assert.equal((await backend.getRelatedMemories('a', { asOf: noon })).length, 1)
      assert.equal((await collect(backend.listRelationships({ asOf: noon }))).length, 1)
    }
    const earlier = '2026-03-01T12:59:59+01:00'
    assert.equal((await backend.searchMemories({ created_before: earlier })).length, 0)
    assert.equal((await backend.getRelatedMemories('a', { asOf: earlier })).length, 0)
  },

  'storeMemory() and updateMemory() set updated_at': async (backend) => {
    await storeNotes(backend, 'a')
    const stored = present(await backend.getMemory('a'))
    await backend.updateMemory({ id: 'a', title: 'New', updated_at: '2001-01-01T00:00:00Z' })
    const updated = present(await backend.getMemory('a'))
    assert.match(updated.updated_at, CANONICAL_TIMESTAMP)
    assert.ok(updated.updated_at >= stored.updated_at, 'updated_at goes forward')
    assert.ok(Math.abs(Date.parse(updated.updated_at) - Date.now()) < 60_000, 'updated_at is the present')
    assert.equal(updated.created_at, stored.created_at)
  },
})
