import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { TursoBackend, type TursoBackendOptions } from '../../../src/backends/turso/turso-backend.js'
import type { Memory, Row, SyncStatus } from '../../../src/index.js'
import { isWhole } from '../../support/kit-sample.js'
import { BEFORE_FAR_MS, FAR_MS } from '../../support/patience.js'
import { scratchFolder } from '../../support/scratch.js'
import { type Sqld, startSqld } from '../../support/sqld.js'
import { commandLine, expectGone, syncProcessesOf } from '../../support/sync-processes.js'
import { note } from '../remote/remote.js'

const WORKER = fileURLToPath(new URL('../../support/replica-worker.mjs', import.meta.url))

/** How long a new owner may take: far less than a write waits for one. */
const TAKE_OVER_MS = 15_000
/** By when a sync in the background waits, with an interval of a tenth of a second. */
const WAITING_MS = 500

function startWorker(what: string, options: TursoBackendOptions, ...more: string[]): ChildProcess {
  const child = spawn(process.execPath, [WORKER, what, JSON.stringify(options), ...more], {
    env: { ...process.env, RUST_LOG: 'trace', TURSO_AUTH_TOKEN: 'left-in-the-environment' },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** What a process wrote, and how it ended. */
async function ended(child: ChildProcess): Promise<{ code: number | null; stdout: string; stderr: string }> {
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (text) => {
    stdout += text
  })
  child.stderr?.on('data', (text) => {
    stderr += text
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}

/** A process that has a replica open and does what it is told. */
class Worker {
  readonly child: ChildProcess
  readonly pid: number
  readonly #waiting = new Map<number, (answer: { result?: unknown; error?: { message: string } }) => void>()
  #lastId = 0

  private constructor(child: ChildProcess) {
    this.child = child
    this.pid = child.pid as number
    if (!child.stdout) throw new Error('a worker speaks on stdout')
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { id, ...answer } = JSON.parse(line)
      this.#waiting.get(id)?.(answer)
    })
    child.once('close', () => {
      for (const settle of this.#waiting.values()) settle({ error: { message: 'the worker ended' } })
    })
  }

  static async start(options: TursoBackendOptions): Promise<Worker> {
    const worker = new Worker(startWorker('serve', options))
    await worker.#answer(0)
    return worker
  }

  async call<Result>(method: keyof TursoBackend, ...args: readonly unknown[]): Promise<Result> {
    const id = ++this.#lastId
    const answer = this.#answer(id)
    this.child.stdin?.write(`${JSON.stringify({ id, method, args })}\n`)
    return (await answer) as Result
  }

  owner(): Promise<SyncStatus['owner']> {
    return this.call<SyncStatus>('syncStatus').then(({ owner }) => owner)
  }

  /** Writes a memory and reads it. */
  async write(id: string): Promise<void> {
    await this.call('storeMemory', note(id, { id }))
    const memory = await this.call<Memory | null>('getMemory', id)
    if (memory?.id !== id) throw new Error(`${id} was stored and does not show`)
  }

  async kill(): Promise<void> {
    const closed = once(this.child, 'close')
    this.child.kill('SIGKILL')
    await closed
  }

  /** Lets it disconnect and end. */
  async end(): Promise<number | null> {
    const closed = once(this.child, 'close')
    this.child.stdin?.end()
    const [code] = (await closed) as [number | null]
    return code
  }

  #answer(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ result, error }) => {
        this.#waiting.delete(id)
        if (error) reject(new Error(error.message))
        else resolve(result)
      })
    })
  }
}

function optionsFor(
  sqld: Sqld,
  more: Omit<TursoBackendOptions, 'path'> = {},
): TursoBackendOptions & { path: string } {
  return { url: sqld.url, path: join(scratchFolder(), 'replica.db'), timeoutMs: FAR_MS, ...more }
}

/** Processes on one replica, of which the first owns the process that syncs. */
async function startOneThenOthers(options: TursoBackendOptions, others: number): Promise<Worker[]> {
  const first = await Worker.start(options)
  return [first, ...(await Promise.all(Array.from({ length: others }, () => Worker.start(options))))]
}

async function expectIntact(options: TursoBackendOptions): Promise<TursoBackend> {
  const backend = await TursoBackend.create(options)
  await backend.sync()
  expect(await backend.executeQuery('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
  return backend
}

describe('several processes on one replica', () => {
  it('agree on one owner, and each sees its own writes at once and those of the others after a sync', async () => {
    await using sqld = await startSqld()
    const options = optionsFor(sqld)
    const workers = await Promise.all([1, 2, 3].map(() => Worker.start(options)))
    const owners = await Promise.all(workers.map((worker) => worker.owner()))
    expect(new Set(owners.map((owner) => owner?.pid)).size).toBe(1)
    expect(owners.map((owner) => owner?.is_self)).toEqual(workers.map(({ pid }) => pid === owners[0]?.pid))
    expect(owners.filter((owner) => owner?.is_self)).toHaveLength(1)
    expect(workers.flatMap(({ pid }) => syncProcessesOf(pid))).toHaveLength(1)
    await Promise.all(
      workers.map(async (worker, at) => {
        for (let round = 0; round < 5; round++) await worker.write(`${at}-${round}`)
      }),
    )
    for (const worker of workers) {
      await worker.call('sync')
      const [row] = await worker.call<Row[]>('executeQuery', 'SELECT count(*) AS count FROM nodes')
      expect(row).toEqual({ count: 15 })
    }
    await Promise.all(workers.map((worker) => worker.end()))
  })

  it('go on when the owner is killed, one of them takes over in time, and none leaves a process behind', async () => {
    await using sqld = await startSqld()
    const options = optionsFor(sqld)
    const [first, second, third] = (await startOneThenOthers(options, 2)) as [Worker, Worker, Worker]
    expect(await third.owner()).toEqual({ pid: first.pid, is_self: false })
    const orphans = syncProcessesOf(first.pid)
    expect(orphans).toHaveLength(1)
    let isOver = false
    const writing = [second, third].map(async (worker, at) => {
      for (let round = 0; !isOver; round++) await worker.write(`${at}-${round}`)
    })
    await first.kill()
    const isOwned = async (): Promise<boolean> => {
      const owners = await Promise.all([second.owner(), third.owner()])
      return owners.every((owner) => owner?.pid === second.pid || owner?.pid === third.pid)
    }
    await expect.poll(isOwned, { interval: 20, timeout: TAKE_OVER_MS }).toBe(true)
    await second.write('after')
    isOver = true
    await Promise.all(writing)
    await expectGone(orphans)
    const [left, right] = await Promise.all([second.owner(), third.owner()])
    expect(left?.pid).toBe(right?.pid)
    const successors = [second, third].flatMap(({ pid }) => syncProcessesOf(pid))
    expect(successors).toHaveLength(1)
    await Promise.all([second.kill(), third.kill()])
    await expectGone(successors)
    await using backend = await expectIntact(options)
    expect(await backend.getMemory('after')).not.toBeNull()
  })

  it('go on when the owner leaves in order', async () => {
    await using sqld = await startSqld()
    const [first, second] = (await startOneThenOthers(optionsFor(sqld), 1)) as [Worker, Worker]
    const left = syncProcessesOf(first.pid)
    expect(await first.end()).toBe(0)
    await expectGone(left)
    await expect
      .poll(async () => (await second.owner())?.pid, { interval: 20, timeout: TAKE_OVER_MS })
      .toBe(second.pid)
    await second.write('second')
    await second.end()
  })

  it('go on when the process that syncs is killed, which is replaced', async () => {
    await using sqld = await startSqld()
    const workers = await startOneThenOthers(optionsFor(sqld), 1)
    const all = (): number[] => workers.flatMap(({ pid }) => syncProcessesOf(pid))
    const [killed] = all() as [number]
    const writing = workers.map(async (worker, at) => {
      for (let round = 0; round < 5; round++) await worker.write(`${at}-${round}`)
    })
    process.kill(killed, 'SIGKILL')
    await Promise.all(writing)
    await expectGone([killed])
    expect(all()).toHaveLength(1)
    expect(all()).not.toContain(killed)
    await Promise.all(workers.map((worker) => worker.end()))
  })

  it('sync in the background when any of them wants that', async () => {
    await using sqld = await startSqld()
    const options = optionsFor(sqld)
    const owner = await Worker.start({ ...options, syncIntervalSeconds: 0 })
    const joined = await Worker.start({ ...options, syncIntervalSeconds: 0.2 })
    await using other = await TursoBackend.create({ url: sqld.url, mode: 'remote' })
    await joined.call('sync')
    await other.storeMemory(note('theirs', { id: 'theirs' }))
    await expect
      .poll(() => joined.call<Memory | null>('getMemory', 'theirs'), { interval: 50 })
      .not.toBeNull()
    await Promise.all([owner.end(), joined.end()])
  })
})

describe('the process that syncs', () => {
  it('keeps secrets from its arguments, its environment and files, and others from its socket and lock', async () => {
    await using sqld = await startSqld({ withTokens: true })
    const token = sqld.token()
    const options = optionsFor(sqld, { authToken: token, encryptionKey: 'correct horse battery staple' })
    const worker = await Worker.start(options)
    await worker.write('something')
    const [pid] = syncProcessesOf(worker.pid) as [number]
    const shown = `${commandLine(pid)} ${readFileSync(`/proc/${pid}/environ`, 'latin1')}`
    for (const secret of [token, 'correct horse', 'left-in-the-environment', sqld.url])
      expect(shown).not.toContain(secret)
    for (const suffix of ['-sync.sock', '-sync-lock'])
      expect(statSync(`${options.path}${suffix}`).mode & 0o077, suffix).toBe(0)
    for (const name of readdirSync(dirname(options.path))) {
      const file = join(dirname(options.path), name)
      if (!statSync(file).isFile()) continue
      const bytes = readFileSync(file, 'latin1')
      for (const secret of [token, 'correct horse']) expect(bytes.includes(secret), name).toBe(false)
    }
    await worker.end()
  })

  it('says nothing on the output of the program, nor does the engine', async () => {
    await using sqld = await startSqld()
    const { code, stdout, stderr } = await ended(startWorker('speak', optionsFor(sqld)))
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'before\nafter\n', stderr: '' })
  })

  it('does not keep a program alive that forgets to disconnect', async () => {
    await using sqld = await startSqld()
    const child = startWorker('forget', optionsFor(sqld))
    const end = ended(child)
    await once(child.stdout as NodeJS.ReadableStream, 'data')
    const opened = performance.now()
    const orphans = syncProcessesOf(child.pid as number)
    const { code, stdout, stderr } = await end
    expect(performance.now() - opened).toBeLessThan(BEFORE_FAR_MS)
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'opened\n', stderr: '' })
    await expectGone(orphans)
  })

  it('does not keep a program alive that forgets to disconnect while the primary is frozen', async () => {
    await using sqld = await startSqld()
    const options = optionsFor(sqld)
    await (await TursoBackend.create(options)).disconnect()
    await sqld.freeze()
    const child = startWorker('forget', options)
    const end = ended(child)
    await once(child.stdout as NodeJS.ReadableStream, 'data')
    const opened = performance.now()
    expect(await end).toEqual({ code: 0, stdout: 'opened\n', stderr: '' })
    expect(performance.now() - opened).toBeLessThan(BEFORE_FAR_MS)
    sqld.thaw()
  })

  it('does not keep a program alive whose sync in the background waits for a primary that froze', async () => {
    await using sqld = await startSqld()
    const child = startWorker('forget', { ...optionsFor(sqld), syncIntervalSeconds: 0.1 }, 'until told')
    const end = ended(child)
    await once(child.stdout as NodeJS.ReadableStream, 'data')
    await sqld.freeze()
    await delay(WAITING_MS)
    child.stdin?.end()
    const told = performance.now()
    expect(await end).toEqual({ code: 0, stdout: 'opened\n', stderr: '' })
    expect(performance.now() - told).toBeLessThan(BEFORE_FAR_MS)
    sqld.thaw()
  })

  it('keeps a program alive that waits for a sync, also behind one in the background', async () => {
    await using sqld = await startSqld()
    await using other = await TursoBackend.create({ url: sqld.url, mode: 'remote' })
    await other.storeMemories(Array.from({ length: 1_000 }, (_, at) => note(`Note ${at}`)))
    const options = optionsFor(sqld)
    await (await TursoBackend.create(options)).disconnect()
    await other.storeMemories(Array.from({ length: 1_000 }, (_, at) => note(`More ${at}`)))
    expect(await ended(startWorker('sync', options))).toEqual({ code: 0, stdout: 'synced\n', stderr: '' })
  })

  it('is started again when it is killed before it can say anything', async () => {
    await using sqld = await startSqld()
    const options = optionsFor(sqld)
    const child = startWorker('forget', options)
    const end = ended(child)
    let starting: number[] = []
    while (starting.length === 0) {
      await delay(2)
      starting = syncProcessesOf(child.pid as number)
    }
    process.kill(starting[0] as number, 'SIGKILL')
    expect(await end).toEqual({ code: 0, stdout: 'opened\n', stderr: '' })
    await expectIntact(options).then((backend) => backend.disconnect())
  })
})

describe('a program that exits in the middle', () => {
  it.each(isWhole ? [200, 350, 600] : [200, 600])(
    'of a sync, after %i ms, leaves a replica that goes on',
    async (milliseconds) => {
      await using sqld = await startSqld()
      await using other = await TursoBackend.create({ url: sqld.url, mode: 'remote' })
      const content = 'x'.repeat(4_000)
      await other.storeMemories(
        Array.from({ length: 1_000 }, (_, at) => note(`Note ${at}`, { id: `${at}`, content })),
      )
      const options = optionsFor(sqld)
      const { code, stderr } = await ended(startWorker('leave', options, String(milliseconds)))
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      await using backend = await expectIntact(options)
      expect(await backend.getMemories(['0', '999'])).toHaveLength(2)
      const here = (await backend.getMemoryStatistics()).total_memories.count
      expect(here).toBe((await other.getMemoryStatistics()).total_memories.count)
      await backend.storeMemory(note('after', { id: 'after' }))
      expect(await backend.getMemory('after')).not.toBeNull()
      expect((await backend.healthCheck()).warnings).toEqual([])
    },
  )
})
