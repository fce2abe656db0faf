import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import Database from 'libsql'
import { describe, expect, it } from 'vitest'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import { fixtureCopy, scratchFolder } from '../support/scratch.js'

const memory = (id: string): { id: string; type: string; title: string; content: string } => ({
  id,
  type: 'general',
  title: `Memory ${id}`,
  content: 'text',
})

/** A new backend on a file, and a connection of another program to the same file. */
async function shared(): Promise<{ backend: TursoBackend; other: Database.Database; path: string }> {
  const path = join(scratchFolder(), 'memory.db')
  const backend = await TursoBackend.create({ path })
  return { backend, other: new Database(path), path }
}

describe('what other programs can do to the file', () => {
  it('a trigger that makes the engine undo the transaction fails all of it, also when the work catches the error', async () => {
    const { backend, other } = await shared()
    other.exec(
      `CREATE TRIGGER veto BEFORE INSERT ON nodes WHEN new.id = 'vetoed' BEGIN SELECT RAISE(ROLLBACK, 'no'); END`,
    )
    const work = backend.transaction(async (tx) => {
      await tx.storeMemory(memory('first'))
      await tx.storeMemory(memory('vetoed')).catch(() => undefined)
      await tx.storeMemory(memory('after')).catch(() => undefined)
    })
    await expect(work).rejects.toThrow(/no/)
    expect(await backend.searchMemories({})).toEqual([])
    await backend.storeMemory(memory('later'))
    expect(await backend.searchMemories({})).toHaveLength(1)
    await backend.disconnect()
    other.close()
  })

  it('bytes that are no UTF-8 do not end the process, and read as far as they can', async () => {
    const { backend, other } = await shared()
    await backend.storeMemory(memory('whole'))
    const json = Buffer.from(
      '{"id": "bad", "type": "general", "title": "half ? text", "content": "c", "tags": []}',
    )
    json[json.indexOf('?')] = 0xff
    other
      .prepare(`INSERT INTO nodes (id, label, properties) VALUES ('bad', 'Memory', CAST(? AS TEXT))`)
      .run([json])
    await backend.createRelationship('whole', 'bad', 'RELATED_TO')
    expect((await backend.getMemory('bad'))?.title).toBe('half \ufffd text')
    expect((await backend.getMemory('whole'))?.relationships).toEqual({ related_to: ['half \ufffd text'] })
    expect(await backend.searchMemories({ query: 'half' })).toHaveLength(1)
    expect(await backend.getRelatedMemories('whole')).toHaveLength(1)
    expect((await backend.healthCheck()).status).toBe('healthy')
    await backend.disconnect()
    other.close()
  })

  it('references that dangle, and properties that are broken, are no obstacle to reading and mending', async () => {
    const { backend, other } = await shared()
    await backend.storeMemories([memory('a'), memory('b')])
    const row = (id: string, to: string, properties: string, by: string | null): void => {
      other
        .prepare(
          `INSERT INTO relationships (id, from_id, to_id, rel_type, properties, invalidated_by) VALUES (?, 'a', ?, 'CAUSES', ?, ?)`,
        )
        .run([id, to, properties, by])
    }
    other.exec('PRAGMA foreign_keys = OFF')
    row('dangling', 'nowhere', '{"strength": 0.4}', 'gone')
    row('broken', 'b', 'no json', null)
    expect(await backend.updateRelationshipProperties('dangling', { strength: 0.9 })).toBe(true)
    expect((await backend.getRelationship('dangling'))?.properties).toMatchObject({
      strength: 0.9,
      invalidated_by: 'gone',
    })
    expect(
      (await backend.getRelatedMemories('a')).map(([{ id }, edge]) => [
        id,
        edge.id,
        edge.properties.strength,
      ]),
    ).toEqual([['b', 'broken', 0.5]])
    await expect(backend.updateRelationshipProperties('broken', { strength: 1 })).rejects.toMatchObject({
      code: 'MG_CORRUPT',
    })
    const listed: string[] = []
    for await (const relationship of backend.listRelationships()) listed.push(relationship.id)
    expect(listed).toEqual(['broken', 'dangling'])
    await backend.disconnect()
    other.close()
  })

  it('rows without an id can be stored, changed and deleted by others', async () => {
    const { backend, other } = await shared()
    other.exec(`INSERT INTO nodes (id, label, properties) VALUES (NULL, 'Memory', '{"title": "none"}');
      UPDATE nodes SET properties = '{"title": "still none"}' WHERE id IS NULL;
      UPDATE nodes SET id = 'named' WHERE id IS NULL;
      UPDATE nodes SET id = NULL WHERE id = 'named';
      DELETE FROM nodes WHERE id IS NULL`)
    expect(await backend.searchMemories({})).toEqual([])
    await backend.disconnect()
    other.close()
  })

  it('times, numbers and tags that others wrote in another form are compared as what they are', async () => {
    await using backend = await TursoBackend.create({ path: ':memory:' })
    const times = {
      zulu: '2026-01-02T03:04:05.123456Z',
      tokyo: '2026-01-02T12:04:05.999999+09:00',
      short: '2026-01-02T03:04:05.5-00:30',
      plain: '2026-01-02 03:04:05',
      day: '2026-01-02',
    }
    await backend.putNodes(
      Object.entries(times).map(([id, created_at]) => ({
        id,
        label: 'Memory',
        properties: { ...memory(id), tags: ['\tFoo '], importance: 0.7, created_at, updated_at: created_at },
      })),
    )
    for (const id of Object.keys(times)) {
      const created = (await backend.getMemory(id))?.created_at as string
      const found = await backend.searchMemories({
        created_after: created,
        created_before: created,
        tags: ['foo'],
      })
      expect(
        found.map((hit) => hit.id),
        created,
      ).toEqual([id])
    }
  })

  it('a list that is read while another program deletes loses nothing that stays', async () => {
    const { backend, other } = await shared()
    const ids = Array.from({ length: 1000 }, (_, at) => `m${String(at).padStart(4, '0')}`)
    await backend.storeMemories(ids.map(memory))
    const remove = other.prepare('DELETE FROM nodes WHERE id = ?')
    const seen = new Set<string>()
    for await (const { id } of backend.listMemories()) {
      seen.add(id)
      const next = ids[ids.indexOf(id) + 101]
      if (next && Number(id.slice(1)) % 2 === 0) remove.run([next])
    }
    const staying = ids.filter(
      (id) => other.prepare('SELECT 1 FROM nodes WHERE id = ?').get([id]) !== undefined,
    )
    expect(staying.filter((id) => !seen.has(id))).toEqual([])
    await backend.disconnect()
    other.close()
  })

  it('a copy that VACUUM INTO made works as the file itself does, in write-ahead-log mode again', async () => {
    const { backend, other, path } = await shared()
    await backend.storeMemory(memory('a'))
    await backend.disconnect()
    other.exec(`VACUUM INTO '${path}.copy'`)
    other.close()
    await using copy = await TursoBackend.create({ path: `${path}.copy` })
    const fresh = new Database(`${path}.copy`)
    expect(fresh.prepare('PRAGMA journal_mode').raw().get([])).toEqual(['wal'])
    fresh.close()
    await copy.storeMemory(memory('b'))
    expect(await copy.searchMemories({ query: 'text' })).toHaveLength(2)
  })

  it('the first opening of a file waits for those who read it', async () => {
    const path = fixtureCopy('python-memory.db')
    const reader = new Database(path)
    reader.exec('BEGIN')
    reader.prepare('SELECT count(*) FROM nodes').get([])
    const opening = TursoBackend.create({ path })
    await delay(150)
    reader.exec('COMMIT')
    reader.close()
    await using backend = await opening
    expect((await backend.getMemoryStatistics()).total_memories.count).toBe(166)
  })

  it('tables, columns, indexes and triggers of others stay when a file from before times is upgraded', async () => {
    const path = fixtureCopy('foreign/python-pre-temporal.db')
    const other = new Database(path)
    other.exec(`ALTER TABLE relationships ADD COLUMN note TEXT; ALTER TABLE relationships ADD COLUMN valid_until TIMESTAMP;
      UPDATE relationships SET note = 'kept', valid_until = '2025-07-01T00:00:00.000000+00:00';
      CREATE INDEX theirs ON relationships(note);
      CREATE TABLE log (id TEXT);
      CREATE TRIGGER theirs_too AFTER DELETE ON relationships BEGIN INSERT INTO log VALUES (old.id); END`)
    other.close()
    await using backend = await TursoBackend.create({ path })
    expect(await backend.executeQuery(`SELECT DISTINCT note, valid_until FROM relationships`)).toEqual([
      { note: 'kept', valid_until: '2025-07-01T00:00:00.000000+00:00' },
    ])
    const names = `SELECT name FROM sqlite_master WHERE name IN ('theirs', 'theirs_too') ORDER BY name`
    expect(await backend.executeQuery(names)).toEqual([{ name: 'theirs' }, { name: 'theirs_too' }])
  })
})

describe('a file that is not ours', () => {
  it('is refused on connecting, and cannot be written by raw queries before the schema is complete', async () => {
    const path = join(scratchFolder(), 'other.db')
    const other = new Database(path)
    other.exec('CREATE TABLE app (x)')
    other.close()
    await expect(new TursoBackend({ path }).connect()).rejects.toMatchObject({ code: 'MG_SCHEMA_FOREIGN' })
    await using adopting = new TursoBackend({ path, adopt: true })
    await adopting.connect()
    expect(await adopting.executeQuery('SELECT count(*) AS n FROM app')).toEqual([{ n: 0 }])
    await expect(adopting.executeWriteQuery('INSERT INTO app VALUES (1)')).rejects.toMatchObject({
      code: 'MG_NOT_CONNECTED',
    })
    expect((await adopting.healthCheck()).warnings).toEqual([
      'The schema is not complete: call initializeSchema()',
    ])
  })
})

describe('two backends on one file in one process', () => {
  it('refuse each other inside a transaction instead of waiting for ever, also by a link to the file', async () => {
    const { backend, other, path } = await shared()
    other.close()
    symlinkSync(path, `${path}.link`)
    await using second = await TursoBackend.create({ path: `${path}.link` })
    const work = backend.transaction(async () => second.storeMemory(memory('inside')))
    await expect(work).rejects.toMatchObject({ code: 'MG_IN_TRANSACTION' })
    await Promise.all(
      ['a', 'b', 'c', 'd'].map((id, at) => (at % 2 ? backend : second).storeMemory(memory(id))),
    )
    expect(await second.searchMemories({})).toHaveLength(4)
    await backend.disconnect()
  })

  it('one that is refused, since the file is no copy of a primary, leaves the locks of the other as they are', async () => {
    const path = join(scratchFolder(), 'memory.db')
    await using backend = await TursoBackend.create({ path })
    await backend.storeMemory(memory('before'))
    const replica = TursoBackend.create({ path, url: 'http://127.0.0.1:1', mode: 'replica' })
    await expect(replica).rejects.toMatchObject({ code: 'MG_CONFIGURATION' })
    const visit = `const { default: D } = await import('libsql'); const d = new D(process.argv[1]); d.exec('DELETE FROM mg_change WHERE 0'); d.close()`
    expect(spawnSync(process.execPath, ['--input-type=module', '-e', visit, path]).status).toBe(0)
    expect(existsSync(`${path}-wal`)).toBe(true)
    await backend.storeMemory(memory('after'))
    await using reader = await TursoBackend.create({ path })
    expect(await reader.getMemory('after')).not.toBeNull()
  })

  it('a file that is opened again right after it was closed loses nothing to another program that visits it', async () => {
    const path = join(scratchFolder(), 'memory.db')
    const first = await TursoBackend.create({ path })
    await first.storeMemory(memory('before'))
    await first.disconnect()
    readFileSync(path)
    await using backend = await TursoBackend.create({ path })
    await backend.storeMemory(memory('between'))
    const visit = (sql: string): string => {
      const program = `const { default: D } = await import('libsql'); const d = new D(process.argv[1])
        console.log(JSON.stringify(d.prepare(process.argv[2]).all())); d.close()`
      return spawnSync(process.execPath, ['--input-type=module', '-e', program, path, sql], {
        encoding: 'utf8',
      }).stdout.trim()
    }
    expect(visit('SELECT id FROM nodes ORDER BY id')).toBe('[{"id":"before"},{"id":"between"}]')
    expect(existsSync(`${path}-wal`)).toBe(true)
    await backend.storeMemory(memory('after'))
    expect(visit(`SELECT id FROM nodes WHERE id = 'after'`)).toBe('[{"id":"after"}]')
  })
})
