import { describe, expect, it } from 'vitest'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import { encodeMemory } from '../../src/model/memory-properties.js'
import { pythonSqliteVersion, runPython } from '../support/python.js'
import { fixtureCopy, scratchFolder } from '../support/scratch.js'

const AT = '2026-01-02T03:04:05.000006+00:00'

// What MemoryGraph for Python does, statement by statement.
const INSERT_NODE = `
def insert_node(id, properties, label='Memory'):
    db.execute("INSERT INTO nodes (id, label, properties, created_at, updated_at) VALUES (?, ?, ?, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)", (id, label, properties))
def memory(id, title, content, **more):
    return json.dumps({"id": id, "type": "solution", "title": title, "content": content, "tags": ["py"], "importance": 0.5, "confidence": 0.8, "usage_count": 0, "created_at": "${AT}", "updated_at": "${AT}", **more})
`

describe.skipIf(pythonSqliteVersion === null)('a file shared with stock SQLite (python3 is needed)', () => {
  it('is read, written and found sound by Python after we wrote and closed it', async () => {
    const path = fixtureCopy('python-memory.db')
    await using backend = await TursoBackend.create({ path })
    await backend.storeMemory({
      id: 'ours',
      type: 'fix',
      title: 'Ours',
      content: 'Written here: café',
      tags: ['Ours'],
    })
    await backend.createRelationship('ours', '4ce3b0cc-1202-452f-9975-36b11cb4ba55', 'SOLVES')
    await backend.updateMemory({ id: '31135de9-9538-47d7-b18b-de0e86417b60', summary: 'changed here' })
    await backend.disconnect()

    const seen = runPython(
      path,
      `${INSERT_NODE}
ours = json.loads(db.execute("SELECT properties FROM nodes WHERE id = 'ours'").fetchone()[0])
insert_node('theirs', memory('theirs', 'Written by Python', 'zebra crossing caf\\u00e9 数据库'))
insert_node('gone', memory('gone', 'Gone', 'ephemeral 接続'))
db.execute("UPDATE nodes SET properties = ? WHERE id = 'ours'", (json.dumps({**ours, "title": "Renamed by Python"}),))
db.execute("DELETE FROM nodes WHERE id = 'gone'")
db.execute("INSERT OR REPLACE INTO nodes (id, label, properties) VALUES ('theirs', 'Memory', ?)", (memory('theirs', 'Replaced by Python', 'okapi 索引').encode().decode('unicode_escape'),))
print(json.dumps({"ours": ours, "check": db.execute("PRAGMA integrity_check").fetchone()[0], "relationships": db.execute("SELECT count(*) FROM relationships WHERE from_id = 'ours'").fetchone()[0]}))`,
    )
    expect(seen).toMatchObject({ ours: { title: 'Ours', tags: ['ours'] }, check: 'ok', relationships: 1 })

    await backend.connect()
    const titles = async (query: string): Promise<string[]> =>
      (await backend.searchMemories({ query })).map((memory) => memory.title)
    expect(await titles('okapi')).toEqual(['Replaced by Python'])
    expect(await titles('索引')).toEqual(['Replaced by Python'])
    for (const gone of ['zebra', '数据库', '接続']) expect(await titles(gone)).toEqual([])
    expect(await titles('ephemeral')).toEqual([])
    expect(await titles('renamed')).toEqual(['Renamed by Python'])
    expect((await backend.searchMemories({ tags: ['py'] })).map((memory) => memory.id)).toEqual(['theirs'])
    expect(runPython(path, 'print(json.dumps(db.execute("PRAGMA integrity_check").fetchall()))')).toEqual([
      ['ok'],
    ])
  })

  it('takes rows with broken JSON from Python, and says that it cannot read them', async () => {
    const path = `${scratchFolder()}/shared.db`
    await using backend = await TursoBackend.create({ path })
    await backend.storeMemory({ id: 'whole', type: 'general', title: 'Whole', content: 'sound' })
    runPython(
      path,
      `${INSERT_NODE}
insert_node('nan', '{"id": "nan", "type": "general", "title": "NaN", "content": "not a number", "importance": NaN, "created_at": "${AT}", "updated_at": "${AT}"}')
insert_node('garbage', 'no json at all')
insert_node('list', '[1, 2]')
insert_node('odd', json.dumps({"id": "odd", "type": "unheard_of", "title": "x" * 300, "content": "odd one", "created_at": "2026-01-02 03:04:05", "updated_at": "2026-01-02T12:04:05+09:00", "tags": "[]", "context_languages": "[\\"Perl\\"]", "unknown": 12345678901234567890}))
db.execute("UPDATE nodes SET properties = 'broken now' WHERE id = 'garbage'")`,
    )
    expect(await backend.getMemory('nan')).toMatchObject({ title: 'NaN', importance: 0.5 })
    await expect(backend.getMemory('garbage')).rejects.toMatchObject({ code: 'MG_CORRUPT' })
    await expect(backend.getMemory('list')).rejects.toMatchObject({ code: 'MG_CORRUPT' })
    expect(await backend.getMemory('odd')).toMatchObject({
      type: 'unheard_of',
      title: 'x'.repeat(300),
      created_at: '2026-01-02T03:04:05.000000+00:00',
      updated_at: '2026-01-02T03:04:05.000000+00:00',
      tags: [],
      context: { languages: ['Perl'] },
    })
    expect((await backend.searchMemories({ languages: ['perl'] })).map((memory) => memory.id)).toEqual([
      'odd',
    ])
    expect(
      (await backend.searchMemories({ created_before: '2026-01-03' })).map((memory) => memory.id),
    ).toEqual(['odd'])
    expect((await backend.searchMemories({})).map((memory) => memory.id).sort()).toEqual(['odd', 'whole'])
    const health = await backend.healthCheck()
    expect(health.status).toBe('degraded')
    expect(health.warnings.join('\n')).toMatch(/3 memories have properties that are no JSON object/)
    expect(health.warnings.join('\n')).toMatch(/1 memories .* unknown type or a title over 200/)
  })

  it('reads text that is no UTF-8, which Python can escape into JSON, without losing the process', async () => {
    const path = `${scratchFolder()}/shared.db`
    await using backend = await TursoBackend.create({ path })
    await backend.storeMemory({ id: 'whole', type: 'general', title: 'Whole', content: 'sound' })
    runPython(
      path,
      `${INSERT_NODE}
insert_node('half', memory('half', 'half \\ud83d pair', 'cut short', context_project_path='/p\\ud83d').replace('"solution"', '"odd\\\\ud83d"'))`,
    )
    await backend.createRelationship('whole', 'half', 'RELATED_TO')
    expect((await backend.getMemory('whole'))?.relationships?.['related_to']).toEqual(['half \ud83d pair'])
    expect((await backend.searchMemories({ query: 'short' })).map((memory) => memory.title)).toEqual([
      'half \ud83d pair',
    ])
    expect(await backend.searchMemories({ query: 'half', search_tolerance: 'strict' })).toHaveLength(1)
    expect(Object.keys((await backend.getMemoryStatistics()).memories_by_type)).toHaveLength(2)
    expect((await backend.getRecentActivity(36_500)).recent_memories).toHaveLength(2)
    expect((await backend.getRelatedMemories('whole')).map(([memory]) => memory.id)).toEqual(['half'])
    expect((await backend.healthCheck()).status).toBe('healthy')
  })

  it('keeps what it does not know, to the letter, when a memory is updated or stored again', async () => {
    const path = `${scratchFolder()}/shared.db`
    await using backend = await TursoBackend.create({ path })
    runPython(
      path,
      `${INSERT_NODE}
insert_node('theirs', memory('theirs', 'Theirs', 'content', big=12345678901234567890, one=1.0, nested={"a": [1.0, None]}, text="caf\\u00e9"))`,
    )
    const tail =
      '"big": 12345678901234567890, "one": 1.0, "nested": {"a": [1.0, null]}, "text": "caf\\u00e9"}'
    const stored = async (): Promise<string> => {
      const [row] = await backend.executeQuery(`SELECT properties FROM nodes WHERE id = 'theirs'`)
      return row?.['properties'] as string
    }
    expect(await stored()).toContain(tail)
    await backend.updateMemory({ id: 'theirs', title: 'Ours now' })
    expect(await stored()).toContain(`"title": "Ours now"`)
    expect((await stored()).endsWith(tail)).toBe(true)
    await backend.storeMemory({ id: 'theirs', type: 'task', title: 'Again', content: 'anew' })
    expect((await stored()).endsWith(tail)).toBe(true)
    expect(await backend.getMemory('theirs')).toMatchObject({ title: 'Again', created_at: AT })
  })

  it('writes properties as Python does: order, spaces, floats, ASCII, empty lists and objects as text', () => {
    const program = `print(json.dumps(json.dumps({"id": "a", "type": "solution", "title": "Caf\\u00e9 \\U0001F9E0", "content": "line\\n\\t\\"q\\" \\u007f", "tags": ["x"], "importance": 1.0, "confidence": 1e-05, "usage_count": 0, "created_at": "${AT}", "updated_at": "${AT}", "effectiveness": 0.0, "context_files_involved": ["a.py"], "context_languages": "[]", "context_frameworks": "[]", "context_technologies": "[]", "context_timestamp": "${AT}", "context_additional_metadata": json.dumps({"k": [1, {"\\u00e9": None}]}), "context_visibility": "project"})))`
    const ours = encodeMemory(
      {
        id: 'a',
        type: 'solution',
        title: 'Café 🧠',
        content: 'line\n\t"q" \u007f',
        tags: ['x'],
        importance: 1,
        confidence: 0.00001,
        effectiveness: 0,
        created_at: AT,
        context: { files_involved: ['a.py'], timestamp: AT, additional_metadata: { k: [1, { é: null }] } },
      },
      AT,
    )
    expect(ours).toBe(runPython(':memory:', program))
  })

  it('works while Python keeps the file open in its own journal mode', async () => {
    const path = fixtureCopy('python-memory.db')
    await using backend = await TursoBackend.create({ path })
    expect(runPython(path, 'print(json.dumps(db.execute("PRAGMA journal_mode").fetchone()))')).toEqual([
      'wal',
    ])
    await backend.storeMemory({ type: 'general', title: 'Meanwhile', content: 'still open' })
    expect(runPython(path, `print(json.dumps(db.execute("SELECT count(*) FROM nodes").fetchone()))`)).toEqual(
      [167],
    )
  })
})
