import assert from 'node:assert/strict'
import type { SearchQuery } from '../../model/search-query.js'
import { idSetOf, idsOf, rejectsWith } from '../assertions.js'
import { casesOf, type GraphBackendCase } from '../graph-backend-case.js'
import { note, SAMPLE_IDS, storeNotes, storeSamples } from '../samples.js'

/** Searches that are refused. */
const UNFIT: readonly object[] = [
  { quary: 'x' },
  { query: 5 },
  { terms: 'x' },
  { terms: [5] },
  { match_mode: 'some' },
  { search_tolerance: 'loose' },
  { memory_types: ['unheard_of'] },
  { memory_types: 'problem' },
  { tags: 'payment' },
  { project_path: 5 },
  { languages: 'python' },
  { frameworks: [5] },
  { min_importance: 1.5 },
  { min_confidence: -1 },
  { min_effectiveness: '0.5' },
  { created_after: 'yesterday' },
  { created_before: new Date(Number.NaN) },
  { limit: 0 },
  { limit: -1 },
  { limit: 1001 },
  { limit: 1.5 },
  { limit: '10' },
  { offset: -1 },
  { offset: 0.5 },
  { include_relationships: 'yes' },
  { relationship_filter: ['LIKES'] },
  { relationship_filter: 'SOLVES' },
]

/** Filters, order and pages. */
export const searchCases: readonly GraphBackendCase[] = casesOf('search', {
  'searchMemories() without text orders by importance, then created_at, descending, then id': async (
    backend,
  ) => {
    const early = '2026-01-01T00:00:00Z'
    const late = '2026-01-01T00:00:00.000001Z'
    await backend.storeMemories([
      note('d', { importance: 0.5, created_at: early }),
      note('b', { importance: 0.5, created_at: early }),
      note('c', { importance: 0.5, created_at: late }),
      note('a', { importance: 0.4, created_at: late }),
      note('e', { importance: 1, created_at: early }),
    ])
    assert.deepEqual(idsOf(await backend.searchMemories({})), ['e', 'c', 'b', 'd', 'a'])
  },

  'searchMemories() gives 50 unless told otherwise, and up to 1,000': async (backend) => {
    await storeNotes(backend, ...Array.from({ length: 1001 }, (_, at) => `note-${at}`))
    const count = async (query: SearchQuery): Promise<number> => (await backend.searchMemories(query)).length
    assert.deepEqual([await count({}), await count({ query: 'note' })], [50, 50])
    const rest = { include_relationships: false, limit: 1000 }
    assert.deepEqual([await count({ ...rest }), await count({ ...rest, query: 'note' })], [1000, 1000])
    assert.equal(await count({ ...rest, offset: 1000 }), 1)
  },

  'searchMemories() goes through all hits page by page, each once': async (backend) => {
    await storeNotes(backend, ...Array.from({ length: 25 }, (_, at) => `note-${at}`))
    for (const query of [{}, { query: 'note' }, { query: 'not', search_tolerance: 'fuzzy' }] as const) {
      const whole = idsOf(await backend.searchMemories({ ...query, limit: 100 }))
      const pages = await Promise.all(
        [0, 10, 20, 30].map((offset) => backend.searchMemories({ ...query, limit: 10, offset })),
      )
      assert.deepEqual(
        pages.map((page) => page.length),
        [10, 10, 5, 0],
      )
      assert.deepEqual(pages.flatMap(idsOf), whole)
      assert.equal(new Set(whole).size, 25)
    }
  },

  'searchMemoriesPaginated() says how many there are and where the next page begins': async (backend) => {
    await storeSamples(backend)
    const page = async (query: SearchQuery): Promise<unknown[]> => {
      const { results, ...rest } = await backend.searchMemoriesPaginated(query)
      return [idsOf(results), rest]
    }
    assert.deepEqual(await page({ limit: 4 }), [
      SAMPLE_IDS.slice(0, 4),
      { total_count: 6, limit: 4, offset: 0, has_more: true, next_offset: 4 },
    ])
    assert.deepEqual(await page({ limit: 4, offset: 4 }), [
      SAMPLE_IDS.slice(4),
      { total_count: 6, limit: 4, offset: 4, has_more: false, next_offset: null },
    ])
    assert.deepEqual(await page({ limit: 3, offset: 3 }), [
      SAMPLE_IDS.slice(3),
      { total_count: 6, limit: 3, offset: 3, has_more: false, next_offset: null },
    ])
    assert.deepEqual(await page({ offset: 60 }), [
      [],
      { total_count: 6, limit: 50, offset: 60, has_more: false, next_offset: null },
    ])
    const [, ofText] = await page({ query: 'gateway', limit: 1 })
    assert.deepEqual(ofText, { total_count: 2, limit: 1, offset: 0, has_more: true, next_offset: 1 })
    const [none] = await page({ query: 'nowhere' })
    assert.deepEqual(none, [])
  },

  'searchMemoriesPaginated() leads through all hits by next_offset, whatever the size of a page': async (
    backend,
  ) => {
    await storeSamples(backend)
    const searches: readonly (readonly [SearchQuery, readonly string[]])[] = [
      [{}, SAMPLE_IDS],
      [{ min_importance: 0.6 }, SAMPLE_IDS.slice(0, 4)],
      [{ tags: ['nowhere'] }, []],
    ]
    for (const [query, ids] of searches) {
      const total = ids.length
      for (const limit of [2, 5, 6, 7]) {
        let offset: number | null = 0
        while (offset !== null) {
          const { results, ...rest } = await backend.searchMemoriesPaginated({ ...query, limit, offset })
          const end: number = offset + limit
          const next_offset: number | null = end < total ? end : null
          const has_more = next_offset !== null
          assert.deepEqual(idsOf(results), ids.slice(offset, end))
          assert.deepEqual(rest, { total_count: total, limit, offset, has_more, next_offset })
          offset = rest.next_offset
        }
      }
    }
  },

  'searchMemories() and searchMemoriesPaginated() refuse what they do not know or cannot do': async (
    backend,
  ) => {
    await storeSamples(backend)
    for (const query of [...UNFIT, null, 'text', 5, []]) {
      const about = JSON.stringify(query)
      await rejectsWith('MG_VALIDATION', () => backend.searchMemories(query as never), about)
      await rejectsWith('MG_VALIDATION', () => backend.searchMemoriesPaginated(query as never), about)
    }
  },

  'searchMemories() finds what was stored, updated and deleted a moment ago': async (backend) => {
    for (let round = 0; round < 3; round++) {
      await backend.storeMemory(note('a', { title: `Word${round}`, tags: [`tag${round}`] }))
      assert.deepEqual(idSetOf(await backend.searchMemories({ query: `word${round}` })), ['a'])
      assert.deepEqual(idSetOf(await backend.searchMemories({ tags: [`tag${round}`] })), ['a'])
      const before = round - 1
      assert.deepEqual(await backend.searchMemories({ query: `word${before}` }), [])
      assert.deepEqual(await backend.searchMemories({ tags: [`tag${before}`] }), [])
    }
    await backend.deleteMemory('a')
    assert.deepEqual(await backend.searchMemories({ query: 'word2' }), [])
    assert.deepEqual(await backend.searchMemories({}), [])
  },

  'searchMemories() does not change its argument': async (backend) => {
    await storeSamples(backend)
    const query = Object.freeze({
      terms: Object.freeze([' Gateway ']),
      tags: Object.freeze(['PAYMENT']),
      limit: 5,
    })
    assert.equal((await backend.searchMemories(query)).length, 2)
    assert.equal((await backend.searchMemoriesPaginated(query)).total_count, 2)
  },
})
