import { describe, expect, it } from 'vitest'
import { path, useCliFolder } from './cli-folder.js'
import { type ProgramResult, runInProcess } from './run-in-process.js'

useCliFolder()

function cli(...parameters: readonly string[]): Promise<ProgramResult> {
  return runInProcess([...parameters, '--path', path])
}

async function json<Result>(...parameters: readonly string[]): Promise<Result> {
  const { stdout, stderr, code } = await cli(...parameters, '--json')
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout)
}

async function store(title: string, type = 'general'): Promise<string> {
  const { id } = await json<{ id: string }>('store', '--type', type, '--title', title, '--content', 'text')
  return id
}

describe('history on the command line', () => {
  it('history shows versions and relationships, also those that ended', async () => {
    const [a, b] = [await store('First'), await store('Other')]
    const { id } = await json<{ id: string }>('link', a, b, 'SOLVES')
    await cli('update', a, '--title', 'Second')
    expect((await cli('invalidate', id)).stdout).toBe(`ended ${id}\n`)
    expect((await cli('invalidate', id)).stdout).toBe(`${id} had ended before\n`)
    const shown = await json<{ versions: { version: number; title: string }[]; relationships: object[] }>(
      'history',
      a,
    )
    expect(shown.versions.map(({ version, title }) => [version, title])).toEqual([
      [1, 'First'],
      [2, 'Second'],
    ])
    expect(shown.relationships).toHaveLength(1)
    const { stdout } = await cli('history', a)
    expect(stdout).toMatch(/^version 1 {2}\S+ \S+ UTC {2}First\nversion 2 .*Second\n\nrelationships\n/)
    expect(stdout).toMatch(/until \d{4}-.* "Second" SOLVES "Other"/)
  })

  it('as-of shows a memory as it was', async () => {
    const a = await store('First')
    const { updated_at: at } = await json<{ updated_at: string }>('get', a)
    await cli('update', a, '--title', 'Second')
    expect(await json('as-of', a, at)).toMatchObject({ title: 'First', version: 1 })
    expect(await cli('as-of', a, '2020-01-01')).toMatchObject({ code: 1 })
    expect((await cli('as-of', a, 'yesterday')).code).toBe(2)
  })

  it('changes lists what was recorded and what ended', async () => {
    const [a, b] = [await store('One'), await store('Two')]
    expect((await cli('changes', '2020-01-01')).stderr).toContain('nothing since then')
    const { id } = await json<{ id: string }>('link', a, b, 'SOLVES')
    await cli('invalidate', id)
    const changes = await json<Record<string, object[]>>('changes', '2020-01-01')
    expect(Object.values(changes).map((list) => list.length)).toEqual([1, 1])
    expect((await cli('changes', '2020-01-01')).stdout).toMatch(
      /^recorded\n.*"One" SOLVES "Two".*\n\nended\n/s,
    )
  })

  it('suggest shows fitting types, best first', async () => {
    const [a, b] = [await store('Fix', 'fix'), await store('Error', 'error')]
    const [best] = await json<{ type: string }[]>('suggest', a, b)
    expect(best?.type).toBe('SOLVES')
    expect((await cli('suggest', a, b)).stdout).toMatch(/^SOLVES +0\.9\n/)
    expect((await cli('suggest', a, 'missing')).code).toBe(1)
  })

  it('link refuses a circle, and cycles shows those there are', async () => {
    const [a, b] = [await store('One'), await store('Two')]
    await cli('link', a, b, 'DEPENDS_ON')
    const refused = await cli('link', b, a, 'DEPENDS_ON')
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('it closes a cycle') })
    expect((await cli('cycles')).stderr).toContain('no relationships lead in a circle')
    process.env['MEMORY_ALLOW_CYCLES'] = 'true'
    try {
      await cli('link', b, a, 'DEPENDS_ON')
    } finally {
      delete process.env['MEMORY_ALLOW_CYCLES']
    }
    const [cycle] = await json<{ type: string; path: string[] }[]>('cycles', '--type', 'DEPENDS_ON')
    expect(cycle?.path).toHaveLength(3)
    expect((await cli('cycles')).stdout).toMatch(/^DEPENDS_ON: .+ → .+ → .+\n$/)
  })
})

describe('hygiene on the command line', () => {
  it('duplicates shows groups, and prune deletes only what it is told to', async () => {
    const [a, b] = [await store('Same words here'), await store('same WORDS here!')]
    await store('Something else')
    const [group] = await json<{ ids: string[] }[]>('duplicates')
    expect(group?.ids.toSorted()).toEqual([a, b].toSorted())
    expect((await cli('duplicates')).stdout).toMatch(/^alike by 1\.00\n {2}\S+ {2}.+\n {2}\S+ {2}.+\n$/)
    expect((await cli('prune')).code).toBe(1)
    const tried = await cli('prune', '--min-importance', '0.6', '--dry-run')
    expect(tried.stdout.trim().split('\n')).toHaveLength(3)
    expect(tried.stderr).toContain('3 memories would be deleted')
    expect((await json<{ ids: string[] }>('prune', '--older-than', '2020-01-01')).ids).toEqual([])
    expect((await json<{ ids: string[] }>('prune', '--min-importance', '0.6')).ids).toHaveLength(3)
    expect((await cli('duplicates')).stderr).toContain('no two memories are alike')
  })
})
