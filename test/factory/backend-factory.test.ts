import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createBackend, createFromConfig } from '../../src/factory/backend-factory.js'
import type { BackendConfig } from '../../src/factory/config.js'

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

  it.each([
    { url: 'libsql://user:secret@example.com' },
    { url: 'libsql://example.com', authToken: 'secret' },
    { url: 'libsql://example.com', mode: 'replica' },
    { url: 'libsql://example.com', mode: 'remote' },
  ] as const)('refuses a primary instead of going on without it: %o', async (settings) => {
    const path = join(folder, 'memory.db')
    const error: unknown = await createBackend({ backend: 'turso', path, ...settings }).catch(
      (caught) => caught,
    )
    expect(error).toMatchObject({ name: 'NotSupportedError', code: 'MG_NOT_SUPPORTED' })
    expect(String(error)).toContain('MEMORY_TURSO_MODE=local')
    expect(JSON.stringify(error) + String(error)).not.toContain('secret')
  })

  it('uses the local file alone when told so, URL or not', async () => {
    const url = 'libsql://example.com'
    const backend = await createBackend({
      backend: 'turso',
      path: ':memory:',
      url,
      authToken: 't',
      mode: 'local',
    })
    expect(await backend.healthCheck()).toMatchObject({ mode: 'local', sync_enabled: false })
    await backend.disconnect()
  })

  it('refuses keys it does not know', async () => {
    const config = { backend: 'sqlite', paht: '/a.db' } as unknown as BackendConfig
    await expect(createBackend(config)).rejects.toMatchObject({ code: 'MG_CONFIGURATION', message: /"paht"/ })
    const primary = { backend: 'sqlite', url: 'libsql://a' } as unknown as BackendConfig
    await expect(createBackend(primary)).rejects.toMatchObject({ code: 'MG_CONFIGURATION', message: /"url"/ })
    const file = { backend: 'memory', path: '/a.db' } as unknown as BackendConfig
    await expect(createBackend(file)).rejects.toMatchObject({ code: 'MG_CONFIGURATION', message: /"path"/ })
  })

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
