import { describe, expect, it, onTestFinished } from 'vitest'
import type { GraphLevel } from '../../src/backends/graph-driver.js'
import { Connection } from '../../src/backends/turso/local/connection.js'
import { CREATE_GRAPH_TABLES, CREATE_OWN_TABLES, CREATE_TRIGGERS } from '../../src/backends/turso/schema.js'
import { SqlReader } from '../../src/backends/turso/sql-reader.js'
import type { Query, SqlRow } from '../../src/backends/turso/sql-source.js'

import { BackendError } from '../../src/errors.js'

const OUTGOING: GraphLevel = { direction: 'outgoing', types: [], currentOnly: true }
const BOTH: GraphLevel = { direction: 'both', types: [], currentOnly: false }
const ALL = { ids: null, after: null, limit: 100 } as const
const AT = '2026-01-01T00:00:00.000000+00:00'

type File = { readonly connection: Connection; readonly reader: SqlReader }

/** A file with these rows, written by plain SQL. */
async function fileWith(sql: string, tables = CREATE_GRAPH_TABLES): Promise<File> {
  const connection = await Connection.open({ path: ':memory:', encryptionKey: undefined })
  onTestFinished(() => connection.close())
  connection.exec(`PRAGMA foreign_keys = OFF; ${tables} ${CREATE_OWN_TABLES}`)
  connection.exec(sql)
  return { connection, reader: new SqlReader({ read: async (queries) => connection.read(queries) }) }
}

/** Relationships as values of an INSERT: id, ends and properties are SQL. */
function relationships(
  ...rows: (readonly [id: string, from: string, to: string, properties?: string])[]
): string {
  const values = rows.map(
    ([id, from, to, properties = `'{}'`]) => `(${id}, ${from}, ${to}, 'SOLVES', ${properties}, '${AT}')`,
  )
  return `INSERT INTO relationships (id, from_id, to_id, rel_type, properties, valid_from) VALUES ${values.join(', ')};`
}

function nodes(...ids: readonly string[]): string {
  return `INSERT INTO nodes (id, label, properties) VALUES ${ids.map((id) => `(${id}, 'Task', '{}')`).join(', ')};`
}

const idsOf = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id).sort()

describe('a graph that other programs wrote', () => {
  it('has a node whose id is empty, which a walk meets too', async () => {
    const { reader } = await fileWith(nodes(`''`, `'a'`) + relationships([`'r'`, `'a'`, `''`]))
    expect(idsOf((await reader.findGraphNodes(ALL, [])).rows)).toEqual(['', 'a'])
    expect(await reader.getReach(['a'], 1, [BOTH])).toEqual([{ id: '', depth: 1 }])
  })

  it('leaves out rows without an id, and with one that is no text', async () => {
    const { reader } = await fileWith(
      nodes(`'a'`, 'NULL', `x'62'`, '7') +
        relationships(
          [`'r'`, `'a'`, `'7'`],
          ['NULL', `'a'`, `'b'`],
          [`x'31'`, `'a'`, `'c'`],
          [`'s'`, `'a'`, `x'63'`],
          [`'t'`, `x'63'`, `'a'`],
          ['8', '7', `'a'`],
        ),
    )
    expect(idsOf((await reader.findGraphNodes(ALL, [])).rows)).toEqual(['7', 'a'])
    expect(idsOf((await reader.findGraphEdges(ALL)).rows)).toEqual(['8', 'r'])
    expect(idsOf(await reader.getGraphEdges(['a', '7'], BOTH))).toEqual(['8', 'r'])
    expect(await reader.getReach(['a'], 3, [BOTH])).toEqual([{ id: '7', depth: 1 }])
  })

  it('leaves out rows with an id that is no UTF-8, which would end the process, page by page', async () => {
    const bad = `CAST(x'61ff62' AS TEXT)`
    const { reader } = await fileWith(
      nodes(`'a'`, bad, `CAST(x'80' AS TEXT)`, `'é'`, `'\u{1f600}'`) +
        relationships(
          [`'r'`, `'a'`, `'é'`],
          [bad, `'a'`, `'é'`],
          [`'s'`, `'a'`, bad],
          [`'t'`, bad, `'a'`],
          [`'ü'`, `'a'`, `'\u{1f600}'`],
        ),
    )
    const found: string[] = []
    for (let after: string | null = null; ; ) {
      const page: Awaited<ReturnType<SqlReader['findGraphNodes']>> = await reader.findGraphNodes(
        { ids: null, after, limit: 1 },
        [],
      )
      found.push(...idsOf(page.rows))
      if (page.next === null) break
      after = page.next
    }
    expect(found).toEqual(['a', 'é', '\u{1f600}'])
    expect(idsOf((await reader.findGraphEdges(ALL)).rows)).toEqual(['r', 'ü'])
    expect(idsOf(await reader.getGraphEdges(['a'], BOTH))).toEqual(['r', 'ü'])
    expect(idsOf(await reader.getReach(['a'], 3, [OUTGOING]))).toEqual(['é', '\u{1f600}'])
  })

  it('reads labels, types and times that are no UTF-8 as far as it can', async () => {
    const { reader } = await fileWith(`
      INSERT INTO nodes (id, label, properties) VALUES ('é', CAST(x'54c3' AS TEXT), CAST(x'7bff7d' AS TEXT)), ('b', x'42', '{}');
      INSERT INTO relationships (id, from_id, to_id, rel_type, properties, valid_from)
      VALUES ('ü', 'é', 'b', CAST(x'53ff' AS TEXT), CAST(x'7b22737472656e677468223a312c22ff223a317d' AS TEXT), CAST(x'32ff' AS TEXT))`)
    expect((await reader.findGraphNodes(ALL, [])).rows).toEqual([
      { id: 'b', label: 'B', importance: null },
      { id: 'é', label: 'T\ufffd', importance: null },
    ])
    expect((await reader.findGraphEdges(ALL)).rows).toEqual([
      {
        id: 'ü',
        from: 'é',
        to: 'b',
        type: 'S\ufffd',
        strength: 1,
        valid_from: '2\ufffd',
        valid_until: null,
      },
    ])
  })

  it('takes what was created at some time as true since then, and what has no time as never true', async () => {
    const tables = CREATE_GRAPH_TABLES.replace(/NOT NULL DEFAULT CURRENT_TIMESTAMP/g, '')
    const { reader } = await fileWith(
      `INSERT INTO relationships (id, from_id, to_id, rel_type, properties, created_at, valid_from, valid_until) VALUES
        ('created', 'a', 'b', 'SOLVES', '{}', '2020-01-01', NULL, NULL),
        ('timeless', 'a', 'b', 'SOLVES', '{}', NULL, NULL, NULL),
        ('numbers', 'a', 'b', 'SOLVES', '{}', NULL, 2020, 2021.5)`,
      tables,
    )
    const times = (await reader.findGraphEdges(ALL)).rows.map((row) => [row.valid_from, row.valid_until])
    expect(times).toEqual([
      ['2020-01-01', null],
      ['unknown', null],
      ['2020', '2021.5'],
    ])
  })

  it('gives ids with quotes and control characters as they are', async () => {
    const { connection, reader } = await fileWith('')
    const ids = ['a"b\\c', "it's", 'a\nb\t\u0001', '\u2028', '[1]']
    for (const id of ids)
      connection.run('INSERT INTO nodes (id, label, properties) VALUES (?, ?, ?)', [id, 'Task', '{}'])
    for (const id of ids)
      connection.run(
        'INSERT INTO relationships (id, from_id, to_id, rel_type, properties) VALUES (?, ?, ?, ?, ?)',
        [`r${id}`, ids[0] as string, id, 'SOLVES', '{}'],
      )
    expect(idsOf((await reader.findGraphNodes(ALL, [])).rows)).toEqual([...ids].sort())
    expect(idsOf(await reader.getReach([ids[0] as string], 1, [OUTGOING]))).toEqual(ids.slice(1).sort())
    expect(idsOf(await reader.getGraphEdges(ids, OUTGOING))).toEqual(ids.map((id) => `r${id}`).sort())
  })
})

describe('pages', () => {
  it('go on behind rows that were deleted meanwhile, and find those that came', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f']
    const { connection, reader } = await fileWith(
      nodes(...ids.map((id) => `'${id}'`)) +
        relationships(...ids.map((id) => [`'${id}'`, `'a'`, `'b'`] as const)),
    )
    const first = await reader.findGraphEdges({ ids: null, after: null, limit: 3 })
    const firstNodes = await reader.findGraphNodes({ ids: null, after: null, limit: 3 }, [])
    connection.exec(
      `DELETE FROM relationships WHERE id IN ('b', 'c', 'd'); DELETE FROM nodes WHERE id IN ('b', 'c', 'd');
      ${nodes(`'e2'`)} ${relationships([`'0'`, `'a'`, `'b'`])}`,
    )
    const second = await reader.findGraphEdges({ ids: null, after: first.next, limit: 4 })
    const secondNodes = await reader.findGraphNodes({ ids: null, after: firstNodes.next, limit: 4 }, [])
    expect([idsOf(first.rows), idsOf(second.rows), second.next]).toEqual([
      ['a', 'b', 'c'],
      ['0', 'e', 'f'],
      null,
    ])
    expect([idsOf(firstNodes.rows), idsOf(secondNodes.rows), secondNodes.next]).toEqual([
      ['a', 'b', 'c'],
      ['e', 'e2', 'f'],
      null,
    ])
  })

  it('come as rows where a packed one is too large', async () => {
    const { connection } = await fileWith(
      nodes(`'a'`, `'b'`) +
        relationships(
          [`'r'`, `'a'`, `'b'`, `'{"strength": 0.1}'`],
          [`'s'`, `'b'`, `'a'`],
          [`'t'`, `'a'`, `'a'`],
        ),
    )
    const refusing = {
      async read(queries: readonly Query[]): Promise<SqlRow[][]> {
        if (queries.some(({ sql }) => sql.includes('json_group_array')))
          throw new BackendError('too large', { details: { engine_code: 'RESPONSE_TOO_LARGE' } })
        return connection.read(queries)
      },
    }
    const whole = new SqlReader({ read: async (queries) => connection.read(queries) })
    const reader = new SqlReader(refusing)
    const { rows, next } = await reader.findGraphEdges({ ids: null, after: null, limit: 2 })
    const rest = await reader.findGraphEdges({ ids: null, after: next, limit: 2 })
    expect([...rows, ...rest.rows]).toEqual((await whole.findGraphEdges(ALL)).rows)
    expect((await reader.findGraphNodes(ALL, [])).rows).toEqual((await whole.findGraphNodes(ALL, [])).rows)
    expect(await reader.getGraphEdges(['a'], BOTH)).toEqual(await whole.getGraphEdges(['a'], BOTH))
    expect(await reader.getReach(['a'], 2, [BOTH])).toEqual(await whole.getReach(['a'], 2, [BOTH]))
  })
})

describe('a walk', () => {
  const fan = (size: number): string => `
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${size})
    INSERT INTO nodes (id, label, properties) SELECT 'n' || i, 'Task', '{}' FROM n;
    INSERT INTO relationships (id, from_id, to_id, rel_type, properties)
    SELECT 'to ' || id, 'hub', id, 'SOLVES', '{}' FROM nodes UNION ALL SELECT 'from ' || id, id, 'end', 'SOLVES', '{}' FROM nodes;
    ${nodes(`'hub'`, `'end'`)}`

  it.each([100, 3_999, 6_000])('through %i nodes that lead to one comes to that one, once', async (size) => {
    const { reader } = await fileWith(fan(size))
    const found = await reader.getReach(['hub'], 3, [OUTGOING])
    expect(found.filter(({ depth }) => depth === 1)).toHaveLength(size)
    expect(found.filter(({ depth }) => depth > 1)).toEqual([{ id: 'end', depth: 2 }])
  })

  it('does not go on where a node does not exist', async () => {
    const { reader } = await fileWith(
      nodes(`'a'`, `'b'`, `'c'`) +
        relationships([`'r'`, `'a'`, `'gone'`], [`'s'`, `'gone'`, `'b'`], [`'t'`, `'a'`, `'c'`]),
    )
    expect(await reader.getReach(['a', 'never'], 3, [OUTGOING])).toEqual([{ id: 'c', depth: 1 }])
    expect(await reader.getReach(['gone'], 3, [OUTGOING])).toEqual([])
  })
})

describe('the newest change', () => {
  it('is null before there is one, and then the last of the feed, whatever was dropped', async () => {
    const { connection, reader } = await fileWith(CREATE_TRIGGERS)
    expect(await reader.getLatestChange()).toBeNull()
    connection.exec(nodes(`'a'`, `'b'`))
    expect(await reader.getLatestChange()).toEqual({ seq: 2, kind: 'node', id: 'b', op: 'insert' })
    connection.exec(`DELETE FROM mg_change WHERE seq < 2; DELETE FROM nodes WHERE id = 'a'`)
    expect(await reader.getLatestChange()).toEqual({ seq: 3, kind: 'node', id: 'a', op: 'delete' })
  })
})
