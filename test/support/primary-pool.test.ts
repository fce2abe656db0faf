import { expect, it } from 'vitest'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import { PrimaryPool } from './primary-pool.js'

it('gives a primary again, once all is gone that was stored, made and logged', async () => {
  await using pool = new PrimaryPool()
  const primary = await pool.take()
  const options = { url: primary.sqld.url, mode: 'remote', auditLog: { actor: 'a test' } } as const
  await using backend = await TursoBackend.create(options)
  const id = await backend.storeMemory({ type: 'fix', title: 'First', content: 'c' })
  await backend.updateMemory({ id, title: 'Second' })
  await backend.executeWriteQuery('CREATE TABLE words (word TEXT)')
  await pool.giveBack(primary)
  expect(await pool.take()).toBe(primary)
  expect(await backend.getMemory(id)).toBeNull()
  expect(await backend.executeQuery('SELECT 1 FROM mg_audit')).toEqual([])
  expect(await backend.executeQuery(`SELECT 1 FROM sqlite_master WHERE name = 'words'`)).toEqual([])
})

it('gives another primary for one whose settings were changed', async () => {
  await using pool = new PrimaryPool()
  const primary = await pool.take()
  const options = { url: primary.sqld.url, mode: 'remote', keepVersions: 3 } as const
  await (await TursoBackend.create(options)).disconnect()
  await pool.giveBack(primary)
  expect(await pool.take()).not.toBe(primary)
})
