import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { TursoBackend, type TursoBackendOptions } from '../../../src/index.js'
import { scratchFolder } from '../../support/scratch.js'
import type { Sqld } from '../../support/sqld.js'
import { SqldPool } from '../../support/sqld-pool.js'
import { failureOf, note, notes } from '../remote/remote.js'

const pool = new SqldPool()
afterAll(() => pool[Symbol.asyncDispose]())

/** A primary with 30 memories, and where a backup of it may go. */
async function withPrimary(
  work: (sqld: Sqld, folder: string, target: string) => Promise<void>,
): Promise<void> {
  const sqld = await pool.take()
  const folder = scratchFolder()
  await using remote = await TursoBackend.create({ url: sqld.url, mode: 'remote' })
  await remote.storeMemories(notes(30, (at) => ({ id: `memory-${at}` })))
  await work(sqld, folder, join(folder, 'backup.db'))
  await remote.disconnect()
  await pool.giveBack(sqld)
}

async function epochOf(backend: TursoBackend): Promise<unknown> {
  return (await backend.executeQuery(`SELECT value FROM mg_schema WHERE name = 'epoch'`))[0]?.['value']
}

async function expectOwnFile(
  target: string,
  of: TursoBackend,
  many: number,
  options: TursoBackendOptions = {},
): Promise<void> {
  await using local = await TursoBackend.create({ path: target, ...options })
  expect(await local.healthCheck()).toMatchObject({ status: 'healthy', mode: 'local', node_count: many })
  expect(await local.getMemory('memory-7')).toEqual(await of.getMemory('memory-7'))
  expect(await epochOf(local)).toMatch(/^[\da-f]{32}$/)
  expect(await epochOf(local)).not.toBe(await epochOf(of))
  await local.storeMemory(note('written to the backup', { id: 'own' }))
  expect(await local.searchMemories({ query: 'written backup' })).toMatchObject([{ id: 'own' }])
  expect(await of.getMemory('own')).toBeNull()
}

describe('a backup of a replica', () => {
  it('is a local file of its own, with what the primary held', () =>
    withPrimary(async (sqld, folder, target) => {
      await using replica = await TursoBackend.create({
        url: sqld.url,
        path: join(folder, 'replica.db'),
        autoSync: false,
        syncIntervalSeconds: 0,
      })
      await using other = await TursoBackend.create({ url: sqld.url, mode: 'remote' })
      await other.storeMemory(note('not synced yet', { id: 'late' }))
      expect(await replica.backup(target)).toMatchObject({ node_count: 31, synced: true, encrypted: false })
      expect(readdirSync(folder).filter((name) => name.startsWith('backup'))).toEqual(['backup.db'])
      await expectOwnFile(target, replica, 31)
      await replica.storeMemory(note('goes on', { id: 'on' }))
      await replica.sync()
      expect(await replica.getMemory('on')).not.toBeNull()
    }))

  it('without the primary has what the copy holds, and says so; encrypted as the copy is', () =>
    withPrimary(async (sqld, folder, target) => {
      const encryptionKey = 'a key of this test'
      const options = { url: sqld.url, path: join(folder, 'replica.db'), encryptionKey, timeoutMs: 1_500 }
      await using replica = await TursoBackend.create({ ...options, maxRetries: 0 })
      await sqld.freeze()
      try {
        expect(await replica.backup(target)).toMatchObject({ node_count: 30, synced: false, encrypted: true })
      } finally {
        sqld.thaw()
      }
      await expectOwnFile(target, replica, 30, { encryptionKey })
    }))
})

describe('a backup in remote mode', () => {
  it('is a local file of its own, with all the primary holds', () =>
    withPrimary(async (sqld, folder, target) => {
      await using remote = await TursoBackend.create({ url: sqld.url, mode: 'remote' })
      expect(await remote.backup(target)).toMatchObject({ node_count: 30, synced: true, encrypted: false })
      expect(readdirSync(folder)).toEqual(['backup.db'])
      await expectOwnFile(target, remote, 30)
    }))

  it('is MG_OFFLINE when the primary does not answer, and leaves nothing', () =>
    withPrimary(async (sqld, folder, target) => {
      await using remote = await TursoBackend.create({
        url: sqld.url,
        mode: 'remote',
        timeoutMs: 1_500,
        maxRetries: 0,
      })
      await sqld.freeze()
      try {
        expect(await failureOf(remote.backup(target))).toMatchObject({ code: 'MG_OFFLINE' })
      } finally {
        sqld.thaw()
      }
      expect(readdirSync(folder)).toEqual([])
    }))
})
