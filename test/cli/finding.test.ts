import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { folder, path, useCliFolder } from './cli-folder.js'
import { type ProgramResult, runInProcess } from './run-in-process.js'

useCliFolder()

function cli(parameters: readonly string[]): Promise<ProgramResult> {
  return runInProcess([...parameters, '--path', path])
}

async function json(parameters: readonly string[]): Promise<Record<string, unknown>> {
  const { stdout, stderr, code } = await cli([...parameters, '--json'])
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout)
}

describe('finding', () => {
  beforeEach(async () => {
    const memories = [
      {
        id: 'p',
        type: 'problem',
        title: 'Timeout of the cache',
        content: 'too slow',
        importance: 0.9,
        tags: ['x'],
      },
      {
        id: 's',
        type: 'solution',
        title: 'Warm the cache',
        content: 'load early',
        importance: 0.4,
        tags: ['y'],
      },
      { id: 'g', type: 'general', title: 'Nothing', content: 'at all', context: { project_path: '/p' } },
    ]
    const relationships = [{ from_memory_id: 's', to_memory_id: 'p', type: 'SOLVES' }]
    const document = JSON.stringify({ format_version: '2.0', memories, relationships })
    writeFileSync(join(folder, 'export.json'), document)
    await json(['import', join(folder, 'export.json')])
  })

  const ids = (page: Record<string, unknown>): string[] =>
    (page['results'] as { id: string }[]).map(({ id }) => id)

  it('says of each hit why it is there', async () => {
    const { stdout } = await cli(['recall', 'early'])
    expect(stdout).toMatch(/Warm the cache\n.*\n +matches early in content/)
    expect(stdout).toMatch(/Timeout of the cache\n.*\n +close to s; Problem solved by Warm the cache/)
    expect((await cli(['search', 'erly', '--tolerance', 'fuzzy'])).stdout).toContain(
      'matches erly (as early) in',
    )
  })

  it('search --hybrid finds what is related too, by a text alone', async () => {
    const found = async (...parameters: string[]): Promise<string[]> => {
      const hits: unknown = await json(['search', '--hybrid', ...parameters])
      return (hits as { id: string }[]).map(({ id }) => id)
    }
    expect(await found('early')).toEqual(['s', 'p'])
    expect(await found('early', '--type', 'solution')).toEqual(['s'])
    expect(await found('early', '--limit', '1')).toEqual(['s'])
    expect((await cli(['search', '--hybrid', 'zebra'])).stderr).toContain('nothing found')
    for (const parameters of [[], ['x', '--offset', '1'], ['x', '--tolerance', 'fuzzy', '--match', 'all']]) {
      const { code, stderr } = await cli(['search', '--hybrid', ...parameters])
      expect([code, stderr]).toEqual([2, expect.stringContaining('--hybrid')])
    }
  })

  it.each([
    [['cache'], ['s', 'p']],
    [['cache', '--type', 'problem'], ['p']],
    [['cache', '--type', 'problem,solution', '--min-importance', '0.5'], ['p']],
    [['slow cache', '--match', 'all'], ['p']],
    [
      ['--terms', 'slow', '--terms', 'early'],
      ['p', 's'],
    ],
    [['imeout', '--tolerance', 'strict'], ['p']],
    [['imeout'], []],
    [['--tag', 'X'], ['p']],
    [['--project', '/p'], ['g']],
    [
      ['--related-by', 'solves'],
      ['p', 's'],
    ],
    [['--created-before', '2020-01-01'], []],
    [
      ['--', '--cache'],
      ['s', 'p'],
    ],
  ])('search %j finds %j', async (parameters, expected) => {
    const before = parameters.filter((part) => part !== '--' && part !== '--cache')
    const after = parameters.includes('--') ? ['--', '--cache'] : []
    const { stdout, code } = await runInProcess(['--path', path, '--json', 'search', ...before, ...after])
    expect(code).toBe(0)
    expect(ids(JSON.parse(stdout)).sort()).toEqual([...expected].sort())
  })

  it('search pages, and says where the next one starts', async () => {
    expect(await json(['search', '--limit', '2'])).toMatchObject({
      total_count: 3,
      has_more: true,
      next_offset: 2,
    })
    const { stdout, stderr } = await cli(['search', '--limit', '2', '--offset', '1'])
    expect(stdout).toMatch(/^2\. /)
    expect(stderr).toContain('2 of 3')
    expect(await json(['search', 'cache', '--no-relationships'])).toMatchObject({
      results: [{ relationships: null, match_info: null }, { relationships: null }],
    })
    expect(await json(['search', 'slow'])).toMatchObject({
      results: [{ match_info: { matched_terms: ['slow'] } }],
    })
  })

  it('recall takes a question as it is typed', async () => {
    const { stdout } = await cli(['recall', 'why', 'is', 'the', 'cache', 'slow', '--limit', '1', '--json'])
    expect(JSON.parse(stdout)).toMatchObject([{ id: 'p' }])
    expect(await cli(['recall', 'unheard'])).toEqual({ code: 0, stdout: '', stderr: 'nothing found\n' })
  })

  it('shows the passages that match with --snippets', async () => {
    for (const command of ['search', 'recall'])
      expect((await cli([command, 'slow', '--snippets'])).stdout).toContain('\n   too **slow**\n')
    expect((await cli(['search', 'slow'])).stdout).not.toContain('**')
  })

  it('related walks from a memory', async () => {
    const { stdout } = await cli(['related', 'p', '--json', '--limit', 'all'])
    expect(JSON.parse(stdout)).toMatchObject([{ memory: { id: 's' }, relationship: { type: 'SOLVES' } }])
    expect((await cli(['related', 'p', '--direction', 'outgoing', '--json'])).stdout).toBe('[]\n')
    expect((await cli(['related', 'p'])).stdout).toContain('this SOLVES "Timeout of the cache"')
    expect(await cli(['related', 'missing'])).toMatchObject({ code: 1, stdout: '' })
  })

  it('link joins two memories', async () => {
    const { id } = await json(['link', 'g', 'p', 'related_to', '--strength', '0.3', '--context', '--why'])
    expect(typeof id).toBe('string')
    const { stdout } = await cli(['related', 'g', '--json', '--depth', '1'])
    expect(JSON.parse(stdout)).toMatchObject([
      { relationship: { id, type: 'RELATED_TO', properties: { strength: 0.3, context: '--why' } } },
    ])
    const missing = await cli(['link', 'g', 'nowhere', 'SOLVES'])
    expect(missing).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/"nowhere".*\[MG_RELATIONSHIP\]/),
    })
  })

  it('stats, activity and health look over all of it', async () => {
    expect(await json(['stats'])).toMatchObject({
      total_memories: { count: 3 },
      total_relationships: { count: 1 },
    })
    expect((await cli(['stats'])).stdout).toMatch(/memories +3/)
    expect(await json(['activity', '--days', '1', '--project', '/p'])).toMatchObject({
      total_count: 1,
      project: '/p',
    })
    expect((await cli(['activity'])).stdout).toContain('3 memories in 7 days')
    expect(await json(['health'])).toMatchObject({ status: 'healthy', backend: 'sqlite', db_path: path })
    expect((await cli(['health'])).stdout).toMatch(/status +healthy/)
  })
})
