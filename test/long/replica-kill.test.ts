import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { TursoBackend } from '../../src/index.js'
import { scratchFolder } from '../support/scratch.js'
import { startSqld } from '../support/sqld.js'

const MEMORIES = 20_000
const CHANGED = 10_000
const CHANGED_AT_A_TIME = 1_000
const ROUNDS = 10
const GONE_MS = 3_000
const SYNCED_MS = 60_000

/** An application that opens a replica, syncs it, says so and goes on. */
const APPLICATION = `
import { TursoBackend } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)}
const backend = await TursoBackend.create(JSON.parse(process.argv[1]))
await backend.sync()
console.log('synced')
process.stdin.once('end', () => backend.disconnect()).resume()`

const COUNTS = `SELECT (SELECT count(*) FROM nodes) AS nodes, (SELECT count(*) FROM mg_text) AS texts,
  (SELECT count(*) FROM mg_memory) AS memories, (SELECT max(seq) FROM mg_change) AS changes,
  (SELECT count(*) FROM nodes WHERE properties ->> '$.title' = :title) AS titled`

type Options = { readonly url: string; readonly path: string }
type Application = { readonly child: ChildProcess; readonly synced: Promise<boolean>; isSynced(): boolean }
type Victim = 'the application' | 'its sync process'

function start(options: Options): Application {
  const child = spawn(process.execPath, ['--input-type=module', '-e', APPLICATION, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let isSynced = false
  const synced = new Promise<boolean>((resolve) => {
    child.stdout?.on('data', () => {
      isSynced = true
      resolve(true)
    })
    child.once('close', () => resolve(isSynced))
  })
  return { child, synced, isSynced: () => isSynced }
}

function childrenOf(pid: number | undefined): number[] {
  const { pid: ps, stdout } = spawnSync('ps', ['--ppid', String(pid), '-o', 'pid='], { encoding: 'utf8' })
  return (stdout.match(/\d+/g) ?? []).map(Number).filter((child) => child !== ps)
}

/** Whether a process runs; one that ended and that nobody has asked after does not. */
function isRunning(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}

async function syncProcessOf({ child }: Application): Promise<number> {
  for (;;) {
    const [pid] = childrenOf(child.pid)
    if (pid !== undefined) return pid
    expect(child.exitCode, 'the application runs').toBeNull()
    await delay(2)
  }
}

/** How long a sync takes that nobody disturbs, from the start of the sync process. */
async function durationOf(options: Options): Promise<number> {
  const application = start(options)
  await syncProcessOf(application)
  const began = performance.now()
  expect(await application.synced).toBe(true)
  const taken = performance.now() - began
  await end(application)
  return taken
}

async function end({ child }: Application): Promise<void> {
  const ended = once(child, 'close')
  child.stdin?.end()
  await ended
}

/** Kills one of the two after a while, sees to it that both end, and tells whether that was during the sync. */
async function killDuring(options: Options, victim: Victim, afterMs: number): Promise<boolean> {
  const application = start(options)
  const { child } = application
  const syncProcess = await syncProcessOf(application)
  await delay(afterMs)
  const wasDuring = !application.isSynced()
  const pids = [syncProcess]
  if (victim === 'the application') {
    const ended = once(child, 'close')
    child.kill('SIGKILL')
    await ended
  } else {
    process.kill(syncProcess, 'SIGKILL')
    expect(await Promise.race([application.synced, delay(SYNCED_MS)]), 'it goes on with another').toBe(true)
    pids.push(...childrenOf(child.pid))
    await end(application)
    expect(child.exitCode).toBe(0)
  }
  await expect.poll(() => pids.filter(isRunning), { timeout: GONE_MS }).toEqual([])
  return wasDuring
}

/** That a new backend opens what is left, syncs, and holds what the primary holds. */
async function expectSound(options: Options, title: string): Promise<void> {
  const primary = await TursoBackend.create({ url: options.url, mode: 'remote' })
  const replica = await TursoBackend.create(options)
  await replica.sync()
  const expected = await primary.executeQuery(COUNTS, { title })
  expect(await replica.executeQuery(COUNTS, { title })).toEqual(expected)
  expect(await replica.executeQuery('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
  await primary.disconnect()
  await replica.disconnect()
}

async function change(url: string, title: string): Promise<void> {
  const backend = await TursoBackend.create({ url, mode: 'remote' })
  for (let from = 0; from < CHANGED; from += CHANGED_AT_A_TIME) {
    await backend.executeWriteQuery(
      `UPDATE nodes SET properties = json_set(properties, '$.title', :title)
       WHERE id IN (SELECT id FROM nodes ORDER BY id LIMIT ${CHANGED_AT_A_TIME} OFFSET ${from})`,
      { title },
    )
  }
  await backend.disconnect()
}

async function fill(url: string): Promise<void> {
  const backend = await TursoBackend.create({ url, mode: 'remote' })
  const content = 'What is remembered of this, at some length. '.repeat(10)
  await backend.storeMemories(
    Array.from({ length: MEMORIES }, (_, at) => ({ type: 'general', title: `Memory ${at}`, content })),
  )
  await backend.disconnect()
}

const victimOf = (round: number): Victim => (round % 2 === 0 ? 'the application' : 'its sync process')
const momentOf = (round: number, whole: number): number => ((round + 0.5) / ROUNDS) * whole

it('kill -9 of the application and of its sync process, 20 times: what is left opens, syncs and is sound', async () => {
  await using sqld = await startSqld({ flags: ['--max-log-size', '4000'] })
  const { url } = sqld
  const folder = scratchFolder()
  await fill(url)
  const own = childrenOf(process.pid)
  let killedDuring = 0

  const initial = await durationOf({ url, path: join(folder, 'undisturbed.db') })
  for (let round = 0; round < ROUNDS; round++) {
    const options = { url, path: join(folder, `initial-${round}.db`) }
    if (await killDuring(options, victimOf(round), momentOf(round, initial))) killedDuring++
    await expectSound(options, 'Memory 1')
  }

  const options = { url, path: join(folder, 'undisturbed.db') }
  await change(url, 'Undisturbed')
  const incremental = await durationOf(options)
  for (let round = 0; round < ROUNDS; round++) {
    const title = `Round ${round}`
    await change(url, title)
    if (await killDuring(options, victimOf(round), momentOf(round, incremental))) killedDuring++
    await expectSound(options, title)
  }
  console.log(`${killedDuring} of ${2 * ROUNDS} kills came during a sync`)
  expect(killedDuring).toBeGreaterThan(ROUNDS)
  expect(readdirSync(folder).filter((name) => name.includes('set-aside'))).toEqual([])
  expect(childrenOf(process.pid)).toEqual(own)
})
