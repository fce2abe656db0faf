import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { GraphBackend } from '../../src/backends/graph-backend.js'
import { createBackend } from '../../src/factory/backend-factory.js'
import { type BackendConfig, configFromEnv, type Environment } from '../../src/factory/config.js'
import { type Sqld, startSqld } from '../support/sqld.js'
import { listenSomewhere, startProxy } from '../support/tcp-proxy.js'

let folder: string
let sqld: Sqld

beforeAll(async () => {
  sqld = await startSqld({ withTokens: true })
})

afterAll(() => sqld[Symbol.asyncDispose]())

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'factory-primary-'))
})

afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

function fromEnv(env: Environment): Promise<GraphBackend> {
  return createBackend(configFromEnv({ MEMORY_BACKEND: 'turso', ...env }))
}

async function failureOf(opening: Promise<GraphBackend>): Promise<unknown> {
  try {
    const backend = await opening
    await backend.disconnect()
  } catch (error) {
    return error
  }
  throw new Error('expected an error')
}

/** An address on this machine at which nothing listens. */
async function nowhere(): Promise<string> {
  const server = createServer()
  const port = await listenSomewhere(server)
  server.close()
  await once(server, 'close')
  return `http://127.0.0.1:${port}`
}

describe('a primary in the environment', () => {
  it('a URL alone is a remote backend, which stores and reads', async () => {
    await using open = await startSqld()
    vi.stubEnv('MEMORY_BACKEND', 'auto')
    vi.stubEnv('MEMORYGRAPH_TURSO_URL', open.url)
    await using backend = await createBackend()
    const id = await backend.storeMemory({
      type: 'fix',
      title: 'Cap retries',
      content: 'Three, with jitter.',
    })
    expect(await backend.getMemory(id)).toMatchObject({ title: 'Cap retries' })
    expect((await backend.recallMemories('retry')).map((found) => found.id)).toEqual([id])
    expect(await backend.healthCheck()).toMatchObject({
      status: 'healthy',
      backend: 'turso',
      mode: 'remote',
      db_path: null,
      sync_url: open.url,
      warnings: [],
    })

    await using another = await createBackend({ backend: 'turso', url: open.url })
    expect(await another.getMemory(id)).toMatchObject({ content: 'Three, with jitter.' })
  })

  it('the mode remote reads the token, and names the variables of a file as without effect', async () => {
    await using backend = await fromEnv({
      MEMORY_TURSO_URL: sqld.url,
      MEMORY_TURSO_AUTH_TOKEN: sqld.token(),
      MEMORY_TURSO_MODE: 'remote',
      MEMORY_TURSO_PATH: join(folder, 'unused.db'),
      MEMORY_TURSO_ENCRYPTION_KEY: 'secret-key',
      MEMORY_TURSO_SYNC_INTERVAL: '60',
      TURSO_POOL_SIZE: '2',
      TURSO_CONNECTION_TIMEOUT: '7.5',
    })
    const health = await backend.healthCheck()
    expect(health).toMatchObject({ status: 'healthy', mode: 'remote', sync_enabled: false })
    expect(health.warnings.map((warning) => warning.split(':')[0])).toEqual([
      'MEMORY_TURSO_SYNC_INTERVAL, MEMORY_TURSO_PATH, MEMORY_TURSO_ENCRYPTION_KEY',
    ])
    expect(inspect(health)).not.toContain('secret-key')
  })

  it('the mode local keeps to the file, and names the variables of the primary as without effect', async () => {
    const path = join(folder, 'memory.db')
    await using backend = await fromEnv({
      MEMORY_TURSO_MODE: 'local',
      MEMORY_TURSO_PATH: path,
      MEMORYGRAPH_TURSO_URL: await nowhere(),
      TURSO_AUTH_TOKEN: 'secret',
      TURSO_POOL_SIZE: '2',
    })
    const health = await backend.healthCheck()
    expect(health).toMatchObject({ status: 'healthy', mode: 'local', db_path: path, sync_url: null })
    expect(health.warnings.map((warning) => warning.split(':')[0])).toEqual([
      'MEMORYGRAPH_TURSO_URL, TURSO_AUTH_TOKEN, TURSO_POOL_SIZE',
    ])
    expect(inspect(health)).not.toContain('secret')
  })

  it('without URL the mode remote is refused', async () => {
    await expect(async () => fromEnv({ MEMORY_TURSO_MODE: 'remote' })).rejects.toMatchObject({
      code: 'MG_CONFIGURATION',
      message: expect.stringContaining('MEMORYGRAPH_TURSO_URL'),
    })
  })
})

describe('a primary in the configuration', () => {
  it('names options of a file as without effect in remote mode', async () => {
    const options = { url: sqld.url, authToken: () => sqld.token(), mode: 'remote', autoSync: true } as const
    await using backend = await createBackend({
      backend: 'turso',
      ...options,
      path: join(folder, 'unused.db'),
      ignoredSettings: ['SOMETHING'],
    })
    const { warnings } = await backend.healthCheck()
    expect(warnings.map((warning) => warning.split(':')[0])).toEqual(['SOMETHING, autoSync, path'])
  })

  it('a wrong token is refused at once, and not repeated', async () => {
    await using other = await startSqld({ withTokens: true })
    await using proxy = await startProxy(sqld)
    const authToken = other.token()
    const error = await failureOf(
      createBackend({ backend: 'turso', url: proxy.url, authToken, mode: 'remote' }),
    )
    expect(error).toMatchObject({ name: 'DatabaseConnectionError', code: 'MG_AUTH', retryable: false })
    expect(proxy.requests).toBe(1)
    expect(inspect(error, { depth: 20 })).not.toContain(authToken)
  })

  it('a primary that asks for a token says so to who gives none', async () => {
    const error = await failureOf(fromEnv({ MEMORYGRAPH_TURSO_URL: sqld.url }))
    expect(error).toMatchObject({ code: 'MG_AUTH', message: /MEMORYGRAPH_TURSO_TOKEN/ })
  })

  it('nothing that listens is an error, and no other store', async () => {
    const error = await failureOf(
      fromEnv({
        MEMORYGRAPH_TURSO_URL: await nowhere(),
        TURSO_AUTH_TOKEN: 'secret',
        MEMORY_TURSO_MODE: 'remote',
      }),
    )
    expect(error).toMatchObject({ name: 'DatabaseConnectionError', code: 'MG_OFFLINE', retryable: true })
    expect(inspect(error, { depth: 20 })).not.toContain('secret')
  })
})

describe('an error repeats no secret', () => {
  const elsewhere = 'http://memory.example.com/secret'
  const unfit: [what: string, settings: object][] = [
    ['a URL with a user and a password', { url: 'libsql://user:secret@host' }],
    ['a URL with a user', { url: 'libsql://secret@host' }],
    ['a URL with a token', { url: 'https://h?authToken=secret' }],
    ['a URL with another query', { url: 'https://h?jwt=secret' }],
    ['a URL with a fragment', { url: 'https://h#secret' }],
    ['a URL of no primary', { url: 'postgres://user:secret@host/db' }],
    ['a URL with a space before it', { url: ' libsql://user:secret@host' }],
    ['a URL without encryption to another machine', { url: elsewhere }],
    ['a URL under its other name', { syncUrl: 'libsql://user:secret@host' }],
    ['no URL', { url: 'secret' }],
    ['a list of URLs', { url: ['libsql://user:secret@host'] }],
    ['a token with a space', { url: 'libsql://h', authToken: 'a secret' }],
    ['a token with a line break', { url: 'libsql://h', authToken: 'secret\n' }],
    ['a token in a list', { url: 'libsql://h', authToken: ['secret'] }],
    ['a token without URL in remote mode', { mode: 'remote', authToken: 'secret' }],
    ['a URL as the path', { path: 'libsql://user:secret@host' }],
    ['a URL with a token as the path', { path: 'https://h?authToken=secret' }],
    ['a URL as the mode', { mode: 'libsql://user:secret@host' }],
    ['a URL as what is true or false', { autoSync: 'libsql://user:secret@host' }],
    ['a URL as a number', { timeoutMs: 'libsql://user:secret@host' }],
    ['a URL in a list', { consistency: ['libsql://user:secret@host'] }],
    ['a URL in an object', { logger: { url: 'libsql://user:secret@host' } }],
  ]
  it.each(unfit)('of %s in the configuration', async (_what, settings) => {
    for (const mode of [{}, { mode: 'remote' }]) {
      const config = { backend: 'turso', ...mode, ...settings } as BackendConfig
      const error = await failureOf(createBackend(config))
      expect(error).toMatchObject({ code: 'MG_CONFIGURATION' })
      expect(inspect(error, { depth: 20 })).not.toContain('secret')
    }
  })

  it.each(['sqlite', 'memory', 'neo4j', 'libsql://user:secret@host'])(
    'of a URL for the backend %s',
    async (backend) => {
      const config = { backend, url: 'libsql://user:secret@host', authToken: 'secret' } as BackendConfig
      const error = await failureOf(createBackend(config))
      expect(error).toMatchObject({ code: 'MG_CONFIGURATION' })
      expect(inspect(error, { depth: 20 })).not.toContain('secret')
    },
  )

  const unfitVariables: [what: string, env: Environment][] = [
    ['a URL with a user and a password', { MEMORYGRAPH_TURSO_URL: 'libsql://user:secret@host' }],
    ['a URL with a token', { TURSO_DATABASE_URL: 'https://h?authToken=secret' }],
    ['a URL without encryption to another machine', { MEMORY_TURSO_URL: elsewhere }],
    ['a token with a space', { TURSO_DATABASE_URL: 'libsql://h', TURSO_AUTH_TOKEN: 'a secret' }],
    ['a URL as the path', { MEMORY_TURSO_PATH: 'libsql://user:secret@host' }],
  ]
  it.each(unfitVariables)('of %s in the environment', async (_what, env) => {
    const error = await failureOf(fromEnv(env))
    expect(error).toMatchObject({ code: 'MG_CONFIGURATION' })
    expect(inspect(error, { depth: 20 })).not.toContain('secret')
  })
})
