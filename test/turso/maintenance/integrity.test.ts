import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'libsql'
import { describe, expect, it } from 'vitest'
import { type IntegrityReport, TursoBackend } from '../../../src/index.js'
import { fixtureCopy, scratchFolder } from '../../support/scratch.js'
import { failureOf, note, notes } from '../remote/remote.js'

/** What a plain connection does to a file, without any check. */
function damage(path: string, ...statements: string[]): void {
  const database = new Database(path)
  database.exec('PRAGMA foreign_keys = OFF')
  for (const statement of statements) database.exec(statement)
  database.close()
}

/** A file with three memories, two relationships with contexts, and a memory that was revised. */
async function makeFile(path: string): Promise<TursoBackend> {
  const backend = await TursoBackend.create({ path })
  await backend.storeMemories(['a', 'b', 'c'].map((id) => note(`Note ${id}`, { id, tags: ['one', 'two'] })))
  await backend.createRelationships([
    {
      id: 'ab',
      from_memory_id: 'a',
      to_memory_id: 'b',
      type: 'SOLVES',
      properties: { context: 'in the office' },
    },
    { id: 'bc', from_memory_id: 'b', to_memory_id: 'c', type: 'FOLLOWS', properties: { context: 'at home' } },
  ])
  await backend.updateMemory({ id: 'a', summary: 'revised 改訂' })
  await backend.setEmbeddings(['a', 'b'].map((id) => ({ id, model: 'm', vector: [1, 2] })))
  return backend
}

async function withFile(work: (backend: TursoBackend, path: string) => Promise<void>): Promise<void> {
  const path = join(scratchFolder(), 'memory.db')
  await using backend = await makeFile(path)
  await work(backend, path)
}

/** Kinds, and what is named of each. */
function shown({ problems }: Pick<IntegrityReport, 'problems'>): Record<string, string[]> {
  return Object.fromEntries(problems.map(({ kind, ids }) => [kind, ids]))
}

/** All rows that count: what a repair must not change. */
async function graphOf(backend: TursoBackend): Promise<unknown> {
  const rows = async (table: string) =>
    backend.executeQuery(`SELECT * FROM ${table} ORDER BY 1`) as Promise<unknown>
  return [await rows('nodes'), await rows('relationships'), await rows('mg_version')]
}

const DERIVED: [what: string, statements: string[], found: Record<string, string[]>][] = [
  ['a text that is missing', [`DELETE FROM mg_text WHERE rowid = 2`], { 'search-text': ['b'] }],
  ['a trigram text that is missing', [`DELETE FROM mg_trigram`], { 'search-text': ['a'] }],
  ['a text that differs', [`UPDATE mg_text SET tags = 'three' WHERE rowid = 3`], { 'search-text': ['c'] }],
  [
    'a text of nothing',
    [`INSERT INTO mg_text(rowid, title) VALUES (99, 'x')`],
    { 'search-text': ['text 99'] },
  ],
  [
    'a full-text index that lost its words',
    [`DELETE FROM mg_text_data WHERE id > 10`],
    { 'search-text': [expect.stringContaining('malformed') as unknown as string] },
  ],
  [
    'facets that differ',
    [`UPDATE mg_memory SET importance = 0.9 WHERE id = 'a'`],
    { 'search-facets': ['a'] },
  ],
  [
    'facets that are missing',
    [`DELETE FROM mg_memory WHERE id = 'b'`],
    { 'search-facets': ['b'], 'search-text': ['text 2'] },
  ],
  [
    'facets of nothing',
    [`INSERT INTO mg_memory(id, importance, confidence, title_length) VALUES ('ghost', 1, 1, 1)`],
    { 'search-facets': ['ghost'] },
  ],
  ['a context that differs', [`UPDATE mg_context SET context = 'x' WHERE id = 'ab'`], { context: ['ab'] }],
  ['a context that is missing', [`DELETE FROM mg_context WHERE id = 'bc'`], { context: ['bc'] }],
  ['a context of nothing', [`INSERT INTO mg_context(id, context) VALUES ('no', 'x')`], { context: ['no'] }],
  ['a version that is not counted', [`DELETE FROM mg_revision`], { versions: ['a'] }],
  ['versions counted wrong', [`UPDATE mg_revision SET version = 1`], { versions: ['a'] }],
  [
    'embeddings of nothing',
    [`UPDATE mg_embedding SET id = 'ghost' WHERE id = 'a'`],
    { embeddings: ['ghost'] },
  ],
  [
    'vectors that are missing, and of nothing',
    [`DELETE FROM mg_vector WHERE key = 1`, `INSERT INTO mg_vector VALUES (9, x'00')`],
    { embeddings: ['a', 'vector 9'] },
  ],
  ['embeddings counted wrong', [`UPDATE mg_model SET count = 7, last = 0`], { embeddings: ['m'] }],
  ['a trigger that is missing', ['DROP TRIGGER mg_node_update'], { schema: ['mg_node_update'] }],
  ['an index that is missing', ['DROP INDEX mg_node_label'], { schema: ['mg_node_label'] }],
  [
    'a table that is missing, and what needs it',
    ['DROP TABLE mg_text', 'DROP TABLE mg_context'],
    { schema: ['mg_text', 'mg_context'] },
  ],
]

describe('what can be made anew is found, repaired, and found whole', () => {
  it.each(DERIVED)('%s', (_, statements, found) =>
    withFile(async (backend, path) => {
      const before = await graphOf(backend)
      damage(path, ...statements)
      const repaired = await backend.repair()
      expect(repaired).toMatchObject({ dry_run: false, remaining: [], ok: true, deleted_relationships: [] })
      expect(shown({ problems: repaired.found })).toEqual(found)
      expect(repaired.repaired.length).toBeGreaterThan(0)
      expect(await graphOf(backend)).toEqual(before)
      expect((await backend.searchMemories({ query: 'about' })).map(({ id }) => id).sort()).toEqual([
        'a',
        'b',
        'c',
      ])
      await backend.updateMemory({ id: 'a', summary: 'again' })
      await backend.setEmbeddings([{ id: 'c', model: 'm', vector: [1, 2] }])
      expect(await backend.searchByVector([1, 2])).toContainEqual(expect.objectContaining({ id: 'c' }))
      expect((await backend.getMemoryHistory('a')).map(({ version }) => version)).toEqual([1, 2])
      expect(await backend.checkIntegrity()).toMatchObject({ ok: true, problems: [] })
    }),
  )

  it('versions of nothing', () =>
    withFile(async (backend, path) => {
      damage(
        path,
        `INSERT INTO mg_version(id, version, properties, replaced_at) VALUES ('ghost', 1, '{}', '')`,
        `INSERT INTO mg_revision(id, version) VALUES ('other', 2)`,
      )
      expect(shown(await backend.checkIntegrity())).toEqual({ versions: ['other', 'ghost'] })
      expect(await backend.repair()).toMatchObject({ ok: true, remaining: [] })
    }))

  it('everything at once, in many slices', () =>
    withFile(async (backend, path) => {
      await backend.storeMemories(notes(450, (at) => ({ id: `more-${at}` })))
      damage(
        path,
        'DELETE FROM mg_memory',
        'DELETE FROM mg_text_data WHERE id > 10',
        'DELETE FROM mg_context',
        'DROP TRIGGER mg_context_insert',
        `DELETE FROM nodes WHERE id = 'c'`,
      )
      const report = await backend.repair()
      expect(report).toMatchObject({ ok: true, remaining: [] })
      expect(report.repaired.map(({ kind }) => kind).sort()).toEqual([
        'context',
        'orphaned-relationship',
        'schema',
        'search-facets',
        'search-text',
      ])
      const found = await backend.searchMemories({ query: 'about', limit: 1000 })
      expect(found).toHaveLength(452)
    }))
})

describe('what refers to nothing', () => {
  it('a relationship without an end is deleted, and told in full; a dry run tells it alone', () =>
    withFile(async (backend, path) => {
      damage(path, `DELETE FROM nodes WHERE id = 'c'`)
      const found = await backend.checkIntegrity()
      expect(shown(found)).toEqual({ 'orphaned-relationship': ['bc'] })
      const [row] = await backend.executeQuery(`SELECT * FROM relationships WHERE id = 'bc'`)
      const before = await graphOf(backend)
      const dry = await backend.repair({ dryRun: true })
      expect(dry).toMatchObject({ dry_run: true, ok: false, deleted_relationships: [row] })
      expect(dry.remaining).toEqual(found.problems)
      expect(await graphOf(backend)).toEqual(before)
      const real = await backend.repair()
      expect(real).toMatchObject({ ok: true, deleted_relationships: [row], repaired: dry.repaired })
      expect(await backend.getRelationship('bc')).toBeNull()
      expect(await backend.getRelationship('ab')).not.toBeNull()
    }))

  it('what is said to have invalidated a relationship and is not there is forgotten', () =>
    withFile(async (backend, path) => {
      damage(path, `UPDATE relationships SET invalidated_by = 'nobody' WHERE id = 'ab'`)
      expect(shown(await backend.checkIntegrity())).toEqual({ 'dangling-invalidator': ['ab'] })
      expect(await backend.repair()).toMatchObject({ ok: true, remaining: [] })
      expect(await backend.getRelationship('ab')).toMatchObject({ properties: { invalidated_by: null } })
    }))
})

describe('what cannot be repaired stays as it is, and is told', () => {
  it('a memory that cannot be read', () =>
    withFile(async (backend, path) => {
      damage(path, `UPDATE nodes SET properties = '{broken' WHERE id = 'c'`)
      expect(shown(await backend.checkIntegrity())).toEqual({ unreadable: ['c'] })
      const report = await backend.repair()
      expect(report).toMatchObject({ ok: false, repaired: [] })
      expect(report.remaining).toMatchObject([{ kind: 'unreadable', count: 1, repairable: false }])
      const rows = await backend.executeQuery(`SELECT properties FROM nodes WHERE id = 'c'`)
      expect(rows).toEqual([{ properties: '{broken' }])
    }))

  it('times in the properties that are not those of the columns, as MemoryGraph for Python leaves them: harmless', async () => {
    await using backend = await TursoBackend.create({ path: fixtureCopy('python-memory.db') })
    const report = await backend.checkIntegrity()
    expect(report.ok).toBe(true)
    expect(report.problems).toMatchObject([{ kind: 'temporal', harmless: true, repairable: false }])
    expect(report.problems[0]?.ids).toHaveLength(20)
    expect(report.problems[0]?.count).toBeGreaterThan(20)
  })

  it('a page of the file', async () => {
    const path = join(scratchFolder(), 'memory.db')
    const made = await makeFile(path)
    const [root] = await made.executeQuery(`SELECT rootpage FROM sqlite_master WHERE name = 'idx_rel_type'`)
    await made.disconnect()
    const file = openSync(path, 'r+')
    writeSync(file, Buffer.alloc(4096, 0xa5), 0, 4096, (Number(root?.['rootpage']) - 1) * 4096)
    closeSync(file)
    await using backend = await TursoBackend.create({ path })
    const report = await backend.checkIntegrity()
    expect(report).toMatchObject({ ok: false, problems: [{ kind: 'file', repairable: false }] })
    expect(report.problems[0]?.ids[0]).toMatch(/page|malformed/)
    expect((await backend.repair()).remaining).toEqual(report.problems)
    expect(await failureOf(backend.backup(`${path}.backup`))).toMatchObject({ code: 'MG_CORRUPT' })
  })
})

describe('a check', () => {
  it('finds nothing in what is sound, also in :memory:, and names what it looked for', async () => {
    await using backend = await makeFile(':memory:')
    const report = await backend.checkIntegrity()
    expect(report).toMatchObject({ ok: true, problems: [] })
    expect(report.checked.map(({ kind }) => kind)).toContain('search-text')
    expect(report.checked.every(({ skipped }) => skipped === null)).toBe(true)
    expect(await backend.repair()).toMatchObject({ found: [], repaired: [], ok: true })
  })

  it('finds nothing while others write, and writes nothing itself', () =>
    withFile(async (backend, path) => {
      await using other = await TursoBackend.create({ path })
      const check = backend.checkIntegrity()
      await other.storeMemories(notes(200))
      expect(await check).toMatchObject({ ok: true, problems: [] })
      const position = async () => backend.executeQuery('SELECT max(seq) FROM mg_change')
      const before = await position()
      await backend.checkIntegrity()
      expect(await position()).toEqual(before)
    }))

  it('repairs :memory: too', async () => {
    await using backend = await makeFile(':memory:')
    await backend.executeQuery('DELETE FROM mg_text_data WHERE id > 10', [], true)
    expect((await backend.repair()).ok).toBe(true)
    expect(await backend.searchMemories({ query: 'about' })).toHaveLength(3)
  })

  it('works on an encrypted file', async () => {
    const path = join(scratchFolder(), 'memory.db')
    await using backend = await TursoBackend.create({ path, encryptionKey: 'a key' })
    await backend.storeMemory(note('one'))
    expect(await backend.checkIntegrity()).toMatchObject({ ok: true })
    await backend.executeQuery('DELETE FROM mg_text_data WHERE id > 10', [], true)
    expect(await backend.repair()).toMatchObject({ ok: true, repaired: [{ kind: 'search-text', count: 1 }] })
  })

  it('can be aborted, and refuses what it does not know', () =>
    withFile(async (backend) => {
      expect(await failureOf(backend.checkIntegrity({ signal: AbortSignal.abort() }))).toMatchObject({
        code: 'MG_ABORTED',
      })
      expect(await failureOf(backend.checkIntegrity({ deep: true } as object))).toMatchObject({
        code: 'MG_CONFIGURATION',
      })
      expect(await failureOf(backend.repair({ dryRun: 1 } as object))).toMatchObject({
        code: 'MG_CONFIGURATION',
      })
    }))
})
