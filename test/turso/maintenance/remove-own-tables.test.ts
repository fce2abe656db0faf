import Database from 'libsql'
import { describe, expect, it } from 'vitest'
import { TursoBackend } from '../../../src/index.js'
import { digest, filesBeside } from '../../support/files.js'
import { pythonSqliteVersion, runPython } from '../../support/python.js'
import { fixture, fixtureCopy, scratchFolder } from '../../support/scratch.js'
import { failureOf, note } from '../remote/remote.js'

/** What another program has in a file: its tables and all their rows. */
function contentOf(path: string): unknown {
  const database = new Database(path)
  const all = (sql: string): unknown[] => database.prepare(sql).raw().all([])
  const content = {
    objects: all(
      `SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'mg\\_%' ESCAPE '\\' ORDER BY name`,
    ),
    nodes: all('SELECT rowid, * FROM nodes ORDER BY rowid'),
    relationships: all('SELECT rowid, * FROM relationships ORDER BY rowid'),
    ours: all(`SELECT name FROM sqlite_master WHERE name LIKE 'mg\\_%' ESCAPE '\\'`),
    mode: all('PRAGMA journal_mode'),
    check: all('PRAGMA integrity_check'),
  }
  database.close()
  return content
}

async function adopt(path: string): Promise<void> {
  await (await TursoBackend.create({ path })).disconnect()
}

describe('taking our tables out of a file', () => {
  it('leaves a file of MemoryGraph for Python as it was before, row by row', async () => {
    const path = fixtureCopy('python-memory.db')
    await adopt(path)
    expect(contentOf(path)).not.toEqual(contentOf(fixture('python-memory.db')))
    const report = await TursoBackend.removeOwnTables({ path })
    expect(report).toMatchObject({ path, lost: {} })
    expect(report.removed).toContain('mg_text')
    expect(contentOf(path)).toEqual(contentOf(fixture('python-memory.db')))
    expect(filesBeside(path)).toEqual(['python-memory.db'])
    expect(await TursoBackend.removeOwnTables({ path })).toEqual({ path, removed: [], lost: {} })
  })

  it('loses no memory: a backend that is connected later finds all of them', async () => {
    const path = `${scratchFolder()}/memory.db`
    const backend = await TursoBackend.create({ path })
    await backend.storeMemories(['a', 'b'].map((id) => note(`Note ${id}`, { id })))
    await backend.createRelationship('a', 'b', 'SOLVES', { context: 'in the office' })
    await backend.disconnect()
    await TursoBackend.removeOwnTables({ path })
    await using again = await TursoBackend.create({ path })
    expect(await again.searchMemories({ query: 'note' })).toHaveLength(2)
    expect(await again.getRelatedMemories('a')).toHaveLength(1)
    expect(await again.checkIntegrity()).toMatchObject({ ok: true, problems: [] })
  })

  it.skipIf(pythonSqliteVersion === null)('leaves a file that Python goes on with', async () => {
    const path = fixtureCopy('python-memory.db')
    await adopt(path)
    await TursoBackend.removeOwnTables({ path })
    const seen = runPython(
      path,
      `db.execute("INSERT INTO nodes (id, label, properties) VALUES ('new', 'Memory', '{}')")
db.execute("UPDATE nodes SET properties = '{\\"title\\": 1}' WHERE id = 'new'")
db.execute("DELETE FROM nodes WHERE id = 'new'")
print(json.dumps({"check": db.execute("PRAGMA integrity_check").fetchone()[0], "mode": db.execute("PRAGMA journal_mode").fetchone()[0]}))`,
    )
    expect(seen).toEqual({ check: 'ok', mode: 'delete' })
  })

  it('is refused where earlier versions would be lost, unless that is wanted', async () => {
    const path = `${scratchFolder()}/memory.db`
    const backend = await TursoBackend.create({ path })
    await backend.storeMemory(note('One', { id: 'one' }))
    await backend.updateMemory({ id: 'one', title: 'Two' })
    await backend.disconnect()
    const failure = await failureOf(TursoBackend.removeOwnTables({ path }))
    expect(failure).toMatchObject({
      code: 'MG_CONFLICT',
      details: { lost: { mg_revision: 1, mg_version: 1 } },
    })
    expect(failure.message).toContain('force')
    const again = await TursoBackend.create({ path })
    expect(await again.getMemoryHistory('one')).toHaveLength(1)
    await again.disconnect()
    const report = await TursoBackend.removeOwnTables({ path, force: true })
    expect(report.lost).toEqual({ mg_revision: 1, mg_version: 1 })
  })

  it('is refused while somebody has the file open, for what is no file, a replica, and another program', async () => {
    const path = `${scratchFolder()}/memory.db`
    const backend = await TursoBackend.create({ path })
    const busy = await failureOf(TursoBackend.removeOwnTables({ path, busyTimeoutMs: 50 }))
    expect(busy).toMatchObject({ code: 'MG_BUSY' })
    await backend.storeMemory(note('still written'))
    await backend.disconnect()
    const refusals: [options: object, code: string][] = [
      [{ path: `${path}.none` }, 'MG_CONFIGURATION'],
      [{ path: ':memory:' }, 'MG_CONFIGURATION'],
      [{ path, force: 'yes' }, 'MG_CONFIGURATION'],
      [{ path, keep: true }, 'MG_CONFIGURATION'],
      [{ path, encryptionKey: 'wrong' }, 'MG_NOT_A_DATABASE'],
    ]
    for (const [options, code] of refusals)
      expect(await failureOf(TursoBackend.removeOwnTables(options))).toMatchObject({ code })
    const foreign = fixtureCopy('foreign/memorygraph-ts-0.13.db')
    const before = digest(foreign)
    expect(await failureOf(TursoBackend.removeOwnTables({ path: foreign }))).toMatchObject({
      code: 'MG_SCHEMA_FOREIGN',
    })
    expect(digest(foreign)).toBe(before)
  })
})
