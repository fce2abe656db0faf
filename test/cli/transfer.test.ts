import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fixture } from '../support/scratch.js'
import { path, useCliFolder } from './cli-folder.js'
import { type ProgramResult, type ProgramSettings, runInProcess } from './run-in-process.js'

useCliFolder()

function cli(parameters: readonly string[], settings?: ProgramSettings): Promise<ProgramResult> {
  return runInProcess([...parameters, '--path', path], settings)
}

async function json<Result>(...parameters: readonly string[]): Promise<Result> {
  const { stdout, stderr, code } = await cli([...parameters, '--json'])
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout)
}

const store = (id: string, title: string): Promise<unknown> =>
  json('store', '--type', 'general', '--title', title, '--content', 'text', '--id', id)
const beside = (name: string): string => join(dirname(path), name)

async function fill(): Promise<void> {
  await store('a', 'First')
  await store('b', 'Second')
  await json('link', 'a', 'b', 'SOLVES')
}

describe('export on the command line', () => {
  it('writes a file, and none over one that is there', async () => {
    await fill()
    const target = beside('out.jsonl')
    expect(await cli(['export', target])).toEqual({
      code: 0,
      stdout: `${target}\n`,
      stderr: 'exported 2 memories and 1 relationship\n',
    })
    const before = readFileSync(target, 'utf8')
    expect(before.split('\n')).toHaveLength(6)
    await store('c', 'Third')
    expect(await cli(['export', target])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/exists.*overwrite.*\[MG_CONFLICT\]/),
    })
    expect(readFileSync(target, 'utf8')).toBe(before)
    expect(await json('export', target, '--overwrite')).toMatchObject({ nodes: 3, relationships: 1 })
    expect(readdirSync(dirname(path)).filter((name) => name.includes('partial'))).toEqual([])
  })

  it('writes to stdout what import takes from stdin', async () => {
    await fill()
    for (const format of ['jsonl', 'json', 'memorygraph']) {
      const { stdout, stderr, code } = await cli(['export', '-', '--format', format])
      expect([code, stderr]).toEqual([0, ''])
      const again = await cli(['import', '-', '--json'], { input: stdout })
      expect(JSON.parse(again.stdout)).toMatchObject({
        nodes: { unchanged: 2, refused: 0 },
        relationships: { unchanged: 1 },
      })
    }
  })

  it('writes a folder of Markdown files that import reads', async () => {
    await fill()
    const folder = beside('notes')
    await cli(['export', folder, '--format', 'markdown'])
    expect(readdirSync(folder)).toHaveLength(2)
    const other = beside('other.db')
    const { stdout, code } = await runInProcess(['import', folder, '--path', other, '--json'])
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      { nodes: { imported: 2 }, relationships: { imported: 1 } },
    ])
    expect(await cli(['export', '-', '--format', 'markdown'])).toMatchObject({ code: 2 })
  })
})

describe('import on the command line', () => {
  it('takes databases of other layouts, and leaves them as they are', async () => {
    const file = fixture('foreign/python-turso-layout.db')
    const before = readFileSync(file)
    const report = await json<{ format: string; nodes: { imported: number } }>('import', file)
    expect(report.format).toBe('MemoryGraph for Python, Turso layout')
    expect(report.nodes.imported).toBeGreaterThan(0)
    expect(readFileSync(file)).toEqual(before)
  })

  it('says what it kept, and imports it when told to', async () => {
    await fill()
    const file = beside('out.jsonl')
    await cli(['export', file])
    writeFileSync(file, readFileSync(file, 'utf8').replace('"title":"First"', '"title":"Other"'))
    const kept = await cli(['import', file])
    expect(kept.stderr).toContain('1 record said something else and not later: --on-conflict replace')
    expect(await json('import', file, '--on-conflict', 'replace', '--atomic')).toMatchObject({
      on_conflict: 'replace',
      nodes: { replaced: 1 },
    })
    expect(await json('get', 'a')).toMatchObject({ title: 'Other' })
    expect(await cli(['import', file, '--on-conflict', 'maybe'])).toMatchObject({ code: 2 })
  })

  it('names the line of a file that was cut short, and imports nothing', async () => {
    await fill()
    const file = beside('out.jsonl')
    await cli(['export', file])
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, -60))
    const other = beside('other.db')
    const result = await runInProcess(['import', file, '--path', other])
    expect(result).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/line \d.*MG_VALIDATION/),
    })
    const { stdout } = await runInProcess(['stats', '--path', other, '--json'])
    expect(JSON.parse(stdout)).toMatchObject({ total_memories: { count: 0 } })
  })
})

describe('migrate on the command line', () => {
  it('copies everything into another file', async () => {
    await fill()
    const target = beside('target.db')
    const dry = await json('migrate', '--to', 'sqlite', '--to-path', target, '--dry-run')
    expect(dry).toMatchObject({ dry_run: true, nodes: { imported: 2 } })
    const { stdout, code } = await cli(['migrate', '--to', 'turso', '--to-path', target])
    expect(code).toBe(0)
    expect(stdout).toMatch(/imported +2 +1\n/)
    const got = await runInProcess(['get', 'a', '--path', target, '--json'])
    expect(JSON.parse(got.stdout)).toMatchObject({ title: 'First' })
  })

  it.each([
    [['--to', 'sqlite']],
    [['--to', 'sqlite', '--to-url', 'http://127.0.0.1:1']],
    [['--to', 'nowhere', '--to-path', 'x.db']],
    [['--to-path', 'x.db']],
  ])('refuses %j', async (parameters) => {
    expect(await cli(['migrate', ...parameters])).toMatchObject({ code: 2, stdout: '' })
    expect(existsSync('x.db')).toBe(false)
  })

  it('refuses the file that it is on', async () => {
    await fill()
    const result = await cli(['migrate', '--to', 'sqlite', '--to-path', path])
    expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining('--to-path') })
  })
})

describe('merge on the command line', () => {
  it('keeps the first, and says what became of the others', async () => {
    await fill()
    await store('c', 'Third')
    await json('link', 'c', 'b', 'RELATED_TO')
    const { stdout, stderr, code } = await cli(['merge', 'a', 'b', 'c'])
    expect([stdout, code]).toEqual(['a\n', 0])
    expect(stderr).toContain('merged 2 memories, moved 0 relationships')
    expect(stderr).toContain('a SOLVES b')
    expect(await json('get', 'a')).toMatchObject({ content: expect.stringContaining('text') })
    expect(await cli(['merge', 'a', 'unknown'])).toMatchObject({ code: 1 })
    expect(await cli(['merge', 'a'])).toMatchObject({ code: 2 })
  })
})
