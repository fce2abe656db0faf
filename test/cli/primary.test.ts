import { closeSync, cpSync, existsSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TursoBackendOptions } from '../../src/index.js'
import { letGo } from '../support/let-go.js'
import { BEFORE_FAR_MS } from '../support/patience.js'
import { type Sqld, startSqld } from '../support/sqld.js'
import { startProxy, type TcpProxy } from '../support/tcp-proxy.js'
import { folder, path, useCliFolder } from './cli-folder.js'
import { type CliResult, runCli } from './run-cli.js'
import { runInProcess } from './run-in-process.js'
import { withGraph } from './with-graph.js'

let sqld: Sqld
let proxy: TcpProxy

beforeAll(async () => {
  sqld = await startSqld({ withTokens: true })
})

afterAll(() => sqld[Symbol.asyncDispose]())

useCliFolder()

beforeEach(async () => {
  proxy = await startProxy(sqld)
})

afterEach(() => proxy.close())

type Env = Readonly<Record<string, string>>
/** The words of a command, or a line of them. */
type Line = string | readonly string[]
type Mode = 'replica' | 'remote' | 'local'

const TIMEOUT_S = 1
const SECRET_KEY = 'a-very-secret-key'
const NOTE = ['store', '--type', 'fix', '--title', 'Cap retries', '--content', 'Three, with jitter.']

function envOf(mode: Mode): Env {
  return {
    MEMORY_BACKEND: 'turso',
    MEMORY_TURSO_MODE: mode,
    ...(mode !== 'local' && {
      MEMORYGRAPH_TURSO_URL: proxy.url,
      MEMORYGRAPH_TURSO_TOKEN: sqld.token(),
      TURSO_CONNECTION_TIMEOUT: String(TIMEOUT_S),
    }),
    ...(mode !== 'remote' && { MEMORY_TURSO_PATH: path }),
  }
}

/** Runs a command in this process, which then has no file open any more. */
async function cli(line: Line, env: Env): Promise<CliResult> {
  const result = await runInProcess(parametersOf(line), { env })
  await letGo()
  return checked(result, env)
}

/** Runs a command in a process of its own, which ends. */
async function cliApart(line: Line, env: Env): Promise<CliResult> {
  return checked(await runCli(parametersOf(line), { env }), env)
}

function parametersOf(line: Line): readonly string[] {
  return typeof line === 'string' ? line.split(' ') : line
}

/** A result, in which nothing secret may show. */
function checked(result: CliResult, env: Env): CliResult {
  const printed = result.stdout + result.stderr
  for (const secret of [env['MEMORYGRAPH_TURSO_TOKEN'], env['MEMORY_TURSO_ENCRYPTION_KEY']]) {
    if (secret !== undefined) expect(printed).not.toContain(secret)
  }
  expect(printed).not.toMatch(/^ +at /m)
  return result
}

async function json(line: string, env: Env): Promise<unknown> {
  const { stdout, stderr, code } = await cli(`${line} --json`, env)
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout)
}

async function store(env: Env): Promise<string> {
  const { stdout, stderr, code } = await cli(NOTE, env)
  expect([code, stderr]).toEqual([0, ''])
  return stdout.trim()
}

/** What others store, not through the command line. */
function storeElsewhere(options: TursoBackendOptions): Promise<string> {
  const memory = { type: 'fix', title: 'Cap retries', content: 'Three, with jitter.' } as const
  return withGraph(options, (graph) => graph.storeMemory(memory))
}

/** Resolves to how long some work took, in milliseconds. */
async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

describe('sync', () => {
  it('brings what others wrote, and says how much that was', async () => {
    const replica = envOf('replica')
    const first = await cliApart('sync', replica)
    expect(first).toMatchObject({ code: 0, stderr: expect.stringContaining('fetched before') })
    expect(first.stdout).toMatch(/^frames {4}\d+\nposition {2}\d+\ntook {6}[\d.]+ (ms|s)\n$/)

    const id = await store(envOf('remote'))
    const report = await json('sync', replica)
    expect(report).toEqual({
      frames_synced: expect.any(Number),
      frame_no: expect.any(Number),
      duration_ms: expect.any(Number),
    })
    expect((report as { frames_synced: number }).frames_synced).toBeGreaterThan(0)
    expect(await json('sync', replica)).toMatchObject({ frames_synced: 0 })
    proxy.refuse()
    proxy.cut()
    expect(await json(`get ${id}`, replica)).toMatchObject({ title: 'Cap retries' })
  })

  it.each(['remote', 'local'] as const)('is refused in %s mode, with what to set', async (mode) => {
    const result = await cli('sync', envOf(mode))
    expect(result).toMatchObject({ code: 1, stdout: '' })
    expect(result.stderr).toMatch(/no local copy.*MEMORY_TURSO_PATH.*\[MG_NOT_SUPPORTED\]\n$/)
  })

  it('names promote for a file that is no local copy', async () => {
    await storeElsewhere({ path })
    const result = await cli('sync', envOf('replica'))
    expect(result).toMatchObject({ code: 2, stdout: '' })
    expect(result.stderr).toMatch(/memorygraph-turso promote.*\[MG_CONFIGURATION\]\n$/)
  })
})

describe('a URL alone, with --path', () => {
  it('is a local copy with the key and the settings of the environment', async () => {
    const env = {
      MEMORY_BACKEND: 'turso',
      MEMORYGRAPH_TURSO_URL: proxy.url,
      MEMORYGRAPH_TURSO_TOKEN: sqld.token(),
      MEMORY_TURSO_ENCRYPTION_KEY: SECRET_KEY,
      MEMORY_TURSO_SYNC_INTERVAL: '60',
    }
    expect(await json(`health --path ${path}`, env)).toMatchObject({
      mode: 'embedded_replica',
      sync_interval: 60,
      warnings: [],
    })
    expect(headerOf(path)).not.toContain('SQLite format 3')
  })
})

function headerOf(file: string): string {
  const header = Buffer.alloc(16)
  const opened = openSync(file, 'r')
  readSync(opened, header, 0, header.length, 0)
  closeSync(opened)
  return header.toString('latin1')
}

describe('sync-status', () => {
  it('shows a replica: mode, primary, last sync, position, owner', async () => {
    const replica = envOf('replica')
    await cli('sync', replica)
    expect(await json('sync-status', replica)).toEqual({
      mode: 'embedded_replica',
      primary_url: proxy.url,
      enabled: true,
      online: true,
      last_sync_at: expect.stringMatching(/^\d{4}-.*\+00:00$/),
      last_sync_error: null,
      frame_no: expect.any(Number),
      owner: { pid: expect.any(Number), is_self: true },
      pending_writes: 0,
      lag_ms: expect.any(Number),
    })
    const { stdout, stderr, code } = await cli('sync-status', replica)
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^mode +embedded_replica$/m)
    expect(stdout).toContain(`primary         ${proxy.url}\n`)
    expect(stdout).toMatch(/^online +yes$/m)
    expect(stdout).toMatch(/^last sync +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, [\d.]+ (ms|s) ago$/m)
    expect(stdout).toMatch(/^position +\d+$/m)
    expect(stdout).toMatch(/^synced by +process \d+ \(this one\)$/m)
    expect(stdout).toMatch(/^pending writes +0$/m)
  })

  it('syncs nothing', async () => {
    const replica = envOf('replica')
    await cli('sync', replica)
    const before = await json('sync-status', replica)
    await storeElsewhere({ url: sqld.url, authToken: sqld.token(), mode: 'remote' })
    const after = await json('sync-status', replica)
    const position = (status: unknown): unknown => (status as { frame_no: unknown }).frame_no
    expect(position(after)).toBe(position(before))
  })

  it('says of the other modes why there is nothing to sync', async () => {
    const remote = await cliApart('sync-status', envOf('remote'))
    expect(remote.stdout).toMatch(/^mode +remote\nprimary +http.*\nonline +yes\nsync +none: every call/)
    expect(await json('sync-status', envOf('remote'))).toMatchObject({
      enabled: false,
      online: true,
      primary_url: proxy.url,
    })
    const local = await cli('sync-status', envOf('local'))
    expect(local).toEqual({ code: 0, stdout: 'mode  local\nsync  none: there is no primary\n', stderr: '' })
  })
})

describe('health', () => {
  it('shows how a replica follows its primary, and how the requests fare', async () => {
    const replica = { ...envOf('replica'), TURSO_POOL_SIZE: '2' }
    const { stdout, stderr, code } = await cli('health', replica)
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^status +healthy\nbackend +turso \(embedded_replica\)\nprimary +http/)
    for (const name of ['online', 'last sync', 'position', 'synced by', 'pending writes', 'requests']) {
      expect(stdout).toMatch(new RegExp(`^${name}  `, 'm'))
    }
    expect(stdout).toMatch(/^requests +\d+, failed 0, retried 0, refused 0$/m)
    expect(stdout).toMatch(/^circuit +closed$/m)
    expect(await json('health', replica)).toMatchObject({
      mode: 'embedded_replica',
      sync_url: proxy.url,
      primary: { circuit: 'closed', online: true },
      sync: { online: true, lag_ms: expect.any(Number), owner: { is_self: true } },
    })
  })

  it('shows a remote primary, and nothing of one in local mode', async () => {
    const remote = await cli('health', { ...envOf('remote'), MEMORY_TURSO_PATH: path })
    expect(remote.code).toBe(0)
    expect(remote.stdout).toMatch(/^online +yes$/m)
    expect(remote.stdout).toMatch(/^warning +MEMORY_TURSO_PATH: .*without effect/m)
    expect(remote.stdout).not.toMatch(/^(last sync|synced by|position)/m)
    const local = await cli('health', envOf('local'))
    expect(local.code).toBe(0)
    expect(local.stdout).not.toMatch(/^(primary|online|requests|circuit|last sync)/m)
  })
})

describe('while the primary does not answer', () => {
  it('a local copy is read, everything else fails by its deadline, and all processes end', async () => {
    const replica = envOf('replica')
    const id = await store(replica)
    proxy.freeze()
    const files = readdirSync(folder).filter((name) => !name.includes('-sync.')) // but for whose turn it is to sync
    const commands: [line: Line, code: number][] = [
      ['sync', 1],
      [NOTE, 1],
      [`get ${id}`, 0],
      ['health', 0],
      ['sync-status', 0],
    ]
    const run = async ([line, code]: (typeof commands)[number], at: number): Promise<void> => {
      const copy = join(folder, String(at), 'memory.db')
      for (const file of files) cpSync(join(folder, file), join(folder, String(at), file))
      const took = await timeOf(async () => {
        const result = await cliApart(line, { ...replica, MEMORY_TURSO_PATH: copy })
        expect([line, result.code]).toEqual([line, code])
        if (code === 1) expect(result.stderr).toMatch(/^error: .*\[MG_(OFFLINE|UNCERTAIN)\]$/m)
        if (line === 'sync-status') expect(result.stdout).toMatch(/^online +no$/m)
      })
      expect(took).toBeLessThan(BEFORE_FAR_MS)
    }
    await Promise.all(commands.map(run))
  })

  it.each(['remote', 'replica'] as const)('without a local copy %s fails by its deadline', async (mode) => {
    proxy.freeze()
    const run = async (line: string): Promise<void> => {
      const own = mode === 'replica' ? { MEMORY_TURSO_PATH: `${path}-${line}` } : {}
      const took = await timeOf(async () => {
        const result = await cliApart(line, { ...envOf(mode), ...own })
        expect(result).toMatchObject({ code: 1, stdout: '' })
        expect(result.stderr).toMatch(/^error: .*does not answer.*\[MG_OFFLINE\]\n$/)
      })
      expect(took).toBeLessThan(BEFORE_FAR_MS)
    }
    await Promise.all(['stats', 'health', 'sync-status'].map(run))
  })

  it('where nobody listens it fails at once', async () => {
    proxy.refuse()
    const result = await cliApart('sync', envOf('replica'))
    expect(result).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('[MG_OFFLINE]') })
    expect(existsSync(path)).toBe(false)
  })
})

describe('a token that is wrong', () => {
  it.each(['remote', 'replica'] as const)('is refused at once, and not repeated: %s', async (mode) => {
    const MEMORYGRAPH_TURSO_TOKEN = 'a-very-secret-token'
    for (const line of ['sync', 'sync-status', 'health', 'sync --json']) {
      const result = await cli(line, { ...envOf(mode), MEMORYGRAPH_TURSO_TOKEN })
      expect(result).toMatchObject({ code: 1, stdout: '' })
      expect(result.stderr).toContain('MG_AUTH')
      expect(result.stderr).toContain('MEMORYGRAPH_TURSO_TOKEN')
    }
  })
})
