import { describe, expect, it } from 'vitest'
import type { GraphEdgeRow } from '../../../src/graph/graph-rows.js'
import { createGraphView } from '../../../src/graph/view/source-view.js'
import { snapshotOf } from '../naive/row-snapshot.js'
import { graphOf, greatSource, PlainSource, viewOf } from './plain-source.js'

const INHERITED = Object.getOwnPropertyNames(Object.prototype)

describe('graphology()', () => {
  it('makes nodes by their ids and edges by those of relationships, with light attributes', async () => {
    const edges: GraphEdgeRow[] = [
      edge({ id: '1', strength: 0.25, valid_until: '2025-01-01T00:00:00.000000+00:00' }),
      edge({ id: '2', type: 'REQUIRES' }),
      edge({ id: '3', to: 'a' }),
    ]
    const nodes = ['Memory', 'Task', 'Memory'].map((label, at) => ({
      id: ['a', 'ü 𝒳\n', ' '][at] as string,
      label,
      importance: 1,
    }))
    const graph = await createGraphView(new PlainSource(snapshotOf(nodes, edges))).graphology()
    expect(graph.nodes()).toEqual([' ', 'a', 'ü 𝒳\n'])
    expect(graph.getNodeAttributes('ü 𝒳\n')).toEqual({ id: 'ü 𝒳\n', label: 'Task' })
    expect(graph.mapEdges((id, attributes, from, to) => [id, attributes, from, to])).toEqual([
      ['3', attributesOf(edges[2]), 'a', 'a'],
      ['2', attributesOf(edges[1]), 'a', 'ü 𝒳\n'],
      ['1', attributesOf(edges[0]), 'a', 'ü 𝒳\n'],
    ])
    expect([graph.multi, graph.type, graph.allowSelfLoops]).toEqual([true, 'directed', true])
  })

  it('returns the same one until what is stored has changed', async () => {
    const source = new PlainSource(graphOf([['a', 'b']]))
    const [one, other] = await Promise.all([
      createGraphView(source).graphology(),
      createGraphView(source).graphology(),
    ])
    expect(other).toBe(one)
    expect(await createGraphView(source).graphology()).toBe(one)
    source.stored = graphOf([['a', 'c']])
    const later = await createGraphView(source).graphology()
    expect(later.nodes()).toEqual(['a', 'c'])
    expect(one.nodes()).toEqual(['a', 'b'])
  })

  it('marks ids that every object has as a member, which would break it', async () => {
    const ids = [...INHERITED, '#constructor', '##constructor', 'plain']
    const pairs = ids.flatMap((from) => ids.map((to) => [from, to] as const))
    const graph = await viewOf(pairs).graphology()
    const keyOf = (id: string): string =>
      id === 'constructor' ? '###constructor' : INHERITED.includes(id) ? `#${id}` : id
    expect(graph.nodes().toSorted()).toEqual(ids.map(keyOf).toSorted())
    expect(graph.size).toBe(pairs.length)
    for (const [from, to] of pairs) expect(graph.edges(keyOf(from), keyOf(to))).toContain(`${from}>${to}`)
    for (const id of ids) expect(graph.neighbors(keyOf(id))).toHaveLength(ids.length)
    expect(Object.keys(Object.prototype)).toEqual([])
  })

  it('lets timers have their turn, and tells how far it is', async () => {
    const view = createGraphView(greatSource())
    const told: { done: number; total: number | null; phase: string }[] = []
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    const graph = await view.graphology({ onProgress: (progress) => told.push(progress) })
    clearInterval(timer)
    expect(graph.size).toBe(40_000)
    expect(turns).toBeGreaterThan(1)
    for (const { done, total, phase } of told) {
      expect(phase).toBe('graphology')
      expect(done).toBeLessThanOrEqual(total as number)
    }
    expect(told.at(-1)?.done).toBe(told.at(-1)?.total)
  })

  it('stops when it is told to, and is made by the next call', async () => {
    const view = createGraphView(greatSource())
    const controller = new AbortController()
    setTimeout(() => controller.abort('enough'), 1)
    await expect(view.graphology({ signal: controller.signal })).rejects.toMatchObject({
      code: 'MG_ABORTED',
      cause: 'enough',
    })
    expect((await view.graphology()).size).toBe(40_000)
  })
})

function edge(row: Partial<GraphEdgeRow>): GraphEdgeRow {
  const valid_from = '2024-01-02T03:04:05.678901+00:00'
  return {
    id: '',
    from: 'a',
    to: 'ü 𝒳\n',
    type: 'SOLVES',
    strength: 0.5,
    valid_from,
    valid_until: null,
    ...row,
  }
}

function attributesOf(row: GraphEdgeRow | undefined): object {
  const { type, strength, valid_from, valid_until } = row as GraphEdgeRow
  return { type, strength, valid_from, valid_until }
}
