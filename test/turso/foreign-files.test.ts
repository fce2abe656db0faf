import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'libsql'
import { describe, expect, it } from 'vitest'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import { SchemaError } from '../../src/errors.js'
import { digest } from '../support/files.js'
import { fixtureCopy, scratchFolder } from '../support/scratch.js'

async function refusal(path: string): Promise<SchemaError> {
  const backend = new TursoBackend({ path })
  const error = await backend
    .connect()
    .then(() => backend.initializeSchema())
    .then(
      () => null,
      (reason: unknown) => reason,
    )
  await backend.disconnect()
  expect(error).toBeInstanceOf(SchemaError)
  return error as SchemaError
}

describe('files of other programs', () => {
  it.each([
    ['foreign/memorygraph-ts-0.13.db', 'MemoryGraph for TypeScript 0.13'],
    ['foreign/python-turso-layout.db', 'the Turso layout of MemoryGraph for Python'],
  ])('%s is refused by the name of its layout and left as it was, to the byte', async (name, layout) => {
    const path = fixtureCopy(name)
    const before = digest(path)
    const error = await refusal(path)
    expect(error).toMatchObject({ name: 'SchemaError', code: 'MG_SCHEMA_FOREIGN', retryable: false })
    expect(error.message).toContain(layout)
    expect(error.message).toContain(path)
    expect(digest(path)).toBe(before)
  })

  it('a file from before relationships had times is upgraded with nothing lost', async () => {
    const path = fixtureCopy('foreign/python-pre-temporal.db')
    const raw = new Database(path)
    const orphan = `INSERT INTO relationships (id, from_id, to_id, rel_type, properties, created_at) VALUES ('orphan', 'nobody', 'nowhere', 'CAUSES', '{}', '2025-06-01 12:00:00')`
    raw.exec(`PRAGMA foreign_keys = OFF; ${orphan}`)
    const nodes = raw.prepare('SELECT * FROM nodes ORDER BY id').all([])
    const relationships = raw
      .prepare('SELECT id, from_id, to_id, rel_type, properties, created_at FROM relationships ORDER BY id')
      .all([])
    raw.close()

    await using backend = await TursoBackend.create({ path })
    expect(await backend.executeQuery('SELECT * FROM nodes ORDER BY id')).toEqual(nodes)
    expect(
      await backend.executeQuery(
        'SELECT id, from_id, to_id, rel_type, properties, created_at FROM relationships ORDER BY id',
      ),
    ).toEqual(relationships)
    const [{ id } = { id: '' }] = relationships as { id: string }[]
    expect((await backend.getRelationship(id))?.properties).toMatchObject({
      valid_from: '2025-06-01T12:00:00.000000+00:00',
      recorded_at: '2025-06-01T12:00:00.000000+00:00',
      valid_until: null,
    })
    expect(await backend.executeQuery('PRAGMA foreign_key_list(relationships)')).toHaveLength(3)
    expect((await backend.searchMemories({ query: 'git' })).length).toBeGreaterThan(0)
    expect(await backend.executeQuery('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
  })

  it('a file with tables of another program is refused, unless it is adopted', async () => {
    const path = join(scratchFolder(), 'other.db')
    const other = new Database(path)
    other.exec(
      'CREATE TABLE invoices (id INTEGER PRIMARY KEY, total REAL); INSERT INTO invoices VALUES (1, 9.5)',
    )
    other.close()
    const before = digest(path)
    expect(await refusal(path)).toMatchObject({ code: 'MG_SCHEMA_FOREIGN' })
    expect(digest(path)).toBe(before)

    await using backend = await TursoBackend.create({ path, adopt: true })
    await backend.storeMemory({ type: 'general', title: 'Beside', content: 'the invoices' })
    expect(await backend.executeQuery('SELECT total FROM invoices')).toEqual([{ total: 9.5 }])
  })

  it('a file with a "nodes" table of another shape is refused even when it is to be adopted', async () => {
    const path = join(scratchFolder(), 'other.db')
    const other = new Database(path)
    other.exec('CREATE TABLE nodes (key TEXT, value TEXT)')
    other.close()
    await expect(TursoBackend.create({ path, adopt: true })).rejects.toMatchObject({
      code: 'MG_SCHEMA_FOREIGN',
    })
  })

  it('a file that is no database is refused and left as it was', async () => {
    const path = join(scratchFolder(), 'notes.txt')
    writeFileSync(path, 'These are notes, not a database. '.repeat(200))
    const before = digest(path)
    expect(await refusal(path)).toMatchObject({ code: 'MG_NOT_A_DATABASE' })
    expect(digest(path)).toBe(before)
  })

  it('a folder in place of the file is refused', async () => {
    const path = join(scratchFolder(), 'folder')
    mkdirSync(path)
    await expect(TursoBackend.create({ path })).rejects.toMatchObject({
      name: 'DatabaseConnectionError',
      code: 'MG_CONNECTION',
      message: expect.stringContaining(path),
    })
  })

  it('a path below a file is refused', async () => {
    const file = join(scratchFolder(), 'file')
    writeFileSync(file, '')
    await expect(TursoBackend.create({ path: join(file, 'memory.db') })).rejects.toMatchObject({
      code: 'MG_CONNECTION',
    })
  })

  it('an empty file becomes a memory graph', async () => {
    const path = join(scratchFolder(), 'empty.db')
    writeFileSync(path, '')
    await using backend = await TursoBackend.create({ path })
    expect(await backend.getMemoryStatistics()).toMatchObject({ total_memories: { count: 0 } })
  })

  it('a file that needs a newer reader is refused and left as it was', async () => {
    const path = join(scratchFolder(), 'newer.db')
    await (await TursoBackend.create({ path })).disconnect()
    const raw = new Database(path)
    raw.exec(`UPDATE mg_schema SET value = 99 WHERE name IN ('version', 'min_reader')`)
    raw.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    raw.close()
    const before = digest(path)
    const error = await refusal(path)
    expect(error).toMatchObject({ code: 'MG_SCHEMA_NEWER' })
    expect(error.message).toContain('upgrade')
    expect(digest(path)).toBe(before)
  })

  it('a file of a newer version that old readers may still use is used, and not changed back', async () => {
    const path = join(scratchFolder(), 'additive.db')
    await (await TursoBackend.create({ path })).disconnect()
    const raw = new Database(path)
    raw.exec(`UPDATE mg_schema SET value = 99 WHERE name = 'version'`)
    raw.close()
    await using backend = await TursoBackend.create({ path })
    await backend.storeMemory({ type: 'general', title: 'From an old device', content: 'still welcome' })
    expect(await backend.executeQuery(`SELECT value FROM mg_schema WHERE name = 'version'`)).toEqual([
      { value: 99 },
    ])
  })

  it('connecting makes the folder, with ~ for the home folder, and an option that does not fit makes nothing', async () => {
    const home = scratchFolder()
    const path = join(home, 'deep', 'er', 'memory.db')
    expect(() => new TursoBackend({ path, busyTimeoutMs: -1 })).toThrow(/busyTimeoutMs/)
    expect(existsSync(join(home, 'deep'))).toBe(false)
    const before = process.env['HOME']
    process.env['HOME'] = home
    try {
      await using backend = await TursoBackend.create({ path: '~/deep/er/memory.db' })
      expect((await backend.healthCheck()).db_path).toBe(path)
      expect(existsSync(path)).toBe(true)
    } finally {
      process.env['HOME'] = before
    }
  })
})
