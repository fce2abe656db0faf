import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { printPromote } from '../../src/cli/commands/promote.js'
import type { TursoBackendOptions } from '../../src/index.js'
import { letGo } from '../support/let-go.js'
import { BEFORE_FAR_MS } from '../support/patience.js'
import { type Sqld, startSqld } from '../support/sqld.js'
import { startProxy } from '../support/tcp-proxy.js'
import { path, useCliFolder } from './cli-folder.js'
import { type CliResult, runCli } from './run-cli.js'
import { runInProcess } from './run-in-process.js'
import { withGraph } from './with-graph.js'

let sqld: Sqld
let token: string

useCliFolder()

beforeEach(async () => {
  sqld = await startSqld({ withTokens: true })
  token = sqld.token()
})

afterEach(() => sqld[Symbol.asyncDispose]())

type Env = Readonly<Record<string, string>>

function local(): Env {
  return { MEMORY_BACKEND: 'turso', MEMORY_TURSO_PATH: path }
}

function replica(): Env {
  return { ...local(), MEMORYGRAPH_TURSO_URL: sqld.url, MEMORYGRAPH_TURSO_TOKEN: token }
}

/** Runs a command in this process, which then has no file open any more. */
async function cli(parameters: readonly string[], env: Env): Promise<CliResult> {
  const result = await runInProcess(parameters, { env })
  await letGo()
  expect(result.stdout + result.stderr).not.toContain(token)
  return result
}

async function json(parameters: readonly string[], env: Env): Promise<Record<string, unknown>> {
  const { stdout, stderr, code } = await cli([...parameters, '--json'], env)
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout)
}

function onPrimary(): TursoBackendOptions {
  return { url: sqld.url, authToken: token, mode: 'remote' }
}

function memory(id: string, title: string) {
  return { id, type: 'fix', title, content: 'c' } as const
}

function store(options: TursoBackendOptions, id: string, title: string): Promise<string> {
  return withGraph(options, (graph) => graph.storeMemory(memory(id, title)))
}

async function titleOf(options: TursoBackendOptions, id: string): Promise<string | undefined> {
  return (await withGraph(options, (graph) => graph.getMemory(id)))?.title
}

describe('promote', () => {
  beforeEach(() =>
    withGraph({ path }, async (graph) => {
      await graph.storeMemories([memory('a', 'A'), memory('b', 'B')])
      await graph.createRelationship('a', 'b', 'SOLVES')
    }),
  )

  it('takes a file to a primary, and the file goes on as its local copy', async () => {
    const { stdout, stderr, code } = await runCli(['promote', '--json'], { env: replica() })
    expect([code, stderr]).toEqual([0, ''])
    const report = JSON.parse(stdout)
    expect(report).toMatchObject({
      path,
      url: sqld.url,
      nodes: { copied: 2, replaced: 0, kept: 0, unchanged: 0 },
      relationships: { copied: 1 },
      refused: [],
    })
    expect(existsSync(report.backup_path)).toBe(true)
    expect(await json(['get', 'a'], replica())).toMatchObject({
      title: 'A',
      relationships: { solves: ['B'] },
    })
    expect(await json(['sync-status'], replica())).toMatchObject({ enabled: true, online: true })
    expect(await titleOf(onPrimary(), 'b')).toBe('B')
  })

  it('says nothing of settings where they lead there already', async () => {
    expect(await cli(['promote'], replica())).toMatchObject({ code: 0, stderr: '' })
  })

  it('reports in words, and says what to set when the environment does not lead there', async () => {
    const env = { MEMORYGRAPH_TURSO_TOKEN: token }
    const result = await cli(['promote', '--path', path, '--url', sqld.url], env)
    expect(result.code).toBe(0)
    expect(result.stdout).toContain(`local copy  ${path}\nprimary     ${sqld.url}\n`)
    expect(result.stdout).toMatch(/^nodes +2 +0 +0 +0$/m)
    expect(result.stdout).toMatch(/^relationships +1 +0 +0 +0$/m)
    expect(result.stderr).toContain(`MEMORYGRAPH_TURSO_URL=${sqld.url} MEMORY_TURSO_PATH=${path}`)
  })

  it('asks for --merge where the primary holds memories', async () => {
    await store(onPrimary(), 'theirs', 'Theirs')
    const refused = await cli(['promote'], replica())
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toMatch(/--merge|merge/)
    expect(await titleOf({ path }, 'a')).toBe('A')
    expect(await json(['promote', '--merge'], replica())).toMatchObject({ nodes: { copied: 2 } })
    expect(await json(['get', 'theirs'], replica())).toMatchObject({ title: 'Theirs' })
  })

  it('takes no token but that of the environment, and refuses a wrong one', async () => {
    const env = { ...replica(), MEMORYGRAPH_TURSO_TOKEN: 'a-very-secret-token' }
    const result = await cli(['promote'], env)
    expect(result).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('[MG_AUTH]') })
    expect(result.stderr).not.toContain('a-very-secret-token')
    expect(await titleOf({ path }, 'a')).toBe('A')
  })

  it('ends by its deadline while the primary does not answer', async () => {
    await using proxy = await startProxy(sqld)
    proxy.freeze()
    const began = performance.now()
    const env = { ...replica(), MEMORYGRAPH_TURSO_URL: proxy.url, TURSO_CONNECTION_TIMEOUT: '1' }
    const result = await runCli(['promote'], { env })
    expect(result).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('[MG_OFFLINE]') })
    expect(performance.now() - began).toBeLessThan(BEFORE_FAR_MS)
    expect(await titleOf({ path }, 'a')).toBe('A')
  })

  it('stops at Ctrl-C, leaves the file as it was, and can be called again', async () => {
    await withGraph({ path }, (graph) =>
      graph.storeMemories(
        Array.from({ length: 800 }, (_, at) => ({
          ...memory(`many-${at}`, 'Many'),
          content: 'text '.repeat(50),
        })),
      ),
    )
    await using proxy = await startProxy(sqld)
    const env = { ...replica(), MEMORYGRAPH_TURSO_URL: proxy.url }
    const sending = async (): Promise<void> => {
      while (proxy.bytesUp < 100_000) await sleep(1)
      proxy.latencyMs = 300 // so that it is not done when the signal comes
    }
    const result = await runCli(['promote'], { env, interruptAfter: sending() })
    expect(result).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('[MG_ABORTED]') })
    expect(await titleOf({ path }, 'a')).toBe('A')
    expect(await json(['promote'], replica())).toMatchObject({ path })
    expect(await json(['stats'], replica())).toMatchObject({ total_memories: { count: 802 } })
  })
})

describe('printPromote()', () => {
  it('shows the first entries that were refused, and counts the others', () => {
    const none = { copied: 0, replaced: 0, kept: 0, unchanged: 0 }
    const refused = Array.from({ length: 22 }, (_, at) => ({
      kind: 'node' as const,
      id: `n${at}`,
      reason: 'too\nlong',
    }))
    const facts = { path: '/a', backup_path: '/b', url: 'libsql://h', duration_ms: 12 }
    const text = printPromote({
      ...facts,
      nodes: none,
      relationships: none,
      versions: 3,
      embeddings: 4,
      refused,
    })
    expect(text).toContain('  node n19: too long\n  and 2 more: use --json to see all')
    expect(text).toMatch(/^versions +3\nembeddings +4\nrefused +22$/m)
  })
})

describe('detach', () => {
  it('makes a local copy a file of its own, and leaves the primary alone', async () => {
    await store({ url: sqld.url, authToken: token, path }, 'a', 'A')
    const detached = await json(['detach'], replica())
    expect(detached).toEqual({ path, nodes: 1, relationships: 0 })
    await store({ path }, 'b', 'B')
    expect(await json(['stats'], local())).toMatchObject({ total_memories: { count: 2 } })
    const refused = await cli(['sync'], replica())
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('promote') })
  })

  it('reports in words, and refuses what is no local copy', async () => {
    await store({ url: sqld.url, authToken: token, path }, 'a', 'A')
    const { stdout, stderr, code } = await runCli(['detach', '--path', path])
    expect([code, stdout]).toEqual([0, `detached       ${path}\nnodes          1\nrelationships  0\n`])
    expect(stderr).toContain('follows no primary any more')
    const again = await cli(['detach', '--path', path], {})
    expect(again.code).not.toBe(0)
    expect(again.stderr).toMatch(/^error: .*\[MG_[A-Z_]+\]\n$/)
  })
})
