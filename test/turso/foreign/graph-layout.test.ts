import { join } from 'node:path'
import Database from 'libsql'
import { describe, expect, it } from 'vitest'
import { TursoBackend } from '../../../src/backends/turso/turso-backend.js'
import { graphNodesSchema } from '../../../src/model/node.js'
import { relationshipSchema } from '../../../src/model/relationship.js'
import { validate } from '../../../src/model/validation.js'
import { fixture, fixtureCopy, scratchFolder } from '../../support/scratch.js'
import { open, recordsOf, type Value, valuesOf } from './read-source.js'

const CREATE_PYTHON_TABLES = `
CREATE TABLE nodes (id TEXT PRIMARY KEY, label TEXT NOT NULL, properties TEXT NOT NULL, created_at TIMESTAMP, updated_at TIMESTAMP);
CREATE TABLE relationships (id TEXT PRIMARY KEY, from_id TEXT NOT NULL, to_id TEXT NOT NULL, rel_type TEXT NOT NULL,
  properties TEXT NOT NULL, created_at TIMESTAMP, valid_from TIMESTAMP, valid_until TIMESTAMP, recorded_at TIMESTAMP, invalidated_by TEXT);`

function pythonFile(sql: string, pragma = ''): string {
  const path = join(scratchFolder(), 'python.db')
  const database = new Database(path)
  database.exec(`${pragma}; ${CREATE_PYTHON_TABLES} ${sql}`)
  database.close()
  return path
}

function ofKnownFields({ id, label, properties }: Value): Value {
  return { id, label, properties }
}

describe('a file of MemoryGraph for Python', () => {
  it('gives the nodes and relationships that a backend reads', async () => {
    const source = await open(fixture('python-memory.db'))
    expect(source.format).toBe('MemoryGraph for Python')
    const records = await recordsOf(source)
    await using backend = await TursoBackend.create({ path: fixtureCopy('python-memory.db') })
    const rows = await backend.executeQuery('SELECT id, label, properties FROM nodes ORDER BY rowid')
    expect(valuesOf(records, 'node')).toEqual(
      rows.map((row) => ({ ...row, properties: JSON.parse(String(row['properties'])) })),
    )
    const given = new Map(valuesOf(records, 'relationship').map((value) => [value['id'], value]))
    let count = 0
    for await (const { description: _, bidirectional: __, ...relationship } of backend.listRelationships()) {
      expect(given.get(relationship.id)).toEqual(relationship)
      count++
    }
    expect(given.size).toBe(count)
    expect(records).toHaveLength(rows.length + count)
  })

  it('gives what can be stored as it is', async () => {
    const records = await recordsOf(await open(fixture('python-memory.db')))
    const nodes = valuesOf(records, 'node')
    const complete = nodes.map((node) => ({ ...(node as object), version: 1, history: [] }))
    expect(validate(graphNodesSchema, nodes, 'nodes')).toEqual(complete)
    for (const value of valuesOf(records, 'relationship')) validate(relationshipSchema, value, 'relationship')
  })

  it('from before relationships had times lets them hold since they were created', async () => {
    const source = await open(fixture('foreign/python-pre-temporal.db'))
    expect(source.format).toBe('MemoryGraph for Python before 0.10')
    const records = await recordsOf(source)
    expect(valuesOf(records, 'node')).toHaveLength(60)
    const relationships = valuesOf(records, 'relationship')
    expect(relationships).toHaveLength(144)
    for (const value of relationships) {
      expect(validate(relationshipSchema, value, 'relationship').properties).toMatchObject({
        valid_from: '2025-06-01T12:00:00.000000+00:00',
        recorded_at: '2025-06-01T12:00:00.000000+00:00',
        valid_until: null,
        invalidated_by: null,
      })
    }
  })

  it('gives rows that cannot be read as what they are, each with its place', async () => {
    const path = pythonFile(`
      INSERT INTO nodes(rowid, id, label, properties) VALUES
        (1, 'good', 'Memory', '{"title": "ok", "share": NaN}'), (2, 'broken', 'Memory', '{"title": "cut'), (3, 'list', 'Memory', '[1]'),
        (4, NULL, 'Memory', '{}'), (5, x'6964', 'Memory', '{}'), (6, CAST(x'ff' AS TEXT), 'Memory', '{}'),
        (7, 'bytes', 'Memory', CAST(x'7b2261223a2022ff227d' AS TEXT)), (8, 'blob', 'Memory', CAST('{"a": 1}' AS BLOB)),
        (9, '\ufffd', CAST(x'fe' AS TEXT), '{}');
      INSERT INTO relationships(rowid, id, from_id, to_id, rel_type, properties, created_at) VALUES
        (3, 'r', 'good', 'list', 'CAUSES', '{', '2025-01-01'), (4, NULL, 'good', 'list', 'CAUSES', '{}', '2025-01-01'),
        (5, 's', 'good', CAST(x'ff' AS TEXT), 'CAUSES', 'null', '2025-01-01');`)
    const records = await recordsOf(await open(path))
    const properties = {}
    expect(records.slice(0, 9)).toEqual(
      [
        { id: 'good', label: 'Memory', properties: { title: 'ok', share: null } },
        { id: 'broken', label: 'Memory', properties: '{"title": "cut' },
        { id: 'list', label: 'Memory', properties: [1] },
        { id: null, label: 'Memory', properties },
        { id: null, label: 'Memory', properties },
        { id: null, label: 'Memory', properties },
        { id: 'bytes', label: 'Memory', properties: { a: '\ufffd' } },
        { id: 'blob', label: 'Memory', properties: { a: 1 } },
        { id: '\ufffd', label: null, properties },
      ].map((value, at) => ({ kind: 'node', value, place: `nodes row ${at + 1}` })),
    )
    expect(records.slice(9)).toMatchObject([
      { value: { id: 'r', properties: '{' }, place: 'relationships row 3' },
      { value: { id: '', properties: { strength: 0.5 } }, place: 'relationships row 4' },
      { value: { id: 's', to_memory_id: null, properties: 'null' }, place: 'relationships row 5' },
    ])
    for (const [at, { value }] of records.slice(9).entries()) {
      const fault = [/ properties: must be an object/, / id: must not be empty/, / to_memory_id: /][at]
      expect(() => validate(relationshipSchema, value, 'relationship')).toThrow(fault)
    }
  })

  it('gives every row once, whatever its size and its number', async () => {
    const path = pythonFile(`
      INSERT INTO nodes(rowid, id, label, properties)
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
      SELECT i * 3, 'n' || i, 'Note', json_object('text', hex(zeroblob(CASE WHEN i % 400 = 0 THEN 800000 ELSE i END))) FROM n;
      INSERT INTO nodes(rowid, id, label, properties) VALUES (-5, 'first', 'Note', '{}'), (9223372036854775807, 'last', 'Note', '{}')`)
    const ids = valuesOf(await recordsOf(await open(path)), 'node').map(({ id }) => id)
    expect(ids).toEqual(['first', ...Array.from({ length: 1200 }, (_, at) => `n${at + 1}`), 'last'])
  })

  it('whose text is UTF-16 reads the same', async () => {
    const path = pythonFile(
      `INSERT INTO nodes VALUES ('größe', 'Memory', '{"title": "Größe 😀"}', NULL, NULL)`,
      `PRAGMA encoding = 'UTF-16be'`,
    )
    expect(valuesOf(await recordsOf(await open(path)), 'node').map(ofKnownFields)).toEqual([
      { id: 'größe', label: 'Memory', properties: { title: 'Größe 😀' } },
    ])
  })

  it('without relationships is one all the same', async () => {
    const path = join(scratchFolder(), 'nodes.db')
    const database = new Database(path)
    database.exec(
      `CREATE TABLE nodes (id TEXT, label TEXT, properties TEXT); INSERT INTO nodes VALUES ('a', 'B', '{}')`,
    )
    database.close()
    expect(await recordsOf(await open(path))).toHaveLength(1)
  })
})

describe('a file of this library', () => {
  it('gives memories with their versions, and relationships with all they have', async () => {
    const path = join(scratchFolder(), 'ours.db')
    const backend = await TursoBackend.create({ path })
    await backend.storeMemory({ id: 'a', type: 'general', title: 'First', content: 'one' })
    await backend.storeMemory({ id: 'b', type: 'general', title: 'Other', content: 'two' })
    await backend.updateMemory({ id: 'a', title: 'Second' })
    await backend.updateMemory({ id: 'a', title: 'Third' })
    await backend.putNodes([{ id: 'n', label: 'Note', properties: { deep: { list: [1, null] } } }])
    const id = await backend.createRelationship('a', 'b', 'SOLVES', { context: 'why', strength: 0.25 })
    await backend.invalidateRelationship(id)
    const relationship = await backend.getRelationship(id)
    const history = await backend.getMemoryHistory('a')
    await backend.disconnect()

    const source = await open(path)
    expect(source.format).toBe('memorygraph-turso')
    const [a, b, n, r, ...others] = (await recordsOf(source)).map(({ value }) => value as Value)
    expect(a).toMatchObject({ id: 'a', label: 'Memory', version: 3, properties: { title: 'Third' } })
    const versions = a?.['history'] as { version: number; properties: Value; replaced_at: string }[]
    expect(versions.map(({ version, properties }) => [version, properties['title']])).toEqual([
      [1, 'First'],
      [2, 'Second'],
    ])
    expect(history.map(({ version, title }) => [version, title])).toEqual([
      [1, 'First'],
      [2, 'Second'],
    ])
    expect(versions[1]?.replaced_at).toBe(a?.['properties'] && (a['properties'] as Value)['updated_at'])
    expect(b).not.toHaveProperty('version')
    expect(n).toEqual({ id: 'n', label: 'Note', properties: { deep: { list: [1, null] } } })
    const {
      description: _,
      bidirectional: __,
      ...stored
    } = relationship ?? { description: 0, bidirectional: 0 }
    expect(r).toEqual(stored)
    expect(others).toEqual([])
  })

  it('that needs a newer reader is refused', async () => {
    const path = join(scratchFolder(), 'newer.db')
    await (await TursoBackend.create({ path })).disconnect()
    const database = new Database(path)
    database.exec(`UPDATE mg_schema SET value = 99 WHERE name = 'min_reader'`)
    database.close()
    await expect(open(path)).rejects.toMatchObject({
      code: 'MG_SCHEMA_NEWER',
      message: expect.stringContaining(path),
    })
  })
})
