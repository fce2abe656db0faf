import { userInfo } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { TursoBackend, type TursoBackendOptions } from '../../src/backends/turso/turso-backend.js'
import { scratchFolder } from '../support/scratch.js'

const NOTE = { id: 'a', type: 'general', title: 'A note', content: 'Nothing of note.' }

async function open(options: TursoBackendOptions): Promise<TursoBackend> {
  const backend = await TursoBackend.create(options)
  onTestFinished(() => backend.disconnect())
  return backend
}

/** A file, and a backend on it that keeps an audit log. */
async function openFile(): Promise<{ path: string; backend: TursoBackend }> {
  const path = join(scratchFolder(), 'memory.db')
  return { path, backend: await open({ path, auditLog: true }) }
}

async function operationsOf(backend: TursoBackend): Promise<string[]> {
  const operations: string[] = []
  for await (const { operation } of backend.auditEntries()) operations.push(operation)
  return operations
}

/** The operations in the file, without those that are yet to be written. */
async function storedIn(path: string): Promise<string[]> {
  return operationsOf(await open({ path }))
}

describe('The audit log of a file', () => {
  it('names the user of the operating system unless told whom', async () => {
    const { backend } = await openFile()
    await backend.storeMemory(NOTE)
    for await (const { actor } of backend.auditEntries()) expect(actor).toBe(userInfo().username)
  })

  it('has a write at once, a read when the backend is disconnected', async () => {
    const { path, backend } = await openFile()
    await backend.storeMemory(NOTE)
    await backend.getMemory('a')
    expect(await storedIn(path)).toEqual(['storeMemory'])
    await backend.disconnect()
    expect(await storedIn(path)).toEqual(['storeMemory', 'getMemory'])
  })

  it('has a read within a second or so', async () => {
    const { path, backend } = await openFile()
    await backend.getMemory('a')
    const reader = await open({ path })
    await expect.poll(() => operationsOf(reader), { interval: 20 }).toEqual(['getMemory'])
  })

  it('refuses a write whose entry cannot be stored, and undoes it', async () => {
    const { path, backend } = await openFile()
    const other = await open({ path })
    await other.executeWriteQuery(
      `CREATE TRIGGER no_audit BEFORE INSERT ON mg_audit BEGIN SELECT raise(ABORT, 'no room for entries'); END`,
    )
    const insert = `INSERT INTO nodes(id, label, properties) VALUES ('raw', 'Task', '{}')`
    for (const write of [
      () => backend.storeMemory(NOTE),
      () => backend.executeWriteQuery(insert),
      () => backend.transaction((tx) => tx.storeMemory(NOTE)),
      () => backend.transaction(async (tx) => tx.getMemory('a')),
    ]) {
      await expect(write()).rejects.toThrow('no room for entries')
    }
    expect(await other.getNodes(['a', 'raw'])).toEqual([])
  })

  it('has an entry for a raw statement that succeeded, and nothing of its text', async () => {
    const { backend } = await openFile()
    await backend.executeQuery('SELECT 1 AS one')
    await backend.executeWriteQuery(`INSERT INTO nodes(id, label, properties) VALUES ('raw', 'Task', '{}')`)
    await expect(backend.executeWriteQuery('INSERT INTO nodes(id) VALUES (1)')).rejects.toThrow()
    await expect(backend.executeReadQuery('DELETE FROM nodes')).rejects.toThrow()
    expect((await operationsOf(backend)).sort()).toEqual(['executeQuery', 'executeWriteQuery'])
  })

  it('yields more than a page, in order', async () => {
    const { backend } = await openFile()
    await backend.transaction(async (tx) => {
      for (let at = 0; at < 1100; at++) await tx.getRelationship(`r-${at}`)
    })
    const positions: number[] = []
    for await (const { seq } of backend.auditEntries()) positions.push(seq)
    expect(positions).toEqual(Array.from({ length: 1100 }, (_, at) => at + 1))
  })

  it('keeps the newest 100,000 entries', async () => {
    const { backend } = await openFile()
    await backend.storeMemory(NOTE)
    await backend.executeWriteQuery(`
      INSERT INTO mg_audit(at, actor, operation, ids, count)
      WITH RECURSIVE entry(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM entry WHERE n < 100000)
      SELECT '', 'a', 'other', 'broken', 0 FROM entry`)
    await backend.storeMemory(NOTE)
    const operations = await operationsOf(backend)
    expect(operations).toHaveLength(100_000)
    expect(operations.slice(-3)).toEqual(['other', 'executeWriteQuery', 'storeMemory'])
  })

  it('is read, and not added to, by a backend without the option', async () => {
    const { path, backend } = await openFile()
    await backend.storeMemory(NOTE)
    const other = await open({ path })
    await other.deleteMemory('a')
    expect(await operationsOf(other)).toEqual(['storeMemory'])
  })
})
