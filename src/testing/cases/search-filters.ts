import assert from 'node:assert/strict'
import type { SearchQuery } from '../../model/search-query.js'
import { idsOf } from '../assertions.js'
import { casesOf, type GraphBackendCase } from '../graph-backend-case.js'
import { note, SAMPLE_IDS, storeSamples } from '../samples.js'

type Expectation = readonly [query: SearchQuery, ids: readonly string[]]

const [TIMEOUT, BACKOFF, REPORT, POOL, DEPLOY, RIVERS] = SAMPLE_IDS as readonly [
  string,
  string,
  string,
  string,
  string,
  string,
]

/** What each filter lets through, in order: by importance, then created_at, descending. */
const FILTERS: { readonly [filter: string]: readonly Expectation[] } = {
  memory_types: [
    [{ memory_types: ['problem'] }, [TIMEOUT, REPORT]],
    [{ memory_types: ['command', 'solution'] }, [BACKOFF, DEPLOY]],
    [{ memory_types: ['workflow'] }, []],
    [{ memory_types: [] }, SAMPLE_IDS],
  ],
  tags: [
    [{ tags: ['payment'] }, [TIMEOUT, BACKOFF]],
    [{ tags: [' DataBase ', 'deploy'] }, [REPORT, POOL, DEPLOY]],
    [{ tags: ['pay'] }, []],
    [{ tags: ['%'] }, []],
    [{ tags: ['payment","timeout'] }, []],
    [{ tags: [] }, SAMPLE_IDS],
  ],
  project_path: [
    [{ project_path: '/srv/shop' }, [TIMEOUT, BACKOFF, POOL]],
    [{ project_path: '/srv' }, []],
    [{ project_path: '/SRV/SHOP' }, []],
    [{ project_path: '/srv/%' }, []],
  ],
  languages: [
    [{ languages: ['typescript'] }, [TIMEOUT, BACKOFF]],
    [{ languages: ['SQL', 'Fortran'] }, [REPORT]],
    [{ languages: ['Script'] }, []],
  ],
  frameworks: [
    [{ frameworks: ['DJANGO'] }, [REPORT, POOL]],
    [{ frameworks: ['django', 'fastify'] }, [TIMEOUT, BACKOFF, REPORT, POOL]],
  ],
  min_importance: [
    [{ min_importance: 0.6 }, [TIMEOUT, BACKOFF, REPORT, POOL]],
    [{ min_importance: 0 }, SAMPLE_IDS],
    [{ min_importance: 1 }, []],
  ],
  min_confidence: [
    [{ min_confidence: 0.8 }, [TIMEOUT, POOL, DEPLOY, RIVERS]],
    [{ min_confidence: 1 }, [DEPLOY]],
  ],
  min_effectiveness: [
    [{ min_effectiveness: 0.6 }, [BACKOFF, POOL]],
    [{ min_effectiveness: 0 }, [BACKOFF, REPORT, POOL]],
  ],
  created_after: [
    [{ created_after: '2026-01-08T12:00:00Z' }, [REPORT, DEPLOY, RIVERS]],
    [{ created_after: '2026-01-08T12:00:00.000001Z' }, [DEPLOY, RIVERS]],
  ],
  created_before: [
    [{ created_before: '2026-01-06T12:00:00Z' }, [TIMEOUT, BACKOFF]],
    [{ created_before: '2026-01-06T11:59:59.999999Z' }, [TIMEOUT]],
    [{ created_after: '2026-01-06', created_before: '2026-01-08' }, [BACKOFF, POOL]],
  ],
  relationship_filter: [
    [{ relationship_filter: ['SOLVES'] }, [TIMEOUT, BACKOFF]],
    [{ relationship_filter: ['SOLVES', 'ADDRESSES'] }, [TIMEOUT, BACKOFF, REPORT, POOL]],
    [{ relationship_filter: ['RELATED_TO'] }, []],
    [{ relationship_filter: [] }, SAMPLE_IDS],
  ],
  'filters together': [
    [{ memory_types: ['problem'], tags: ['database'] }, [REPORT]],
    [
      {
        memory_types: ['problem'],
        project_path: '/srv/shop',
        min_importance: 0.9,
        languages: ['typescript'],
      },
      [TIMEOUT],
    ],
    [{ frameworks: ['django'], min_effectiveness: 0.5, relationship_filter: ['ADDRESSES'] }, [POOL]],
    [{ tags: ['payment'], relationship_filter: ['ADDRESSES'] }, []],
    [{ query: 'gateway', min_effectiveness: 0.5 }, [BACKOFF]],
    [{ query: 'gateway', search_tolerance: 'strict', memory_types: ['problem'] }, [TIMEOUT]],
    [{ query: 'worker', tags: ['payment'] }, []],
    [{ query: 'gateway', created_after: '2026-01-06' }, [BACKOFF]],
    [{ query: 'gateway', created_before: '2026-01-06' }, [TIMEOUT]],
  ],
  'null and undefined': [
    [{ query: null, terms: null, tags: null, limit: null, offset: null, min_importance: null }, SAMPLE_IDS],
    [{ query: undefined, tags: undefined, limit: undefined, project_path: undefined }, SAMPLE_IDS],
    [{ query: '', terms: [] }, SAMPLE_IDS],
    [{ query: ' \n\t', terms: ['', ' '] }, SAMPLE_IDS],
  ],
}

/** What filters let through. */
export const searchFilterCases: readonly GraphBackendCase[] = [
  ...Object.entries(FILTERS).flatMap(([filter, expectations]) =>
    casesOf('search', {
      [`searchMemories() and searchMemoriesPaginated() heed ${filter}`]: async (backend) => {
        await storeSamples(backend)
        await backend.putNodes([
          { id: 'task', label: 'Task', properties: { title: 'Gateway', importance: 1 } },
        ])
        for (const [query, ids] of expectations) {
          const about = JSON.stringify(query)
          assert.deepEqual(idsOf(await backend.searchMemories(query)), ids, about)
          const page = await backend.searchMemoriesPaginated(query)
          assert.deepEqual([idsOf(page.results), page.total_count], [ids, ids.length], about)
        }
      },
    }),
  ),
  ...casesOf('search', {
    'searchMemories() compares filters literally, whatever their signs': async (backend) => {
      const odd = [
        'C:\\work\\shop',
        '100%',
        'a_b',
        "it's",
        'say "x"',
        '日本',
        '[x]',
        '{"a":1}',
        'null',
        '1',
        'a,b',
        'Ünï',
      ]
      await backend.storeMemories(
        odd.map((text, at) => {
          const context = { project_path: text, languages: [text, 'other'], frameworks: [text] }
          return note(`n${at}`, { tags: [text, 'other'], context })
        }),
      )
      for (const [at, text] of odd.entries()) {
        const ids = [`n${at}`]
        assert.deepEqual(idsOf(await backend.searchMemories({ project_path: text })), ids, text)
        assert.deepEqual(idsOf(await backend.searchMemories({ tags: [text] })), ids, text)
        assert.deepEqual(idsOf(await backend.searchMemories({ tags: [text.toUpperCase()] })), ids, text)
        assert.deepEqual(idsOf(await backend.searchMemories({ languages: [text] })), ids, text)
        assert.deepEqual(idsOf(await backend.searchMemories({ frameworks: [text] })), ids, text)
      }
      for (const text of ['C:\\work', '%', '100_', 'axb', 'it', 'x', '{}', 'a', '1.0']) {
        assert.deepEqual(await backend.searchMemories({ project_path: text }), [], text)
        assert.deepEqual(await backend.searchMemories({ tags: [text] }), [], text)
        assert.deepEqual(await backend.searchMemories({ languages: [text] }), [], text)
      }
    },
  }),
]
