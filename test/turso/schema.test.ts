import { copyFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'libsql'
import { describe, expect, it } from 'vitest'
import type { Progress } from '../../src/backends/graph-backend.js'
import { Connection } from '../../src/backends/turso/local/connection.js'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import { encodeMemory } from '../../src/model/memory-properties.js'
import { fixtureCopy, scratchFolder } from '../support/scratch.js'

/** A file as Python leaves it, with so many memories and nothing of ours. */
function pythonFile(memories: number): string {
  const path = fixtureCopy('python-memory.db')
  const raw = new Database(path)
  const insert = raw.prepare(`INSERT INTO nodes (id, label, properties) VALUES (?, 'Memory', ?)`)
  raw.exec('BEGIN')
  for (let at = 0; at < memories; at++) {
    const id = `m${String(at).padStart(5, '0')}`
    const memory = { id, type: 'general', title: `Numbered ${at}`, content: 'quokka' }
    insert.run([id, encodeMemory(memory, '2026-01-01T00:00:00.000000+00:00')])
  }
  raw.exec('COMMIT')
  raw.close()
  return path
}

/** The columns, references and indexes of the two tables that a file shares with Python. */
function graphSchemaOf(path: string): { columns: unknown[]; references: unknown[]; indexes: unknown[] } {
  const raw = new Database(path)
  const ofBoth = (pragma: string): unknown[] =>
    ['nodes', 'relationships'].flatMap((table) => raw.prepare(`SELECT * FROM ${pragma}('${table}')`).all([]))
  const indexes = raw
    .prepare(`SELECT name, sql FROM sqlite_master WHERE type = 'index' AND name LIKE 'idx%' ORDER BY name`)
    .all([]) as { name: string; sql: string }[]
  const schema = {
    columns: ofBoth('pragma_table_info'),
    references: ofBoth('pragma_foreign_key_list'),
    indexes: indexes.map(({ name, sql }) => [name, sql.replaceAll(/\s+/g, ' ').trim()]),
  }
  raw.close()
  return schema
}

describe('the schema', () => {
  it('of a new file has the tables and indexes of MemoryGraph for Python', async () => {
    const path = join(scratchFolder(), 'memory.db')
    await using backend = await TursoBackend.create({ path })
    const ours = graphSchemaOf(path)
    expect(ours).toEqual(graphSchemaOf(fixtureCopy('python-memory.db')))
    expect(ours.columns).toHaveLength(15)
    expect(ours.indexes).toHaveLength(9)
    await backend.disconnect()
  })

  it('indexes what was stored before, in slices, with progress', async () => {
    const path = pythonFile(1000)
    const seen: Progress[] = []
    await using backend = await TursoBackend.create({ path, onProgress: (progress) => seen.push(progress) })
    expect(seen.length).toBeGreaterThan(3)
    expect(seen.at(-1)).toEqual({ done: 1166, total: 1166, phase: 'indexing' })
    expect((await backend.searchMemoriesPaginated({ query: 'quokka' })).total_count).toBe(1000)
    expect((await backend.getMemoryStatistics()).total_memories.count).toBe(1166)
  })

  it('goes on with an indexing that was interrupted', async () => {
    const path = pythonFile(1000)
    const stop = new AbortController()
    const interrupted = new TursoBackend({ path })
    await interrupted.connect()
    const run = interrupted.initializeSchema({ signal: stop.signal, onProgress: () => stop.abort() })
    await expect(run).rejects.toMatchObject({ code: 'MG_ABORTED' })
    await expect(interrupted.searchMemories({})).rejects.toMatchObject({ code: 'MG_NOT_CONNECTED' })
    await interrupted.disconnect()
    await using backend = await TursoBackend.create({ path })
    expect((await backend.searchMemoriesPaginated({ query: 'quokka' })).total_count).toBe(1000)
  })

  it('finds what is written without spaces in a file of the schema before, indexed in slices too', async () => {
    const path = join(scratchFolder(), 'memory.db')
    const first = await TursoBackend.create({ path })
    const notes = Array.from({ length: 900 }, (_, at) => ({ id: `a${at}`, content: '数据库超时' }))
    await first.storeMemories(notes.map((one) => ({ type: 'general', title: '说明', ...one })))
    await first.disconnect()
    const before = await Connection.open({ path, encryptionKey: undefined })
    before.exec(`DROP TRIGGER mg_memory_insert; DROP TRIGGER mg_memory_delete; DROP INDEX mg_node_session;
      DROP INDEX mg_relationship_symmetric_from; DROP INDEX mg_relationship_symmetric_to; DROP TABLE mg_vocabulary; DROP TABLE mg_vocabulary_trigram; DROP TABLE mg_trigram`)
    before.run(`UPDATE mg_schema SET value = 5 WHERE name = 'version'`)
    before.close()
    const stop = new AbortController()
    const interrupted = new TursoBackend({ path })
    await interrupted.connect()
    const run = interrupted.initializeSchema({ signal: stop.signal, onProgress: () => stop.abort() })
    await expect(run).rejects.toMatchObject({ code: 'MG_ABORTED' })
    await interrupted.disconnect()
    await using backend = await TursoBackend.create({ path })
    expect((await backend.searchMemoriesPaginated({ query: '超时' })).total_count).toBe(900)
    expect((await backend.checkIntegrity()).ok).toBe(true)
  })

  it('is made once when several backends make it at the same time', async () => {
    const path = pythonFile(300)
    const backends = await Promise.all([1, 2, 3].map(() => TursoBackend.create({ path })))
    expect(await backends[0]?.executeQuery('SELECT count(*) AS n FROM mg_memory')).toEqual([{ n: 466 }])
    await Promise.all(backends.map((backend) => backend.disconnect()))
  })

  it('is complete on connecting to a file that has it, and initializeSchema() then writes nothing', async () => {
    const path = join(scratchFolder(), 'memory.db')
    await (await TursoBackend.create({ path })).disconnect()
    await using backend = new TursoBackend({ path })
    await backend.connect()
    expect(await backend.searchMemories({})).toEqual([])
    const version = async (): Promise<unknown> => (await backend.executeQuery('PRAGMA data_version'))[0]
    const before = await version()
    await backend.initializeSchema()
    expect(await version()).toEqual(before)
  })

  it('leaves the file alone complete after disconnect(), so that it can be copied', async () => {
    const folder = scratchFolder()
    const path = join(folder, 'memory.db')
    const backend = await TursoBackend.create({ path })
    await backend.storeMemory({ id: 'a', type: 'general', title: 'Copied', content: 'with the file alone' })
    await backend.disconnect()
    copyFileSync(path, join(folder, 'copy.db'))
    await using copy = await TursoBackend.create({ path: join(folder, 'copy.db') })
    expect(await copy.getMemory('a')).toMatchObject({ title: 'Copied' })
  })

  it('survives VACUUM and rows changed in place by another program', async () => {
    const path = join(scratchFolder(), 'memory.db')
    const backend = await TursoBackend.create({ path })
    await backend.storeMemories(
      ['a', 'b', 'c'].map((id) => ({ id, type: 'general', title: `Title ${id}`, content: `only${id}` })),
    )
    await backend.deleteMemory('a')
    await backend.disconnect()
    const raw = new Database(path)
    raw.exec(
      `VACUUM; UPDATE nodes SET id = 'z', properties = replace(properties, '"id": "b"', '"id": "z"') WHERE id = 'b'`,
    )
    raw.close()
    await backend.connect()
    expect((await backend.searchMemories({ query: 'onlyb' })).map((memory) => memory.id)).toEqual(['z'])
    expect((await backend.searchMemories({ query: 'onlyc' })).map((memory) => memory.id)).toEqual(['c'])
    await backend.disconnect()
  })

  it('keeps a bounded change feed, and says so to a reader that has fallen behind', async () => {
    const path = join(scratchFolder(), 'memory.db')
    await using backend = await TursoBackend.create({ path })
    for (const id of ['a', 'b', 'c'])
      await backend.storeMemory({ id, type: 'general', title: id, content: id })
    await backend.executeWriteQuery('DELETE FROM mg_change WHERE seq < 3')
    const read = async (after?: number): Promise<string[]> => {
      const ids: string[] = []
      for await (const change of backend.changes({ after })) ids.push(change.id)
      return ids
    }
    expect(await read()).toEqual(['c'])
    expect(await read(2)).toEqual(['c'])
    await expect(read(1)).rejects.toMatchObject({ code: 'MG_CHANGES_PRUNED' })
  })

  it('encrypts the file at rest, and refuses another key without harm', async () => {
    const path = join(scratchFolder(), 'secret.db')
    const backend = await TursoBackend.create({ path, encryptionKey: 'correct horse' })
    await backend.storeMemory({ id: 'a', type: 'general', title: 'Hidden', content: 'plaintext-marker' })
    await backend.disconnect()
    const { readFileSync } = await import('node:fs')
    expect(readFileSync(path).includes('plaintext-marker')).toBe(false)
    expect(readFileSync(path).includes('SQLite format 3')).toBe(false)
    const wrong = TursoBackend.create({ path, encryptionKey: 'battery staple' })
    await expect(wrong).rejects.toMatchObject({
      code: 'MG_NOT_A_DATABASE',
      message: expect.not.stringContaining('staple'),
    })
    await using again = await TursoBackend.create({ path, encryptionKey: 'correct horse' })
    expect(await again.getMemory('a')).toMatchObject({ content: 'plaintext-marker' })
  })

  it('takes paths with spaces, quotes, #, ? and %', async () => {
    const path = join(scratchFolder(), `a b'c"d#e?f%20g.db`)
    await using backend = await TursoBackend.create({ path })
    await backend.storeMemory({ type: 'general', title: 'Odd', content: 'path' })
    expect(existsSync(path)).toBe(true)
  })
})
