import { existsSync, mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type DetachOptions, TursoBackend, type TursoBackendOptions } from '../../src/index.js'
import { digest, filesBeside } from '../support/files.js'
import { letGo } from '../support/let-go.js'
import { scratchFolder } from '../support/scratch.js'
import type { Sqld } from '../support/sqld.js'
import { SqldPool } from '../support/sqld-pool.js'
import { failureOf } from './remote/remote.js'

const pool = new SqldPool()
afterAll(() => pool[Symbol.asyncDispose]())

/** A copy of a primary with 40 memories, one joined to the next, that nobody uses any more. */
async function withReplica(
  work: (sqld: Sqld, path: string) => Promise<void>,
  options: TursoBackendOptions = {},
): Promise<void> {
  const sqld = await pool.take()
  const path = join(scratchFolder(), 'replica.db')
  const backend = await TursoBackend.create({ ...options, url: sqld.url, path })
  const ids = await backend.storeMemories(Array.from({ length: 40 }, (_, at) => memoryOf(at)))
  await backend.createRelationships(
    ids.slice(1).map((id, at) => ({
      from_memory_id: id,
      to_memory_id: ids[at] as string,
      type: 'FOLLOWS' as const,
    })),
  )
  await backend.disconnect()
  await work(sqld, path)
  await pool.giveBack(sqld)
}

function memoryOf(at: number) {
  return { id: `memory-${at}`, type: 'solution', title: `Title ${at}`, content: `Content ${at}` } as const
}

async function epochOf(backend: TursoBackend): Promise<unknown> {
  return (await backend.executeQuery(`SELECT value FROM mg_schema WHERE name = 'epoch'`))[0]?.['value']
}

describe('detach makes a copy of a primary', () => {
  it('a local file with all it held, that is written without the primary and has a history of its own', () =>
    withReplica(async (sqld, path) => {
      expect(await TursoBackend.detach({ path })).toEqual({ path, nodes: 40, relationships: 39 })
      expect(filesBeside(path)).toEqual(['replica.db'])
      await using local = await TursoBackend.create({ path })
      await using remote = await TursoBackend.create({ url: sqld.url, mode: 'remote' })
      expect(await local.getMemory('memory-7')).toEqual(await remote.getMemory('memory-7'))
      expect(await epochOf(local)).toMatch(/^[\da-f]{32}$/)
      expect(await epochOf(local)).not.toBe(await epochOf(remote))
      await local.storeMemory(memoryOf(99))
      expect(await local.searchMemories({ query: 'Title 99' })).not.toEqual([])
      expect(await local.healthCheck()).toMatchObject({ status: 'healthy', mode: 'local', node_count: 41 })
      expect(await remote.getMemory('memory-99')).toBeNull()
      const check = 'PRAGMA integrity_check'
      expect(await local.executeQuery(check)).toEqual([{ integrity_check: 'ok' }])
    }))

  it('while the primary is away', () =>
    withReplica(async (sqld, path) => {
      await sqld.freeze()
      try {
        expect(await TursoBackend.detach({ path })).toMatchObject({ nodes: 40 })
      } finally {
        sqld.thaw()
      }
    }))

  it('with its encryption, and only with its key', () =>
    withReplica(
      async (_, path) => {
        await letGo()
        const before = digest(path)
        expect(await failureOf(TursoBackend.detach({ path }))).toMatchObject({ code: 'MG_CONFIGURATION' })
        const wrong = await failureOf(TursoBackend.detach({ path, encryptionKey: 'not the key' }))
        expect(wrong).toMatchObject({ code: 'MG_NOT_A_DATABASE' })
        expect(wrong.message).not.toContain('not the key')
        expect(digest(path)).toBe(before)
        const encryptionKey = 'a key of this test'
        expect(await TursoBackend.detach({ path, encryptionKey })).toMatchObject({ nodes: 40 })
        expect(readFileSync(path).toString('latin1')).not.toMatch(/SQLite format 3|Title/)
        await using local = await TursoBackend.create({ path, encryptionKey })
        expect(await local.getMemory('memory-1')).not.toBeNull()
      },
      { encryptionKey: 'a key of this test' },
    ))

  it('also where the primary speaks the newer protocol, which keeps another note of the position', () =>
    withReplica(async (_, path) => {
      renameSync(`${path}-client_wal_index`, `${path}-info`)
      expect(await TursoBackend.detach({ path })).toEqual({ path, nodes: 40, relationships: 39 })
      expect(filesBeside(path)).toEqual(['replica.db'])
      await using local = await TursoBackend.create({ path })
      await local.storeMemory(memoryOf(99))
    }))

  it('by the next call when one could not take all marks of a copy away', () =>
    withReplica(async (sqld, path) => {
      mkdirSync(`${path}-info`) // a folder, which is not deleted as a file
      await expect(TursoBackend.detach({ path })).rejects.toThrow(/-info/)
      expect(
        await failureOf(TursoBackend.create({ path }).then((local) => local.storeMemory(memoryOf(99)))),
      ).toMatchObject({ code: 'MG_READ_ONLY' })
      rmdirSync(`${path}-info`)
      expect(await TursoBackend.detach({ path })).toEqual({ path, nodes: 40, relationships: 39 })
      expect(filesBeside(path)).toEqual(['replica.db'])
      await using local = await TursoBackend.create({ path })
      await using remote = await TursoBackend.create({ url: sqld.url, mode: 'remote' })
      expect(await epochOf(local)).not.toBe(await epochOf(remote))
    }))

  it('that can be merged into the primary again, with what was written meanwhile', () =>
    withReplica(async ({ url }, path) => {
      await TursoBackend.detach({ path })
      await TursoBackend.create({ path }).then(async (local) => {
        await local.updateMemory({ id: 'memory-3', title: 'Written apart' })
        await local.disconnect()
      })
      const report = await TursoBackend.promote({ path, url, merge: true })
      expect(report.nodes).toEqual({ copied: 0, replaced: 1, kept: 0, unchanged: 39 })
      await using replica = await TursoBackend.create({ path, url })
      expect(await replica.getMemory('memory-3')).toMatchObject({ title: 'Written apart' })
    }))
})

describe('detach refuses', () => {
  it('a copy that is in use, and names the remedy', () =>
    withReplica(async ({ url }, path) => {
      const user = await TursoBackend.create({ url, path })
      const error = await failureOf(TursoBackend.detach({ path }))
      expect(error).toMatchObject({ code: 'MG_BUSY', retryable: true })
      expect(error.message).toMatch(/disconnect/)
      await user.storeMemory(memoryOf(50))
      await user.disconnect()
      expect(await TursoBackend.detach({ path })).toMatchObject({ nodes: 41 })
    }))

  it('a copy that somebody reads by other means', () =>
    withReplica(async (_, path) => {
      const { Connection } = await import('../../src/backends/turso/local/connection.js')
      const reader = await Connection.open({ path, encryptionKey: undefined })
      reader.value('SELECT count(*) FROM nodes')
      const error = await failureOf(TursoBackend.detach({ path, busyTimeoutMs: 100 }))
      expect(error).toMatchObject({ code: 'MG_BUSY' })
      reader.close()
      expect(await TursoBackend.detach({ path })).toMatchObject({ nodes: 40 })
    }))

  it('a copy that was never complete', () =>
    withReplica(async (_, path) => {
      rmSync(`${path}-replica.json`)
      await letGo()
      const before = digest(path)
      expect(await failureOf(TursoBackend.detach({ path }))).toMatchObject({ code: 'MG_SYNC' })
      expect(digest(path)).toBe(before)
      expect(existsSync(`${path}-client_wal_index`)).toBe(true)
    }))

  it('a copy that lacks what it has held, which stays a copy', () =>
    withReplica(async ({ url }, path) => {
      const record = JSON.parse(readFileSync(`${path}-replica.json`, 'utf8'))
      const later = { ...record, newest: { ...record.newest, seq: record.newest.seq + 5 } }
      writeFileSync(`${path}-replica.json`, JSON.stringify(later))
      expect(await failureOf(TursoBackend.detach({ path }))).toMatchObject({ code: 'MG_CORRUPT' })
      writeFileSync(`${path}-replica.json`, JSON.stringify(record))
      await using replica = await TursoBackend.create({ url, path })
      await replica.storeMemory(memoryOf(60))
      expect(await replica.getMemory('memory-60')).not.toBeNull()
      expect((await replica.healthCheck()).warnings).toEqual([])
    }))

  it('what is no copy, is not there, or is asked for in other words', async () => {
    const path = join(scratchFolder(), 'memory.db')
    const refusals = async (options: DetachOptions) => {
      const error = await failureOf(TursoBackend.detach(options))
      expect(error).toMatchObject({ name: 'ConfigurationError', code: 'MG_CONFIGURATION' })
      return error.message
    }
    expect(await refusals({ path })).toMatch(/no such file/)
    await (await TursoBackend.create({ path })).disconnect()
    expect(await refusals({ path })).toMatch(/of its own already/)
    expect(await refusals({ path, url: 'http://127.0.0.1:1' } as DetachOptions)).toMatch(/"url"/)
  })
})
