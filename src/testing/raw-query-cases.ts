import assert from 'node:assert/strict'
import type { GraphBackend } from '../backends/graph-backend.js'
import { rejectsWith } from './assertions.js'
import { casesOf, type GraphBackendCase } from './graph-backend-case.js'

/** Where the query language is another one, its first statement must work, or be refused where there is none. */
async function runsOrRefuses(backend: GraphBackend): Promise<void> {
  const { queryLanguage } = backend.capabilities
  if (queryLanguage === 'none') {
    await rejectsWith('MG_NOT_SUPPORTED', () => backend.executeQuery('SELECT 1', [], true), 'executeQuery()')
    await rejectsWith('MG_NOT_SUPPORTED', () => backend.executeReadQuery('SELECT 1'), 'executeReadQuery()')
    await rejectsWith('MG_NOT_SUPPORTED', () => backend.executeWriteQuery('SELECT 1'), 'executeWriteQuery()')
  } else assert.deepEqual(await backend.executeQuery('RETURN 1 AS one'), [{ one: 1 }])
}

/** Cases of SQL; where the query language is another one, or there is none, each asserts that. */
export function sqlCasesOf(bodies: {
  readonly [name: string]: (backend: GraphBackend) => Promise<void>
}): readonly GraphBackendCase[] {
  const cases = Object.entries(bodies).map(([name, run]): [string, GraphBackendCase['run']] => [
    name,
    (backend) => (backend.capabilities.queryLanguage === 'sql' ? run(backend) : runsOrRefuses(backend)),
  ])
  return casesOf('raw query', Object.fromEntries(cases))
}

/** Makes a table of words. */
export async function storeWords(backend: GraphBackend, ...values: readonly string[]): Promise<void> {
  await backend.executeWriteQuery('CREATE TABLE kit_words (word TEXT PRIMARY KEY)')
  for (const value of values)
    await backend.executeWriteQuery('INSERT INTO kit_words (word) VALUES (?)', [value])
}

/** The words in that table. */
export async function storedWords(backend: GraphBackend): Promise<unknown[]> {
  const rows = await backend.executeReadQuery('SELECT word FROM kit_words ORDER BY word')
  return rows.map((row) => row['word'])
}
