import assert from 'node:assert/strict'
import { assertFinds } from '../assertions.js'
import { casesOf, type GraphBackendCase } from '../graph-backend-case.js'
import { note, storeSamples } from '../samples.js'

/** What text finds. */
export const searchTextCases: readonly GraphBackendCase[] = casesOf('search', {
  'searchMemories() looks for words in title, content, summary and tags, whatever their case': async (
    backend,
  ) => {
    await storeSamples(backend)
    await assertFinds(backend, { query: 'GATEWAY' }, ['gateway-timeout', 'retry-backoff'])
    await assertFinds(backend, { query: 'worker' }, ['connection-pool'])
    await assertFinds(backend, { query: 'answering' }, ['retry-backoff'])
    await assertFinds(backend, { query: 'resilience' }, ['retry-backoff'])
    await assertFinds(backend, { query: 'nowhere' }, [])
  },

  'searchMemories() finds whole words by their stem, not parts of words': async (backend) => {
    const { fulltext } = backend.capabilities
    await backend.storeMemories([
      note('retry', { title: 'Retry', content: 'once' }),
      note('retries', { title: 'Three retries', content: 'once' }),
      note('retrying', { title: 'Retrying', content: 'once' }),
      note('other', { title: 'Telemetry', content: 'once' }),
    ])
    const family = ['retries', 'retry', 'retrying']
    for (const word of family) await assertFinds(backend, { query: word }, fulltext ? family : [word])
    await assertFinds(backend, { query: 'metry' }, [])
    await assertFinds(backend, { query: 'ret' }, [])
  },

  'searchMemories() with fuzzy finds words by their beginning': async (backend) => {
    await storeSamples(backend)
    await assertFinds(backend, { query: 'gate', search_tolerance: 'fuzzy' }, [
      'gateway-timeout',
      'retry-backoff',
    ])
    await assertFinds(backend, { query: 'gate', search_tolerance: 'normal' }, [])
    await assertFinds(backend, { query: 'expon', search_tolerance: 'fuzzy' }, ['retry-backoff'])
    await assertFinds(backend, { query: 'eway', search_tolerance: 'fuzzy' }, [])
    await assertFinds(backend, { query: 'retries', search_tolerance: 'fuzzy' }, ['retry-backoff'])
  },

  'searchMemories() with strict finds the whole text as a substring': async (backend) => {
    await storeSamples(backend)
    const strict = { search_tolerance: 'strict' } as const
    await assertFinds(backend, { ...strict, query: 'ateway TIMEOUT und' }, ['gateway-timeout'])
    await assertFinds(backend, { ...strict, query: 'gateway' }, ['gateway-timeout', 'retry-backoff'])
    await assertFinds(backend, { ...strict, query: 'timeout gateway' }, [])
    await assertFinds(backend, { ...strict, query: 'retry-' }, [])
    await assertFinds(backend, { ...strict, query: 'keeps the' }, ['retry-backoff'])
    await assertFinds(backend, { ...strict, query: 'resilience' }, [])
  },

  'searchMemories() with strict folds case beyond ASCII and keeps accents apart': async (backend) => {
    await backend.storeMemories([
      note('small', { title: 'un café noir' }),
      note('capital', { title: 'UN CAFÉ NOIR' }),
      note('plain', { title: 'un cafe noir' }),
      note('greek', { content: 'Ελληνικά' }),
      note('cyrillic', { content: 'Москва' }),
    ])
    const strict = { search_tolerance: 'strict' } as const
    for (const query of ['café', 'CAFÉ', 'é n'])
      await assertFinds(backend, { ...strict, query }, ['small', 'capital'])
    await assertFinds(backend, { ...strict, query: 'CAFE' }, ['plain'])
    await assertFinds(backend, { ...strict, query: 'ΕΛΛΗΝΙΚΆ' }, ['greek'])
    await assertFinds(backend, { ...strict, query: 'МОСК' }, ['cyrillic'])
  },

  'searchMemories() with words ignores accents and case': async (backend) => {
    const { fulltext } = backend.capabilities
    await backend.storeMemories([
      note('composed', { title: 'Résumé' }),
      note('decomposed', { title: 'Re\u0301sume\u0301' }),
      note('plain', { title: 'resume' }),
      note('cyrillic', { title: 'Москва' }),
    ])
    const all = ['composed', 'decomposed', 'plain']
    if (fulltext)
      for (const query of ['résumé', 'RÉSUMÉ', 'resume', 'Re\u0301sume'])
        await assertFinds(backend, { query }, all)
    await assertFinds(backend, { query: 'москва' }, ['cyrillic'])
    await assertFinds(backend, { query: 'МОСКВА' }, ['cyrillic'])
  },

  'searchMemories() with match_mode any or all joins words, and terms': async (backend) => {
    await storeSamples(backend)
    const either = ['gateway-timeout', 'retry-backoff', 'slow-report']
    await assertFinds(backend, { query: 'gateway report' }, either)
    await assertFinds(backend, { query: 'gateway report', match_mode: 'any' }, either)
    await assertFinds(backend, { query: 'gateway report', match_mode: 'all' }, [])
    await assertFinds(backend, { query: 'gateway waits', match_mode: 'all' }, ['retry-backoff'])
    await assertFinds(backend, { terms: ['gateway', 'report'] }, either)
    await assertFinds(backend, { terms: ['gateway', 'payment'], match_mode: 'all' }, [
      'gateway-timeout',
      'retry-backoff',
    ])
    const strict = { search_tolerance: 'strict', match_mode: 'all' } as const
    await assertFinds(backend, { ...strict, terms: ['gateway', 'twice as'] }, ['retry-backoff'])
    await assertFinds(backend, { search_tolerance: 'fuzzy', terms: ['gatew', 'repo'] }, either)
  },

  'searchMemories() takes a term of several words as a phrase': async (backend) => {
    await storeSamples(backend)
    await assertFinds(backend, { terms: ['exponential backoff'] }, ['retry-backoff'])
    await assertFinds(backend, { terms: ['backoff exponential'] }, [])
    await assertFinds(backend, { terms: ['retry exponential'] }, [])
    await assertFinds(backend, { terms: ['exponential back'], search_tolerance: 'fuzzy' }, ['retry-backoff'])
    await assertFinds(backend, { query: 'backoff exponential' }, ['retry-backoff'])
  },

  'searchMemories() takes what a query has in quotes as a phrase': async (backend) => {
    await storeSamples(backend)
    for (const search_tolerance of ['normal', 'fuzzy'] as const) {
      const all = { search_tolerance, match_mode: 'all' } as const
      await assertFinds(backend, { query: '"exponential backoff"', search_tolerance }, ['retry-backoff'])
      await assertFinds(backend, { query: '"backoff exponential"', search_tolerance }, [])
      await assertFinds(backend, { query: '"backoff exponential', search_tolerance }, ['retry-backoff'])
      await assertFinds(backend, { ...all, query: 'retry “exponential backoff”' }, ['retry-backoff'])
      await assertFinds(backend, { ...all, query: 'report "exponential backoff"' }, [])
      await assertFinds(backend, { query: '"exponential back"', search_tolerance }, [])
    }
    const strict = { search_tolerance: 'strict' } as const
    await assertFinds(backend, { ...strict, query: '"exponential backoff"' }, [])
    const hits = await backend.recallMemories('Is there a "branch main" or a "main branch" at all?')
    assert.deepEqual(hits[0]?.match_info?.matched_terms, ['main branch', 'branch', 'main'])
  },

  'searchMemories() and recallMemories() also find synonyms, those that count less': async (
    backend,
    { withOptions },
  ) => {
    const synonyms = { K8s: ['kubernetes', 'container platform'], 'out of memory': ['OOM'] }
    const knowing = withOptions ? await withOptions({ synonyms }) : backend
    await knowing.storeMemories([
      note('short', { content: 'A k8s upgrade' }),
      note('long', { content: 'Kubernetes upgrade' }),
      note('phrase', { content: 'The container platforms' }),
      note('half', { content: 'A container, and a platform' }),
      note('killed', { content: 'The OOM killer' }),
    ])
    const others = withOptions ? ['long', 'phrase'] : []
    for (const search_tolerance of ['normal', 'fuzzy'] as const) {
      await assertFinds(knowing, { query: 'k8s', search_tolerance }, ['short', ...others])
      await assertFinds(knowing, { query: 'kubernetes', search_tolerance }, ['long'])
      const query = 'K8S upgrades'
      await assertFinds(knowing, { query, search_tolerance, match_mode: 'all' }, [
        'short',
        ...others.slice(0, 1),
      ])
    }
    await assertFinds(knowing, { query: 'k8s', search_tolerance: 'strict' }, ['short'])
    if (!withOptions) return
    await assertFinds(knowing, { query: '"out of memory"' }, ['killed'])
    const hits = await knowing.recallMemories('What about k8s?')
    assert.deepEqual([hits[0]?.id, hits.length], ['short', 3])
    const long = hits.find(({ id }) => id === 'long')
    assert.deepEqual(long?.match_info?.matched_terms, ['k8s'])
    assert.deepEqual(long?.match_info?.found_as, { k8s: ['kubernetes'] })
  },

  'searchMemories() goes by terms where there are any, else by query': async (backend) => {
    await storeSamples(backend)
    await assertFinds(backend, { query: 'gateway', terms: ['report'] }, ['slow-report'])
    await assertFinds(backend, { query: 'worker', terms: ['', '  '] }, ['connection-pool'])
    await assertFinds(backend, { query: 'worker', terms: [] }, ['connection-pool'])
  },
})
