import assert from 'node:assert/strict'
import type { Memory } from '../../model/memory.js'
import { assertPlain, present } from '../assertions.js'
import { casesOf, type GraphBackendCase } from '../graph-backend-case.js'
import { join, note, storeNotes, storeSamples } from '../samples.js'

function enrichmentOf(memory: Memory): unknown[] {
  return [memory.relationships, memory.match_info, memory.context_summary]
}

const NOTHING = [null, null, null]

/** What hits carry beyond what is stored. */
export const searchEnrichmentCases: readonly GraphBackendCase[] = casesOf('search', {
  'searchMemories() fills relationships, match_info and context_summary': async (backend) => {
    await storeSamples(backend)
    const hits = await backend.searchMemories({ query: 'gateway' })
    const [timeout, backoff] = ['gateway-timeout', 'retry-backoff'].map((id) =>
      hits.find((hit) => hit.id === id),
    )
    assert.deepEqual(timeout?.relationships, { solves: ['Retry with exponential backoff'] })
    assert.deepEqual(timeout?.match_info, {
      matched_fields: ['title', 'content'],
      matched_terms: ['gateway'],
      match_quality: 'high',
    })
    assert.deepEqual(backoff?.relationships, { solves: ['Gateway timeout under load'] })
    assert.deepEqual(backoff?.match_info, {
      matched_fields: ['summary'],
      matched_terms: ['gateway'],
      match_quality: 'medium',
    })
    for (const hit of hits) {
      assert.ok(typeof hit.context_summary === 'string' && hit.context_summary !== '')
      assertPlain(hit, 'a hit')
    }
    assert.match(backoff?.context_summary ?? '', /Gateway timeout under load/)
  },

  'searchMemories() without text fills relationships, and matches nothing': async (backend) => {
    await storeSamples(backend)
    const [timeout, ...others] = await backend.searchMemories({ include_relationships: true })
    assert.deepEqual(timeout?.relationships, { solves: ['Retry with exponential backoff'] })
    for (const hit of others) {
      assert.deepEqual(hit.match_info, { matched_fields: [], matched_terms: [], match_quality: 'low' })
      assert.equal(typeof hit.context_summary, 'string')
      assert.notEqual(hit.relationships, null)
    }
    assert.deepEqual(others.at(-1)?.relationships, {}, 'a relationship that has ended is not listed')
  },

  'searchMemories() with include_relationships false leaves relationships, match_info and context_summary null':
    async (backend) => {
      await storeSamples(backend)
      for (const query of [{}, { query: 'gateway' }]) {
        const hits = await backend.searchMemories({ ...query, include_relationships: false })
        assert.ok(hits.length > 0)
        for (const hit of hits) {
          assert.deepEqual(enrichmentOf(hit), NOTHING)
          assert.deepEqual(hit, await backend.getMemory(hit.id, false))
        }
      }
    },

  'searchMemoriesPaginated() enriches only with include_relationships true': async (backend) => {
    await storeSamples(backend)
    for (const include_relationships of [undefined, null, false]) {
      const { results } = await backend.searchMemoriesPaginated({ query: 'gateway', include_relationships })
      assert.deepEqual(results.map(enrichmentOf), [NOTHING, NOTHING])
    }
    const page = await backend.searchMemoriesPaginated({ tags: ['timeout'], include_relationships: true })
    assert.deepEqual(page.results[0]?.relationships, { solves: ['Retry with exponential backoff'] })
    assert.equal(typeof page.results[0]?.context_summary, 'string')
    assertPlain(page, 'a page')
  },

  'searchMemories() says which terms were found, where, and how well': async (backend) => {
    await backend.storeMemory(note('a', { title: 'Retries', content: 'Pool of ten', tags: ['kafka'] }))
    const matchOf = async (query: object): Promise<unknown> =>
      present((await backend.searchMemories(query))[0], JSON.stringify(query)).match_info
    if (backend.capabilities.fulltext) {
      const stem = { matched_fields: ['title'], matched_terms: ['retry'], match_quality: 'high' }
      assert.deepEqual(await matchOf({ query: 'retry' }), stem)
    }
    assert.deepEqual(await matchOf({ terms: ['absent', 'pool of'] }), {
      matched_fields: ['content'],
      matched_terms: ['pool of'],
      match_quality: 'medium',
    })
    assert.deepEqual(await matchOf({ query: 'kafka' }), {
      matched_fields: ['tags'],
      matched_terms: ['kafka'],
      match_quality: 'low',
    })
    assert.deepEqual(await matchOf({ query: 'L OF', search_tolerance: 'strict' }), {
      matched_fields: ['content'],
      matched_terms: ['L OF'],
      match_quality: 'medium',
    })
  },

  'searchMemories() says in context_summary what a memory solves, or is solved by, and where it is used':
    async (backend) => {
      await backend.storeMemories([
        note('pattern', { type: 'code_pattern', title: 'Pool' }),
        ...['one', 'two', 'three'].map((id) => note(id, { type: 'problem', title: `Problem ${id}` })),
        note('shop', { type: 'project', title: 'Shop' }),
      ])
      const strength = (value: number): object => ({ type: 'SOLVES', properties: { strength: value } })
      await join(backend, 'r1', 'pattern', 'one', strength(0.3))
      await join(backend, 'r2', 'pattern', 'two', strength(0.9))
      await join(backend, 'r3', 'pattern', 'three', strength(0.6))
      await join(backend, 'r4', 'pattern', 'shop', { type: 'USED_IN' })
      await join(backend, 'r5', 'one', 'shop', { type: 'OCCURS_IN' })
      const hits = await backend.searchMemories({})
      assert.deepEqual(Object.fromEntries(hits.map((hit) => [hit.id, hit.context_summary])), {
        pattern: 'Code pattern solves Problem two, Problem three, in Shop',
        one: 'Problem solved by Pool',
        two: 'Problem solved by Pool',
        three: 'Problem solved by Pool',
        shop: 'Project',
      })
    },

  'searchMemories() lists related memories in both directions, of every type': async (backend) => {
    await storeNotes(backend, 'hub', 'one', 'two', 'three')
    await join(backend, 'r1', 'hub', 'one', { type: 'CAUSES', properties: { strength: 0.2 } })
    await join(backend, 'r2', 'two', 'hub', { type: 'CAUSES', properties: { strength: 0.9 } })
    await join(backend, 'r3', 'hub', 'three', { type: 'DEPENDS_ON' })
    const [hub] = await backend.searchMemories({ query: 'hub' })
    assert.deepEqual(Object.keys(present(hub?.relationships)).sort(), ['causes', 'depends_on'])
    assert.deepEqual(hub?.relationships?.['causes']?.toSorted(), ['Note one', 'Note two'])
    assert.deepEqual(hub?.relationships?.['depends_on'], ['Note three'])
  },
})
