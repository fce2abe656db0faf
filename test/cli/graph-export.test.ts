import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folder, path, useCliFolder } from './cli-folder.js'
import { runCli } from './run-cli.js'
import { type ProgramResult, runInProcess } from './run-in-process.js'
import { withGraph } from './with-graph.js'

useCliFolder()

function cli(...parameters: readonly string[]): Promise<ProgramResult> {
  return runInProcess(['graph-export', ...parameters, '--path', path])
}

type Links = { nodes: { id: string; label: string }[]; links: { relationship_type: string }[] }

async function links(...parameters: readonly string[]): Promise<{ ids: string[]; types: string[] }> {
  const { stdout, stderr, code } = await cli(...parameters, '--format', 'd3')
  expect([code, stderr]).toEqual([0, ''])
  const { nodes, links }: Links = JSON.parse(stdout)
  return { ids: nodes.map(({ id }) => id), types: links.map((link) => link.relationship_type) }
}

const beside = (name: string): string => join(folder, name)

/** A chain a → b → c → d, of which the first link has ended, and an entity at c. */
async function fill(): Promise<void> {
  await withGraph({ path }, async (graph) => {
    for (const id of ['a', 'b', 'c', 'd'])
      await graph.storeMemory({ id, type: 'general', title: `The ${id}`, content: 'text' })
    await graph.putNodes([{ id: 'e', label: 'Entity', properties: { name: 'libSQL' } }])
    await graph.createRelationships([
      {
        from_memory_id: 'a',
        to_memory_id: 'b',
        type: 'CAUSES',
        properties: { valid_from: '2025-01-01', valid_until: '2025-06-01' },
      },
      { from_memory_id: 'b', to_memory_id: 'c', type: 'SOLVES', properties: { strength: 0.9 } },
      { from_memory_id: 'c', to_memory_id: 'd', type: 'FOLLOWS', properties: { strength: 0.2 } },
      { from_memory_id: 'c', to_memory_id: 'e', type: 'RELATED_TO' },
    ])
  })
}

describe('graph-export on the command line', () => {
  it('writes a picture of all that there is to stdout', async () => {
    await fill()
    const { stdout, stderr, code } = await cli()
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^<svg [\s\S]*<\/svg>\n$/)
    for (const text of ['5 nodes, 3 relationships', 'The a', 'libSQL', 'SOLVES (1)'])
      expect(stdout).toContain(text)
  })

  it('writes what is around a node, as far, in the direction and along what it is told', async () => {
    await fill()
    expect(await links()).toEqual({
      ids: ['a', 'b', 'c', 'd', 'e'],
      types: ['SOLVES', 'FOLLOWS', 'RELATED_TO'],
    })
    expect((await links('b', '--depth', '1')).ids).toEqual(['b', 'c'])
    expect((await links('b')).ids).toEqual(['b', 'c', 'd', 'e'])
    expect((await links('d', '--direction', 'outgoing')).ids).toEqual(['d'])
    expect((await links('d', '--direction', 'incoming', '--depth', '1')).ids).toEqual(['c', 'd'])
    expect((await links('c', '--types', 'follows')).ids).toEqual(['c', 'd'])
    expect((await links('c', '--min-strength', '0.5')).ids).toEqual(['b', 'c', 'e'])
    expect(await links('a', '--as-of', '2025-03-01', '--depth', '1')).toEqual({
      ids: ['a', 'b'],
      types: ['CAUSES'],
    })
  })

  it('makes out the node that it starts from, in the heading too', async () => {
    await fill()
    const { stdout } = await cli('c', '--depth', '1')
    expect(stdout).toContain('<title>Around “The c”</title>')
    expect(stdout).toContain('class="mg-ring"')
    expect((await cli('c', '--heading', 'My & heading')).stdout).toContain('<title>My &amp; heading</title>')
  })

  it.each([
    ['gexf', /^<\?xml.*\n<gexf /],
    ['graphml', /^<\?xml.*\n<graphml /],
    ['dot', /^digraph /],
    ['mermaid', /^flowchart /],
    ['json', /^\{"options"/],
    ['d3', /^\{"nodes"/],
    ['svg', /^<svg /],
  ])('writes %s, by type and by community', async (format, start) => {
    await fill()
    const [byType, byCommunity] = [
      await cli('--format', format),
      await cli('--format', format.toUpperCase(), '--color', 'community'),
    ]
    expect([byType.code, byCommunity.code]).toEqual([0, 0])
    expect(byType.stdout).toMatch(start)
    expect(byType.stdout).toContain('The a')
    expect(byCommunity.stdout).not.toBe(byType.stdout)
  })

  it('draws as many nodes and relationships as it is told, or communities', async () => {
    await fill()
    expect((await cli('--detail', 'communities')).stdout).toMatch(/5 nodes, 3 relationships, \d communit/)
    expect((await cli('--max-drawn-nodes', '2', '--detail', 'nodes')).stdout).toContain(
      'Not drawn: the 3 nodes',
    )
    expect((await cli('--max-drawn-edges', '1', '--format', 'mermaid')).stdout).toContain('Not drawn')
  })

  it('writes a file, and none over one that is there', async () => {
    await fill()
    const target = beside('graph.svg')
    expect(await cli('--output', target)).toEqual({
      code: 0,
      stdout: `${target}\n`,
      stderr: 'exported 5 nodes and 3 relationships as svg\n',
    })
    const before = readFileSync(target, 'utf8')
    expect(before).toBe((await cli()).stdout)
    expect(statSync(target).mode & 0o077).toBe(0)
    expect(await cli('--output', target, '--format', 'dot')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/exists.*overwrite.*\[MG_CONFLICT\]/),
    })
    expect(readFileSync(target, 'utf8')).toBe(before)
    const again = await cli('--output', target, '--format', 'dot', '--overwrite', '--json')
    expect(JSON.parse(again.stdout)).toEqual({ path: target, format: 'dot', nodes: 5, relationships: 3 })
    expect(readFileSync(target, 'utf8')).toMatch(/^digraph/)
    expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([])
  })

  it('never writes over a database, and leaves nothing where it cannot write', async () => {
    await fill()
    expect(await cli('--output', path, '--overwrite')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('MG_CONFLICT'),
    })
    mkdirSync(beside('taken'))
    expect((await cli('--output', beside('taken'))).code).toBe(1)
    expect(await links('b', '--depth', '1')).toMatchObject({ ids: ['b', 'c'] })
  })

  it('prints one JSON document with --json, in a format that is one', async () => {
    await fill()
    const { stdout, code } = await cli('--json', '--format', 'json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ nodes: expect.any(Array), edges: expect.any(Array) })
  })

  it('fails for a node that is not there', async () => {
    await fill()
    const target = beside('none.svg')
    expect(await cli('missing', '--output', target)).toEqual({
      code: 1,
      stdout: '',
      stderr: 'error: There is no memory with the id "missing" [MG_NOT_FOUND]\n',
    })
    expect(existsSync(target)).toBe(false)
  })

  it('refuses what is more than it may read', async () => {
    await fill()
    expect(await cli('--max-nodes', '2')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('MG_GRAPH_TOO_LARGE'),
    })
  })

  it.each([
    [['--depth', '2'], '--depth'],
    [['--direction', 'outgoing'], '--direction'],
    [['a', '--depth', '11'], '--depth'],
    [['--format', 'png'], '--format'],
    [['--format', 'dot', '--heading', 'x'], '--heading'],
    [['--format', 'gexf', '--max-drawn-nodes', '3'], '--max-drawn-nodes'],
    [['--format', 'mermaid', '--detail', 'nodes'], '--detail'],
    [['--color', 'blue'], '--color'],
    [['--min-strength', '2'], '--min-strength'],
    [['--types', 'KNOWS'], '--types'],
    [['--overwrite'], '--overwrite'],
    [['--format', 'dot', '--json'], '--json'],
    [['--json'], '--json'],
    [['a', 'b'], 'arguments'],
  ])('takes %j for wrong usage', async (parameters, named) => {
    expect(await cli(...parameters)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(named),
    })
  })

  it('stops quietly when its reader has seen enough', async () => {
    await withGraph({ path }, async (graph) => {
      const note = (at: number) => ({
        type: 'general' as const,
        title: `Note ${at} ${'x'.repeat(150)}`,
        content: 'text',
      })
      await graph.storeMemories(Array.from({ length: 2_000 }, (_, at) => note(at)))
    })
    const { stdout, stderr, code } = await runCli(['graph-export', '--format', 'd3', '--path', path], {
      closeStdout: true,
    })
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^\{"nodes":\[/)
  })

  it('sends nothing to a terminal that steers it', async () => {
    const hostile = 'a \u001b[31m \u009b red'
    await withGraph({ path }, async (graph) => {
      await graph.storeMemory({ id: hostile, type: 'general', title: hostile, content: 'text' })
    })
    for (const format of ['gexf', 'graphml', 'dot', 'mermaid', 'json', 'd3', 'svg']) {
      const { stdout, code } = await cli('--format', format)
      expect(code).toBe(0)
      expect(stdout).not.toMatch(/[^\P{Cc}\n]/u)
    }
  })
})
