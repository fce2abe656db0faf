import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { TursoBackend } from '../../src/index.js'
import { scratchFolder } from '../support/scratch.js'
import { type Sqld, startSqld } from '../support/sqld.js'

const SECONDS = 120
const WARM_UP_SECONDS = 20
const WRITE_EVERY_MS = 500
const FILLED = 1_000
/** 8 hours, a sync each 300 seconds. */
const LEAST_SYNCS = 96
const MEGABYTE = 1024 * 1024
const HEAP_GROWTH = 5 * MEGABYTE
const APPLICATION_GROWTH = 20 * MEGABYTE
/** Nothing makes this one collect its garbage. */
const SYNC_PROCESS_GROWTH = 40 * MEGABYTE
/** The engine starts its log anew when it is longer than 1,000 pages; a primary that was killed sends everything again at once. */
const LOG_BYTES = 16 * MEGABYTE

/** An application that keeps a replica; for each line it collects its garbage and says how many syncs there were. */
const APPLICATION = `
import { createInterface } from 'node:readline'
import { TursoBackend } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)}
const backend = await TursoBackend.create(JSON.parse(process.argv[1]))
const counts = { syncs: 0, failures: 0 }
backend.on('sync', () => counts.syncs++).on('sync-error', () => counts.failures++)
console.log('ready')
for await (const _ of createInterface({ input: process.stdin })) {
  for (let times = 0; times < 3; times++) {
    globalThis.gc()
    await new Promise(setImmediate)
  }
  const heap = process.memoryUsage().heapUsed
  console.log(JSON.stringify({ ...counts, heap, memories: (await backend.getMemoryStatistics()).total_memories.count }))
}
await backend.disconnect()`

/** The engine of JavaScript makes room for young objects in steps of megabytes when it is busy: here it may not. */
const FLAGS = ['--expose-gc', '--max-semi-space-size=1']

type Counts = {
  readonly syncs: number
  readonly failures: number
  readonly heap: number
  readonly memories: number
}
type Sizes = {
  readonly children: number
  readonly handles: number
  readonly childHandles: number
  readonly memory: number
  readonly childMemory: number
  readonly log: number
}

class Application {
  readonly child: ChildProcess
  readonly #lines: AsyncIterator<string>
  readonly #path: string

  constructor(options: { readonly path: string; readonly [option: string]: unknown }) {
    this.#path = options.path
    const script = ['--input-type=module', '-e', APPLICATION, JSON.stringify(options)]
    const child = spawn(process.execPath, [...FLAGS, ...script], { stdio: ['pipe', 'pipe', 'inherit'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    this.child = child
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  }

  async ready(): Promise<void> {
    await this.#lines.next()
  }

  async counts(): Promise<Counts> {
    this.child.stdin?.write('\n')
    return JSON.parse((await this.#lines.next()).value) as Counts
  }

  sizes(): Sizes {
    const pid = this.child.pid ?? 0
    const children = childrenOf(pid)
    const [child = 0] = children
    return {
      children: children.length,
      handles: handlesOf(pid),
      childHandles: handlesOf(child),
      memory: memoryOf(pid),
      childMemory: memoryOf(child),
      log: statSync(`${this.#path}-wal`).size,
    }
  }
}

function childrenOf(pid: number): number[] {
  const listed = execFileSync('ps', ['--ppid', String(pid), '-o', 'pid='], { encoding: 'utf8' })
  return listed.trim().split(/\s+/).map(Number)
}

function handlesOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}

/** What a process holds in memory, without the pages of files that it has mapped. */
function memoryOf(pid: number): number {
  const [, kilobytes] = /^RssAnon:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) * 1024
}

/** Another client that writes now and then, until it is told to stop; while the primary is away nothing is written. */
function writeNowAndThen(url: string): { stop(): Promise<number> } {
  let stopped = false
  const written = (async (): Promise<number> => {
    const backend = await TursoBackend.create({ url, mode: 'remote', timeoutMs: 1_000, circuitResetMs: 100 })
    let count = 0
    while (!stopped) {
      const input = { type: 'general', title: `Written ${count}`, content: 'x'.repeat(500) } as const
      await backend.storeMemory(input).then(
        () => count++,
        () => undefined,
      )
      await delay(WRITE_EVERY_MS)
    }
    await backend.disconnect()
    return count
  })()
  return {
    stop: () => {
      stopped = true
      return written
    },
  }
}

async function restart(sqld: Sqld): Promise<void> {
  await sqld.kill()
  await delay(1_000)
  await sqld.restart()
}

it('syncs as many as in 8 hours leave no handle, process, memory or log behind', async () => {
  await using sqld = await startSqld()
  const path = join(scratchFolder(), 'replica.db')
  const filling = await TursoBackend.create({ url: sqld.url, mode: 'remote' })
  const content = 'x'.repeat(500)
  await filling.storeMemories(
    Array.from({ length: FILLED }, (_, at) => ({ type: 'general', title: `Memory ${at}`, content })),
  )
  await filling.disconnect()

  const application = new Application({ url: sqld.url, path, syncIntervalSeconds: 0.1, circuitResetMs: 100 })
  await application.ready()
  const writing = writeNowAndThen(sqld.url)
  await delay(WARM_UP_SECONDS * 1000)
  const before = await application.counts()
  const first = application.sizes()
  const logs: number[] = []
  for (let part = 0; part < 4; part++) {
    await delay(((SECONDS - WARM_UP_SECONDS) * 1000) / 4)
    if (part === 0 || part === 2) await restart(sqld)
    logs.push(application.sizes().log)
  }
  const written = await writing.stop()
  await expect
    .poll(async () => (await application.counts()).memories, { timeout: 20_000 })
    .toBeGreaterThanOrEqual(FILLED + written)
  const after = await application.counts()
  const last = application.sizes()
  console.log({ before, after, first, last, logs })

  expect(after.syncs - before.syncs).toBeGreaterThan(LEAST_SYNCS)
  expect([first.children, last.children]).toEqual([1, 1])
  expect(last.handles).toBeLessThanOrEqual(first.handles)
  expect(last.childHandles).toBeLessThanOrEqual(first.childHandles)
  expect(after.heap - before.heap).toBeLessThan(HEAP_GROWTH)
  expect(last.memory - first.memory).toBeLessThan(APPLICATION_GROWTH)
  expect(last.childMemory - first.childMemory).toBeLessThan(SYNC_PROCESS_GROWTH)
  expect(Math.max(...logs, last.log)).toBeLessThan(LOG_BYTES)
})
