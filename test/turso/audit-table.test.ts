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
    await backend.executeWriteQuery(INSERT, [1])
    await backend.executeWriteQuery(INSERT, [100_001])
    await backend.executeWriteQuery('DELETE FROM mg_audit WHERE seq <= 1')
    expect(await backend.executeReadQuery('SELECT seq FROM mg_audit')).toEqual([{ seq: 100_001 }])
  })
})
