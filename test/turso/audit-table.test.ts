import { afterEach, describe, expect, test } from 'vitest'
import { TursoBackend } from '../../src/index.js'

let backend: TursoBackend

afterEach(() => backend.disconnect())

const INSERT = `INSERT INTO mg_audit(seq, at, actor, operation, ids, count) VALUES (?, '2026-01-01', 'a', 'storeMemory', '[]', 0)`

describe('The table of the audit log', () => {
  test('takes new entries, and refuses that one is changed, replaced or taken out', async () => {
    backend = await TursoBackend.create({ path: ':memory:' })
    await backend.executeWriteQuery(INSERT, [1])
    await backend.executeWriteQuery(INSERT, [2])
    for (const statement of [
      `UPDATE mg_audit SET actor = 'b'`,
      'DELETE FROM mg_audit',
      INSERT.replace('INSERT', 'INSERT OR REPLACE').replace('?', '2'),
    ]) {
      await expect(backend.executeWriteQuery(statement)).rejects.toThrow('append-only')
    }
    expect(await backend.executeReadQuery('SELECT seq, actor FROM mg_audit')).toEqual([
      { seq: 1, actor: 'a' },
      { seq: 2, actor: 'a' },
    ])
  })

  test('lets the oldest go once there are as many as are kept', async () => {
    backend = await TursoBackend.create({ path: ':memory:' })
    await backend.executeWriteQuery(`
      INSERT INTO mg_audit(at, actor, operation, ids, count)
      WITH RECURSIVE entry(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM entry WHERE n < 100001)
      SELECT '2026-01-01', 'a', 'storeMemory', '[]', 0 FROM entry`)
    await backend.executeWriteQuery('DELETE FROM mg_audit WHERE seq <= 1')
    const [kept] = await backend.executeReadQuery(
      'SELECT min(seq) AS oldest, max(seq) AS newest FROM mg_audit',
    )
    expect(kept).toEqual({ oldest: 2, newest: 100_001 })
  })

  test('takes no entry that would make all others the oldest, or leave no place behind it', async () => {
    backend = await TursoBackend.create({ path: ':memory:', auditLog: true })
    await backend.executeWriteQuery(INSERT, [1])
    for (const seq of [100_002, 9_223_372_036_854_775_807n, 0, -1]) {
      await expect(backend.executeWriteQuery(INSERT, [seq])).rejects.toThrow('append-only')
    }
    await backend.storeMemory({ id: 'a', type: 'general', title: 'A', content: 'a' })
    const operations: string[] = []
    for await (const { operation } of backend.auditEntries()) operations.push(operation)
    expect(operations).toEqual(['storeMemory', 'executeWriteQuery', 'storeMemory'])
  })
})
