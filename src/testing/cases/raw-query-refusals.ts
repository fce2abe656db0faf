import assert from 'node:assert/strict'
import { rejectsWith } from '../assertions.js'
import type { GraphBackendCase } from '../graph-backend-case.js'
import { sqlCasesOf, storedWords, storeWords } from '../raw-query-cases.js'
import { storeNotes } from '../samples.js'

const NO_VALUES: readonly unknown[] = [
  undefined,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  {},
  [1],
  new Date(0),
  Symbol('x'),
  () => 1,
]

/** What the store's own query language may not be used for. */
export const rawQueryRefusalCases: readonly GraphBackendCase[] = sqlCasesOf({
  'executeQuery() refuses several statements in one call': async (backend) => {
    await storeWords(backend, 'kept')
    for (const query of [
      'SELECT 1; SELECT 2',
      'SELECT 1;DELETE FROM kit_words',
      "SELECT ';'; DELETE FROM kit_words;",
    ]) {
      await rejectsWith('MG_VALIDATION', () => backend.executeQuery(query), query)
      await rejectsWith('MG_VALIDATION', () => backend.executeWriteQuery(query), query)
    }
    assert.equal((await storedWords(backend)).length, 1)
    assert.deepEqual(
      (await backend.executeQuery('SELECT 1 AS one; ')).map((row) => row['one']),
      [1],
    )
  },

  'executeQuery() refuses statements that steer transactions or the connection': async (backend) => {
    const steering = [
      'BEGIN',
      'begin immediate',
      '/* hidden */ BEGIN',
      '-- hidden\nCOMMIT',
      'END',
      'ROLLBACK',
      'SAVEPOINT here',
      'RELEASE here',
      "ATTACH ':memory:' AS other",
      'DETACH other',
      'PRAGMA query_only = 0',
      'PRAGMA foreign_keys = OFF',
      'PRAGMA user_version = 7',
      'PRAGMA journal_mode(DELETE)',
    ]
    for (const statement of steering) {
      await rejectsWith('MG_VALIDATION', () => backend.executeWriteQuery(statement), statement)
      await rejectsWith(['MG_VALIDATION', 'MG_READ_ONLY'], () => backend.executeQuery(statement), statement)
    }
    await storeNotes(backend, 'still-works')
    assert.equal((await backend.getMemory('still-works'))?.id, 'still-works')
  },

  'executeQuery() refuses values that cannot be bound': async (backend) => {
    for (const value of NO_VALUES) {
      await rejectsWith(
        'MG_VALIDATION',
        () => backend.executeQuery('SELECT ? AS value', [value]),
        String(value),
      )
      await rejectsWith(
        'MG_VALIDATION',
        () => backend.executeQuery('SELECT :value', { value }),
        String(value),
      )
    }
    for (const parameters of [5, 'text', true]) {
      await rejectsWith(
        'MG_VALIDATION',
        () => backend.executeQuery('SELECT 1', parameters as never),
        String(parameters),
      )
    }
  },

  'executeQuery() refuses too few parameters': async (backend) => {
    const refused = ['MG_VALIDATION', 'MG_QUERY'] as const
    await rejectsWith(refused, () => backend.executeQuery('SELECT ? AS a, ? AS b', [1]), 'one of two')
    await rejectsWith(refused, () => backend.executeQuery('SELECT ? AS a'), 'none of one')
    await rejectsWith(
      refused,
      () => backend.executeQuery('SELECT :a AS a, :b AS b', { a: 1 }),
      'one of two names',
    )
    await rejectsWith(refused, () => backend.executeQuery('SELECT :a AS a'), 'none of one name')
    await rejectsWith(refused, () => backend.executeQuery('SELECT ?1 AS a'), 'none of one number')
    await rejectsWith(refused, () => backend.executeQuery('SELECT ?2 AS a', [1]), 'one of two numbers')
    await rejectsWith(refused, () => backend.executeQuery('SELECT ?1 AS a', {}), 'no name for a number')
    await rejectsWith(refused, () => backend.executeQuery('SELECT :größe AS a'), 'none of one foreign name')
  },

  'executeQuery() refuses parameters it has no place for': async (backend) => {
    const refused = ['MG_VALIDATION', 'MG_QUERY'] as const
    await rejectsWith(refused, () => backend.executeQuery('SELECT ? AS a', [1, 2]), 'two for one')
    await rejectsWith(refused, () => backend.executeQuery('SELECT 1 AS a', [1]), 'one for none')
    await rejectsWith(
      refused,
      () => backend.executeQuery('SELECT :a AS a', { a: 1, b: 2 }),
      'an unknown name',
    )
  },

  'executeQuery() refuses a result with two columns of one name': async (backend) => {
    const query = 'SELECT 1 AS a, 2 AS b, 3 AS a'
    await rejectsWith('MG_VALIDATION', () => backend.executeQuery(query), query)
    await rejectsWith('MG_VALIDATION', () => backend.executeWriteQuery(query), query)
    await storeWords(backend, 'kept')
    const joined = 'SELECT * FROM kit_words AS one JOIN kit_words AS two'
    await rejectsWith('MG_VALIDATION', () => backend.executeQuery(joined), joined)
    const removing = 'DELETE FROM kit_words RETURNING word, word'
    await rejectsWith('MG_VALIDATION', () => backend.executeWriteQuery(removing), removing)
    assert.deepEqual(await storedWords(backend), ['kept'])
  },

  'executeQuery() rejects with MG_QUERY when the statement fails': async (backend) => {
    await storeWords(backend, 'taken')
    for (const query of ['SELEC 1', 'SELECT * FROM kit_nowhere', 'SELECT nothing()', "SELECT 'open"]) {
      await rejectsWith('MG_QUERY', () => backend.executeQuery(query), query)
    }
    await rejectsWith(
      'MG_QUERY',
      () => backend.executeWriteQuery("INSERT INTO kit_words VALUES ('taken')"),
      'twice',
    )
    assert.equal((await storedWords(backend)).length, 1)
  },

  'executeQuery() refuses what is no statement': async (backend) => {
    for (const query of ['', '  ', ';', '-- nothing', null, 5, undefined, {}]) {
      await rejectsWith(
        ['MG_VALIDATION', 'MG_QUERY'],
        () => backend.executeQuery(query as never),
        String(query),
      )
    }
  },
})
