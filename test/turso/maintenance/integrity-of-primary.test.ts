import { join } from 'node:path'
import { openHttp } from '@libsql/hrana-client'
import { afterAll, describe, expect, it } from 'vitest'
import { TursoBackend } from '../../../src/index.js'
import { scratchFolder } from '../../support/scratch.js'
import type { Sqld } from '../../support/sqld.js'
import { SqldPool } from '../../support/sqld-pool.js'
import { failureOf, note } from '../remote/remote.js'

const pool = new SqldPool()
afterAll(() => pool[Symbol.asyncDispose]())

/** What another program does to a primary, without any check. */
async function damage({ url }: Sqld, sql: string): Promise<void> {
  const client = openHttp(url, undefined, undefined, undefined, 2)
  const stream = client.openStream()
  await stream.sequence(`PRAGMA foreign_keys = OFF; ${sql}`)
  client.close()
}

/** A primary with three memories, of which much is wrong. */
async function withDamage(work: (sqld: Sqld) => Promise<void>): Promise<void> {
  const sqld = await pool.take()
  await using remote = await TursoBackend.create({ url: sqld.url, mode: 'remote' })
  await remote.storeMemories(['a', 'b', 'c'].map((id) => note(`Note ${id}`, { id })))
  await remote.createRelationship('b', 'c', 'SOLVES', { context: 'in the office' })
  await damage(
    sqld,
    `UPDATE mg_memory SET importance = 0 WHERE id = 'a'; DELETE FROM mg_text_data WHERE id > 10; DELETE FROM mg_context;
    DROP TRIGGER mg_node_purge; DELETE FROM nodes WHERE id = 'c';`,
  )
  await work(sqld)
  await remote.disconnect()
  await pool.giveBack(sqld)
}

const FOUND = ['schema', 'search-text', 'search-facets', 'context', 'orphaned-relationship']

describe('a primary that is damaged', () => {
  it('is checked and repaired in remote mode', () =>
    withDamage(async ({ url }) => {
      await using remote = await TursoBackend.create({ url, mode: 'remote' })
      const report = await remote.checkIntegrity()
      expect(report.problems.map(({ kind }) => kind)).toEqual(FOUND)
      expect(report.checked.filter(({ skipped }) => skipped !== null)).toEqual([])
      const repaired = await remote.repair()
      expect(repaired).toMatchObject({ ok: true, remaining: [], found: report.problems })
      expect(repaired.deleted_relationships).toMatchObject([{ from_id: 'b', to_id: 'c', rel_type: 'SOLVES' }])
      expect(await remote.searchMemories({ query: 'note' })).toHaveLength(2)
    }))

  it('is repaired by a replica, which shows that then', () =>
    withDamage(async ({ url }) => {
      await using replica = await TursoBackend.create({ url, path: join(scratchFolder(), 'replica.db') })
      await replica.sync()
      expect((await replica.checkIntegrity()).problems.map(({ kind }) => kind)).toEqual(FOUND)
      expect((await replica.repair({ dryRun: true })).deleted_relationships).toHaveLength(1)
      expect(await replica.repair()).toMatchObject({ ok: true, remaining: [] })
      expect(await replica.checkIntegrity()).toMatchObject({ ok: true, problems: [] })
      await replica.disconnect()
    }))

  it('is not repaired through a local copy that is opened as a file', () =>
    withDamage(async ({ url }) => {
      const path = join(scratchFolder(), 'replica.db')
      const replica = await TursoBackend.create({ url, path })
      await replica.sync()
      await replica.disconnect()
      await using local = await TursoBackend.create({ path })
      expect((await local.checkIntegrity()).problems.map(({ kind }) => kind)).toEqual(FOUND)
      expect(await failureOf(local.repair())).toMatchObject({ code: 'MG_READ_ONLY' })
    }))
})
