import assert from 'node:assert/strict'
import { RELATIONSHIP_TYPE_METADATA, RELATIONSHIP_TYPES } from '../../model/relationship-type.js'
import {
  assertPlain,
  CANONICAL_TIMESTAMP,
  collect,
  idSetOf,
  idsOf,
  present,
  rejectsWith,
} from '../assertions.js'
import { casesOf, type GraphBackendCase } from '../graph-backend-case.js'
import { EVERY_PROPERTY, join, SAMPLE_RELATIONSHIPS, storeNotes, storeSamples } from '../samples.js'

const UNFIT_PROPERTIES: readonly object[] = [
  { strength: 1.1 },
  { strength: -0.1 },
  { strength: '0.5' },
  { confidence: Number.NaN },
  { context: 5 },
  { context: 'a\u0000b' },
  { context: '\ud83e' },
  { evidence_count: -1 },
  { evidence_count: 1.5 },
  { success_rate: 2 },
  { validation_count: '1' },
  { counter_evidence_count: -1 },
  { created_at: 'yesterday' },
  { last_validated: 5 },
  { valid_from: '2026-02-30' },
  { valid_until: new Date(Number.NaN) },
  { recorded_at: '' },
  { invalidated_by: '' },
  { invalidated_by: 5 },
  { valid_from: '2026-01-02', valid_until: '2026-01-01' },
  { valid_from: '2026-01-01T00:00:00Z', valid_until: '2026-01-01T01:00:00+01:00' },
  { stregth: 0.5 },
  { id: 'x' },
]

/** Joining nodes; reading, changing and deleting relationships. */
export const relationshipCases: readonly GraphBackendCase[] = casesOf('relationships', {
  'createRelationship() fills in defaults': async (backend) => {
    await storeNotes(backend, 'a', 'b')
    const before = new Date(Date.now() - 1000).toISOString()
    const id = await backend.createRelationship('a', 'b', 'CAUSES')
    const relationship = present(await backend.getRelationship(id))
    const { created_at, last_validated, valid_from, recorded_at, ...properties } = relationship.properties
    assert.deepEqual(
      { ...relationship, properties },
      {
        id,
        from_memory_id: 'a',
        to_memory_id: 'b',
        type: 'CAUSES',
        properties: {
          strength: 0.5,
          confidence: 0.8,
          context: null,
          evidence_count: 1,
          success_rate: null,
          validation_count: 0,
          counter_evidence_count: 0,
          valid_until: null,
          invalidated_by: null,
        },
        description: null,
        bidirectional: false,
      },
    )
    for (const time of [created_at, last_validated, valid_from, recorded_at]) {
      assert.match(time, CANONICAL_TIMESTAMP)
      assert.ok(time > before)
    }
  },

  'createRelationship() keeps every property': async (backend) => {
    await storeNotes(backend, 'a', 'b')
    await join(backend, 'successor', 'a', 'b')
    const id = await backend.createRelationship('a', 'b', 'SOLVES', Object.freeze({ ...EVERY_PROPERTY }))
    const relationship = present(await backend.getRelationship(id))
    assert.deepEqual(relationship.properties, EVERY_PROPERTY)
    assertPlain(relationship, 'a relationship')
  },

  'createRelationship() takes null as absent': async (backend) => {
    await storeNotes(backend, 'a', 'b')
    const nothing = Object.fromEntries(Object.keys(EVERY_PROPERTY).map((name) => [name, null]))
    for (const properties of [null, undefined, nothing]) {
      const id = await backend.createRelationship('a', 'b', 'SOLVES', properties)
      assert.equal((await backend.getRelationship(id))?.properties.strength, 0.5)
    }
  },

  'createRelationship() knows all 35 types, and which hold both ways': async (backend) => {
    await storeNotes(backend, 'a', 'b')
    const ends = { from_memory_id: 'a', to_memory_id: 'b' }
    await backend.createRelationships(RELATIONSHIP_TYPES.map((type) => ({ ...ends, id: type, type })))
    for (const type of RELATIONSHIP_TYPES) {
      const relationship = present(await backend.getRelationship(type))
      assert.equal(relationship.type, type)
      assert.equal(relationship.bidirectional, RELATIONSHIP_TYPE_METADATA[type].bidirectional)
    }
    assert.equal((await backend.getMemoryStatistics()).total_relationships.count, 35)
  },

  'createRelationship() refuses ends that do not exist': async (backend) => {
    await storeNotes(backend, 'a')
    await rejectsWith('MG_RELATIONSHIP', () => backend.createRelationship('a', 'gone', 'SOLVES'))
    await rejectsWith('MG_RELATIONSHIP', () => backend.createRelationship('gone', 'a', 'SOLVES'))
    await rejectsWith('MG_RELATIONSHIP', () => backend.createRelationship('gone', 'lost', 'SOLVES'))
    assert.deepEqual(await collect(backend.listRelationships()), [])
  },

  'createRelationship() refuses unknown types': async (backend) => {
    await storeNotes(backend, 'a', 'b')
    for (const type of ['LIKES', 'solves', '', null, 5, undefined]) {
      await rejectsWith(
        'MG_VALIDATION',
        () => backend.createRelationship('a', 'b', type as never),
        String(type),
      )
    }
    assert.deepEqual(await collect(backend.listRelationships()), [])
  },

  'createRelationship() refuses a node joined to itself': async (backend) => {
    await storeNotes(backend, 'a')
    await rejectsWith('MG_VALIDATION', () => backend.createRelationship('a', 'a', 'RELATED_TO'))
    assert.deepEqual(await collect(backend.listRelationships()), [])
  },

  'createRelationship() refuses ids that are no ids': async (backend) => {
    await storeNotes(backend, 'a')
    for (const id of ['', 5, null, undefined, {}, 'x'.repeat(256)]) {
      await rejectsWith('MG_VALIDATION', () => backend.createRelationship('a', id as never, 'SOLVES'))
      await rejectsWith('MG_VALIDATION', () => backend.createRelationship(id as never, 'a', 'SOLVES'))
    }
  },

  'createRelationship() and updateRelationshipProperties() refuse properties that do not fit': async (
    backend,
  ) => {
    await storeNotes(backend, 'a', 'b')
    await join(backend, 'r', 'a', 'b')
    const before = await backend.getRelationship('r')
    for (const properties of [...UNFIT_PROPERTIES, 'text', 5, []]) {
      const about = JSON.stringify(properties)
      await rejectsWith(
        'MG_VALIDATION',
        () => backend.createRelationship('a', 'b', 'SOLVES', properties as never),
        about,
      )
      await rejectsWith(
        'MG_VALIDATION',
        () => backend.updateRelationshipProperties('r', properties as never),
        about,
      )
    }
    assert.deepEqual(await collect(backend.listRelationships()), [before])
  },

  'createRelationship() refuses a valid_until that is not after valid_from, also where that is the present':
    async (backend) => {
      await storeNotes(backend, 'a', 'b')
      const past = { valid_until: '2020-01-01T00:00:00Z' }
      await rejectsWith('MG_VALIDATION', () => backend.createRelationship('a', 'b', 'SOLVES', past))
      assert.deepEqual(await collect(backend.listRelationships()), [])
    },

  'createRelationship() joins the same two any number of times': async (backend) => {
    await storeNotes(backend, 'a', 'b')
    const ids = await Promise.all([
      backend.createRelationship('a', 'b', 'SOLVES'),
      backend.createRelationship('a', 'b', 'SOLVES'),
      backend.createRelationship('a', 'b', 'CAUSES'),
      backend.createRelationship('b', 'a', 'REQUIRES'),
    ])
    assert.equal(new Set(ids).size, 4)
    assert.deepEqual(idSetOf(await collect(backend.listRelationships())), ids.toSorted())
  },

  'createRelationship() joins nodes of any label': async (backend) => {
    await storeNotes(backend, 'a')
    await backend.putNodes([
      { id: 'task', label: 'Task', properties: {} },
      { id: 'agent', label: 'Agent', properties: {} },
    ])
    await join(backend, 'r1', 'a', 'task')
    await join(backend, 'r2', 'agent', 'task')
    assert.deepEqual(idsOf(await collect(backend.listRelationships())), ['r1', 'r2'])
  },

  'createRelationships() refuses an id that exists already, and creates none': async (backend) => {
    await storeNotes(backend, 'a', 'b')
    const relationship = { id: 'r', from_memory_id: 'a', to_memory_id: 'b', type: 'SOLVES' }
    await backend.createRelationships([relationship])
    const other = { ...relationship, id: 'other' }
    await rejectsWith('MG_CONFLICT', () =>
      backend.createRelationships([other, { ...relationship, type: 'CAUSES' }]),
    )
    await rejectsWith('MG_CONFLICT', () => backend.createRelationships([other, other]), 'the same id twice')
    assert.deepEqual(idsOf(await collect(backend.listRelationships())), ['r'])
    assert.equal((await backend.getRelationship('r'))?.type, 'SOLVES')
  },

  'createRelationships() does not change its argument': async (backend) => {
    await storeSamples(backend)
    const read = await collect(backend.listRelationships())
    assert.deepEqual(idsOf(read), SAMPLE_RELATIONSHIPS.map(({ id }) => id).toSorted())
    assert.equal(read[0]?.properties.context, 'Measured for a week.')
  },

  'getRelationship(), deleteRelationship() and updateRelationshipProperties() refuse what are no ids': async (
    backend,
  ) => {
    for (const id of [5, null, undefined, {}, '', 'x'.repeat(256)] as never[]) {
      await rejectsWith('MG_VALIDATION', () => backend.getRelationship(id), 'getRelationship()')
      await rejectsWith('MG_VALIDATION', () => backend.deleteRelationship(id), 'deleteRelationship()')
      await rejectsWith('MG_VALIDATION', () => backend.updateRelationshipProperties(id, {}), 'update')
    }
  },

  'getRelationship() resolves to null for an unknown id': async (backend) => {
    assert.equal(await backend.getRelationship('unknown'), null)
  },
})
