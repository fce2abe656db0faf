import Database from 'libsql'
import { describe, expect, it } from 'vitest'
import { relationshipSchema } from '../../../src/model/relationship.js'
import { toTimestamp } from '../../../src/model/timestamp.js'
import { validate } from '../../../src/model/validation.js'
import { fixture, fixtureCopy } from '../../support/scratch.js'
import { open, recordsOf, refusalOf, type Value, valuesOf } from './read-source.js'

/** The same memories and relationships as in the other two, in the layout that is read in full. */
async function truth(): Promise<{ memories: Value[]; relationships: Value[] }> {
  const records = await recordsOf(await open(fixture('foreign/python-pre-temporal.db')))
  return {
    memories: valuesOf(records, 'node').map(({ properties }) => properties as Value),
    relationships: valuesOf(records, 'relationship'),
  }
}

function changed(name: string, sql: string): string {
  const path = fixtureCopy(name)
  const database = new Database(path)
  database.exec(`PRAGMA foreign_keys = OFF; ${sql}`)
  database.close()
  return path
}

describe.each([
  ['foreign/python-turso-layout.db', 'MemoryGraph for Python, Turso layout'],
  ['foreign/memorygraph-ts-0.13.db', 'MemoryGraph for TypeScript 0.13'],
])('%s', (name, format) => {
  it('gives each memory with each of its fields', async () => {
    const source = await open(fixture(name))
    expect(source.format).toBe(format)
    const memories = valuesOf(await recordsOf(source), 'memory')
    const { memories: expected } = await truth()
    expect(memories).toHaveLength(expected.length)
    for (const [at, memory] of memories.entries()) {
      const stored = expected[at] as Value
      for (const field of ['id', 'type', 'title', 'content', 'summary', 'tags', 'importance'])
        expect(memory[field], field).toEqual(stored[field])
      expect(toTimestamp(memory['created_at'])).toBe(stored['created_at'])
      const context = memory['context'] as Value | undefined
      expect(context?.['project_path'] ?? undefined).toBe(stored['context_project_path'])
      expect(context?.['visibility']).toBe(stored['context_visibility'])
      expect(refusalOf(memory)).toBeNull()
    }
  })

  it('gives each relationship, after the memories', async () => {
    const records = await recordsOf(await open(fixture(name)))
    const first = records.findIndex(({ kind }) => kind === 'relationship')
    expect(records.slice(first).every(({ kind }) => kind === 'relationship')).toBe(true)
    const { relationships: expected } = await truth()
    const relationships = valuesOf(records, 'relationship')
    expect(relationships).toHaveLength(expected.length)
    const ids = new Set(valuesOf(records, 'memory').map(({ id }) => id))
    for (const [at, relationship] of relationships.entries()) {
      const { from_memory_id, to_memory_id, type, properties } = expected[at] as Value
      const { strength, confidence, context } = properties as Value
      expect(relationship).toMatchObject({
        from_memory_id,
        to_memory_id,
        type,
        properties: { strength, confidence, context },
      })
      expect(ids).toContain(from_memory_id)
      const checked = validate(relationshipSchema, relationship, 'relationship')
      expect(checked.properties?.valid_from).toMatch(/^20/)
      expect(checked.properties?.recorded_at).toMatch(/^20/)
    }
  })

  it('keeps columns that no memory has a field for, and gives broken values as what they are', async () => {
    const table = name.includes('turso') ? 'nodes' : 'memories'
    const path = changed(
      name,
      `ALTER TABLE ${table} ADD COLUMN "mood ""x""" TEXT; ALTER TABLE ${table} ADD COLUMN seal BLOB;
       UPDATE ${table} SET "mood ""x""" = 'calm', seal = x'00ff', context = NULL WHERE rowid = 1;
       UPDATE ${table} SET context = '{', tags = 'a, b' WHERE rowid = 2;
       UPDATE ${table} SET id = NULL WHERE rowid = 3;
       UPDATE relationships SET id = NULL WHERE rowid = 1`,
    )
    const records = await recordsOf(await open(path))
    const [first, second, third] = valuesOf(records, 'memory')
    expect(first).toMatchObject({ 'mood "x"': 'calm', seal: '00FF' })
    expect(refusalOf(first)).toBeNull()
    expect(second).toMatchObject({ context: '{', tags: 'a, b' })
    expect(refusalOf(second)).toMatch(/tags.*context|context.*tags/)
    expect(third?.['id']).toBeNull()
    expect(refusalOf(third)).toContain('id: must not be missing')
    expect(records[2]?.place).toBe(`${table} row 3`)
    const relationship = records.find(({ kind }) => kind === 'relationship')
    expect(() => validate(relationshipSchema, relationship?.value, 'relationship')).toThrow(
      /id: must not be empty/,
    )
  })
})

describe('MemoryGraph for TypeScript', () => {
  it('keeps all that it knows of a memory and a relationship', async () => {
    const path = changed(
      'foreign/memorygraph-ts-0.13.db',
      `UPDATE memories SET version = 7, updated_by = 'ada', usage_count = 3 WHERE rowid = 1;
       UPDATE relationships SET valid_until = '2025-02-02T00:00:00Z', evidence_count = 4, validation_count = 5, counter_evidence_count = 6,
         invalidated_by = (SELECT id FROM relationships WHERE rowid = 2) WHERE rowid = 1`,
    )
    const records = await recordsOf(await open(path))
    expect(records[0]?.value).toMatchObject({
      confidence: 0.575,
      effectiveness: 0.651,
      usage_count: 3,
      updated_at: '2026-11-21T01:06:46.956Z',
      last_accessed: '2025-01-01T08:00:00.123456Z',
      version: 7,
      updated_by: 'ada',
      context: { additional_metadata: { installed_size: 49154 }, created_by: 'alice' },
    })
    const [first, second] = valuesOf(records, 'relationship')
    expect(first?.['properties']).toEqual({
      strength: 0.844,
      confidence: 0.738,
      context: 'Depends: libc6',
      evidence_count: 4,
      success_rate: 0.5,
      created_at: '2026-11-21T01:06:01.786169+00:00',
      last_validated: '2026-11-21T01:06:01.786172+00:00',
      validation_count: 5,
      counter_evidence_count: 6,
      valid_from: '2025-01-01T08:00:00.123456+00:00',
      valid_until: '2025-02-02T00:00:00Z',
      recorded_at: '2026-11-21T01:06:01.786174+00:00',
      invalidated_by: second?.['id'],
    })
  })
})

describe('the Turso layout of MemoryGraph for Python', () => {
  it('lets a memory without a content have its title for one', async () => {
    const path = changed('foreign/python-turso-layout.db', 'UPDATE nodes SET content = NULL WHERE rowid = 1')
    const [memory] = await recordsOf(await open(path))
    expect(memory?.value).toMatchObject({ title: 'git', content: 'git' })
  })
})
