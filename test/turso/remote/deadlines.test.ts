import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { collectGarbage } from '../../../src/backends/turso/local/collect-garbage.js'
import { TursoBackend } from '../../../src/backends/turso/turso-backend.js'
import type { MemoryError } from '../../../src/errors.js'
import { BEFORE_FAR_MS, BY_SHORT_MS, FAR_MS, settlesWithin } from '../../support/patience.js'
import { failureOf, millisecondsOf, note, notes, startRemote, TIMEOUT_MS } from './remote.js'

/** A deadline, and what is enough for a call that waits for one of them, but not for two. */
const DEADLINE_MS = 1_500
const LESS_THAN_TWO_MS = 2_900

describe.each(['the process of the primary', 'the network'])('while %s is frozen', (what) => {
  async function frozen(given: Parameters<typeof startRemote>[0] = {}) {
    const remote = await startRemote(given)
    const id = await remote.backend.storeMemory(note('Before'))
    const freeze = async () => (what === 'the network' ? remote.proxy.freeze() : await remote.sqld.freeze())
    const thaw = () => (what === 'the network' ? remote.proxy.thaw() : remote.sqld.thaw())
    return { ...remote, id, freeze, thaw }
  }

  it('reads of every kind reject by the deadline, and work again afterwards', async () => {
    await using remote = await frozen({ circuitFailures: 100, timeoutMs: DEADLINE_MS })
    const { backend, id } = remote
    await remote.freeze()
    const reads = [
      () => backend.getMemory(id),
      () => backend.searchMemories({ query: 'before' }),
      () => backend.getRelatedMemories(id),
      () => backend.getMemoryStatistics(),
      () => backend.executeQuery('SELECT 1 AS one'),
      () => backend.listMemories()[Symbol.asyncIterator]().next(),
    ]
    let failures: MemoryError[] = []
    const took = await millisecondsOf(async () => {
      const isInTime = await settlesWithin(LESS_THAN_TWO_MS, async () => {
        failures = await Promise.all(reads.map((read) => failureOf(read())))
      })
      expect(isInTime).toBe(true)
    })
    expect(took).toBeGreaterThan(DEADLINE_MS - 50)
    expect(failures).toHaveLength(reads.length)
    for (const failure of failures) {
      expect(failure).toMatchObject({ code: 'MG_OFFLINE', retryable: true })
      expect(failure.message).toContain(`no answer within ${DEADLINE_MS} ms`)
    }
    expect(await backend.healthCheck()).toMatchObject({
      status: 'error',
      connected: false,
      primary: { online: false },
    })
    remote.thaw()
    expect(await backend.getMemory(id)).toMatchObject({ title: 'Before' })
    expect(await backend.healthCheck()).toMatchObject({ status: 'healthy', primary: { online: true } })
  })

  it('20 writes at once all reject by about the deadline, and each is stored once or not at all', async () => {
    await using remote = await frozen({ circuitFailures: 100, timeoutMs: DEADLINE_MS })
    const { backend } = remote
    await remote.freeze()
    let failures: MemoryError[] = []
    const isInTime = await settlesWithin(LESS_THAN_TWO_MS, async () => {
      const writes = notes(20, (at) => ({ id: `late-${at}` })).map((late) => backend.storeMemory(late))
      failures = await Promise.all(writes.map(failureOf))
    })
    expect(isInTime).toBe(true)
    expect(failures).toHaveLength(20)
    for (const { code } of failures) expect(['MG_OFFLINE', 'MG_UNCERTAIN']).toContain(code)
    remote.thaw()
    const stored = await backend.storeMemories(notes(20, (at) => ({ id: `late-${at}` })))
    expect((await backend.getMemories(stored)).map(({ id }) => id)).toEqual(stored)
    expect(await backend.executeQuery('SELECT count(*) AS count FROM nodes')).toEqual([{ count: 21 }])
  })

  it('a write whose commit was sent is MG_UNCERTAIN, and one whose commit was not is MG_OFFLINE', async () => {
    await using remote = await frozen()
    const { backend, id } = remote
    await remote.freeze()
    expect(await failureOf(backend.storeMemory(note('Sent')))).toMatchObject({
      code: 'MG_UNCERTAIN',
      retryable: false,
      details: { ids: [expect.any(String)], write_id: expect.any(String) },
    })
    expect(await failureOf(backend.updateMemory({ id, title: 'Not sent' }))).toMatchObject({
      code: 'MG_OFFLINE',
    })
    remote.thaw()
    await expect.poll(() => backend.updateMemory({ id, summary: 'Afterwards' }).catch(() => false)).toBe(true)
    expect(await backend.getMemory(id)).toMatchObject({ title: 'Before', summary: 'Afterwards' })
    const titles = (await backend.searchMemories({})).map(({ title }) => title)
    expect([['Before'], ['Before', 'Sent']]).toContainEqual(titles.sort())
  })

  it('disconnecting ends soon, whatever the deadline and however much waits', async () => {
    await using remote = await frozen({ timeoutMs: FAR_MS })
    const { backend, id } = remote
    await remote.freeze()
    const waiting = [
      ...notes(20).map((late) => backend.storeMemory(late)),
      ...notes(20).map(() => backend.getMemory(id)),
      backend.transaction(async (tx) => tx.deleteMemory(id)),
      backend.executeQuery('SELECT 1 AS one'),
    ].map(failureOf)
    expect(await millisecondsOf(() => backend.disconnect())).toBeLessThan(BEFORE_FAR_MS)
    for (const { code } of await Promise.all(waiting)) expect(['MG_OFFLINE', 'MG_UNCERTAIN']).toContain(code)
    remote.thaw()
    await backend.connect()
    await backend.initializeSchema()
    expect(await backend.getMemory(id)).not.toBeNull()
  })
})

describe('a deadline', () => {
  it('counts silence alone: what waits for its turn, or for itself, may take longer', async () => {
    await using remote = await startRemote({ timeoutMs: 300, maxInFlight: 2 }, { latencyMs: 50 })
    const { backend } = remote
    const reads = notes(20).map(() => backend.getMemory('none', false))
    const writes = notes(8).map((each) => backend.storeMemory(each))
    expect(await Promise.all(reads)).toEqual(reads.map(() => null))
    expect(await Promise.all(writes)).toHaveLength(8)
    const id = await backend.transaction(async (tx) => {
      const first = await tx.storeMemory(note('First'))
      await new Promise((resolve) => setTimeout(resolve, 500))
      await tx.updateMemory({ id: first, title: 'Second' })
      return first
    })
    expect(await backend.getMemory(id)).toMatchObject({ title: 'Second' })
    expect((await backend.healthCheck()).primary).toMatchObject({ failed: 0, retried: 0 })
  })

  it('of a write does not pass while a transaction before it takes its time', async () => {
    await using remote = await startRemote({ timeoutMs: 300 })
    const { backend } = remote
    const undone = failureOf(
      backend.transaction(
        async (tx) => {
          await tx.storeMemory(note('Undone'))
          await new Promise((resolve) => setTimeout(resolve, 5_000))
        },
        { timeoutMs: 700 },
      ),
    )
    const stored = backend.storeMemory(note('Stored'))
    expect(await undone).toMatchObject({ code: 'MG_TIMEOUT' })
    expect(await backend.getMemory(await stored)).not.toBeNull()
  })

  it('lets go of the primary at once when a transaction is given up, also by disconnecting', async () => {
    await using remote = await startRemote({ timeoutMs: FAR_MS })
    await using another = await TursoBackend.create(remote.options)
    const { backend } = remote
    const failure = new Error('given up')
    await expect(
      backend.transaction(async (tx) => {
        await tx.storeMemory(note('Given up'))
        throw failure
      }),
    ).rejects.toBe(failure)
    await backend.disconnect()
    // The primary itself ends a transaction that has held up others for 5 seconds.
    expect(await millisecondsOf(() => another.storeMemory(note('By another')))).toBeLessThan(4_000)
  })
})

describe('an answer that trickles and never ends', () => {
  it('is none, also when garbage is collected meanwhile', async () => {
    const server = createServer((request, response) => {
      request.resume()
      response.writeHead(200, { 'content-type': 'application/json' })
      const trickle = setInterval(() => response.write(' '), 50)
      response.on('close', () => clearInterval(trickle))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const collecting = setInterval(collectGarbage, 100)
    const { port } = server.address() as AddressInfo
    const url = `http://127.0.0.1:${port}`
    const took = await millisecondsOf(async () => {
      const failure = await failureOf(
        TursoBackend.create({ url, mode: 'remote', timeoutMs: TIMEOUT_MS, maxRetries: 0 }),
      )
      expect(failure).toMatchObject({ code: 'MG_OFFLINE' })
    })
    clearInterval(collecting)
    server.closeAllConnections()
    server.close()
    expect(took).toBeLessThan(BY_SHORT_MS)
  })
})
