import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CliResult, type CliSettings, runCli } from './run-cli.js'

let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-'))
  path = join(folder, 'memory.db')
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

function cli(parameters: readonly string[], settings?: CliSettings): Promise<CliResult> {
  return runCli([...parameters, '--path', path], settings)
}

async function json(parameters: readonly string[], settings?: CliSettings): Promise<Record<string, unknown>> {
  const { stdout, stderr, code } = await cli([...parameters, '--json'], settings)
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout)
}

async function store(title: string, ...more: string[]): Promise<string> {
  const fields = ['--type', 'general', '--title', title, '--content', `content of ${title}`]
  return String((await json(['store', ...fields, ...more]))['id'])
}

describe('processes', () => {
  it.each([
    ['-v', '-h'],
    ['--version', '--help'],
    ['--foo', '--json'],
    ['-', '--'],
  ])('takes the title %s and the content %s as they are', async (title, content) => {
    const id = String(
      (await json(['store', '--type', 'general', '--title', title, '--content', content]))['id'],
    )
    expect(await json(['get', id])).toMatchObject({ title, content })
    const joined = ['store', `--title=${title}`, `--content=${content}`, '--type=general', '--id', 'joined']
    await json(joined)
    expect(await json(['get', 'joined'])).toMatchObject({ title, content })
    await json(['update', id, '--summary', content])
    expect(await json(['get', id])).toMatchObject({ summary: content })
  })

  it('reads the content from stdin', async () => {
    const fields = ['store', '--type', 'general', '--title', 'piped', '--content', '-', '--id', 'a']
    await json(fields, { input: 'grüße\n\nlast line\n' })
    expect(await json(['get', 'a'])).toMatchObject({ content: 'grüße\n\nlast line' })
    const empty = await cli(fields, { input: '' })
    expect(empty).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('[MG_VALIDATION]') })
  })

  it('stores what 20 processes store at once', async () => {
    const titles = Array.from({ length: 20 }, (_, at) => `title ${at}`)
    const ids = await Promise.all(titles.map((title) => store(title)))
    expect(new Set(ids).size).toBe(20)
    const page = await json(['search', '--limit', '100'])
    expect((page['results'] as { title: string }[]).map(({ title }) => title).sort()).toEqual(titles.sort())
  })
})

describe('import-json', () => {
  it('reports, and exits with 1 when entries are refused', async () => {
    const file = join(folder, 'export.json')
    const memories = [{ id: 'a', type: 'general', title: 'A', content: 'NaN stays text', score: null }]
    const relationships = [{ from_memory_id: 'a', to_memory_id: 'b', type: 'SOLVES' }]
    writeFileSync(file, JSON.stringify({ format_version: '2.0', memories, relationships: [] }))
    expect(await json(['import-json', file, '--dry-run'])).toMatchObject({ imported_memories: 1 })
    expect(await json(['import-json', file])).toMatchObject({ imported_memories: 1, refused: [] })
    writeFileSync(file, JSON.stringify({ format_version: '2.0', memories, relationships }))
    const refused = await cli(['import-json', file])
    expect(refused.code).toBe(1)
    expect(refused.stdout).toMatch(/memories unchanged +1\n/)
    expect(refused.stdout).toContain('relationship 0')
    expect(refused.stderr).toContain('1 entry was refused')
  })

  it.each([
    ['no JSON', 'hello', 'There is no JSON document in stdin'],
    ['no export', '{}', 'Not a MemoryGraph export'],
  ])('fails on %s', async (_what, input, message) => {
    const result = await cli(['import-json', '-'], { input })
    expect(result).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(message) })
  })

  it('fails on a file that is not there', async () => {
    const result = await cli(['import-json', join(folder, 'missing.json')])
    expect(result).toMatchObject({ code: 1, stderr: expect.stringContaining('missing.json') })
  })
})

describe('demo', () => {
  it('tells a story, twice on the same file', async () => {
    const first = await cli(['demo'])
    expect([first.code, first.stderr]).toEqual([0, ''])
    expect(first.stdout).toContain('Imported 75 memories and 146 relationships')
    expect(first.stdout).toMatch(/status +healthy/)
    expect(first.stdout).toContain(`--path ${path}`)
    expect((await cli(['demo'])).stdout).toContain('75 memories were there already')
    expect(await json(['stats'])).toMatchObject({
      total_memories: { count: 75 },
      total_relationships: { count: 146 },
    })
    expect(await json(['demo'])).toMatchObject({ imported: { unchanged_memories: 75 } })
  })

  it('makes a file of its own, whatever the environment says', async () => {
    const env = { MEMORY_BACKEND: 'nonsense', MEMORY_SQLITE_PATH: path, TMPDIR: folder }
    const { stdout, code } = await runCli(['demo', '--json'], { env })
    expect(code).toBe(0)
    const { health } = JSON.parse(stdout) as { health: { db_path: string } }
    expect(health.db_path.startsWith(join(folder, 'memorygraph-demo-'))).toBe(true)
  })
})
