import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import type { Memory } from '../../src/model/memory.js'
import type { SearchQuery } from '../../src/model/search-query.js'
import { toTimestamp } from '../../src/model/timestamp.js'
import { fixture, fixtureCopy } from '../support/scratch.js'

type TruthRelationship = {
  id: string
  from_id: string
  to_id: string
  rel_type: string
  properties: Record<string, unknown>
  valid_from: string
  valid_until: string | null
  recorded_at: string
  invalidated_by: string | null
}
type Truth = {
  memories: Memory[]
  relationships: TruthRelationship[]
  searches: { query: SearchQuery; ids: string[] }[]
  related: { id: string; relationship_ids: string[]; complete: boolean }[]
  as_of: { id: string; as_of: string; relationship_ids: string[]; complete: boolean }[]
  history: { id: string; relationship_ids: string[] }[]
  statistics: unknown
}

const truth = JSON.parse(readFileSync(fixture('python-memory.truth.json'), 'utf8')) as Truth

/** The truth writes UTC as `Z`; we write `+00:00`. */
function withOurTimes(memory: Memory): Memory {
  const time = (value: string | null): string | null => (value === null ? null : toTimestamp(value))
  return {
    ...memory,
    created_at: time(memory.created_at) as string,
    updated_at: time(memory.updated_at) as string,
    last_accessed: time(memory.last_accessed),
    context: memory.context && { ...memory.context, timestamp: time(memory.context.timestamp) as string },
  }
}

async function open(): Promise<TursoBackend> {
  return TursoBackend.create({ path: fixtureCopy('python-memory.db') })
}

describe('a file that MemoryGraph for Python wrote', () => {
  it('reads back every memory equal, field by field', async () => {
    await using backend = await open()
    for (const expected of truth.memories) {
      expect(await backend.getMemory(expected.id, false)).toEqual(withOurTimes(expected))
    }
    expect(await backend.getMemories(truth.memories.map((memory) => memory.id))).toHaveLength(
      truth.memories.length,
    )
  })

  it('reads back every relationship equal, with its temporal columns', async () => {
    await using backend = await open()
    for (const expected of truth.relationships) {
      const found = await backend.getRelationship(expected.id)
      const { id: _id, ...properties } = expected.properties
      expect(found).toMatchObject({
        id: expected.id,
        from_memory_id: expected.from_id,
        to_memory_id: expected.to_id,
        type: expected.rel_type,
      })
      expect(found?.properties).toEqual({
        ...properties,
        valid_from: toTimestamp(expected.valid_from),
        valid_until: expected.valid_until === null ? null : toTimestamp(expected.valid_until),
        recorded_at: toTimestamp(expected.recorded_at),
        invalidated_by: expected.invalidated_by,
      })
    }
  })

  const comparable = truth.searches.filter(({ query }) => !query.query || query.search_tolerance === 'strict')

  it.each(comparable)('finds what Python finds for $query', async ({ query, ids }) => {
    await using backend = await open()
    const found = await backend.searchMemories({ ...query, limit: 1000 })
    expect(found.map((memory) => memory.id).sort()).toEqual([...ids].sort())
  })

  const stemmed = truth.searches.filter(({ query }) => query.query && query.search_tolerance !== 'strict')

  it.each(stemmed)('finds at least what Python finds by stems for $query', async ({ query, ids }) => {
    await using backend = await open()
    const found = await backend.searchMemories({ ...query, limit: 1000 })
    expect(found.map((memory) => memory.id)).toEqual(expect.arrayContaining(ids))
  })

  it('walks the relationships that Python walks, and those that its limit of 20 cuts off', async () => {
    await using backend = await open()
    for (const { id, relationship_ids: expected, complete } of truth.related) {
      const found = (await backend.getRelatedMemories(id, { maxDepth: 1, limit: null })).map(
        ([, { id }]) => id,
      )
      if (complete) expect(found.sort()).toEqual([...expected].sort())
      else expect(found).toEqual(expect.arrayContaining(expected))
    }
  })

  it('walks the relationships that held at an instant', async () => {
    await using backend = await open()
    for (const { id, as_of: asOf, relationship_ids: expected, complete } of truth.as_of) {
      const found = (await backend.getRelatedMemories(id, { maxDepth: 1, limit: null, asOf })).map(
        ([, { id }]) => id,
      )
      if (complete) expect(found.sort()).toEqual([...expected].sort())
      else expect(found).toEqual(expect.arrayContaining(expected))
    }
  })

  it('has the history of each memory in the same order', async () => {
    await using backend = await open()
    for (const { id, relationship_ids: expected } of truth.history) {
      const history = await backend.getRelationshipHistory(id, { limit: 1000 })
      expect(history.map((relationship) => relationship.id)).toEqual(expected)
    }
  })

  it('has the statistics that Python has', async () => {
    await using backend = await open()
    const expected = truth.statistics as { avg_importance: { avg_importance: number } }
    const found = await backend.getMemoryStatistics()
    expect(found).toMatchObject({
      ...expected,
      avg_importance: { avg_importance: expect.closeTo(expected.avg_importance.avg_importance, 9) },
      avg_confidence: expect.anything(),
    })
  })

  it('is said to be shared with Python, and to hold what we added', async () => {
    await using backend = await open()
    const health = await backend.healthCheck()
    expect(health).toMatchObject({
      status: 'healthy',
      statistics: { memory_count: 166 },
      relationship_count: 462,
    })
    expect(health.warnings.join()).toContain('"mg_"')
  })
})
