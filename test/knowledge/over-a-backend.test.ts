import { describe, expect, it } from 'vitest'
import {
  contextualSearch,
  findContradictions,
  findCycles,
  InMemoryBackend,
  reinforceRelationship,
} from '../../src/index.js'

async function storeNotes(...ids: readonly string[]): Promise<InMemoryBackend> {
  const backend = await InMemoryBackend.create()
  await backend.storeMemories(
    ids.map((id) => ({ id, type: 'general', title: `Note ${id}`, content: `About ${id} and retries` })),
  )
  return backend
}

function step(id: string, type = 'DEPENDS_ON') {
  const [from_memory_id = '', to_memory_id = ''] = id.split('-')
  return { id: `${id} ${type}`, from_memory_id, to_memory_id, type }
}

describe('reinforceRelationship()', () => {
  it('strengthens what proved right, weakens what did not, and keeps its times', async () => {
    await using backend = await storeNotes('a', 'b')
    const properties = { valid_from: '2026-01-01', strength: 0.5, confidence: 0.8 }
    const id = await backend.createRelationship('a', 'b', 'SOLVES', properties)
    const before = await backend.getRelationship(id)
    const after = await reinforceRelationship(backend, id, true)
    expect(after).toMatchObject({ strength: 0.55, confidence: 0.83, evidence_count: 2, validation_count: 1 })
    expect((await backend.getRelationship(id))?.properties).toEqual(after)
    expect(after?.valid_from).toBe(before?.properties.valid_from)
    expect(after && after.last_validated > (before?.properties.last_validated ?? '')).toBe(true)
    expect(await reinforceRelationship(backend, id, false)).toMatchObject({ counter_evidence_count: 1 })
    expect(await reinforceRelationship(backend, 'absent', true)).toBeNull()
  })
})

describe('findContradictions()', () => {
  it('finds current relationships that cannot both be right', async () => {
    await using backend = await storeNotes('a', 'b', 'c')
    await backend.createRelationships([
      step('a-b', 'SOLVES'),
      step('a-b', 'INEFFECTIVE_FOR'),
      step('a-c', 'SOLVES'),
      step('c-a', 'INEFFECTIVE_FOR'),
    ])
    const found = await findContradictions(backend, 'b')
    expect(found.map(({ relationships }) => relationships.map(({ type }) => type))).toEqual([
      ['INEFFECTIVE_FOR', 'SOLVES'],
    ])
    expect(await findContradictions(backend, 'c')).toEqual([])
    await backend.invalidateRelationship('a-b SOLVES')
    expect(await findContradictions(backend, 'b')).toEqual([])
  })
})

describe('findCycles()', () => {
  it('names one cycle of each part that has any, of current relationships of one direction', async () => {
    await using backend = await storeNotes('a', 'b', 'c', 'd', 'e', '__proto__')
    const steps = ['a-b', 'b-c', 'c-a', 'b-a', 'd-e', '__proto__-e']
    await backend.createRelationships(
      [...steps.map((id) => step(id)), step('e-__proto__', 'DEPENDS_ON'), step('a-b', 'SIMILAR_TO')],
      { allowCycles: true },
    )
    expect(await findCycles(backend)).toEqual([
      { type: 'DEPENDS_ON', path: ['__proto__', 'e', '__proto__'] },
      { type: 'DEPENDS_ON', path: ['a', 'b', 'a'] },
    ])
    expect(await findCycles(backend, 'SOLVES')).toEqual([])
  })
})

describe('contextualSearch()', () => {
  it('searches among what is related, as deep as it is told', async () => {
    await using backend = await storeNotes('a', 'b', 'c', 'd')
    await backend.createRelationships([step('a-b'), step('b-c')])
    const found = async (maxDepth?: number, limit?: number) =>
      (await contextualSearch(backend, 'a', 'retries', { maxDepth, limit })).map(({ id }) => id).sort()
    expect(await found()).toEqual(['b', 'c'])
    expect(await found(1)).toEqual(['b'])
    expect(await found(2, 1)).toHaveLength(1)
    expect(await contextualSearch(backend, 'a', 'absent')).toEqual([])
    expect(await contextualSearch(backend, 'nowhere', 'retries')).toEqual([])
  })
})
