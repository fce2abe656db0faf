import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { AuditEntry } from '../../src/index.js'
import { path, useCliFolder } from './cli-folder.js'
import { type ProgramResult, runInProcess } from './run-in-process.js'

useCliFolder()

beforeEach(() => {
  vi.stubEnv('MEMORY_ENABLE_AUDIT_LOG', 'true')
})

function cli(...parameters: readonly string[]): Promise<ProgramResult> {
  return runInProcess([...parameters, '--path', path])
}

async function audit(...parameters: readonly string[]): Promise<AuditEntry[]> {
  const { stdout, stderr, code } = await cli('audit', ...parameters, '--json')
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout)
}

async function store(): Promise<string> {
  const { stdout } = await cli('store', '--type', 'fix', '--title', 'A', '--content', 'secret text', '--json')
  return JSON.parse(stdout).id
}

describe('audit on the command line', () => {
  it('shows what other commands did, also what they read, as a table and as JSON', async () => {
    const id = await store()
    await cli('get', id)
    expect(await audit()).toMatchObject([
      { seq: 1, operation: 'storeMemory', ids: [id], count: 1 },
      { seq: 2, operation: 'getMemory', ids: [id], count: 1 },
    ])
    const { stdout, code } = await cli('audit')
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^1 {2}\d{4}-\S+ \S+ UTC {2}\S+ {2}storeMemory {2}1 {2}\S+\n2 {2}.* getMemory {4}1 {2}\S+\n$/,
    )
    expect(stdout).not.toContain('secret')
  })

  it('begins after a position and ends after so many', async () => {
    for (let at = 0; at < 4; at++) await store()
    expect((await audit('--after', '1', '--limit', '2')).map(({ seq }) => seq)).toEqual([2, 3])
    expect(await audit('--after', '4')).toEqual([])
    expect((await cli('audit', '--limit', '0')).code).toBe(2)
    expect((await cli('audit', '--after', 'x')).code).toBe(2)
  })

  it('says that there is nothing where no log is kept', async () => {
    vi.stubEnv('MEMORY_ENABLE_AUDIT_LOG', 'false')
    await store()
    expect(await cli('audit')).toMatchObject({ code: 0, stdout: '', stderr: 'no entries\n' })
  })
})
