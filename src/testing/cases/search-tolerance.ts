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
  ['ogin', ['strict']],
  ['henticate', ['strict']],
  ['authentcate', []],
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
