import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createBackend, createFromConfig } from '../../src/factory/backend-factory.js'
import { type BackendConfig, configFromEnv } from '../../src/factory/config.js'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'factory-'))
})

afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

const memory = { id: 'a', type: 'general', title: 'A', content: 'text' }

describe('createBackend()', () => {
  it.each(['sqlite', 'turso'] as const)(
    'opens a file for %s, ready to use, under that name',
    async (backend) => {
      const path = join(folder, 'new', 'memory.db')
      const opened = await createBackend({ backend, path })
      await opened.storeMemory(memory)
      expect(opened.backendName()).toBe(backend)
      expect(await opened.healthCheck()).toMatchObject({
        status: 'healthy',
        backend,
        mode: 'local',
        db_path: path,
      })
      await opened.disconnect()

      const again = await createBackend({ backend, path })
      expect(await again.getMemory('a')).toMatchObject({ content: 'text' })
      await again.disconnect()
    },
  )

  it('opens a backend in memory', async () => {
    const backend = await createBackend({ backend: 'memory' })
    expect(await backend.storeMemory(memory)).toBe('a')
    expect(backend.backendName()).toBe('memory')
    await backend.disconnect()
  })

  it('takes the environment when no configuration is given', async () => {
    const path = join(folder, 'from-environment.db')
    vi.stubEnv('MEMORY_BACKEND', 'sqlite')
    vi.stubEnv('MEMORY_SQLITE_PATH', path)
    const backend = await createBackend()
    expect(await backend.healthCheck()).toMatchObject({ backend: 'sqlite', db_path: path })
    await backend.disconnect()
  })

  it('rejects, and does not throw, when the environment is wrong', async () => {
    vi.stubEnv('MEMORY_BACKEND', 'nonsense')
    await expect(createBackend()).rejects.toMatchObject({ code: 'MG_CONFIGURATION' })
  })

  it('lets the health report warn of settings that have no effect', async () => {
    const config = { backend: 'sqlite', path: ':memory:', ignoredSettings: ['TURSO_DATABASE_URL'] } as const
    const backend = await createBackend(config)
    const { warnings } = await backend.healthCheck()
    expect(warnings.join('\n')).toContain('TURSO_DATABASE_URL')
    await backend.disconnect()
  })

  it('uses the local file alone when told so, and warns of what has no effect', async () => {
    const primary = { url: 'libsql://example.com', authToken: 'secret' }
    const syncing = { autoSync: false, syncIntervalSeconds: 0 }
    const backend = await createBackend({
      backend: 'turso',
      path: ':memory:',
      mode: 'local',
      ...primary,
      ...syncing,
      ignoredSettings: ['SOMETHING'],
    })
    const health = await backend.healthCheck()
    expect(health).toMatchObject({ mode: 'local', sync_enabled: false })
    expect(health.warnings.join('\n')).toContain('SOMETHING, url, authToken, autoSync, syncIntervalSeconds:')
    expect(JSON.stringify(health)).not.toContain('secret')
    await backend.disconnect()
  })

  it.each([
    [{}, []],
    [{ MEMORY_TURSO_MODE: 'local' }, []],
    [
      { MEMORY_TURSO_MODE: 'local', TURSO_DATABASE_URL: 'libsql://a', MEMORY_TURSO_AUTO_SYNC: 'true' },
      ['TURSO_DATABASE_URL', 'MEMORY_TURSO_AUTO_SYNC'],
    ],
  ])('warns of variables by their names, once: %o', async (env, names) => {
    const config = configFromEnv({ MEMORY_BACKEND: 'turso', MEMORY_TURSO_PATH: ':memory:', ...env })
    const backend = await createBackend(config)
    const { warnings } = await backend.healthCheck()
    expect(warnings.map((warning) => warning.split(':')[0])).toEqual(
      names.length > 0 ? [names.join(', ')] : [],
    )
    await backend.disconnect()
  })

  const unfit: [key: string, value: unknown][] = [
    ['url', ''],
    ['url', 'secret'],
    ['url', 7],
    ['url', null],
    ['authToken', ''],
    ['authToken', 'a secret'],
    ['authToken', { secret: 1 }],
    ['mode', 'offline'],
    ['mode', null],
    ['mode', 'libsql://user:secret@example.com'],
    ['autoSync', 'banana'],
    ['autoSync', 1],
    ['autoSync', ['secret']],
    ['syncIntervalSeconds', -5],
    ['syncIntervalSeconds', '5'],
    ['syncIntervalSeconds', Number.NaN],
    ['syncIntervalSeconds', Number.POSITIVE_INFINITY],
    ['allowInsecure', 'yes'],
    ['timeoutMs', 0],
    ['maxInFlight', 1.5],
    ['consistency', 'strong'],
    ['path', ''],
    ['busyTimeoutMs', -1],
    ['ignoredSettings', 'path'],
  ]
  it.each(unfit)('refuses %s: %o', async (key, value) => {
    const settings = { path: ':memory:', mode: 'local', url: 'libsql://example.com', authToken: 't' }
    const config = { backend: 'turso', ...settings, [key]: value } as unknown as BackendConfig
    const error: unknown = await createBackend(config).catch((caught) => caught)
    expect(error).toMatchObject({ code: 'MG_CONFIGURATION', message: expect.stringContaining(key) })
    expect(inspect(error, { depth: 20 })).not.toContain('secret')
  })

  it('refuses keys it does not know', async () => {
    const config = { backend: 'sqlite', paht: '/a.db' } as unknown as BackendConfig
    await expect(createBackend(config)).rejects.toMatchObject({ code: 'MG_CONFIGURATION', message: /"paht"/ })
    const file = { backend: 'memory', path: '/a.db' } as unknown as BackendConfig
    await expect(createBackend(file)).rejects.toMatchObject({ code: 'MG_CONFIGURATION', message: /"path"/ })
    const unknown = { backend: 'turso', paht: '/a.db' } as unknown as BackendConfig
    await expect(createBackend(unknown)).rejects.toMatchObject({
      code: 'MG_CONFIGURATION',
      message: /"paht"/,
    })
    const logging = { backend: 'memory', logger: { warn: () => undefined } } as unknown as BackendConfig
    await expect(createBackend(logging)).rejects.toMatchObject({ code: 'MG_CONFIGURATION' })
  })

  it.each(['sqlite', 'turso'])('refuses to give the backend %s another name', async (backend) => {
    const config = { backend, path: ':memory:', name: 'turso' } as unknown as BackendConfig
    await expect(createBackend(config)).rejects.toMatchObject({ code: 'MG_CONFIGURATION', message: /"name"/ })
  })

  it.each([
    ['url', 'libsql://user:secret@example.com'],
    ['syncUrl', 'libsql://user:secret@example.com'],
    ['authToken', 'secret'],
    ['mode', 'local'],
    ['allowInsecure', true],
    ['timeoutMs', 5],
    ['maxRetries', 5],
    ['maxInFlight', 5],
    ['circuitFailures', 5],
    ['circuitResetMs', 5],
    ['autoSync', true],
    ['syncIntervalSeconds', 5],
    ['syncInterval', 5],
    ['consistency', 'eventual'],
    ['url', undefined],
  ])('does not know %s, which is for a primary, with the backend sqlite', async (key, value) => {
    const config = { backend: 'sqlite', path: ':memory:', [key]: value } as unknown as BackendConfig
    const error: unknown = await createBackend(config).catch((caught) => caught)
    expect(error).toMatchObject({
      code: 'MG_CONFIGURATION',
      message: `Unknown key "${key}" in the configuration of the backend "sqlite"`,
      details: { unknown: [key], backend: 'sqlite' },
    })
    expect(inspect(error, { depth: 20 })).not.toContain('secret')
  })

  it.each([undefined, null, {}, [], 7, 'libsql://user:secret@example.com'])(
    'refuses the backend %o, without repeating a secret',
    async (backend) => {
      const error: unknown = await createFromConfig({ backend } as never).catch((caught) => caught)
      expect(error).toMatchObject({ code: 'MG_CONFIGURATION', message: /Unknown backend/ })
      expect(inspect(error, { depth: 20 })).not.toContain('secret')
    },
  )

  it.each(['nonsense', 'auto', 'neo4j'])('refuses the backend %s', async (backend) => {
    await expect(createFromConfig({ backend })).rejects.toMatchObject({ code: 'MG_CONFIGURATION' })
  })

  it('refuses what is no configuration', async () => {
    await expect(createFromConfig(null as never)).rejects.toMatchObject({ code: 'MG_CONFIGURATION' })
  })

  it('rejects with the first error when a file cannot be used', async () => {
    const path = join(folder, 'text.db')
    writeFileSync(path, 'this is no database, and long enough to be read as one'.repeat(50))
    await expect(createBackend({ backend: 'sqlite', path })).rejects.toMatchObject({
      code: 'MG_NOT_A_DATABASE',
    })
  })
})
