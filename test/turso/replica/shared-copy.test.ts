import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { TursoBackend, type TursoBackendOptions } from '../../../src/backends/turso/turso-backend.js'
import { BEFORE_FAR_MS, BY_SHORT_MS, FAR_MS } from '../../support/patience.js'
import { scratchFolder } from '../../support/scratch.js'
import { startSqld } from '../../support/sqld.js'
import { syncProcessesOf } from '../../support/sync-processes.js'
import { failureOf, millisecondsOf, note } from '../remote/remote.js'

const TIMEOUT_MS = 3_000

function optionsFor(url: string, path = join(scratchFolder(), 'replica.db')): TursoBackendOptions {
  return { url, path, timeoutMs: FAR_MS }
}

function setAsides(path: string | undefined): string[] {
  return readdirSync(dirname(path as string)).filter((name) => /\.set-aside-[\dTZ-]+$/.test(name))
}

/** Stops the process that syncs for a backend of this process, until the test ends. */
function stopSyncProcess(): () => void {
  const [pid] = syncProcessesOf(process.pid) as [number]
  process.kill(pid, 'SIGSTOP')
  const go = (): void => {
    try {
      process.kill(pid, 'SIGCONT')
    } catch {
      // it has ended
    }
  }
  onTestFinished(go)
  return go
}

describe('two backends on one copy', () => {
  it('both write on when one of them has made it anew', async () => {
    await using sqld = await startSqld()
    const options = optionsFor(sqld.url)
    await using one = await TursoBackend.create(options)
    await using other = await TursoBackend.create(options)
    await one.storeMemory(note('before'))
    await sqld.wipe()
    await using primary = await TursoBackend.create({ url: sqld.url, mode: 'remote' })
    await primary.storeMemory(note('anew', { id: 'anew' }))
    await one.sync()
    await other.storeMemory(note('theirs', { id: 'theirs' }))
    expect(await one.getMemories(['anew', 'theirs'])).toHaveLength(2)
    await one.storeMemory(note('ours', { id: 'ours' }))
    expect(await other.getMemory('ours')).not.toBeNull()
    expect(setAsides(options.path)).toHaveLength(1)
  })

  it('both hear of it once when it was made anew', async () => {
    await using sqld = await startSqld()
    const options = optionsFor(sqld.url)
    await using one = await TursoBackend.create(options)
    await using other = await TursoBackend.create(options)
    for (const backend of [one, other]) await backend.sync() // what connecting began is done then
    const heard: string[] = []
    one.on('sync-error', ({ code }) => heard.push(`one ${code}`))
    other.on('sync-error', ({ code }) => heard.push(`other ${code}`))
    await sqld.wipe()
    await (await TursoBackend.create({ url: sqld.url, mode: 'remote' })).disconnect()
    await one.sync()
    await other.sync()
    expect(heard.sort()).toEqual(['one MG_DIVERGED', 'other MG_DIVERGED'])
    await using late = new TursoBackend(options)
    late.on('sync-error', ({ code }) => heard.push(`late ${code}`))
    await late.connect()
    await late.sync()
    expect(heard).toHaveLength(2)
    expect((await late.healthCheck()).warnings.join()).toContain('set-aside')
  })

  it('cannot follow two primaries: the second is refused, and the copy stays', async () => {
    await using first = await startSqld()
    await using second = await startSqld()
    await (await TursoBackend.create({ url: second.url, mode: 'remote' })).disconnect()
    const options = optionsFor(first.url)
    await using backend = await TursoBackend.create(options)
    await backend.storeMemory(note('here', { id: 'here' }))
    const failure = await failureOf(TursoBackend.create(optionsFor(second.url, options.path)))
    expect(failure).toMatchObject({ code: 'MG_CONFIGURATION' })
    expect(failure.message).toContain(first.url)
    await backend.sync()
    expect(await backend.getMemory('here')).not.toBeNull()
    expect(setAsides(options.path)).toEqual([])
  })
})

describe('a process that syncs and is stopped', () => {
  it('does not keep others from connecting, reading and leaving', async () => {
    await using sqld = await startSqld()
    const options = optionsFor(sqld.url)
    const owner = await TursoBackend.create(options)
    await owner.storeMemory(note('stored', { id: 'stored' }))
    const go = stopSyncProcess()
    const backend = new TursoBackend(options)
    expect(await millisecondsOf(() => backend.connect())).toBeLessThan(BEFORE_FAR_MS)
    expect(await backend.getMemory('stored')).not.toBeNull()
    const syncing = failureOf(backend.sync())
    expect(await millisecondsOf(() => backend.disconnect())).toBeLessThan(BEFORE_FAR_MS)
    await syncing
    go()
    await owner.sync()
    expect(await millisecondsOf(() => owner.disconnect())).toBeLessThan(BEFORE_FAR_MS)
  })

  it('is an error by the deadline where there is no copy to go on with', async () => {
    await using sqld = await startSqld()
    const options = optionsFor(sqld.url)
    await using owner = new TursoBackend(options)
    await owner.connect()
    stopSyncProcess()
    const took = await millisecondsOf(async () => {
      expect(await failureOf(TursoBackend.create({ ...options, timeoutMs: TIMEOUT_MS }))).toMatchObject({
        code: 'MG_SYNC',
        message: expect.stringMatching(/does not react, as if it were stopped/),
      })
    })
    expect(took).toBeLessThan(BY_SHORT_MS)
  })

  it('at its start holds nobody longer than the deadline, nor disconnect()', async () => {
    await using sqld = await startSqld()
    const backend = await TursoBackend.create({ ...optionsFor(sqld.url), timeoutMs: TIMEOUT_MS })
    const [running] = syncProcessesOf(process.pid) as [number]
    process.kill(running, 'SIGKILL')
    const failing = failureOf(backend.sync())
    let starting: number[] = []
    while (starting.length === 0) {
      await delay(2)
      starting = syncProcessesOf(process.pid).filter((pid) => pid !== running)
    }
    process.kill(starting[0] as number, 'SIGSTOP')
    const took = await millisecondsOf(async () => {
      expect((await failing).code).toMatch(/^MG_(SYNC|OFFLINE)$/)
    })
    expect(took).toBeLessThan(BY_SHORT_MS)
    expect(await millisecondsOf(() => backend.disconnect())).toBeLessThan(BEFORE_FAR_MS)
  })
})
