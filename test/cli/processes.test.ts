import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TursoBackend } from '../../src/index.js'
import { type CliResult, type CliSettings, runCli } from './run-cli.js'
import { runInProcess } from './run-in-process.js'

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
    const joined = ['store', `--title=${title}`, `--content=${content}`, '--type=general', '--id', 'joined']
    for (const parameters of [joined, ['update', id, '--summary', content]])
      expect(await runInProcess([...parameters, '--path', path])).toMatchObject({ code: 0, stderr: '' })
    await using graph = await TursoBackend.create({ path })
    expect(await graph.getMemory(id)).toMatchObject({ title, content, summary: content })
    expect(await graph.getMemory('joined')).toMatchObject({ title, content })
  })

  it('reads the content from stdin', async () => {
    const fields = ['store', '--type', 'general', '--title', 'piped', '--content', '-', '--id', 'a']
    await json(fields, { input: 'grüße\n\nlast line\n' })
    expect(await json(['get', 'a'])).toMatchObject({ content: 'grüße\n\nlast line' })
    const empty = await cli(fields, { input: '' })
    expect(empty).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('[MG_VALIDATION]') })
  })

  it('stores what 10 processes store at once', async () => {
    const titles = Array.from({ length: 10 }, (_, at) => `title ${at}`)
    const ids = await Promise.all(titles.map((title) => store(title)))
    expect(new Set(ids).size).toBe(10)
    const page = await json(['search', '--limit', '100'])
    expect((page['results'] as { title: string }[]).map(({ title }) => title).sort()).toEqual(titles.sort())
  })
})
