import { setImmediate as turn } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { type DrawnEdge, link, TWO_GROUPS } from '../../src/testing/drawn-graph.js'
import { note, storeNotes } from '../../src/testing/samples.js'
import { path, useCliFolder } from './cli-folder.js'
import { type ProgramResult, runInProcess } from './run-in-process.js'
import { withGraph } from './with-graph.js'

useCliFolder()

function cli(...parameters: readonly string[]): Promise<ProgramResult> {
  return runInProcess([...parameters, '--path', path])
}

async function json<Result>(...parameters: readonly string[]): Promise<Result> {
  const { stdout, stderr, code } = await cli(...parameters, '--json')
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout)
}

/** Two groups, each about one thing, that `bridge` joins; a topic, an ended relationship and a note by itself. */
async function storeGraph(): Promise<void> {
  await withGraph({ path, mode: 'local' }, async (graph) => {
    const of = (group: string, word: string) =>
      [1, 2, 3, 4].map((at) => note(`${group}${at}`, { title: `The ${word} of ${group}${at}`, tags: [word] }))
    await graph.storeMemories([
      ...of('a', 'payment'),
      ...of('b', 'report'),
      note('bridge', { type: 'solution', title: 'The one between' }),
      note('alone'),
    ])
    await graph.putNodes([{ id: 'topic', label: 'Topic', properties: { name: 'Money' } }])
    await link(graph, [
      ...TWO_GROUPS.filter(([id]) => id !== 'between'),
      ['to-a', 'bridge', 'SOLVES', 'a1', 0.9],
      ['to-b', 'b1', 'LEADS_TO', 'bridge', 0.5],
      ['about', 'a4', 'APPLIES_TO', 'topic', 0.2],
    ])
    const properties = { valid_from: '2025-01-01', valid_until: '2025-02-01' }
    await graph.createRelationships([
      { id: 'ended', from_memory_id: 'a2', to_memory_id: 'alone', type: 'BLOCKS', properties },
    ])
  })
}

type Path = { nodes: { id: string }[]; length: number; alternatives: unknown[] } | null

describe('path', () => {
  beforeEach(storeGraph)

  const ids = (found: Path): string => found?.nodes.map(({ id }) => id).join(' ') ?? 'none'

  it('shows each memory along the way with the relationship it is reached by', async () => {
    const { stdout, stderr, code } = await cli('path', 'a1', 'b1')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toBe(
      [
        '1. The payment of a1',
        '   general  a1  importance 0.5  tags payment',
        '2. The one between',
        '   solution  bridge  importance 0.5',
        '   this SOLVES "The payment of a1"  strength 0.9',
        '3. The report of b1',
        '   general  b1  importance 0.5  tags report',
        '   this LEADS_TO "The one between"  strength 0.5',
        '2 steps  strength 0.450  mean 0.700',
        '',
      ].join('\n'),
    )
  })

  it('shows nodes of other labels by their names, and other ways', async () => {
    const { stdout } = await cli('path', 'topic', 'a1', '--alternatives', '1')
    expect(stdout).toMatch(/^1\. Money\n {3}Topic {2}topic\n2\. The payment of a4\n/)
    expect(stdout).toMatch(/this APPLIES_TO "Money" {2}strength 0\.2\n/)
    expect(stdout).toMatch(
      /\n\nother ways\n {2}3 steps .*\n {4}Money → The payment of a4 → The payment of a2 → The payment of a1\n$/,
    )
    expect((await cli('path', 'a1', 'a1')).stdout).toContain('no step')
  })

  it('goes by the options it is told', async () => {
    const from = async (...parameters: string[]): Promise<string> =>
      ids(await json<Path>('path', ...parameters))
    expect(await from('b2', 'a2')).toBe('b2 b1 bridge a1 a2')
    expect(await from('b2', 'a2', '--depth', '3')).toBe('none')
    expect(await from('a1', 'b1', '--direction', 'outgoing')).toBe('none')
    expect(await from('a1', 'b1', '--direction', 'incoming')).toBe('a1 bridge b1')
    expect(await from('a1', 'b1', '--types', 'SOLVES')).toBe('none')
    expect(await from('a1', 'b1', '--min-strength', '0.6')).toBe('none')
    expect(await from('a2', 'alone')).toBe('none')
    expect(await from('a2', 'alone', '--as-of', '2025-01-15')).toBe('a2 alone')
    expect(await from('topic', 'a1', '--weighted')).toBe('topic a4 a1')
    const path = await json<Path>('path', 'a1', 'a2', '--alternatives', '2')
    expect(path?.alternatives).toHaveLength(2)
  })

  it('says that there is no way, and which memory does not exist', async () => {
    expect(await cli('path', 'a1', 'alone')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'no way leads from the one to the other\n',
    })
    expect(await json('path', 'a1', 'alone')).toBeNull()
    expect(await cli('path', 'a1', 'absent')).toMatchObject({
      code: 1,
      stderr: 'error: There is no memory with the id "absent" [MG_NOT_FOUND]\n',
    })
  })
})

describe('neighbors', () => {
  beforeEach(storeGraph)

  it('shows the nodes around one, whatever they are, with the steps to each', async () => {
    const { stdout, stderr } = await cli('neighbors', 'bridge', '--depth', '3')
    expect(stderr).toBe('')
    const rows = stdout.trimEnd().split('\n')
    expect(rows).toHaveLength(9)
    expect(rows[0]).toBe('1  general  a1     The payment of a1')
    expect(rows[8]).toBe('3  Topic    topic  Money')
    expect(await json('neighbors', 'bridge')).toEqual([
      { depth: 1, id: 'a1', label: 'Memory', type: 'general', title: 'The payment of a1' },
      { depth: 1, id: 'b1', label: 'Memory', type: 'general', title: 'The report of b1' },
    ])
  })

  it('goes by the options it is told', async () => {
    const near = async (...parameters: string[]): Promise<string> =>
      (await json<{ id: string }[]>('neighbors', ...parameters)).map(({ id }) => id).join(' ')
    expect(await near('bridge', '--direction', 'outgoing')).toBe('a1')
    expect(await near('bridge', '--types', 'LEADS_TO')).toBe('b1')
    expect(await near('bridge', '--min-strength', '0.8')).toBe('a1')
    expect(await near('a2', '--as-of', '2025-01-15')).toBe('alone')
    expect(await near('bridge', '--depth', '2', '--limit', '3')).toBe('a1 b1 a2')
    expect(await near('bridge', '--depth', '2', '--limit', 'all')).toBe('a1 b1 a2 a3 a4 b2 b3 b4')
    expect((await cli('neighbors', 'bridge', '--limit', '1')).stderr).toBe('1 of 2: see more with --limit\n')
  })

  it('says that nothing is there', async () => {
    expect(await cli('neighbors', 'alone')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'nothing is joined to it\n',
    })
    expect(await json('neighbors', 'alone')).toEqual([])
    expect(await cli('neighbors', 'absent')).toMatchObject({ code: 1, stdout: '' })
  })
})

describe('clusters', () => {
  beforeEach(storeGraph)

  it('shows what belongs together and what it is about', async () => {
    const { stdout, stderr, code } = await cli('clusters', '--min-size', '4')
    expect([code, stderr]).toEqual([0, '2 of 3 communities, modularity 0.42\n'])
    expect(stdout).toMatch(
      /^1\. payment\n {3}6 nodes, density 0\.53, 8 relationships within, 1 to others\n {3}general 4, solution 1\n {3}around "The payment of a1" a1\n2\. report/,
    )
    const found = await json<{ clusters: { keywords: string[]; size: number }[]; communities: number }>(
      'clusters',
    )
    expect([found.communities, found.clusters.map(({ keywords }) => keywords[0])]).toEqual([
      3,
      ['payment', 'report'],
    ])
  })

  it('goes by the options it is told', async () => {
    const count = async (...parameters: string[]): Promise<number> =>
      (await json<{ clusters: unknown[] }>('clusters', ...parameters)).clusters.length
    expect(await count('--limit', '1')).toBe(1)
    expect(await count('--min-size', '1', '--limit', 'all')).toBe(3)
    expect(await count('--min-size', '7')).toBe(0)
    expect(await count('--min-density', '0.9')).toBe(1)
    expect(await count('--types', 'SOLVES', '--min-size', '2')).toBe(1)
    expect(await count('--min-strength', '0.6', '--min-size', '2')).toBe(1)
    expect(await count('--as-of', '2025-01-15', '--min-size', '2')).toBe(1)
    expect(await count('--resolution', '20', '--seed', '3', '--min-size', '4')).toBe(0)
    expect(await cli('clusters', '--min-size', '7')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'no cluster is large and dense enough (0 of 3 communities)\n',
    })
  })
})

describe('central', () => {
  beforeEach(storeGraph)

  it.each([
    ['pagerank', 'a1'],
    ['betweenness', 'a1'],
    ['closeness', 'a1'],
    ['degree', 'a1'],
  ])('shows the most central nodes by %s', async (measure, first) => {
    const { stdout, stderr } = await cli('central', '--measure', measure, '--limit', '3')
    expect(stderr).toBe('')
    expect(stdout.trimEnd().split('\n')).toHaveLength(3)
    const found = await json<{ id: string; score: number; title: string }[]>(
      'central',
      ...['--measure', measure],
    )
    expect(found).toHaveLength(11)
    expect(found[0]?.id).toBe(first)
    expect(stdout).toMatch(new RegExp(`^${found[0]?.score.toFixed(4)}  \\w+ +${first} +${found[0]?.title}`))
  })

  it('is by PageRank unless told otherwise, and goes by its options', async () => {
    const best = async (...parameters: string[]): Promise<unknown> => json('central', ...parameters)
    expect(await best()).toEqual(await best('--measure', 'PageRank', '--limit', '20'))
    const betweenness = await best('--measure', 'betweenness')
    expect(await best('--measure', 'betweenness', '--samples', 'all')).toEqual(betweenness)
    const sampled = ['--measure', 'betweenness', '--samples', '2', '--seed', '4']
    expect(await best(...sampled)).toEqual(await best(...sampled))
    expect(await best(...sampled)).not.toEqual(betweenness)
    const outgoing = (await best('--measure', 'closeness', '--direction', 'outgoing')) as { id: string }[]
    expect(outgoing[0]?.id).toBe('b1')
    expect((await cli('central', '--samples', '5')).stderr).toMatch(/samples.*\[MG_VALIDATION\]/)
  })
})

describe('bridges', () => {
  beforeEach(storeGraph)

  it('shows the memories that join communities, and what they join', async () => {
    const { stdout, stderr, code } = await cli('bridges')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(
      /\d\. The one between\n {3}solution {2}bridge .*\n {3}betweenness 0\.\d{3} {2}participation 0\.50 {2}articulation point\n {3}joins \d nodes around "The (payment of a|report of b)1" by 1 neighbour\n/,
    )
    const found = await json<{ memory: { id: string } }[]>('bridges')
    expect(found.map(({ memory }) => memory.id)).toContain('bridge')
    expect(await json('bridges', '--limit', '1')).toEqual(found.slice(0, 1))
  })

  it('says that there are none', async () => {
    expect(await cli('bridges', '--types', 'RELATED_TO', '--seed', '2', '--resolution', '1')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'no memory joins communities\n',
    })
    expect(await json('bridges', '--types', 'RELATED_TO')).toEqual([])
  })
})

describe('The commands of the graph', () => {
  const COMMANDS = [['path', 'a', 'b'], ['neighbors', 'a'], ['clusters'], ['central'], ['bridges']]

  it.each(COMMANDS)('refuse what does not fit: %s', async (...command) => {
    for (const wrong of [
      ['--types', 'KNOWS'],
      ['--as-of', 'then'],
      ['--min-strength', '2'],
      ['--max-nodes', '0'],
      ['--max-edges', 'many'],
      ['--frobnicate'],
    ]) {
      const { code, stderr } = await cli(...command, ...wrong)
      expect([code, stderr], stderr).toEqual([2, expect.stringContaining(wrong[0] as string)])
    }
  })

  it.each(COMMANDS.filter(([name]) => name !== 'neighbors'))(
    'say what to raise when there is too much: %s',
    async (...command) => {
      await withGraph({ path, mode: 'local' }, (graph) => storeNotes(graph, 'a', 'b'))
      const { code, stderr } = await cli(...command, '--max-nodes', '1')
      expect([code, stderr]).toEqual([1, expect.stringMatching(/maxNodes.*\[MG_GRAPH_TOO_LARGE\]/)])
    },
  )

  it.each([['clusters'], ['central'], ['bridges']])('say that nothing is there: %s', async (command) => {
    const { code, stdout, stderr } = await cli(command)
    expect([code, stdout, stderr]).toEqual([0, '', expect.stringMatching(/^no|^there is nothing/)])
  })

  it('refuse wrong figures of their own', async () => {
    for (const [command, ...wrong] of [
      ['path', 'a', 'b', '--depth', '21'],
      ['path', 'a', 'b', '--alternatives', '-1'],
      ['neighbors', 'a', '--depth', '0'],
      ['neighbors', 'a', '--direction', 'up'],
      ['clusters', '--min-size', '0'],
      ['clusters', '--resolution', '0'],
      ['central', '--measure', 'fame'],
      ['central', '--limit', '0'],
      ['bridges', '--limit', '1001'],
    ])
      expect(await cli(command as string, ...wrong), `${command} ${wrong.join(' ')}`).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(wrong.at(-2) as string),
      })
  })

  it('are ended by Ctrl-C', async () => {
    const many = 3000
    await withGraph({ path, mode: 'local' }, async (graph) => {
      const ids = Array.from({ length: many }, (_, at) => `n${at}`)
      await storeNotes(graph, ...ids)
      const ring = ids.map((id, at): DrawnEdge => [`r${at}`, id, 'LEADS_TO', `n${(at * 7 + 1) % many}`])
      await link(graph, ring)
    })
    const central = ['central', '--measure', 'betweenness', '--samples', 'all']
    const listeners = process.listenerCount('SIGINT')
    const running = cli(...central)
    while (process.listenerCount('SIGINT') === listeners) await turn()
    process.emit('SIGINT')
    expect(await running).toEqual({ code: 1, stdout: '', stderr: expect.stringContaining('[MG_ABORTED]') })
    expect(process.listenerCount('SIGINT')).toBe(listeners)
  })
})
