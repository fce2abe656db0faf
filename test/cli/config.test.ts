import { describe, expect, it } from 'vitest'
import type { CommonSettings } from '../../src/cli/common-options.js'
import { fileConfig, promoteOptions } from '../../src/cli/file-config.js'
import { configOf, withoutAutoSync } from '../../src/cli/with-backend.js'

const url = 'libsql://memory.example.com'
const key = 'a-key'

function settings(given: Partial<CommonSettings> = {}): CommonSettings {
  return { backend: undefined, path: undefined, json: false, quiet: false, color: false, ...given }
}

describe('configOf()', () => {
  it('keeps what a local copy needs when --path is what makes it one', async () => {
    const env = {
      MEMORY_BACKEND: 'turso',
      MEMORYGRAPH_TURSO_URL: url,
      MEMORY_TURSO_ENCRYPTION_KEY: key,
      MEMORY_TURSO_SYNC_INTERVAL: '60',
    }
    expect(await configOf(settings(), env)).not.toHaveProperty('encryptionKey')
    expect(await configOf(settings({ path: 'a.db' }), env)).toMatchObject({
      url,
      path: 'a.db',
      encryptionKey: key,
      autoSync: true,
      syncIntervalSeconds: 60,
      ignoredSettings: [],
    })
  })

  it('puts --path before the paths of the environment, and changes nothing of that', async () => {
    const env = Object.freeze({
      MEMORY_TURSO_PATH: 't.db',
      LIBSQL_DATABASE_PATH: 'l.db',
      MEMORY_SQLITE_PATH: 's.db',
    })
    for (const backend of ['turso', 'sqlite', 'SQLite', 'auto']) {
      expect(await configOf(settings({ backend, path: 'a.db' }), env)).toMatchObject({ path: 'a.db' })
    }
    expect(await configOf(settings({ path: 'a.db' }), {})).toMatchObject({ backend: 'sqlite', path: 'a.db' })
  })

  it('refuses --path where it has no effect', async () => {
    const remote = { MEMORY_BACKEND: 'turso', MEMORYGRAPH_TURSO_URL: url, MEMORY_TURSO_MODE: 'remote' }
    await expect(configOf(settings({ path: 'a.db' }), remote)).rejects.toThrow('MEMORY_TURSO_MODE')
    await expect(configOf(settings({ path: 'a.db' }), { MEMORY_BACKEND: 'memory' })).rejects.toThrow('memory')
  })
})

describe('withoutAutoSync()', () => {
  it('turns off what is on in replica mode alone', async () => {
    const replica = { MEMORY_BACKEND: 'turso', MEMORYGRAPH_TURSO_URL: url, MEMORY_TURSO_PATH: 'a.db' }
    expect(withoutAutoSync(await configOf(settings(), replica))).toMatchObject({ autoSync: false })
    expect(withoutAutoSync(await configOf(settings(), {}))).not.toHaveProperty('autoSync')
  })
})

describe('the file that promote and detach are about', () => {
  const token = 'a-token'
  const sqlite = { MEMORY_SQLITE_PATH: 's.db' }
  const turso = { MEMORY_TURSO_PATH: 't.db', MEMORYGRAPH_TURSO_URL: url, TURSO_AUTH_TOKEN: token }

  it.each([
    ['the default', {}, {}, undefined],
    ['that of sqlite', {}, sqlite, 's.db'],
    ['that of turso', {}, turso, 't.db'],
    ['that of turso, by its other name', {}, { LIBSQL_DATABASE_PATH: 'l.db' }, 'l.db'],
    ['that of the backend in the environment', {}, { ...sqlite, ...turso, MEMORY_BACKEND: 'sqlite' }, 's.db'],
    ['that of the backend in the option', { backend: 'turso' }, { ...sqlite, ...turso }, 't.db'],
    ['that of the option', { path: 'a.db' }, { ...sqlite, ...turso }, 'a.db'],
    ['the same in any mode', {}, { ...turso, MEMORY_TURSO_MODE: 'remote' }, 't.db'],
  ])('is %s', async (_what, given, variables, path) => {
    const env = { ...variables, MEMORY_TURSO_ENCRYPTION_KEY: key }
    expect(await fileConfig(settings(given), env)).toEqual({ path, encryptionKey: key })
    const other = 'libsql://other.example.com'
    const options = await promoteOptions(settings(given), env, other)
    expect(options).toMatchObject({ url: other, encryptionKey: key })
    expect(options.path).toBe(path)
  })

  it('is not guessed', async () => {
    await expect(fileConfig(settings(), { ...sqlite, ...turso })).rejects.toThrow('two files')
    await expect(fileConfig(settings({ backend: 'memory' }), {})).rejects.toThrow('memory')
  })

  it('goes to the primary of the environment unless another is given', async () => {
    expect(await promoteOptions(settings(), turso, undefined)).toMatchObject({ url, authToken: token })
    await expect(promoteOptions(settings(), sqlite, undefined)).rejects.toThrow('--url')
    await expect(promoteOptions(settings(), turso, '')).rejects.toThrow('--url')
  })

  it('is promoted with those settings of the environment that count for it', async () => {
    const env = {
      ...turso,
      MEMORY_TURSO_ENCRYPTION_KEY: key,
      MEMORY_TURSO_ALLOW_INSECURE: 'true',
      TURSO_CONNECTION_TIMEOUT: '2',
      TURSO_POOL_SIZE: '3',
      MEMORY_TURSO_AUTO_SYNC: 'false',
      MEMORY_TURSO_SYNC_INTERVAL: '60',
      MEMORY_TURSO_CONSISTENCY: 'eventual',
      MEMORY_ALLOW_CYCLES: 'true',
    }
    expect(await promoteOptions(settings(), env, undefined)).toEqual({
      path: 't.db',
      encryptionKey: key,
      url,
      authToken: token,
      allowInsecure: true,
      timeoutMs: 2_000,
      maxInFlight: 3,
    })
    const unfit = { ...turso, MEMORY_TURSO_SYNC_INTERVAL: 'soon' }
    await expect(promoteOptions(settings(), unfit, undefined)).rejects.toThrow('MEMORY_TURSO_SYNC_INTERVAL')
  })
})
