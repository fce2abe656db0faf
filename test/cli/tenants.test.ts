import { describe, expect, it, vi } from 'vitest'
import { path, useCliFolder } from './cli-folder.js'
import { type ProgramResult, runInProcess } from './run-in-process.js'

useCliFolder()

function cli(...parameters: readonly string[]): Promise<ProgramResult> {
  return runInProcess([...parameters, '--path', path])
}

async function store(title: string): Promise<string> {
  const { stdout } = await cli('store', '--title', title, '--type', 'general', '--content', 'text', '--json')
  return JSON.parse(stdout).id
}

describe('tenants on the command line', () => {
  it('assign-tenant gives memories without a tenant one, also in multi-tenant mode', async () => {
    const id = await store('Before')
    vi.stubEnv('MEMORY_MULTI_TENANT_MODE', 'true')
    vi.stubEnv('MEMORY_DEFAULT_TENANT', 'acme')
    expect((await cli('get', id)).code).toBe(1)
    const dry = await cli('assign-tenant', 'acme', '--dry-run')
    expect([dry.stdout, dry.stderr]).toEqual([`${id}\n`, '1 memory would be assigned\n'])
    expect((await cli('get', id)).code).toBe(1)
    const { stdout } = await cli('assign-tenant', 'acme', '--visibility', 'team', '--json')
    expect(JSON.parse(stdout)).toEqual({ tenant_id: 'acme', ids: [id], dry_run: false })
    const shown = JSON.parse((await cli('get', id, '--json')).stdout)
    expect([shown.context.tenant_id, shown.context.visibility]).toEqual(['acme', 'team'])
    expect((await cli('assign-tenant', 'acme', '--visibility', 'secret')).code).toBe(2)
    expect((await cli('assign-tenant')).code).toBe(2)
  })

  it('commands of one tenant do not see what another stored', async () => {
    vi.stubEnv('MEMORY_MULTI_TENANT_MODE', 'true')
    vi.stubEnv('MEMORY_DEFAULT_TENANT', 'acme')
    const id = await store('Of acme')
    expect((await cli('search', 'acme')).stdout).toContain('Of acme')
    vi.stubEnv('MEMORY_DEFAULT_TENANT', 'other')
    expect((await cli('search', 'acme')).stdout).not.toContain('Of acme')
    expect((await cli('delete', id)).code).toBe(1)
    const { stdout } = await cli('stats', '--json')
    expect(JSON.parse(stdout)).toMatchObject({ total_memories: { count: 0 } })
    vi.stubEnv('MEMORY_ENABLE_AUDIT_LOG', 'true')
    await store('Of other')
    expect((await cli('audit')).stdout).toContain('storeMemory')
  })
})
