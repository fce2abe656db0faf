import { statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import { createBackend, registerBackend } from '../../src/factory/backend-factory.js'
import { type BackendConfig, configFromEnv, type Environment } from '../../src/factory/config.js'
import { InMemoryBackend } from '../../src/index.js'
import { scratchFolder } from '../support/scratch.js'

const ON = { MEMORY_MULTI_TENANT_MODE: 'true' }
const ACME = { ...ON, MEMORY_DEFAULT_TENANT: 'acme' }
const memory = { id: 'a', type: 'general', title: 'A', content: 'text' }

function tenantOf(env: Environment): unknown {
  return (configFromEnv(env) as { tenantId?: string }).tenantId
}

describe('the tenant of the environment', () => {
  it.each(['sqlite', 'turso', 'memory'])('is a setting of the backend %s in multi-tenant mode', (backend) => {
    const chosen = { MEMORY_BACKEND: backend }
    expect(tenantOf(chosen)).toBeUndefined()
    expect(tenantOf({ ...chosen, MEMORY_MULTI_TENANT_MODE: 'false' })).toBeUndefined()
    expect(tenantOf({ ...chosen, MEMORY_DEFAULT_TENANT: 'acme' })).toBeUndefined()
    expect(tenantOf({ ...chosen, ...ON })).toBe('default')
    expect(tenantOf({ ...chosen, ...ON, MEMORY_DEFAULT_TENANT: '' })).toBe('default')
    expect(tenantOf({ ...chosen, ...ACME, MEMORY_MULTI_TENANT_MODE: 'True' })).toBe('acme')
  })

  it.each(['sqlite', 'turso'])('is named as without effect by %s without the mode', (backend) => {
    const ignored = (env: Environment) => configFromEnv({ MEMORY_BACKEND: backend, ...env })
    expect(ignored({ MEMORY_DEFAULT_TENANT: 'acme' })).toMatchObject({
      ignoredSettings: ['MEMORY_DEFAULT_TENANT'],
    })
    expect(ignored(ACME)).toMatchObject({ ignoredSettings: [] })
  })

  it.each([
    ['MEMORY_MULTI_TENANT_MODE', 'yes'],
    ['MEMORY_DEFAULT_TENANT', 'a b'],
    ['MEMORY_DEFAULT_TENANT', 'ä'],
    ['MEMORY_DEFAULT_TENANT', 'a/b'],
    ['MEMORY_DEFAULT_TENANT', 'a'.repeat(65)],
  ])('is refused as %s=%s, in multi-tenant mode or not', (variable, value) => {
    for (const env of [{}, ON])
      expect(() => configFromEnv({ ...env, [variable]: value })).toThrow(
        expect.objectContaining({ code: 'MG_CONFIGURATION', details: expect.objectContaining({ variable }) }),
      )
  })

  it('is refused for a registered backend, which may not know of tenants', () => {
    registerBackend('tenants-test', async () => new InMemoryBackend())
    expect(configFromEnv({ MEMORY_BACKEND: 'tenants-test' })).toEqual({ backend: 'tenants-test' })
    expect(() => configFromEnv({ MEMORY_BACKEND: 'tenants-test', ...ON })).toThrow(
      expect.objectContaining({ code: 'MG_CONFIGURATION', message: expect.stringContaining('scoped(') }),
    )
  })
})

describe('createBackend() for a tenant', () => {
  it('stamps what is stored, sees nothing else, and closes the file', async () => {
    const path = join(scratchFolder(), 'memory.db')
    const env = { MEMORY_SQLITE_PATH: path }
    const acme = await createBackend(configFromEnv({ ...env, ...ACME }))
    const other = await createBackend(configFromEnv({ ...env, ...ON }))
    await acme.storeMemory(memory)
    expect(await other.getMemory('a')).toBeNull()
    await expect(other.storeMemory(memory)).rejects.toMatchObject({ code: 'MG_CONFLICT' })
    expect(await other.storeMemory({ ...memory, id: 'b' })).toBe('b')
    await other.disconnect()
    await acme.disconnect()
    await expect(acme.getMemory('a')).rejects.toMatchObject({ code: 'MG_NOT_CONNECTED' })
    expect(statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0).toBe(0) // all is in the file
    await using whole = await createBackend(configFromEnv(env))
    const [a, b] = await whole.getMemories(['a', 'b'])
    expect([a?.context?.tenant_id, b?.context?.tenant_id]).toEqual(['acme', 'default'])
    expect(await whole.scoped({ tenantId: 'acme' }).getMemories(['a', 'b'])).toHaveLength(1)
    expect(await acme.connect()).toBe(true)
    expect((await acme.getMemory('a'))?.title).toBe('A')
    await acme.disconnect()
  })

  it('makes views within the tenant alone', async () => {
    await using backend = await createBackend({ backend: 'memory', tenantId: 'acme' })
    expect(() => backend.scoped({ tenantId: 'other' })).toThrow(
      expect.objectContaining({ code: 'MG_VALIDATION' }),
    )
    const project = backend.scoped({ projectPath: '/srv/shop' })
    await project.storeMemory(memory)
    const { context } = (await backend.getMemory('a')) ?? {}
    expect([context?.tenant_id, context?.project_path]).toEqual(['acme', '/srv/shop'])
    await project.disconnect()
    expect(await backend.getMemory('a')).not.toBeNull()
  })

  it.each([{ backend: 'memory' }, { backend: 'sqlite', path: ':memory:' }])(
    'refuses a tenant of %o that is no text',
    async (config) => {
      for (const tenantId of ['', 5, null])
        await expect(createBackend({ ...config, tenantId } as BackendConfig)).rejects.toMatchObject({
          code: 'MG_CONFIGURATION',
          message: expect.stringContaining('tenantId'),
        })
    },
  )

  it('leaves syncing to the backend of the tenant, and not to views of it', () => {
    const path = join(scratchFolder(), 'memory.db')
    const backend = new TursoBackend({ url: 'libsql://example.com', authToken: 't', path, tenantId: 'acme' })
    const { sync, queryLanguage } = backend.capabilities
    expect([sync, queryLanguage]).toEqual([true, 'none'])
    expect(backend.syncStatus().enabled).toBe(true)
    expect(backend.scoped({ createdBy: 'ann' }).capabilities.sync).toBe(false)
  })
})
