import assert from 'node:assert/strict'
import type { QueryParameters } from '../../backends/graph-backend.js'
import { rejectsWith } from '../assertions.js'
import type { GraphBackendCase } from '../graph-backend-case.js'
import { sqlCasesOf, storedWords, storeWords } from '../raw-query-cases.js'

/** The store's own query language. */
export const rawQueryCases: readonly GraphBackendCase[] = sqlCasesOf({
  'executeQuery(), executeReadQuery() and executeWriteQuery() resolve to rows': async (backend) => {
    const query = "SELECT 1 AS one, 'two' AS two UNION ALL SELECT 3, 'four'"
    const rows = [
      { one: 1, two: 'two' },
      { one: 3, two: 'four' },
    ]
    assert.deepEqual(
      (await backend.executeQuery(query)).map((row) => ({ ...row })),
      rows,
    )
    assert.deepEqual(
      (await backend.executeReadQuery(query)).map((row) => ({ ...row })),
      rows,
    )
    assert.deepEqual(
      (await backend.executeWriteQuery(query)).map((row) => ({ ...row })),
      rows,
    )
    assert.deepEqual(await backend.executeQuery('SELECT 1 WHERE 1 = 0'), [])
  },

  'executeQuery() takes parameters by position': async (backend) => {
    const [row] = await backend.executeQuery('SELECT ? AS a, ? AS b, ? AS c', [1, "it's", null])
    assert.deepEqual({ ...row }, { a: 1, b: "it's", c: null })
  },

  'executeQuery() takes parameters by name, with and without their sign': async (backend) => {
    const named: readonly QueryParameters[] = [
      { a: 1, b: 'two', c: null },
      { ':a': 1, '@b': 'two', $c: null },
      { a: 1, '@b': 'two', c: null },
    ]
    for (const parameters of named) {
      const [row] = await backend.executeQuery('SELECT :a AS a, @b AS b, $c AS c, :a AS again', parameters)
      assert.deepEqual({ ...row }, { a: 1, b: 'two', c: null, again: 1 }, JSON.stringify(parameters))
    }
  },

  'executeQuery() takes names in any script, and numbered positions': async (backend) => {
    const query = 'SELECT :größe AS a, @名前 AS b, $ключ_1 AS c, :größe AS d'
    const [named] = await backend.executeQuery(query, { größe: 1, '@名前': 'two', ключ_1: null })
    assert.deepEqual({ ...named }, { a: 1, b: 'two', c: null, d: 1 })
    const [numbered] = await backend.executeQuery('SELECT ?2 AS a, ?1 AS b, ?2 AS c', ['one', 'two'])
    assert.deepEqual({ ...numbered }, { a: 'two', b: 'one', c: 'two' })
  },

  'executeQuery() takes signs inside texts and comments for what they are': async (backend) => {
    const [row] = await backend.executeQuery("SELECT '; :a ? @b' AS text, ? AS one -- ; really?\n;", [1])
    assert.deepEqual({ ...row }, { text: '; :a ? @b', one: 1 })
  },

  'executeQuery() keeps the types of values': async (backend) => {
    const typeOf = async (value: unknown): Promise<unknown> =>
      (await backend.executeQuery('SELECT typeof(?) AS type', [value]))[0]?.['type']
    assert.deepEqual(await Promise.all([1, -7, 2 ** 40, 1.5].map(typeOf)), [
      'integer',
      'integer',
      'integer',
      'real',
    ])
    assert.deepEqual(await Promise.all([true, 5n, 'x', null].map(typeOf)), [
      'integer',
      'integer',
      'text',
      'null',
    ])
    assert.equal(await typeOf(new Uint8Array([1, 2])), 'blob')
    const boundValue = async (value: unknown): Promise<unknown> =>
      (await backend.executeQuery('SELECT ? AS value', [value]))[0]?.['value']
    for (const value of [0, -1, 1.5, Number.MAX_SAFE_INTEGER, '', 'x', null])
      assert.equal(await boundValue(value), value)
    assert.deepEqual([Number(await boundValue(true)), Number(await boundValue(false))], [1, 0])
    const blob = await boundValue(new Uint8Array([0, 255, 7]))
    assert.ok(blob instanceof Uint8Array)
    assert.deepEqual([...blob], [0, 255, 7])
  },

  'executeQuery() keeps integers beyond 53 bits exactly': async (backend) => {
    const large = 2n ** 53n + 1n
    const [row] = await backend.executeQuery('SELECT ? AS value, CAST(? AS TEXT) AS text', [large, large])
    assert.equal(row?.['text'], '9007199254740993')
    assert.equal(row?.['value'], large)
    await rejectsWith(
      'MG_VALIDATION',
      () => backend.executeQuery('SELECT ? AS value', [2n ** 64n]),
      '65 bits',
    )
  },

  'executeQuery() writes only with write': async (backend) => {
    await storeWords(backend, 'kept')
    const writes = [
      "INSERT INTO kit_words VALUES ('new')",
      "UPDATE kit_words SET word = 'changed'",
      'DELETE FROM kit_words',
      "/* comment */ insert into kit_words values ('new') returning word",
      'WITH gone AS (SELECT word FROM kit_words) DELETE FROM kit_words WHERE word IN (SELECT word FROM gone)',
      "REPLACE INTO kit_words VALUES ('new')",
      'DROP TABLE kit_words',
      'CREATE TABLE kit_more (word TEXT)',
    ]
    for (const write of writes) {
      await rejectsWith('MG_READ_ONLY', () => backend.executeQuery(write), write)
      await rejectsWith('MG_READ_ONLY', () => backend.executeQuery(write, [], false), write)
      await rejectsWith('MG_READ_ONLY', () => backend.executeReadQuery(write), write)
    }
    assert.deepEqual(await storedWords(backend), ['kept'])
    await backend.executeQuery('DELETE FROM kit_words', [], true)
    assert.deepEqual(await storedWords(backend), [])
  },

  'executeWriteQuery() writes, and returns what RETURNING asks for': async (backend) => {
    await storeWords(backend, 'one')
    assert.deepEqual(await backend.executeWriteQuery("INSERT INTO kit_words VALUES ('two')"), [])
    const rows = await backend.executeWriteQuery('DELETE FROM kit_words WHERE word = :w RETURNING word', {
      w: 'one',
    })
    assert.deepEqual(
      rows.map((row) => row['word']),
      ['one'],
    )
    assert.deepEqual(await storedWords(backend), ['two'])
  },
})
