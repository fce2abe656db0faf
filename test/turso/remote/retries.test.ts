import { describe, expect, it } from 'vitest'
import { TursoBackend, type TursoBackendOptions } from '../../../src/backends/turso/turso-backend.js'
import { startSqld } from '../../support/sqld.js'
import { changesOf, failureOf, Gateway, note, type Remote, startRemote } from './remote.js'

/** Enough for a network to come back meanwhile. */
const PATIENT: TursoBackendOptions = { maxRetries: 8, timeoutMs: 5_000, circuitFailures: 100 }

async function statistics({ backend }: Remote) {
  const { primary } = await backend.healthCheck()
  if (!primary) throw new Error('no statistics of a primary')
  return primary
}

/** Lets nobody connect until one more request has failed. */
async function refuseOnce({ proxy, backend }: Remote): Promise<void> {
  const offline = new Promise((resolve) => backend.on('offline', resolve))
  proxy.refuse()
  proxy.cut()
  void offline.then(() => proxy.accept())
  await Promise.resolve()
}

describe('a request that the network loses', () => {
  it('is sent again, for reads and writes alike, and counted', async () => {
    await using remote = await startRemote(PATIENT)
    const { backend } = remote
    await refuseOnce(remote)
    expect(await backend.getMemory('none')).toBeNull()
    const { retried } = await statistics(remote)
    expect(retried).toBeGreaterThanOrEqual(1)
    await refuseOnce(remote)
    const id = await backend.storeMemory(note('Stored'))
    expect((await statistics(remote)).retried).toBeGreaterThan(retried)
    expect(await changesOf(backend)).toEqual([`insert node ${id}`])
  })

  it('cut before the primary got it, stores a write once', async () => {
    await using remote = await startRemote(PATIENT)
    const { backend, proxy } = remote
    for (let n = 1; n <= 3; n++) {
      proxy.freeze()
      const sent = proxy.bytesUp
      const storing = backend.storeMemory(note(`Cut ${n}`, { id: `cut-${n}` }))
      await expect.poll(() => proxy.bytesUp, { interval: 2 }).toBeGreaterThan(sent)
      proxy.cut()
      proxy.thaw()
      expect(await storing).toBe(`cut-${n}`)
    }
    expect(await changesOf(backend)).toEqual([1, 2, 3].map((n) => `insert node cut-${n}`))
  })

  it('is not sent again more often than maxRetries', async () => {
    await using remote = await startRemote({ maxRetries: 2, circuitFailures: 100 })
    const { backend, proxy } = remote
    proxy.refuse()
    proxy.cut()
    const before = await remoteCounts(remote)
    const failure = await failureOf(backend.getMemory('none'))
    expect(failure).toMatchObject({ code: 'MG_OFFLINE' })
    expect(failure.message).toMatch(/ECONNREFUSED/)
    const after = await remoteCounts(remote)
    // The report asks too: three times as well.
    expect(after.failed - before.failed).toBe(6)
    expect(after.retried - before.retried).toBe(4)
    await proxy.accept()
    expect(await backend.getMemory('none')).toBeNull()
  })

  it('never runs the work of a transaction() twice, and stores nothing of it', async () => {
    await using remote = await startRemote(PATIENT)
    const { backend, proxy } = remote
    let runs = 0
    const lost = await failureOf(
      backend.transaction(async (tx) => {
        runs++
        const id = await tx.storeMemory(note('Lost'))
        proxy.cut()
        expect(await failureOf(tx.updateMemory({ id, title: 'Changed' }))).toMatchObject({
          code: 'MG_OFFLINE',
        })
        return id
      }),
    )
    expect(lost.code).toBe('MG_OFFLINE')
    expect(runs).toBe(1)
    await backend.storeMemory(note('Next', { id: 'next' }))
    expect(await changesOf(backend)).toEqual(['insert node next'])
  })

  it('is sent again when something before the primary says that it cannot answer now', async () => {
    await using sqld = await startSqld()
    await using gateway = await Gateway.start(sqld)
    await using backend = await TursoBackend.create({ url: gateway.url, mode: 'remote', ...PATIENT })
    for (const status of [408, 425, 429, 500, 502, 503, 504]) {
      gateway.instead.push({ status, json: { message: 'Service Unavailable' } }, { status })
      const id = await backend.storeMemory(note(`Status ${status}`))
      gateway.instead.push({ status, json: { message: 'Service Unavailable' } })
      expect(await backend.getMemory(id, false)).not.toBeNull()
    }
    expect((await backend.healthCheck()).statistics.memory_count).toBe(7)
    gateway.instead.push({ status: 404 })
    expect(await failureOf(backend.getMemory('none'))).toMatchObject({
      code: 'MG_CONNECTION',
      details: { status: 404 },
      message: expect.stringContaining('no database at this address'),
    })
    gateway.instead.push({ status: 418 })
    expect(await failureOf(backend.getMemory('none'))).toMatchObject({
      code: 'MG_CONNECTION',
      details: { status: 418 },
    })
  })
})

describe('a primary that was killed and started again', () => {
  it('answers the next call, whose connection was kept from before', async () => {
    await using remote = await startRemote()
    const { sqld, backend } = remote
    await Promise.all([1, 2, 3, 4].map(() => backend.getMemory('none')))
    await sqld.kill()
    await sqld.restart()
    expect(await backend.getMemory('none')).toBeNull()
    await sqld.kill()
    await sqld.restart()
    const id = await backend.storeMemory(note('Afterwards'))
    await sqld.stop()
    await sqld.restart()
    expect(await backend.updateMemory({ id, title: 'Changed' })).toBe(true)
    expect(await changesOf(backend)).toEqual([`insert node ${id}`, `update node ${id}`])
  })
})

describe('the circuit breaker', () => {
  it('refuses at once after so many failures, lets one through after a while, and closes again', async () => {
    const breaker = { maxRetries: 0, circuitFailures: 3, circuitResetMs: 1_500, timeoutMs: 10_000 }
    await using remote = await startRemote(breaker)
    const { backend, proxy } = remote
    const events: string[] = []
    backend.on('offline', (reason) => events.push(reason === '' ? 'no reason' : 'offline'))
    backend.on('online', () => events.push('online'))
    proxy.refuse()
    proxy.cut()
    for (let n = 1; n <= 3; n++) expect((await failureOf(backend.getMemory('none'))).code).toBe('MG_OFFLINE')

    const opened = performance.now()
    for (const call of [backend.getMemory('none'), backend.storeMemory(note('Refused'))]) {
      const refused = await failureOf(call)
      expect(refused).toMatchObject({ code: 'MG_OFFLINE' })
      expect(refused.message).toMatch(/3 times in a row.*left alone for 1500 ms/)
    }
    // No request was made for those: there were three, which failed.
    expect(await statistics(remote)).toMatchObject({ circuit: 'open', refused: 3, failed: 3, online: false })

    await proxy.accept()
    await expect.poll(() => performance.now() - opened, { interval: 20 }).toBeGreaterThan(1_520)
    proxy.latencyMs = 100
    const answers = Promise.all([1, 2, 3, 4].map(() => backend.getMemory('none', false)))
    await expect.poll(() => proxy.requests > 0 && proxy.bytesUp > 0, { interval: 5 }).toBe(true)
    expect(await answers).toEqual([null, null, null, null])
    proxy.latencyMs = 0
    expect(await statistics(remote)).toMatchObject({ circuit: 'closed', online: true })
    expect(events).toEqual(['offline', 'online'])
  })

  it('lets a single request through to see, while others wait for what comes of it', async () => {
    await using remote = await startRemote({
      maxRetries: 0,
      circuitFailures: 2,
      circuitResetMs: 200,
      timeoutMs: 400,
    })
    const { backend, proxy } = remote
    proxy.freeze()
    await Promise.all([1, 2].map(() => failureOf(backend.getMemory('none'))))
    expect((await failureOf(backend.getMemory('none'))).message).toMatch(/left alone/)
    const before = proxy.requests
    const opened = performance.now()
    await expect.poll(() => performance.now() - opened, { interval: 20 }).toBeGreaterThan(220)
    const failures = await Promise.all([1, 2, 3, 4].map(() => failureOf(backend.getMemory('none'))))
    for (const { code } of failures) expect(code).toBe('MG_OFFLINE')
    expect(proxy.requests - before).toBe(1)
    proxy.thaw()
  })

  it('takes no notice of errors that are answers', async () => {
    await using remote = await startRemote({ circuitFailures: 2 })
    const { backend } = remote
    for (let n = 0; n < 5; n++) {
      expect((await failureOf(backend.executeQuery('SELECT nothing FROM nowhere'))).code).toBe('MG_QUERY')
    }
    expect(await statistics(remote)).toMatchObject({ circuit: 'closed', failed: 0, refused: 0 })
  })
})

async function remoteCounts(remote: Remote): Promise<{ failed: number; retried: number }> {
  const { failed, retried } = await statistics(remote)
  return { failed, retried }
}
