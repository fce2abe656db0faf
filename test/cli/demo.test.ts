import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runCli } from './run-cli.js'
import { type ProgramResult, type ProgramSettings, runInProcess } from './run-in-process.js'

let folder: string
let path: string

beforeEach(() => {
  for (const name of ['MEMORY_BACKEND', 'NO_COLOR']) vi.stubEnv(name, undefined)
  folder = mkdtempSync(join(tmpdir(), 'cli-'))
  path = join(folder, 'memory.db')
})

afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

function demo(parameters: readonly string[] = [], settings?: ProgramSettings): Promise<ProgramResult> {
  return runInProcess(['demo', '--path', path, ...parameters], settings)
}

describe('demo', () => {
  it('tells a story, twice on the same file', async () => {
    const first = await demo()
    expect([first.code, first.stderr]).toEqual([0, ''])
    expect(first.stdout).toContain('Imported 75 memories and 146 relationships')
    expect(first.stdout).toMatch(/status +healthy/)
    expect(first.stdout).toContain(`--path ${path}\n`)
    for (const section of ['Recall: ', 'Strict search: ', 'Walk: ', 'Statistics', 'Try next']) {
      expect(first.stdout).toContain(`\n\n== ${section}`)
    }
    expect((await demo()).stdout).toContain('75 memories were there already')
    const stats = await runInProcess(['stats', '--json', '--path', path])
    expect(JSON.parse(stats.stdout)).toMatchObject({
      total_memories: { count: 75 },
      total_relationships: { count: 146 },
    })
    expect(JSON.parse((await demo(['--json'])).stdout)).toMatchObject({
      imported: { nodes: { unchanged: 75 }, relationships: { unchanged: 146 }, refused: [] },
      search: { query: 'SQLITE_BUSY' },
      walk: { start: { id: 'busy-poisons-connection' } },
    })
  })

  it('prints headings in bold on a terminal', async () => {
    const { stdout } = await demo([], { terminal: true })
    expect(stdout).toContain('\u001b[1m== Import\u001b[22m')
  })

  it('brings back what was deleted', async () => {
    await demo()
    await runInProcess(['delete', 'busy-poisons-connection', '--path', path])
    const again = await demo()
    expect(again).toMatchObject({ code: 0, stderr: '' })
    expect(again.stdout).toContain('Imported 1 memory')
    expect(again.stdout).toContain('74 memories were there already')
  })

  it.each([
    ['/home/a/node_modules/.bin/memorygraph-turso', 'npx memorygraph-turso recall'],
    ['/usr/local/bin/memorygraph-turso', '\nmemorygraph-turso recall'],
    [join(process.cwd(), 'dist', 'cli', 'main.js'), `node ${join('dist', 'cli', 'main.js')} recall`],
  ])('suggests commands that can be typed, when called as %s', async (script, suggestion) => {
    const [node = '', before = ''] = process.argv
    process.argv.splice(0, 2, node, script)
    try {
      expect((await demo()).stdout).toContain(suggestion)
    } finally {
      process.argv.splice(0, 2, node, before)
    }
  })

  it('puts a path with a space in quotes', async () => {
    path = join(folder, 'my memory.db')
    expect((await demo()).stdout).toContain(`--path ${JSON.stringify(path)}\n`)
  })

  it.each([['turso'], ['SQLite']])('can be told the backend %s', async (backend) => {
    const { stdout, code } = await demo(['--backend', backend, '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ health: { backend: backend.toLowerCase(), db_path: path } })
  })

  it('needs a file', async () => {
    const { code, stderr } = await runInProcess(['demo', '--backend', 'Memory'])
    expect(code).toBe(2)
    expect(stderr).toContain('the demo needs a file')
  })

  it('makes a file of its own, whatever the environment says', async () => {
    const env = { MEMORY_BACKEND: 'nonsense', MEMORY_SQLITE_PATH: path, TMPDIR: folder }
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
    const here = await runInProcess(['demo', '--json'])
    const there = await runCli(['demo', '--json'], { env })
    const paths = [here, there].map(({ stdout, code }) => {
      expect(code).toBe(0)
      return (JSON.parse(stdout) as { health: { db_path: string } }).health.db_path
    })
    expect(new Set(paths).size).toBe(2)
    for (const made of paths) expect(made.startsWith(join(folder, 'memorygraph-demo-'))).toBe(true)
  })
})
