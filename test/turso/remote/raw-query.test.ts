import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TursoBackend } from '../../../src/backends/turso/turso-backend.js'
import { failureOf, note, type Remote, startRemote } from './remote.js'

let remote: Remote
let backend: TursoBackend

beforeAll(async () => {
  remote = await startRemote({ timeoutMs: 10_000 })
  backend = remote.backend
  await backend.storeMemory(note('A', { id: 'a' }))
})

afterAll(() => remote[Symbol.asyncDispose]())

describe('a raw query that is to read', () => {
  it.each([
    "INSERT INTO nodes(id, label, properties) VALUES ('x', 'Task', '{}')",
    "INSERT INTO nodes(id, label, properties) VALUES ('x', 'Task', '{}') RETURNING id",
    'WITH gone AS (SELECT id FROM nodes) DELETE FROM nodes WHERE id IN (SELECT id FROM gone)',
    "UPDATE nodes SET label = 'Task'",
    "REPLACE INTO nodes(id, label, properties) VALUES ('a', 'Task', '{}')",
    'DROP TABLE nodes',
    'CREATE TABLE other (id)',
    'CREATE INDEX other ON nodes(label)',
    '/* a comment */ DELETE FROM nodes',
    'REINDEX',
  ])('%s is refused, by what the primary says of it', async (sql) => {
    expect(await failureOf(backend.executeReadQuery(sql))).toMatchObject({
      code: 'MG_READ_ONLY',
      message: expect.stringContaining('executeWriteQuery()'),
    })
  })

  it.each([
    ['PRAGMA user_version = 5', 'MG_VALIDATION'],
    ['PRAGMA foreign_keys = OFF', 'MG_VALIDATION'],
    ['BEGIN', 'MG_VALIDATION'],
    ['COMMIT', 'MG_VALIDATION'],
    ["ATTACH 'other.db' AS other", 'MG_VALIDATION'],
    ['VACUUM', 'MG_VALIDATION'],
    ['SELECT 1; SELECT 2', 'MG_VALIDATION'],
    ['SELECT 1; DELETE FROM nodes', 'MG_VALIDATION'],
    ['', 'MG_VALIDATION'],
    ['SELEC 1', 'MG_QUERY'],
    ['SELECT 1 FROM', 'MG_QUERY'],
    ['SELECT nothing FROM nodes', 'MG_QUERY'],
    ['SELECT 1 FROM nowhere', 'MG_QUERY'],
    ["SELECT json_extract('{', '$')", 'MG_QUERY'],
    ['SELECT id, id FROM nodes', 'MG_VALIDATION'],
  ])('%j is %s', async (sql, code) => {
    expect(await failureOf(backend.executeReadQuery(sql))).toMatchObject({ code })
    expect(await backend.executeReadQuery('SELECT id FROM nodes')).toEqual([{ id: 'a' }])
  })

  it('has left everything as it was', async () => {
    expect(await backend.executeReadQuery('PRAGMA user_version')).toEqual([{ user_version: 0 }])
    expect(await backend.executeReadQuery('SELECT id, label FROM nodes')).toEqual([
      { id: 'a', label: 'Memory' },
    ])
  })

  it('binds by position and by name, and brings every kind of value back', async () => {
    const blob = new Uint8Array([0, 1, 255])
    const values = [1, -1, 0.5, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n), 'text', '', null, true, blob]
    const columns = values.map((_, at) => `? AS v${at}`).join(', ')
    const [row] = await backend.executeReadQuery(`SELECT ${columns}`, values)
    expect(Object.values(row ?? {})).toEqual([
      ...[1, -1, 0.5, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n), 'text', '', null, 1, blob],
    ])
    expect(
      await backend.executeReadQuery('SELECT :one AS a, @two AS b, $three AS c, :one AS d', {
        one: 1,
        '@two': 'zwei',
        three: null,
      }),
    ).toEqual([{ a: 1, b: 'zwei', c: null, d: 1 }])
    expect(await backend.executeReadQuery('SELECT ?2 AS second, ?1 AS first', ['x', 'y'])).toEqual([
      { second: 'y', first: 'x' },
    ])
    expect(await backend.executeReadQuery('SELECT typeof(?) AS a, typeof(?) AS b', [5, 5.5])).toEqual([
      { a: 'integer', b: 'real' },
    ])
    expect(await backend.executeReadQuery("SELECT '日本語 😀' AS text, x'00ff' AS blob")).toEqual([
      { text: '日本語 😀', blob: new Uint8Array([0, 255]) },
    ])
  })

  it.each([
    ['SELECT ? AS a', []],
    ['SELECT ? AS a', [1, 2]],
    ['SELECT :a AS a', { b: 1 }],
    ['SELECT ? AS a', { a: 1 }],
    ['SELECT ? AS a', [Number.NaN]],
    ['SELECT ? AS a', [new Date(0)]],
    ['SELECT ? AS a', [2n ** 63n]],
    ['SELECT ? AS a', ['half \ud800']],
  ])('%j with %o is refused before anything is sent', async (sql, parameters) => {
    const before = remote.proxy.requests
    expect(await failureOf(backend.executeReadQuery(sql, parameters as never))).toMatchObject({
      code: 'MG_VALIDATION',
    })
    expect(remote.proxy.requests).toBe(before)
  })
})

describe('a raw query that may write', () => {
  it('writes, returns rows, and is in the change feed', async () => {
    const sql =
      'INSERT INTO nodes(id, label, properties) VALUES (?, ?, ?) RETURNING id, 9007199254740993 AS big'
    expect(await backend.executeWriteQuery(sql, ['raw', 'Task', '{}'])).toEqual([
      { id: 'raw', big: 9007199254740993n },
    ])
    expect(await backend.executeQuery('SELECT id FROM nodes ORDER BY id', [], true)).toEqual([
      { id: 'a' },
      { id: 'raw' },
    ])
    expect(await backend.executeWriteQuery('DELETE FROM nodes WHERE id = :id', { id: 'raw' })).toEqual([])
  })

  it.each([
    ["INSERT INTO nodes(id, label, properties) VALUES ('a', 'Task', '{}')", 'UNIQUE'],
    ["INSERT INTO nodes(id) VALUES ('b')", 'NOT NULL'],
    [
      "INSERT INTO relationships(id, from_id, to_id, rel_type, properties) VALUES ('r', 'x', 'y', 'T', '{}')",
      'FOREIGN KEY',
    ],
    ['DELETE FROM nowhere', 'no such table'],
  ])('%s fails as a query, and leaves nothing', async (sql, reason) => {
    expect(await failureOf(backend.executeWriteQuery(sql))).toMatchObject({
      code: 'MG_QUERY',
      message: expect.stringContaining(reason),
    })
    expect(await backend.executeReadQuery('SELECT count(*) AS count FROM nodes')).toEqual([{ count: 1 }])
  })
})

describe('an answer that holds what JSON cannot', () => {
  it('is an error of that query alone: the primary is not taken for one that is away', async () => {
    await using remote = await startRemote()
    const { backend } = remote
    for (let time = 0; time < 6; time++) {
      expect(await failureOf(backend.executeQuery('SELECT 1e999 AS infinite'))).toMatchObject({
        code: 'MG_QUERY',
        message: expect.stringMatching(/cannot be read/),
      })
    }
    expect(await backend.executeQuery('SELECT 1 AS one')).toEqual([{ one: 1 }])
    expect((await backend.healthCheck()).primary).toMatchObject({ circuit: 'closed', retried: 0, failed: 0 })
  })
})
