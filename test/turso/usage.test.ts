import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { TursoBackend, type TursoBackendOptions } from '../../src/backends/turso/turso-backend.js'
import { collect } from '../../src/testing/assertions.js'
import { scratchFolder } from '../support/scratch.js'

const NOTE = { id: 'a', type: 'general', title: 'A note', content: 'Nothing of note.' }
const WORKER = fileURLToPath(new URL('../support/usage-worker.mjs', import.meta.url))
const run = promisify(execFile)

async function open(options: TursoBackendOptions): Promise<TursoBackend> {
  const backend = await TursoBackend.create(options)
  onTestFinished(() => backend.disconnect())
  return backend
}

/** A backend that counts, and one on the same file that does not. */
async function openBoth(): Promise<{ path: string; counting: TursoBackend; other: TursoBackend }> {
  const path = join(scratchFolder(), 'memory.db')
  return { path, counting: await open({ path, trackUsage: true }), other: await open({ path }) }
}

async function insert(backend: TursoBackend, id: string, properties: string): Promise<void> {
  const sql = `INSERT INTO nodes(id, label, properties) VALUES (?, 'Memory', ?)`
  await backend.executeWriteQuery(sql, [id, properties])
}

async function propertiesOf(backend: TursoBackend, id: string): Promise<string> {
  const [row] = await backend.executeQuery('SELECT properties FROM nodes WHERE id = ?', [id])
  return String(row?.['properties'])
}

describe('The use of memories in a file', () => {
  it('is written when the backend is disconnected, many reads at once', async () => {
    const { counting, other } = await openBoth()
    await other.storeMemory(NOTE)
    for (let at = 0; at < 50; at++) await counting.getMemory('a')
    expect((await other.getMemory('a'))?.usage_count).toBe(0)
    const changesBefore = await collect(other.changes())
    await counting.disconnect()
    expect((await other.getMemory('a'))?.usage_count).toBe(50)
    expect(await collect(other.changes())).toHaveLength(changesBefore.length + 1)
  })

  it('survives several processes that count at once', async () => {
    const { path, other } = await openBoth()
    await other.storeMemory({ ...NOTE, usage_count: 5 })
    await Promise.all([1, 2].map(() => run(process.execPath, [WORKER, path, 'a', '60'])))
    expect((await other.getMemory('a'))?.usage_count).toBe(125)
    expect((await other.getMemory('a'))?.version).toBe(1)
  })

  it('leaves all else of what other programs wrote to the letter, and makes no version of it', async () => {
    const { counting, other } = await openBoth()
    const theirs = `{"title":"T", "other": 12345678901234567890 ,"id":"x","type":"general","content":"c"}`
    await insert(other, 'x', theirs)
    await counting.getMemory('x')
    await counting.disconnect()
    expect(await propertiesOf(other, 'x')).toMatch(
      /^\{"title": "T", "other": 12345678901234567890, "id": "x", "type": "general", "content": "c", "usage_count": 1, "last_accessed": "[^"]+"\}$/,
    )
    expect(await other.getMemoryHistory('x')).toEqual([])
  })

  it('leaves rows alone that cannot be read by then, and a later time of use', async () => {
    const { counting, other } = await openBoth()
    const last_accessed = '2999-01-01T00:00:00.000000+00:00'
    await other.storeMemories([NOTE, { ...NOTE, id: 'b' }, { ...NOTE, id: 'c', last_accessed }])
    await counting.getMemories(['a', 'b', 'c'])
    await other.executeWriteQuery(`UPDATE nodes SET properties = 'broken' WHERE id = 'a'`)
    await counting.disconnect()
    expect(await propertiesOf(other, 'a')).toBe('broken')
    expect((await other.getMemory('b'))?.usage_count).toBe(1)
    expect(await other.getMemory('c')).toMatchObject({ usage_count: 1, last_accessed })
  })

  it('is counted beside an audit log, in the same write', async () => {
    const path = join(scratchFolder(), 'memory.db')
    const backend = await open({ path, trackUsage: true, auditLog: { actor: 'me' } })
    await backend.storeMemory(NOTE)
    await backend.getMemory('a')
    const entries = await collect(backend.auditEntries())
    expect(entries.map(({ operation }) => operation)).toEqual(['storeMemory', 'getMemory'])
    expect((await propertiesOf(backend, 'a')).includes('"usage_count": 1')).toBe(true)
  })
})
