import assert from 'node:assert/strict'
import type { GraphBackend } from '../../backends/graph-backend.js'
import type { Memory } from '../../model/memory.js'
import type { RecallOptions } from '../../model/search-query.js'
import { casesOf, type GraphBackendCase, vectorCasesOf } from '../graph-backend-case.js'
import { note, storeNotes } from '../samples.js'

type Options = Pick<RecallOptions, 'boosts' | 'ranking' | 'diversity' | 'snippets'>

/** Asserts that what is found of a zebra comes in the order that options ask for. */
async function heedsOptions(
  backend: GraphBackend,
  find: (text: string, options: Options) => Promise<Memory[]>,
): Promise<void> {
  const old = { created_at: '2020-01-01T00:00:00Z', importance: 0 }
  await storeNotes(backend, 'x', 'y', 'z')
  await backend.storeMemories([
    note('titled', { ...old, title: 'Zebra', content: 'A report.' }),
    note('titled again', { ...old, title: 'Zebra', content: 'A report.' }),
    note('important', { ...old, content: 'Of a zebra.', importance: 1 }),
    note('new', { content: 'Of a zebra.', importance: 0 }),
  ])
  const found = async (options: Options): Promise<(string | undefined)[]> =>
    (await find('zebra', options)).map(({ id }) => id)
  const titled = ['titled', 'titled again']
  assert.deepEqual((await found({})).slice(0, 2), titled)
  assert.deepEqual((await found({ boosts: { title: 0.1, content: 10 } })).slice(2), titled)
  assert.equal((await found({ ranking: { recency: 1 } }))[0], 'new')
  assert.equal((await found({ ranking: { importance: 1 } }))[0], 'important')
  assert.notEqual((await found({ diversity: 0.7 }))[1], 'titled again')
  const last = (await find('zebra', { snippets: true })).at(-1)
  assert.equal(last?.match_info?.snippet, 'Of a **zebra**.')
}

/** What else than the words decides on the order, and what hits show. */
export const recallOrderCases: readonly GraphBackendCase[] = [
  ...casesOf('recall', {
    'recallMemories() lets fields, age, importance and unlikeness count as it is told': async (backend) =>
      heedsOptions(backend, (text, options) => backend.recallMemories(text, { expand: false, ...options })),
  }),
  ...vectorCasesOf('hybrid search', {
    'hybridSearch() lets fields, age, importance and unlikeness count as it is told': async (backend) =>
      heedsOptions(backend, (text, options) => backend.hybridSearch({ text, expand: false, ...options })),
  }),
]
