import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  type TokenSource,
  TursoBackend,
  type TursoBackendOptions,
} from '../../../src/backends/turso/turso-backend.js'
import { BEFORE_FAR_MS, FAR_MS } from '../../support/patience.js'
import { scratchFolder } from '../../support/scratch.js'
import { type Sqld, startSqld } from '../../support/sqld.js'
import { failureOf, millisecondsOf, note } from '../remote/remote.js'

/** The server forgives a minute. */
const LONG_AGO = { expiresInSeconds: -120 }
/** After which a token is expired that has 5 seconds left of that minute. */
const EXPIRED_MS = 6_500
const WORKER = fileURLToPath(new URL('../../support/replica-worker.mjs', import.meta.url))

/** A primary that asks for tokens and holds the memory "old". */
async function startGuarded(): Promise<Sqld> {
  const sqld = await startSqld({ withTokens: true })
  await storeAt(sqld, 'old')
  return sqld
}

async function storeAt(sqld: Sqld, id: string): Promise<void> {
  await using remote = await TursoBackend.create({ url: sqld.url, mode: 'remote', authToken: sqld.token() })
  await remote.storeMemory(note(id, { id }))
}

function optionsFor(sqld: Sqld, authToken: TokenSource): TursoBackendOptions {
  return { url: sqld.url, path: join(scratchFolder(), 'replica.db'), authToken, timeoutMs: FAR_MS }
}

/** A copy that is complete and that nobody has open. */
async function copyOf(sqld: Sqld): Promise<TursoBackendOptions> {
  const options = optionsFor(sqld, sqld.token())
  const replica = await TursoBackend.create(options)
  await replica.disconnect()
  return options
}

/** Tokens that a primary does not accept. */
const refused: Record<string, (sqld: Sqld) => string> = {
  'is nonsense': () => 'nonsense',
  'has expired': (sqld) => sqld.token(LONG_AGO),
  'has a wrong signature': (sqld) => `${sqld.token().slice(0, -8)}AAAAAAAA`,
}

describe.each(Object.entries(refused))('a token that %s', (_name, tokenOf) => {
  it('is MG_AUTH at once, at the first start, and does not show in the error', async () => {
    await using sqld = await startGuarded()
    const token = tokenOf(sqld)
    const took = await millisecondsOf(async () => {
      const failure = await failureOf(TursoBackend.create(optionsFor(sqld, token)))
      expect(failure).toMatchObject({ code: 'MG_AUTH' })
      expect(inspect(failure, { depth: 20, showHidden: true })).not.toContain(token)
    })
    expect(took).toBeLessThan(BEFORE_FAR_MS)
  })

  it('is MG_AUTH at once, also where there is a copy, which stays', async () => {
    await using sqld = await startGuarded()
    const options = await copyOf(sqld)
    const took = await millisecondsOf(async () => {
      expect(await failureOf(TursoBackend.create({ ...options, authToken: tokenOf(sqld) }))).toMatchObject({
        code: 'MG_AUTH',
      })
    })
    expect(took).toBeLessThan(BEFORE_FAR_MS)
    await using replica = await TursoBackend.create(options)
    expect(await replica.getMemory('old')).not.toBeNull()
    expect(replica.syncStatus().last_sync_error).toBeNull()
  })
})

describe('a token', () => {
  it('that is missing is MG_AUTH', async () => {
    await using sqld = await startGuarded()
    const { authToken: _, ...options } = optionsFor(sqld, 'none')
    expect(await failureOf(TursoBackend.create(options))).toMatchObject({ code: 'MG_AUTH' })
  })

  it('is kept from files, errors, health and status', async () => {
    await using sqld = await startGuarded()
    const token = sqld.token()
    const options = { ...optionsFor(sqld, token), timeoutMs: 3_000, maxRetries: 0 }
    await using replica = await TursoBackend.create(options)
    await replica.storeMemory(note('new'))
    await sqld.kill()
    const said = [
      await failureOf(replica.sync()),
      await failureOf(replica.storeMemory(note('lost'))),
      await replica.healthCheck(),
      replica.syncStatus(),
      replica,
    ]
    for (const thing of said) expect(inspect(thing, { depth: 20, showHidden: true })).not.toContain(token)
    const folder = dirname(options.path as string)
    for (const name of readdirSync(folder)) {
      const file = join(folder, name)
      if (statSync(file).isFile()) expect(readFileSync(file, 'latin1').includes(token), name).toBe(false)
    }
  })

  it('that expires while it is in use makes syncs and writes MG_AUTH, and reads go on', async () => {
    await using sqld = await startGuarded()
    let token = sqld.token()
    await using replica = await TursoBackend.create(optionsFor(sqld, () => token))
    token = sqld.token(LONG_AGO)
    expect(await failureOf(replica.sync())).toMatchObject({ code: 'MG_AUTH' })
    expect(await failureOf(replica.storeMemory(note('new')))).toMatchObject({ code: 'MG_AUTH' })
    expect(await replica.getMemory('old')).not.toBeNull()
    expect(replica.syncStatus().last_sync_error).toContain('token')
    token = sqld.token({ claims: { renewed: true } })
    await replica.sync()
    await replica.storeMemory(note('new', { id: 'new' }))
    expect(await replica.getMemory('new')).not.toBeNull()
  })
})

describe('a token that only reads', () => {
  it('reads and syncs, has every write refused, and says so', async () => {
    await using sqld = await startGuarded()
    await using replica = await TursoBackend.create(optionsFor(sqld, sqld.token({ access: 'ro' })))
    expect(await replica.getMemory('old')).not.toBeNull()
    await storeAt(sqld, 'theirs')
    await replica.sync()
    expect(await replica.getMemory('theirs')).not.toBeNull()
    const writes = [
      replica.storeMemory(note('new')),
      replica.storeMemories([note('new')]),
      replica.updateMemory({ id: 'old', title: 'Other' }),
      replica.deleteMemory('old'),
      replica.createRelationship('old', 'theirs', 'CAUSES'),
      replica.putNodes([{ id: 'agent', label: 'Agent', properties: {} }]),
      replica.transaction((tx) => tx.storeMemory(note('new'))),
      replica.executeWriteQuery('DELETE FROM nodes'),
    ]
    for (const write of writes) expect(await failureOf(write)).toMatchObject({ code: 'MG_READ_ONLY' })
    expect((await replica.healthCheck()).warnings.join()).toContain('only reads')
    expect((await replica.getMemoryStatistics()).total_memories.count).toBe(2)
  })

  it('also when the copy was made with another', async () => {
    await using sqld = await startGuarded()
    const options = await copyOf(sqld)
    await using replica = await TursoBackend.create({ ...options, authToken: sqld.token({ access: 'ro' }) })
    expect(await failureOf(replica.storeMemory(note('new')))).toMatchObject({ code: 'MG_READ_ONLY' })
    await storeAt(sqld, 'theirs')
    await replica.sync()
    expect(await replica.getMemory('theirs')).not.toBeNull()
  })

  it('cannot make the schema of an empty primary', async () => {
    await using sqld = await startSqld({ withTokens: true })
    const options = optionsFor(sqld, sqld.token({ access: 'ro' }))
    expect(await failureOf(TursoBackend.create(options))).toMatchObject({ code: 'MG_READ_ONLY' })
  })
})

describe('a function that gives tokens', () => {
  it('is asked again when the process that syncs was given one that is not accepted', async () => {
    await using sqld = await startGuarded()
    let asked = 0
    const replica = new TursoBackend(
      optionsFor(sqld, () => (asked++ === 0 ? sqld.token(LONG_AGO) : sqld.token())),
    )
    await replica.connect()
    await replica.initializeSchema()
    await storeAt(sqld, 'theirs')
    await replica.sync()
    expect(await replica.getMemory('theirs')).not.toBeNull()
    await replica.disconnect()
  })

  it('may give another each time', async () => {
    await using sqld = await startGuarded()
    let count = 0
    const rotating = async (): Promise<string> => sqld.token({ claims: { count: count++ } })
    await using replica = await TursoBackend.create(optionsFor(sqld, rotating))
    await replica.storeMemory(note('new', { id: 'new' }))
    expect(await replica.getMemory('new')).not.toBeNull()
    expect(count).toBeGreaterThan(1)
  })

  it('that fails is MG_AUTH, with what it failed with', async () => {
    await using sqld = await startGuarded()
    const failure = await failureOf(
      TursoBackend.create(optionsFor(sqld, () => Promise.reject(new Error('the vault is closed')))),
    )
    expect(failure).toMatchObject({ code: 'MG_AUTH', cause: { message: 'the vault is closed' } })
  })

  it('that fails while the primary is away does not keep a copy from being read', async () => {
    await using sqld = await startGuarded()
    const options = await copyOf(sqld)
    await sqld.kill()
    await using replica = await TursoBackend.create({
      ...options,
      authToken: () => Promise.reject(new Error('no network')),
    })
    expect(await replica.getMemory('old')).not.toBeNull()
  })

  it('that never answers does not keep a copy from being read', async () => {
    await using sqld = await startGuarded()
    const options = await copyOf(sqld)
    const took = await millisecondsOf(async () => {
      const replica = await TursoBackend.create({
        ...options,
        authToken: () => new Promise<string>(() => undefined),
      })
      expect(await replica.getMemory('old')).not.toBeNull()
      await replica.disconnect()
    })
    expect(took).toBeLessThan(BEFORE_FAR_MS)
  })
})

describe('a process that syncs for others and whose token has expired', () => {
  it('gives way to one whose token the primary takes', async () => {
    await using sqld = await startGuarded()
    const good = optionsFor(sqld, sqld.token())
    const soon = sqld.token({ expiresInSeconds: -55 })
    const owner = spawn(process.execPath, [WORKER, 'serve', JSON.stringify({ ...good, authToken: soon })])
    onTestFinished(() => void owner.kill('SIGKILL'))
    await once(owner.stdout, 'data')
    await using replica = await TursoBackend.create({ ...good, timeoutMs: 10_000 })
    expect(replica.syncStatus().owner).toEqual({ pid: owner.pid, is_self: false })
    await delay(EXPIRED_MS)
    await storeAt(sqld, 'theirs')
    await replica.sync()
    expect(await replica.getMemory('theirs')).not.toBeNull()
    await replica.storeMemory(note('ours', { id: 'ours' }))
    expect(await replica.getMemory('ours')).not.toBeNull()
    expect(replica.syncStatus()).toMatchObject({ owner: { is_self: true }, last_sync_error: null })
  })
})
