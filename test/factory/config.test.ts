import { describe, expect, it } from 'vitest'
import { MemoryError } from '../../src/errors.js'
import { configFromEnv, type Environment, type TursoConfig, tursoModeOf } from '../../src/factory/config.js'

function errorOf(env: Environment): MemoryError {
  try {
    configFromEnv(env)
  } catch (error) {
    if (MemoryError.is(error)) return error
    throw error
  }
  throw new Error('expected an error')
}

describe('configFromEnv() chooses the backend', () => {
  const cases: [given: Environment, backend: string][] = [
    [{}, 'sqlite'],
    [{ MEMORY_BACKEND: '' }, 'sqlite'],
    [{ MEMORY_BACKEND: 'sqlite' }, 'sqlite'],
    [{ MEMORY_BACKEND: 'TURSO' }, 'turso'],
    [{ MEMORY_BACKEND: 'Memory' }, 'memory'],
    [{ MEMORY_BACKEND: 'auto' }, 'sqlite'],
    [{ MEMORY_BACKEND: 'auto', MEMORY_TURSO_PATH: '/a.db' }, 'sqlite'],
    [{ MEMORY_BACKEND: 'auto', TURSO_DATABASE_URL: '' }, 'sqlite'],
    [{ MEMORY_BACKEND: 'auto', TURSO_DATABASE_URL: 'libsql://a' }, 'turso'],
    [{ MEMORY_BACKEND: 'auto', MEMORY_TURSO_URL: 'libsql://a' }, 'turso'],
    [{ MEMORY_BACKEND: 'AUTO', MEMORYGRAPH_TURSO_URL: 'libsql://a' }, 'turso'],
    [{ TURSO_DATABASE_URL: 'libsql://a' }, 'sqlite'],
  ]
  it.each(cases)('%o is %s', (env, backend) => {
    expect(configFromEnv(env).backend).toBe(backend)
  })
})

describe('configFromEnv() reads the settings of turso', () => {
  const read = (env: Environment): TursoConfig =>
    configFromEnv({ MEMORY_BACKEND: 'turso', ...env }) as TursoConfig
  const cases: [key: keyof TursoConfig, given: Environment, value: unknown][] = [
    ['path', {}, undefined],
    ['path', { MEMORY_TURSO_PATH: '/a.db' }, '/a.db'],
    ['path', { LIBSQL_DATABASE_PATH: '/b.db' }, '/b.db'],
    ['path', { MEMORY_TURSO_PATH: '/a.db', LIBSQL_DATABASE_PATH: '/b.db' }, '/a.db'],
    ['path', { MEMORY_TURSO_PATH: '', LIBSQL_DATABASE_PATH: '/b.db' }, '/b.db'],
    ['path', { MEMORY_SQLITE_PATH: '/c.db' }, undefined],
    ['url', { TURSO_DATABASE_URL: 'libsql://c' }, 'libsql://c'],
    ['url', { TURSO_DATABASE_URL: 'libsql://c', MEMORY_TURSO_URL: 'libsql://b' }, 'libsql://b'],
    ['url', { MEMORY_TURSO_URL: 'libsql://b', MEMORYGRAPH_TURSO_URL: 'libsql://a' }, 'libsql://a'],
    ['authToken', { TURSO_AUTH_TOKEN: 'c' }, 'c'],
    ['authToken', { TURSO_AUTH_TOKEN: 'c', MEMORY_TURSO_AUTH_TOKEN: 'b' }, 'b'],
    ['authToken', { MEMORY_TURSO_AUTH_TOKEN: 'b', MEMORYGRAPH_TURSO_TOKEN: 'a' }, 'a'],
    ['mode', {}, undefined],
    ['mode', { MEMORY_TURSO_MODE: 'local' }, 'local'],
    ['mode', { MEMORY_TURSO_MODE: 'Replica', TURSO_DATABASE_URL: 'libsql://a' }, 'replica'],
    ['mode', { MEMORY_TURSO_MODE: 'remote', TURSO_DATABASE_URL: 'libsql://a' }, 'remote'],
    ['autoSync', {}, undefined],
    ['autoSync', { MEMORY_TURSO_AUTO_SYNC: 'TRUE' }, true],
    ['autoSync', { MEMORY_TURSO_AUTO_SYNC: 'false' }, false],
    ['syncIntervalSeconds', {}, undefined],
    ['syncIntervalSeconds', { MEMORY_TURSO_SYNC_INTERVAL: '0' }, 0],
    ['syncIntervalSeconds', { MEMORY_TURSO_SYNC_INTERVAL: '60' }, 60],
    ['encryptionKey', { MEMORY_TURSO_ENCRYPTION_KEY: 'k' }, 'k'],
    ['allowCycles', {}, false],
    ['allowCycles', { MEMORY_ALLOW_CYCLES: 'True' }, true],
  ]
  it.each(cases)('%s from %o is %o', (key, env, value) => {
    expect(read(env)[key]).toEqual(value)
  })
})

describe('configFromEnv() names variables that have no effect', () => {
  const cases: [given: Environment, ignored: string[]][] = [
    [{}, []],
    [{ MEMORY_SQLITE_PATH: '/a.db' }, []],
    [{ TURSO_DATABASE_URL: 'libsql://a', TURSO_AUTH_TOKEN: 't' }, ['TURSO_DATABASE_URL', 'TURSO_AUTH_TOKEN']],
    [{ MEMORYGRAPH_TURSO_TOKEN: 't', MEMORY_TURSO_URL: '' }, ['MEMORYGRAPH_TURSO_TOKEN']],
    [
      { MEMORY_TURSO_MODE: 'nonsense', MEMORY_TURSO_PATH: '/b.db' },
      ['MEMORY_TURSO_MODE', 'MEMORY_TURSO_PATH'],
    ],
    [{ MEMORY_BACKEND: 'turso', MEMORY_SQLITE_PATH: '/a.db' }, ['MEMORY_SQLITE_PATH']],
    [{ MEMORY_BACKEND: 'turso', TURSO_AUTH_TOKEN: 't' }, ['TURSO_AUTH_TOKEN']],
    [
      { MEMORY_BACKEND: 'turso', MEMORY_TURSO_MODE: 'local', TURSO_DATABASE_URL: 'libsql://a' },
      ['TURSO_DATABASE_URL'],
    ],
    [{ MEMORY_BACKEND: 'turso', TURSO_DATABASE_URL: 'libsql://a', TURSO_AUTH_TOKEN: 't' }, []],
  ]
  it.each(cases)('%o: %o', (env, ignored) => {
    expect(configFromEnv(env)).toMatchObject({ ignoredSettings: ignored })
  })
})

describe('configFromEnv() refuses', () => {
  it('an unknown backend, naming the valid ones', () => {
    const error = errorOf({ MEMORY_BACKEND: 'Postgres' })
    expect(error.name).toBe('ConfigurationError')
    expect(error.code).toBe('MG_CONFIGURATION')
    for (const part of ['postgres', 'MEMORY_BACKEND', 'turso', 'sqlite', 'memory', 'auto']) {
      expect(error.message).toContain(part)
    }
  })

  it.each(['neo4j', 'memgraph', 'falkordb', 'falkordblite', 'ladybugdb', 'cloud'])(
    '%s, as not available yet',
    (name) => {
      const error = errorOf({ MEMORY_BACKEND: name })
      expect(error.code).toBe('MG_CONFIGURATION')
      expect(error.message).toContain(`"${name}"`)
      expect(error.message).toContain('not available yet')
    },
  )

  const invalid: [variable: string, value: string][] = [
    ['MEMORY_TURSO_AUTO_SYNC', '1'],
    ['MEMORY_TURSO_AUTO_SYNC', 'yes'],
    ['MEMORY_ALLOW_CYCLES', 'on'],
    ['MEMORY_TURSO_SYNC_INTERVAL', '-5'],
    ['MEMORY_TURSO_SYNC_INTERVAL', 'five'],
    ['MEMORY_TURSO_MODE', 'offline'],
  ]
  it.each(invalid)('%s=%s, naming both', (variable, value) => {
    const error = errorOf({ MEMORY_BACKEND: 'turso', [variable]: value })
    expect(error.code).toBe('MG_CONFIGURATION')
    expect(error.message).toContain(variable)
    expect(error.message).toContain(JSON.stringify(value))
  })

  it.each(['replica', 'remote'])('the mode %s without a URL', (mode) => {
    const error = errorOf({ MEMORY_BACKEND: 'turso', MEMORY_TURSO_MODE: mode })
    expect(error.code).toBe('MG_CONFIGURATION')
    expect(error.message).toContain('URL')
  })

  const secret = 'very-secret'
  it.each([
    `libsql://user:${secret}@example.com`,
    `  libsql://user:${secret}@example.com`,
    `//user:${secret}@example.com`,
    `${secret}@example.com`,
    `example.com?authToken=${secret}`,
  ])('%s anywhere, without repeating more than the scheme', (value) => {
    const variables = [
      'MEMORY_BACKEND',
      'MEMORY_TURSO_AUTO_SYNC',
      'MEMORY_TURSO_SYNC_INTERVAL',
      'MEMORY_TURSO_MODE',
    ]
    for (const variable of variables) {
      const error = errorOf({ MEMORY_BACKEND: 'turso', [variable]: value })
      const said = JSON.stringify([error.message, error.details])
      expect(said).toContain(variable)
      expect(said).not.toContain(secret)
      if (value.startsWith('libsql:')) expect(error.message).toContain('"libsql:…"')
    }
  })

  it.each(['MEMORY_BACKEND', 'MEMORY_TURSO_MODE'])('a long %s, and repeats its beginning', (variable) => {
    const error = errorOf({ MEMORY_BACKEND: 'turso', [variable]: 'x'.repeat(41) })
    expect(error.message).toContain(`"${'x'.repeat(39)}…"`)
    expect(JSON.stringify(error.details)).not.toContain('x'.repeat(40))
  })

  it('without repeating a token', () => {
    const secrets = { TURSO_AUTH_TOKEN: 'very-secret', MEMORY_TURSO_ENCRYPTION_KEY: 'very-secret' }
    const error = errorOf({ ...secrets, MEMORY_BACKEND: 'turso', MEMORY_TURSO_MODE: 'replica' })
    expect(JSON.stringify([error.message, error.details])).not.toContain('very-secret')
  })
})

describe('tursoModeOf() works the mode out', () => {
  const url = 'libsql://a'
  const cases: [config: Omit<TursoConfig, 'backend'>, mode: string][] = [
    [{}, 'local'],
    [{ path: '/a.db' }, 'local'],
    [{ authToken: 't' }, 'local'],
    [{ url }, 'remote'],
    [{ url, path: '/a.db' }, 'replica'],
    [{ url, authToken: 't' }, 'replica'],
    [{ url, path: '/a.db', mode: 'remote' }, 'remote'],
    [{ url, mode: 'local' }, 'local'],
  ]
  it.each(cases)('%o is %s', (config, mode) => {
    expect(tursoModeOf(config)).toBe(mode)
  })
})
