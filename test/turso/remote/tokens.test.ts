import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TursoBackend, type TursoBackendOptions } from '../../../src/backends/turso/turso-backend.js'
import { BY_SHORT_MS } from '../../support/patience.js'
import { type Sqld, startSqld } from '../../support/sqld.js'
import { startProxy, type TcpProxy } from '../../support/tcp-proxy.js'
import { failureOf, Gateway, note, TIMEOUT_MS } from './remote.js'

let sqld: Sqld
let proxy: TcpProxy

beforeAll(async () => {
  sqld = await startSqld({ withTokens: true })
  proxy = await startProxy(sqld)
  const first = await create({ authToken: sqld.token() })
  await first.storeMemory(note('First', { id: 'first' }))
  await first.disconnect()
})

afterAll(async () => {
  await proxy.close()
  await sqld[Symbol.asyncDispose]()
})

function create(options: TursoBackendOptions): Promise<TursoBackend> {
  return TursoBackend.create({ url: proxy.url, mode: 'remote', timeoutMs: 5_000, ...options })
}

/** A token that is no longer valid; the server forgives a minute. */
function expired(): string {
  return sqld.token({ expiresInSeconds: -90 })
}

/** A token of which a part was changed. */
function forged(): string {
  const [head, , signature] = sqld.token().split('.')
  const claims = Buffer.from(JSON.stringify({ a: 'rw', exp: 9_999_999_999 })).toString('base64url')
  return [head, claims, signature].join('.')
}

/** All that an error or a report says, however deep. */
function everything(value: unknown): string {
  const text = inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true })
  return value instanceof Error ? `${text}\n${value.stack}\n${String(value)}` : text
}

function expectNoSecret(value: unknown, token: string): void {
  const said = everything(value)
  expect(said).not.toContain(token)
  for (const part of token.split('.')) if (part.length > 8) expect(said).not.toContain(part)
}

describe('a token that is not accepted', () => {
  it.each([
    ['expired', expired],
    ['of another server', () => 'eyJhbGciOiJFZERTQSJ9.eyJhIjoicncifQ.c2VjcmV0LXNpZ25hdHVyZQ'],
    ['forged', forged],
    ['no token at all', () => 'certainly-not-a-token'],
  ])('one that is %s is MG_AUTH at once: one request, and no other', async (_, tokenOf) => {
    const token = tokenOf()
    const backend = new TursoBackend({ url: proxy.url, mode: 'remote', authToken: token })
    const before = proxy.requests
    const failure = await failureOf(backend.connect())
    expect(failure).toMatchObject({
      code: 'MG_AUTH',
      name: 'DatabaseConnectionError',
      retryable: false,
      details: { status: 401 },
    })
    expect(proxy.requests - before).toBe(1)
    expectNoSecret(failure, token)
    expectNoSecret(await backend.healthCheck(), token)
  })

  it('none, where the server asks for one, is MG_AUTH too', async () => {
    const backend = new TursoBackend({ url: proxy.url, mode: 'remote' })
    const before = proxy.requests
    expect(await failureOf(backend.connect())).toMatchObject({
      code: 'MG_AUTH',
      message: expect.stringContaining('authToken'),
    })
    expect(proxy.requests - before).toBe(1)
  })

  it('says so in whatever form the refusal comes', async () => {
    await using gateway = await Gateway.start(sqld)
    gateway.instead.push({ status: 401, json: { message: 'Unauthorized' } })
    const backend = new TursoBackend({ url: gateway.url, mode: 'remote', authToken: sqld.token() })
    expect(await failureOf(backend.connect())).toMatchObject({ code: 'MG_AUTH' })
  })

  it('that is not even allowed to read is told apart from one that only reads by the words alone', async () => {
    await using gateway = await Gateway.start(sqld)
    gateway.instead.push({ status: 403 })
    const backend = new TursoBackend({ url: gateway.url, mode: 'remote', authToken: sqld.token() })
    expect(await failureOf(backend.connect())).toMatchObject({
      code: 'MG_READ_ONLY',
      details: { status: 403 },
      message: expect.stringMatching(/one that only reads may not write, and one for another database/),
    })
  })

  it('that expires while the backend is connected fails reads, writes, raw queries and transactions alike', async () => {
    let token = sqld.token()
    await using backend = await create({ authToken: () => token })
    token = expired()
    const failures = await Promise.all([
      failureOf(backend.getMemory('first')),
      failureOf(backend.storeMemory(note('Second'))),
      failureOf(backend.deleteMemory('first')),
      failureOf(backend.executeQuery('SELECT 1 AS one')),
      failureOf(backend.executeWriteQuery('DELETE FROM nodes')),
      failureOf(backend.transaction(async (tx) => tx.deleteMemory('first'))),
    ])
    for (const failure of failures) {
      expect(failure).toMatchObject({ code: 'MG_AUTH' })
      expectNoSecret(failure, token)
    }
    const health = await backend.healthCheck()
    expect(health).toMatchObject({
      status: 'error',
      connected: false,
      primary: { retried: 0, failed: 0, circuit: 'closed' },
    })
    expectNoSecret(health, token)
    token = sqld.token()
    expect(await backend.getMemory('first')).not.toBeNull()
  })
})

describe('a function that gives the token', () => {
  it('is asked anew, so that a token can be replaced without connecting again', async () => {
    const tokens = [expired(), sqld.token()]
    const backend = new TursoBackend({
      url: proxy.url,
      mode: 'remote',
      authToken: () => tokens.shift() ?? sqld.token(),
    })
    expect(await failureOf(backend.connect())).toMatchObject({ code: 'MG_AUTH' })
    await backend.connect()
    expect(await backend.getMemory('first')).toMatchObject({ title: 'First' })
    await backend.disconnect()
  })

  it('that fails is MG_AUTH, with its error as the cause, and its words not repeated', async () => {
    const refusal = new Error('refresh token r3fresh is used up')
    let fails = false
    await using backend = await create({
      authToken: async () => {
        if (fails) throw refusal
        return sqld.token()
      },
    })
    fails = true
    const before = proxy.requests
    const failures = await Promise.all([
      failureOf(backend.getMemory('first')),
      failureOf(backend.storeMemory(note('Second'))),
    ])
    for (const failure of failures) {
      expect(failure).toMatchObject({ code: 'MG_AUTH', cause: refusal })
      expect(failure.message).not.toContain('r3fresh')
    }
    expect(proxy.requests).toBe(before)
    const health = await backend.healthCheck()
    expect(health).toMatchObject({ status: 'error', primary: { failed: 0, retried: 0 } })
    expectNoSecret(health, 'r3fresh')
  })

  it.each([
    ['nothing', undefined],
    ['an empty text', ''],
    ['text with a line break', 'secret-part-one\nsecret-part-two'],
    ['no text', { token: 'secret-part-one' }],
  ])('that gives %s is refused without repeating it, and without a request', async (_, given) => {
    const backend = new TursoBackend({ url: proxy.url, mode: 'remote', authToken: () => given as string })
    const before = proxy.requests
    const failure = await failureOf(backend.connect())
    expect(failure.message).toMatch(/The function authToken gave no token/)
    expectNoSecret(failure, 'secret-part-one')
    expect(proxy.requests).toBe(before)
  })

  it('that never answers is given up by the deadline, and does not hold up disconnecting', async () => {
    let hangs = false
    await using backend = await create({
      authToken: () => (hangs ? new Promise<string>(() => {}) : sqld.token()),
      timeoutMs: TIMEOUT_MS,
    })
    hangs = true
    const began = performance.now()
    const failures = await Promise.all([
      failureOf(backend.getMemory('first')),
      failureOf(backend.storeMemory(note('Second'))),
    ])
    expect(performance.now() - began).toBeLessThan(BY_SHORT_MS)
    for (const failure of failures) expect(failure.code).toBe('MG_AUTH')
  })
})

describe('a token that only reads', () => {
  it('connects and reads, while writes are refused before anything is sent', async () => {
    await using backend = await create({ authToken: sqld.token({ access: 'ro' }) })
    expect(await backend.getMemory('first')).toMatchObject({ title: 'First' })
    expect(await backend.searchMemories({ query: 'first' })).toHaveLength(1)
    expect(await backend.getRelatedMemories('first')).toEqual([])
    expect(await backend.getMemoryStatistics()).toMatchObject({ total_memories: { count: 1 } })
    expect(await backend.executeReadQuery('SELECT id FROM nodes')).toEqual([{ id: 'first' }])
    expect(await backend.healthCheck()).toMatchObject({
      status: 'healthy',
      warnings: [expect.stringMatching(/only reads/)],
    })

    const before = proxy.requests
    const writes = [
      backend.storeMemory(note('Second')),
      backend.storeMemories([note('Second')]),
      backend.updateMemory({ id: 'first', title: 'Changed' }),
      backend.deleteMemory('first'),
      backend.createRelationship('first', 'first2', 'SOLVES'),
      backend.deleteRelationship('none'),
      backend.putNodes([{ id: 'n', label: 'Task', properties: {} }]),
      backend.executeWriteQuery('DELETE FROM nodes'),
      backend.transaction(async (tx) => tx.getMemory('first')),
    ]
    for (const failure of await Promise.all(writes.map(failureOf))) {
      expect(failure).toMatchObject({ code: 'MG_READ_ONLY', message: expect.stringMatching(/only reads/) })
    }
    expect(proxy.requests).toBe(before)
  })

  it('reads what is too large for one answer', async () => {
    await using writer = await create({ authToken: sqld.token() })
    const large = Array.from({ length: 14 }, (_, at) => note(`Large ${at}`, { content: 'x'.repeat(900_000) }))
    const ids = await writer.storeMemories(large)
    await using backend = await create({ authToken: sqld.token({ access: 'ro' }) })
    expect((await backend.getMemories(ids)).map(({ title }) => title)).toEqual(
      large.map(({ title }) => title),
    )
    await writer.deleteNodes(ids)
  })

  it('cannot make the schema of an empty primary', async () => {
    await using empty = await startSqld({ withTokens: true })
    const authToken = empty.token({ access: 'ro' })
    const failure = await failureOf(TursoBackend.create({ url: empty.url, mode: 'remote', authToken }))
    expect(failure).toMatchObject({ code: 'MG_READ_ONLY', message: expect.stringMatching(/only reads/) })
  })
})

describe('a primary that takes no writes', () => {
  it('refuses them with its reason, can be read and connected to, and takes them again afterwards', async () => {
    await using backend = await create({ authToken: sqld.token() })
    await sqld.blockWrites(true)
    try {
      const writes = [
        backend.storeMemory(note('Second')),
        backend.deleteMemory('first'),
        backend.executeWriteQuery("DELETE FROM nodes WHERE id = 'first'"),
        backend.transaction(async (tx) => tx.storeMemory(note('Second'))),
      ]
      for (const failure of await Promise.all(writes.map(failureOf))) {
        expect(failure).toMatchObject({
          code: 'MG_READ_ONLY',
          message: expect.stringMatching(/does not take writes at present: .*block/i),
        })
      }
      expect(await backend.getMemory('first')).not.toBeNull()
      await using another = await create({ authToken: sqld.token() })
      expect(await another.getMemory('first')).not.toBeNull()
      await sqld.blockWrites(false)
      expect(await another.updateMemory({ id: 'first', summary: 'By another' })).toBe(true)
    } finally {
      await sqld.blockWrites(false)
    }
    expect(await backend.updateMemory({ id: 'first', summary: null })).toBe(true)
  })
})
