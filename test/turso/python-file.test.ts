import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { GraphBackend, RelatedOptions } from '../../src/backends/graph-backend.js'
import { InMemoryBackend } from '../../src/backends/in-memory/in-memory-backend.js'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import type { Memory } from '../../src/model/memory.js'
import type { SearchQuery } from '../../src/model/search-query.js'
import { toTimestamp } from '../../src/model/timestamp.js'
import { migrate } from '../../src/transfer/migrate.js'
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
  statistics: {
    total_memories: { count: number }
    memories_by_type: Record<string, number>
    total_relationships: { count: number }
    avg_importance: { avg_importance: number }
    avg_confidence: { avg_confidence: number }
  }
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

async function openCopy(): Promise<GraphBackend> {
  await using source = await open()
  const copy = await InMemoryBackend.create()
  await migrate(source, copy)
  return copy
}

function isAt(row: TruthRelationship, id: string): boolean {
  return row.from_id === id || row.to_id === id
}

function idsOf(rows: readonly { id: string }[]): string[] {
  return rows.map(({ id }) => id).sort()
}

/** Python answers with so many relationships at most: the strongest. */
const PYTHON_LIMIT = 20

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

const STORES: [name: string, create: () => Promise<GraphBackend>][] = [
  ['that file', open],
  ['a copy of it in memory', openCopy],
]

describe.each(STORES)('what Python answers is what %s answers', (_name, create) => {
  async function walk(backend: GraphBackend, id: string, options: RelatedOptions): Promise<string[]> {
    const related = await backend.getRelatedMemories(id, { maxDepth: 1, ...options })
    return related.map(([, relationship]) => relationship.id)
  }

  it('of related memories, beyond its limit of 20 too', async () => {
    await using backend = await create()
    for (const { id, relationship_ids: expected, complete } of truth.related) {
      expect((await walk(backend, id, { limit: PYTHON_LIMIT })).sort()).toEqual(expected)
      const all = truth.relationships.filter((row) => row.valid_until === null && isAt(row, id))
      expect((await walk(backend, id, { limit: null })).sort()).toEqual(idsOf(all))
      expect(all.length > PYTHON_LIMIT).toBe(!complete)
    }
  })

  it('of related memories at an instant, beyond its limit of 20 too', async () => {
    await using backend = await create()
    for (const { id, as_of: asOf, relationship_ids: expected, complete } of truth.as_of) {
      expect((await walk(backend, id, { asOf, limit: PYTHON_LIMIT })).sort()).toEqual(expected)
      const at = toTimestamp(asOf) as string
      const all = truth.relationships.filter(
        (row) => isAt(row, id) && row.valid_from <= at && (row.valid_until === null || row.valid_until > at),
      )
      expect((await walk(backend, id, { asOf, limit: null })).sort()).toEqual(idsOf(all))
      expect(all.length > PYTHON_LIMIT).toBe(!complete)
    }
  })

  it('of the history of a memory, in the same order', async () => {
    await using backend = await create()
    for (const { id, relationship_ids: expected } of truth.history) {
      const history = await backend.getRelationshipHistory(id, { limit: 1000 })
      expect(history.map((relationship) => relationship.id)).toEqual(expected)
    }
  })

  it('of statistics', async () => {
    await using backend = await create()
    const { avg_importance, avg_confidence, ...counts } = await backend.getMemoryStatistics()
    const { avg_importance: importance, avg_confidence: confidence, ...expected } = truth.statistics
    expect(counts).toEqual(expected)
    expect(avg_importance.avg_importance).toBeCloseTo(importance.avg_importance, 12)
    expect(avg_confidence.avg_confidence).toBeCloseTo(confidence.avg_confidence, 12)
  })
})
