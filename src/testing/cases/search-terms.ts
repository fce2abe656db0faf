import type { SearchQuery } from '../../model/search-query.js'
import { assertFinds } from '../assertions.js'
import { casesOf, type GraphBackendCase } from '../graph-backend-case.js'
import { storeSamples } from '../samples.js'

const TIMEOUT = 'gateway-timeout'
const BACKOFF = 'retry-backoff'
const REPORT = 'slow-report'
const POOL = 'connection-pool'

/** Searches for several terms, and the memories that each finds. */
const EXPECTATIONS: readonly (readonly [SearchQuery, ...string[]])[] = [
  [{ terms: ['gateway'] }, TIMEOUT, BACKOFF],
  [{ terms: ['GATEWAY', 'Payment'], match_mode: 'all' }, TIMEOUT, BACKOFF],
  [{ terms: ['gateway', 'payment', 'load'], match_mode: 'all' }, TIMEOUT],
  [{ terms: ['gateway', 'payment', 'report'], match_mode: 'all' }],
  [{ terms: ['nowhere', 'never'] }],
  [{ terms: ['under load', 'ateway'], match_mode: 'all', search_tolerance: 'strict' }, TIMEOUT],
  [{ terms: ['gateway', 'order'], memory_types: ['problem'] }, TIMEOUT, REPORT],
  [{ terms: ['gateway', 'order'], memory_types: ['problem'], tags: ['database'] }, REPORT],
  [{ terms: ['gateway', 'worker'], min_importance: 0.9 }, TIMEOUT],
  [{ terms: ['gateway', 'worker'], created_after: '2026-01-06' }, BACKOFF, POOL],
  [{ terms: ['gateway', 'worker', 'rivers'], relationship_filter: ['ADDRESSES'] }, POOL],
  [{ terms: ['gateway', 'staging'], relationship_filter: ['SOLVES', 'RELATED_TO'] }, TIMEOUT, BACKOFF],
  [{ terms: ['staging'], relationship_filter: ['SOLVES'] }],
]

/** Several terms, alone and with filters. */
export const searchTermCases: readonly GraphBackendCase[] = casesOf('search', {
  'searchMemories() joins terms with each other as match_mode says, and with every filter by AND': async (
    backend,
  ) => {
    await storeSamples(backend)
    for (const [query, ...ids] of EXPECTATIONS) await assertFinds(backend, query, ids)
  },

  'searchMemories() finds terms by their stems, each of them with match_mode all': async (backend) => {
    if (!backend.capabilities.fulltext) return assertFinds(backend, { terms: ['nowhere'] }, [])
    await storeSamples(backend)
    const all = { match_mode: 'all' } as const
    await assertFinds(backend, { terms: ['retries', 'waited', 'answers'], ...all }, ['retry-backoff'])
    await assertFinds(backend, { terms: ['retries', 'waited', 'reports'], ...all }, [])
    await assertFinds(backend, { terms: ['indexes', 'pooled'] }, ['connection-pool', 'slow-report'])
  },
})
