import assert from 'node:assert/strict'
import type { Memory } from '../../model/memory.js'
import type { RecallOptions } from '../../model/search-query.js'
import { idSetOf, idsOf, rejectsWith } from '../assertions.js'
import { casesOf, type GraphBackendCase } from '../graph-backend-case.js'
import { note, SAMPLE_IDS, storeNotes, storeSamples } from '../samples.js'

const UNFIT: readonly object[] = [
  { limit: 0 },
  { limit: 1001 },
  { limit: '5' },
  { offset: -1 },
  { memoryTypes: ['unheard_of'] },
  { memoryTypes: 'problem' },
  { projectPath: 5 },
  { tags: 'payment' },
  { minImportance: 2 },
  { includeRelationships: 'yes' },
  { expand: 'yes' },
  { diversity: 2 },
  { memory_types: ['problem'] },
]

/** Questions in plain language. */
export const recallCases: readonly GraphBackendCase[] = casesOf('recall', {
  'recallMemories() joins the words of a question by OR': async (backend) => {
    await storeSamples(backend)
    const hits = await backend.recallMemories('Why does the gateway, of all things, slow down my workers?')
    assert.deepEqual(idSetOf(hits), ['connection-pool', 'gateway-timeout', 'retry-backoff', 'slow-report'])
  },

  'recallMemories() drops stop words': async (backend) => {
    await storeSamples(backend)
    assert.deepEqual(idsOf(await backend.recallMemories('What is the staging of the and on?')), [
      'deploy-command',
    ])
    assert.deepEqual(await backend.recallMemories('What is the zebra?'), [])
  },

  'recallMemories() of nothing but stop words looks for them': async (backend) => {
    await backend.storeMemories([
      note('hamlet', { title: 'To be or not to be' }),
      note('other', { title: 'Fishing' }),
    ])
    assert.deepEqual(idsOf(await backend.recallMemories('to be or not to be')), ['hamlet'])
  },

  'recallMemories() of blank text asks for nothing': async (backend) => {
    await storeSamples(backend)
    for (const text of ['', ' ', '\n\t ']) assert.deepEqual(await backend.recallMemories(text), [])
  },

  'recallMemories() puts the best first': async (backend) => {
    await storeSamples(backend)
    await backend.storeMemories(
      Array.from({ length: 10 }, (_, at) =>
        note(`filler-${at}`, { content: 'The gateway again.', importance: 1 }),
      ),
    )
    const hits = await backend.recallMemories('How many retries with exponential backoff for the gateway?')
    assert.equal(hits[0]?.id, 'retry-backoff')
    assert.equal(hits.length, 12)
  },

  'recallMemories() gives 20 unless told otherwise': async (backend) => {
    await storeNotes(backend, ...Array.from({ length: 30 }, (_, at) => `n${at}`))
    assert.equal((await backend.recallMemories('note')).length, 20)
    assert.equal((await backend.recallMemories('note', { limit: null })).length, 20)
    const pages = await Promise.all(
      [0, 20].map((offset) => backend.recallMemories('note', { limit: 20, offset })),
    )
    assert.equal(new Set(pages.flatMap(idsOf)).size, 30)
    assert.equal((await backend.recallMemories('note', { limit: 30 })).length, 30)
  },

  'recallMemories() heeds each option': async (backend) => {
    await storeSamples(backend)
    const question = 'gateway, report, pool, staging or rivers'
    const expectations: readonly (readonly [RecallOptions, readonly string[]])[] = [
      [{}, SAMPLE_IDS],
      [{ memoryTypes: ['problem'] }, ['gateway-timeout', 'slow-report']],
      [{ projectPath: '/srv/reports' }, ['slow-report', 'deploy-command']],
      [{ tags: ['Payment'] }, ['gateway-timeout', 'retry-backoff']],
      [{ minImportance: 0.8 }, ['gateway-timeout', 'retry-backoff']],
      [{ memoryTypes: ['problem'], tags: ['database'], minImportance: 0.1 }, ['slow-report']],
      [{ memoryTypes: null, projectPath: null, tags: null, minImportance: null, offset: null }, SAMPLE_IDS],
    ]
    for (const [options, ids] of expectations) {
      assert.deepEqual(
        idSetOf(await backend.recallMemories(question, options)),
        [...ids].sort(),
        JSON.stringify(options),
      )
    }
  },

  'recallMemories() and searchMemories() show the best passage where asked': async (backend) => {
    const filler = 'Nothing of note is here. '.repeat(20)
    await backend.storeMemories([
      note('long', { content: `${filler}Then the gateway\n retried twice.${filler}` }),
      note('titled', { title: 'Gateway', content: 'Short.', summary: 'What retries do.' }),
    ])
    const snippets = { length: 60 }
    const shown = async (hits: Promise<readonly Memory[]>): Promise<unknown> =>
      Object.fromEntries((await hits).map((hit) => [hit.id, hit.match_info?.snippet]))
    const text = 'gateway retries'
    if (backend.capabilities.fulltext)
      assert.deepEqual(await shown(backend.recallMemories(text, { snippets })), {
        long: '…here. Then the **gateway** **retried** twice.Nothing of note is…',
        titled: 'What **retries** do.',
      })
    const marks = { length: 20, before: '<b>', after: '</b>' }
    const bare = { snippets: marks, include_relationships: false, query: 'gateway' }
    const hits = await backend.searchMemories(bare)
    assert.deepEqual(await shown(Promise.resolve(hits)), { long: '…the <b>gateway</b>…', titled: 'Short.' })
    assert.equal(hits[0]?.relationships, null)
    assert.deepEqual((await backend.searchMemoriesPaginated(bare)).results, hits)
    assert.deepEqual(Object.keys((await backend.searchMemories({ query: text }))[0]?.match_info ?? {}), [
      'matched_fields',
      'matched_terms',
      'match_quality',
    ])
    for (const unfit of [{ length: 5 }, { length: 1001 }, { mark: '*' }, { before: 1 }, 'yes'])
      await rejectsWith('MG_VALIDATION', () => backend.recallMemories(text, { snippets: unfit as never }))
  },

  'recallMemories() enriches unless told otherwise': async (backend) => {
    await storeSamples(backend)
    const [hit] = await backend.recallMemories('timeouts under load')
    assert.deepEqual(hit?.relationships, { solves: ['Retry with exponential backoff'] })
    assert.equal(typeof hit?.context_summary, 'string')
    assert.equal(hit?.match_info?.match_quality, 'high')
    const [bare] = await backend.recallMemories('timeouts under load', { includeRelationships: false })
    assert.deepEqual([bare?.relationships, bare?.match_info, bare?.context_summary], [null, null, null])
  },

  'recallMemories() takes any text': async (backend) => {
    await backend.storeMemories([note('sign', { content: '100% of "them"' }), note('other')])
    for (const text of ['"', '(((', 'AND OR NOT NEAR', '*', "'; DROP TABLE nodes", 'a:b^c', '\\', '🦉']) {
      assert.ok(Array.isArray(await backend.recallMemories(text)), text)
    }
    assert.deepEqual(idsOf(await backend.recallMemories('%')), ['sign'])
    assert.deepEqual(idsOf(await backend.recallMemories('What are "them"?!')), ['sign'])
  },

  'recallMemories() takes text of any length': async (backend) => {
    await storeSamples(backend)
    for (const rest of [
      'unheard of '.repeat(2000),
      'x'.repeat(5000),
      Array.from({ length: 500 }, (_, at) => `w${at}`).join(' '),
    ]) {
      const hits = await backend.recallMemories(`gateway ${rest}`)
      assert.deepEqual(idSetOf(hits), ['gateway-timeout', 'retry-backoff'])
    }
  },

  'recallMemories() answers questions of scripts without spaces': async (backend) => {
    await backend.storeMemories([
      note('japanese', { content: '本番のデータベースが遅いので索引を足した。' }),
      note('chinese', { content: '连接池可以提高数据库性能' }),
      note('thai', { content: 'ฐานข้อมูลทำงานช้า' }),
      note('other'),
    ])
    for (const [question, id] of [
      ['データベース', 'japanese'],
      ['なぜデータベースは遅かったのですか？', 'japanese'],
      ['どの索引を使うべき?', 'japanese'],
      ['数据库为什么慢？', 'chinese'],
      ['如何优化连接的性能', 'chinese'],
      ['ข้อมูลอยู่ที่ไหน', 'thai'],
    ] as const)
      assert.deepEqual(idsOf(await backend.recallMemories(question)), [id], question)
  },

  'recallMemories() refuses what it does not know or cannot do': async (backend) => {
    for (const options of UNFIT) {
      await rejectsWith(
        'MG_VALIDATION',
        () => backend.recallMemories('note', options as never),
        JSON.stringify(options),
      )
    }
    for (const text of [null, undefined, 5, {}, ['note']]) {
      await rejectsWith('MG_VALIDATION', () => backend.recallMemories(text as never), String(text))
    }
  },
})
