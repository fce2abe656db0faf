import assert from 'node:assert/strict'
import type { SearchQuery } from '../../model/search-query.js'
import { assertFinds } from '../assertions.js'
import { casesOf, type GraphBackendCase } from '../graph-backend-case.js'
import { note, storeSamples } from '../samples.js'

const TOLERANCES = ['strict', 'normal', 'fuzzy'] as const

/** Texts of a user, and the tolerances by which each finds the one memory of the case. */
const FOUND_BY: readonly (readonly [text: string, tolerances: readonly string[], byStem?: 'by stem'])[] = [
  ['Login failures', TOLERANCES],
  ['failure', TOLERANCES, 'by stem'],
  ['restarted', ['normal', 'fuzzy'], 'by stem'],
  ['cached', ['normal', 'fuzzy'], 'by stem'],
  ['retries', ['normal', 'fuzzy'], 'by stem'],
  ['authenticating', ['normal', 'fuzzy'], 'by stem'],
  ['auth', ['strict', 'fuzzy']],
  ['gin', ['strict']],
  ['henticate', ['strict']],
  ['authentcate', ['fuzzy'], 'by stem'],
  ['falure', ['fuzzy'], 'by stem'],
  ['catches', ['fuzzy'], 'by stem'],
]

/** How forgiving each tolerance is. */
export const searchToleranceCases: readonly GraphBackendCase[] = casesOf('search', {
  'searchMemories() finds parts of words with strict, forms of words with normal, and their beginnings too with fuzzy':
    async (backend) => {
      const content = 'Users cannot authenticate while the caches restart; they retry.'
      await backend.storeMemories([
        note('outage', { title: 'Login failures', content }),
        note('other', { title: 'Colours of the map', content: 'Blue is water.' }),
      ])
      for (const [query, foundBy, byStem] of FOUND_BY) {
        if (byStem && !backend.capabilities.fulltext) continue
        for (const search_tolerance of TOLERANCES) {
          const ids = foundBy.includes(search_tolerance) ? ['outage'] : []
          await assertFinds(backend, { query, search_tolerance }, ids)
        }
      }
    },

  'searchMemories() with fuzzy finds words with typing errors, after those without': async (backend) => {
    if (!backend.capabilities.fulltext) return assertFinds(backend, { query: 'nowhere' }, [])
    await storeSamples(backend)
    const fuzzy = { search_tolerance: 'fuzzy' } as const
    for (const query of ['retreis', 'reties', 'exponetial', 'exponnetal', 'watis'])
      await assertFinds(backend, { ...fuzzy, query }, ['retry-backoff'])
    await assertFinds(backend, { ...fuzzy, query: 'monthyl retreis', match_mode: 'all' }, [])
    await assertFinds(backend, { ...fuzzy, query: 'backof retreis', match_mode: 'all' }, ['retry-backoff'])
    await assertFinds(backend, { ...fuzzy, query: 'retreis', tags: ['database'] }, [])
    await assertFinds(backend, { query: 'retreis' }, [])
    const [best, other] = await backend.searchMemories({ ...fuzzy, query: 'staging retreis' })
    assert.deepEqual([best?.id, other?.id], ['deploy-command', 'retry-backoff'])
    const page = await backend.searchMemoriesPaginated({ ...fuzzy, query: 'staging retreis', limit: 1 })
    assert.equal(page.total_count, 2)
    const [found] = await backend.searchMemories({ ...fuzzy, query: 'Retreis', snippets: true })
    assert.deepEqual(found?.match_info, {
      matched_fields: ['title', 'content'],
      matched_terms: ['Retreis'],
      match_quality: 'high',
      found_as: { Retreis: ['retry', 'retries'] },
      snippet: 'Each of the three **retries** waits twice as long as the one before.',
    })
    if (!backend.capabilities.scopes) return
    await backend.storeMemory(note('far', { content: 'Kubernetes', context: { project_path: '/far' } }))
    await assertFinds(backend, { ...fuzzy, query: 'kuberntes' }, ['far'])
    await assertFinds(backend.scoped({ projectPath: '/srv/shop' }), { ...fuzzy, query: 'kuberntes' }, [])
    await assertFinds(backend.scoped({ projectPath: '/far' }), { ...fuzzy, query: 'kuberntes' }, ['far'])
  },

  'searchMemories() takes null for normal and for any': async (backend) => {
    await storeSamples(backend)
    const same: readonly SearchQuery[] = [
      {},
      { search_tolerance: null, match_mode: null },
      { search_tolerance: 'normal', match_mode: 'any' },
    ]
    for (const defaults of same) {
      await assertFinds(backend, { ...defaults, query: 'deploy report' }, ['deploy-command', 'slow-report'])
      await assertFinds(backend, { ...defaults, terms: ['worker', 'ateway'] }, ['connection-pool'])
    }
  },
})
