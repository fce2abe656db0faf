import { existsSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'libsql'
import { beforeEach, describe, expect, it } from 'vitest'
import { TursoBackend } from '../../src/index.js'
import { folder, path, useCliFolder } from './cli-folder.js'
import { runCli } from './run-cli.js'
import { type ProgramResult, runInProcess } from './run-in-process.js'

useCliFolder()

beforeEach(async () => {
  await using backend = await TursoBackend.create({ path })
  for (const id of ['a', 'b', 'c'])
    await backend.storeMemory({ id, type: 'general', title: `Note ${id}`, content: 'text' })
  await backend.createRelationship('a', 'b', 'SOLVES')
})

function damage(sql: string): void {
  const database = new Database(path)
  database.exec(`PRAGMA foreign_keys = OFF; ${sql}`)
  database.close()
}

const run = (...parameters: string[]): Promise<ProgramResult> => runInProcess([...parameters, '--path', path])

describe('backup', () => {
  it('writes a copy and says what is in it', async () => {
    const target = join(folder, 'copy.db')
    const { code, stdout } = await run('backup', target)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^backup +\S+copy\.db\nmemories +3\n/)
    const again = await run('backup', target)
    expect(again).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('[MG_CONFLICT]') })
    const replaced = await run('backup', target, '--overwrite', '--json')
    expect(JSON.parse(replaced.stdout)).toMatchObject({ path: target, node_count: 3, synced: null })
  })

  it('works from the built command line', async () => {
    const target = join(folder, 'copy.db')
    const result = await runCli(['backup', target, '--json', '--path', path])
    expect(result).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(result.stdout)).toMatchObject({ relationship_count: 1, encrypted: false })
  })
})

describe('doctor', () => {
  it('of a sound database is 0', async () => {
    expect(await run('doctor')).toEqual({ code: 0, stdout: 'the database is sound\n', stderr: '' })
    const { stdout } = await run('doctor', '--json')
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, problems: [] })
  })

  it('finds, tells what it would do, does it, and finds nothing any more', async () => {
    damage(`DELETE FROM mg_memory WHERE id = 'a'; DELETE FROM nodes WHERE id = 'b'`)
    const found = await run('doctor')
    expect(found.code).toBe(1)
    expect(found.stdout).toMatch(/^the database has problems\n/)
    expect(found.stdout).toMatch(/search-facets \(1, repairable\): .*\n {2}a\n/)
    expect(found.stdout).toContain('orphaned-relationship (1, repairable)')
    const dry = await run('doctor', '--repair', '--dry-run')
    expect(dry.code).toBe(1)
    expect(dry.stdout).toMatch(/would repair search-facets: 1\n/)
    expect(dry.stdout).toMatch(/would delete \{"id":.*"rel_type":"SOLVES"/)
    const repaired = await run('doctor', '--repair')
    expect(repaired.code).toBe(0)
    expect(repaired.stdout).toMatch(/repaired search-facets: 1\n/)
    expect(repaired.stdout).toMatch(/deleted \{"id":.*"to_id":"b"/)
    expect(repaired.stdout).toMatch(/the database is sound\n$/)
    expect((await run('doctor')).code).toBe(0)
  })

  it('is 1 where something stays that cannot be repaired', async () => {
    damage(`UPDATE nodes SET properties = 'x' WHERE id = 'c'`)
    const { code, stdout } = await run('doctor', '--repair')
    expect(code).toBe(1)
    expect(stdout).toContain('unreadable (1, not repairable)')
  })

  it('takes our tables out of a file, and not with data that is nowhere else', async () => {
    await run('update', 'a', '--title', 'Renamed')
    const refused = await run('doctor', '--remove')
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('force') })
    const { code, stdout } = await run('doctor', '--remove', '--force', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ lost: { mg_version: 1 } })
    expect((await run('doctor', '--remove')).stdout).toContain('nothing of this program')
    expect(existsSync(path)).toBe(true)
    expect((await run('get', 'a')).stdout).toContain('Renamed')
  })
})
