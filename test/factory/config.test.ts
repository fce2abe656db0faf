import { describe, expect, it } from 'vitest'
import { completeOptions } from '../../src/backends/turso/turso-options.js'
import { MemoryError } from '../../src/errors.js'
import { configFromEnv, type Environment, type TursoConfig } from '../../src/factory/config.js'

function errorOf(env: Environment): MemoryError {
  try {
    configFromEnv(env)
  } catch (error) {
    if (MemoryError.is(error)) return error
    throw error
  }
  throw new Error('expected an error')
}

function tursoConfig(env: Environment): TursoConfig {
  return configFromEnv({ MEMORY_BACKEND: 'turso', ...env }) as TursoConfig
}

/** What the backend makes of a configuration of the environment. */
function complete(env: Environment): ReturnType<typeof completeOptions> {
  const { backend: _name, ...options } = tursoConfig(env)
  return completeOptions(options)
}

const url = 'libsql://a'
const REPLICA = { TURSO_DATABASE_URL: url, TURSO_AUTH_TOKEN: 't' }
const REMOTE = { ...REPLICA, MEMORY_TURSO_MODE: 'remote' }
const LOCAL = { MEMORY_TURSO_MODE: 'local' }
/** A value for each variable that the backend `turso` reads. */
const EVERYTHING = {
  MEMORYGRAPH_TURSO_URL: url,
  MEMORYGRAPH_TURSO_TOKEN: 't',
  MEMORY_TURSO_ALLOW_INSECURE: 'false',
  TURSO_CONNECTION_TIMEOUT: '5',
  TURSO_POOL_SIZE: '3',
  MEMORY_TURSO_AUTO_SYNC: 'false',
  MEMORY_TURSO_SYNC_INTERVAL: '60',
  MEMORY_TURSO_CONSISTENCY: 'eventual',
  MEMORY_TURSO_PATH: '/a.db',
  MEMORY_TURSO_ENCRYPTION_KEY: 'k',
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
    ['authToken', { ...REMOTE, TURSO_AUTH_TOKEN: 'c' }, 'c'],
    ['authToken', { ...REMOTE, MEMORY_TURSO_AUTH_TOKEN: 'b' }, 'b'],
    ['authToken', { ...REMOTE, MEMORY_TURSO_AUTH_TOKEN: 'b', MEMORYGRAPH_TURSO_TOKEN: 'a' }, 'a'],
    ['mode', {}, undefined],
    ['mode', REPLICA, undefined],
    ['mode', LOCAL, 'local'],
    ['mode', { ...REPLICA, MEMORY_TURSO_MODE: 'Replica' }, 'replica'],
    ['mode', REMOTE, 'remote'],
    ['allowInsecure', REMOTE, undefined],
    ['allowInsecure', { ...REMOTE, MEMORY_TURSO_ALLOW_INSECURE: '' }, undefined],
    ['allowInsecure', { ...REMOTE, MEMORY_TURSO_ALLOW_INSECURE: 'True' }, true],
    ['allowInsecure', { ...REPLICA, MEMORY_TURSO_ALLOW_INSECURE: 'false' }, false],
    ['timeoutMs', REMOTE, undefined],
    ['timeoutMs', { ...REMOTE, TURSO_CONNECTION_TIMEOUT: '' }, undefined],
    ['timeoutMs', { ...REMOTE, TURSO_CONNECTION_TIMEOUT: '30' }, 30_000],
    ['timeoutMs', { ...REPLICA, TURSO_CONNECTION_TIMEOUT: '1.005' }, 1005],
    ['timeoutMs', { ...REMOTE, TURSO_CONNECTION_TIMEOUT: '0.0001' }, 1],
    ['timeoutMs', { ...REMOTE, TURSO_CONNECTION_TIMEOUT: '2147483' }, 2_147_483_000],
    ['maxInFlight', REMOTE, undefined],
    ['maxInFlight', { ...REMOTE, TURSO_POOL_SIZE: '' }, undefined],
    ['maxInFlight', { ...REMOTE, TURSO_POOL_SIZE: '1' }, 1],
    ['maxInFlight', { ...REPLICA, TURSO_POOL_SIZE: '25' }, 25],
    ['consistency', REPLICA, undefined],
    ['consistency', { ...REPLICA, MEMORY_TURSO_CONSISTENCY: '' }, undefined],
    ['consistency', { ...REPLICA, MEMORY_TURSO_CONSISTENCY: 'Read-Your-Writes' }, 'read-your-writes'],
    ['consistency', { ...REPLICA, MEMORY_TURSO_CONSISTENCY: 'eventual' }, 'eventual'],
    ['encryptionKey', { MEMORY_TURSO_ENCRYPTION_KEY: 'k' }, 'k'],
    ['allowCycles', {}, false],
    ['allowCycles', { MEMORY_ALLOW_CYCLES: 'True' }, true],
    ['auditLog', {}, false],
    ['auditLog', { MEMORY_ENABLE_AUDIT_LOG: 'True' }, true],
  ]
  it.each(cases)('%s from %o is %o', (key, env, value) => {
    expect(tursoConfig(env)[key]).toEqual(value)
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
    [
      { TURSO_POOL_SIZE: 'x', TURSO_CONNECTION_TIMEOUT: 'x', MEMORY_TURSO_ALLOW_INSECURE: 'x' },
      ['MEMORY_TURSO_ALLOW_INSECURE', 'TURSO_CONNECTION_TIMEOUT', 'TURSO_POOL_SIZE'],
    ],
    [{ MEMORY_TURSO_CONSISTENCY: 'x', MEMORY_TURSO_ENCRYPTION_KEY: 'k' }, ['MEMORY_TURSO_CONSISTENCY']],
  ]
  it.each(cases)('%o: %o', (env, ignored) => {
    expect(configFromEnv(env)).toMatchObject({ ignoredSettings: ignored })
  })
})

describe('of all the variables of turso', () => {
  const FOR_A_PRIMARY = Object.keys(EVERYTHING).slice(0, 5)
  const FOR_A_REPLICA = Object.keys(EVERYTHING).slice(5, 8)
  const FOR_A_FILE = Object.keys(EVERYTHING).slice(8)
  const cases: [mode: string, ignored: string[]][] = [
    ['local', [...FOR_A_PRIMARY, ...FOR_A_REPLICA]],
    ['replica', []],
    ['remote', [...FOR_A_REPLICA, ...FOR_A_FILE]],
  ]
  it.each(cases)('the mode %s ignores %o, and the backend no option besides', (mode, ignored) => {
    const env = { ...EVERYTHING, MEMORY_TURSO_MODE: mode }
    expect(tursoConfig(env).ignoredSettings).toEqual(ignored)
    expect(complete(env)).toMatchObject({ mode, ignoredSettings: ignored })
  })

  it('none that is empty counts', () => {
    const empty = Object.fromEntries(Object.keys(EVERYTHING).map((name) => [name, '']))
    expect(configFromEnv({ MEMORY_BACKEND: 'turso', ...empty })).toEqual(tursoConfig({}))
    expect(configFromEnv(empty)).toEqual(configFromEnv({}))
  })

  it('those with an effect reach the backend', () => {
    const { path, encryptionKey, primary } = complete({ ...EVERYTHING, MEMORY_TURSO_MODE: 'replica' })
    expect({ path, encryptionKey }).toEqual({ path: '/a.db', encryptionKey: 'k' })
    expect(primary).toMatchObject({
      url: { shown: url },
      timeoutMs: 5000,
      maxInFlight: 3,
      autoSync: false,
      syncIntervalSeconds: 60,
      consistency: 'eventual',
    })
    expect(primary?.token?.()).toBe('t')
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
    ['MEMORY_ENABLE_AUDIT_LOG', '1'],
    ['MEMORY_TURSO_SYNC_INTERVAL', '-5'],
    ['MEMORY_TURSO_SYNC_INTERVAL', 'five'],
    ['MEMORY_TURSO_SYNC_INTERVAL', '2147484'],
    ['MEMORY_TURSO_MODE', 'offline'],
    ['TURSO_POOL_SIZE', '0'],
    ['TURSO_POOL_SIZE', '-1'],
    ['TURSO_POOL_SIZE', '2.5'],
    ['TURSO_POOL_SIZE', '1e3'],
    ['TURSO_POOL_SIZE', '9007199254740992'],
    ['TURSO_POOL_SIZE', ' '],
    ['TURSO_CONNECTION_TIMEOUT', '0'],
    ['TURSO_CONNECTION_TIMEOUT', '0.0'],
    ['TURSO_CONNECTION_TIMEOUT', '-5'],
    ['TURSO_CONNECTION_TIMEOUT', '5s'],
    ['TURSO_CONNECTION_TIMEOUT', '.5'],
    ['TURSO_CONNECTION_TIMEOUT', '2147484'],
    ['TURSO_CONNECTION_TIMEOUT', 'Infinity'],
    ['MEMORY_TURSO_ALLOW_INSECURE', 'yes'],
    ['MEMORY_TURSO_ALLOW_INSECURE', 'constructor'],
    ['MEMORY_TURSO_CONSISTENCY', 'strong'],
  ]
  it.each(invalid)('%s=%s, naming both, with an effect or not', (variable, value) => {
    for (const env of [{}, REPLICA, REMOTE]) {
      const error = errorOf({ ...env, MEMORY_BACKEND: 'turso', [variable]: value })
      expect(error.code).toBe('MG_CONFIGURATION')
      expect(error.message).toContain(`${variable}: ${JSON.stringify(value)}: use `)
      expect(error.details).toEqual({ variable, value })
    }
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
      'TURSO_POOL_SIZE',
      'TURSO_CONNECTION_TIMEOUT',
      'MEMORY_TURSO_ALLOW_INSECURE',
      'MEMORY_TURSO_CONSISTENCY',
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

describe('configFromEnv() leads to the mode', () => {
  const cases: [mode: string, given: Environment][] = [
    ['local', {}],
    ['local', { MEMORY_TURSO_PATH: '/a.db' }],
    ['local', { TURSO_AUTH_TOKEN: 't' }],
    ['local', { TURSO_DATABASE_URL: url, MEMORY_TURSO_MODE: 'local' }],
    ['remote', { TURSO_DATABASE_URL: url }],
    ['remote', { TURSO_DATABASE_URL: url, MEMORY_TURSO_PATH: '', TURSO_AUTH_TOKEN: '' }],
    ['remote', { TURSO_DATABASE_URL: url, MEMORY_TURSO_ENCRYPTION_KEY: 'k' }],
    ['remote', { TURSO_DATABASE_URL: url, MEMORY_SQLITE_PATH: '/a.db' }],
    ['remote', { TURSO_DATABASE_URL: url, MEMORY_TURSO_PATH: '/a.db', MEMORY_TURSO_MODE: 'remote' }],
    ['replica', { TURSO_DATABASE_URL: url, MEMORY_TURSO_PATH: '/a.db' }],
    ['replica', { TURSO_DATABASE_URL: url, TURSO_AUTH_TOKEN: 't' }],
    ['replica', { TURSO_DATABASE_URL: url, MEMORY_TURSO_MODE: 'replica' }],
  ]
  it.each(cases)('%s from %o', (mode, env) => {
    expect(complete(env).mode).toBe(mode)
  })
})
