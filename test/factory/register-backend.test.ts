import { afterEach, describe, expect, it, vi } from 'vitest'
import { InMemoryBackend } from '../../src/backends/in-memory/in-memory-backend.js'
import {
  BackendFactory,
  createBackend,
  createFromConfig,
  getConfiguredBackendType,
  isBackendConfigured,
  registerBackend,
} from '../../src/factory/backend-factory.js'
import type { BackendConfig } from '../../src/factory/config.js'

afterEach(() => {
  vi.unstubAllEnvs()
})

const memory = { id: 'a', type: 'general', title: 'A', content: 'text' }

describe('registerBackend()', () => {
  it('makes a backend available to configurations and to the environment', async () => {
    const loader = vi.fn(async () => new InMemoryBackend())
    registerBackend('factory-test_1', loader)
    const backend = await createBackend({ backend: 'factory-test_1', options: { size: 3 } })
    expect(loader).toHaveBeenCalledWith({ size: 3 })
    expect(await backend.storeMemory(memory)).toBe('a')
    await backend.disconnect()

    expect(getConfiguredBackendType({ MEMORY_BACKEND: 'Factory-Test_1' })).toBe('factory-test_1')
    expect(isBackendConfigured('factory-test_1', {})).toBe(true)
    expect(() => getConfiguredBackendType({ MEMORY_BACKEND: 'nonsense' })).toThrow(/factory-test_1/)
  })

  it('refuses other keys than options', async () => {
    registerBackend('factory-test-keys', async () => new InMemoryBackend())
    const config = { backend: 'factory-test-keys', path: '/a' } as BackendConfig
    await expect(createBackend(config)).rejects.toMatchObject({ code: 'MG_CONFIGURATION', message: /"path"/ })
  })

  it.each([7, 'text', null, ['a']])('refuses the options %o', async (options) => {
    const config = { backend: 'factory-test-keys', options } as unknown as BackendConfig
    await expect(createBackend(config)).rejects.toMatchObject({
      code: 'MG_CONFIGURATION',
      message: /options/,
    })
  })

  it('disconnects what fails to open, and rejects with what went wrong', async () => {
    const broken = new InMemoryBackend()
    vi.spyOn(broken, 'initializeSchema').mockRejectedValue(new Error('no schema'))
    const disconnect = vi.spyOn(broken, 'disconnect').mockRejectedValue(new Error('cannot disconnect either'))
    registerBackend('factory-test-broken', async () => broken)
    await expect(createBackend({ backend: 'factory-test-broken' })).rejects.toThrow('no schema')
    expect(disconnect).toHaveBeenCalledOnce()
  })

  it.each(['turso', 'sqlite', 'memory', 'auto', 'neo4j', 'cloud', '', 'Upper', '1st', 'a b', '-a'])(
    'refuses the name "%s"',
    (name) => {
      expect(() => registerBackend(name, async () => new InMemoryBackend())).toThrow(
        expect.objectContaining({ code: 'MG_CONFIGURATION' }),
      )
    },
  )

  it('refuses a name twice', () => {
    registerBackend('factory-test-twice', async () => new InMemoryBackend())
    expect(() => registerBackend('factory-test-twice', async () => new InMemoryBackend())).toThrow(
      /registered/,
    )
  })
})

describe('what is configured', () => {
  it('getConfiguredBackendType() decides auto', () => {
    expect(getConfiguredBackendType({})).toBe('sqlite')
    expect(getConfiguredBackendType({ MEMORY_BACKEND: 'auto' })).toBe('sqlite')
    expect(getConfiguredBackendType({ MEMORY_BACKEND: 'auto', TURSO_DATABASE_URL: 'libsql://a' })).toBe(
      'turso',
    )
    vi.stubEnv('MEMORY_BACKEND', 'memory')
    expect(getConfiguredBackendType()).toBe('memory')
  })

  it.each([
    ['turso', {}, false],
    ['turso', { MEMORY_TURSO_PATH: '/a.db' }, true],
    ['turso', { LIBSQL_DATABASE_PATH: '/a.db' }, true],
    ['turso', { TURSO_DATABASE_URL: 'libsql://a' }, true],
    ['turso', { TURSO_DATABASE_URL: '' }, false],
    ['turso', { TURSO_AUTH_TOKEN: 't' }, false],
    ['sqlite', {}, true],
    ['memory', {}, true],
    ['neo4j', {}, false],
    ['nonsense', {}, false],
  ])('isBackendConfigured(%s) with %o is %s', (type, env, configured) => {
    expect(isBackendConfigured(type, env)).toBe(configured)
  })

  it('BackendFactory has the same functions', () => {
    expect(BackendFactory).toEqual({
      createBackend,
      createFromConfig,
      getConfiguredBackendType,
      isBackendConfigured,
      registerBackend,
    })
  })
})
