import { describe, expect, it } from 'vitest'
import type { GraphEdgeRow } from '../../../src/graph/graph-rows.js'
import type { GraphView } from '../../../src/graph/graph-view.js'
import { createGraphView } from '../../../src/graph/view/source-view.js'
import { snapshotOf } from '../naive/row-snapshot.js'
import { graphOf, PlainSource, type ShortEdge, VALID_FROM, viewOf } from './plain-source.js'

/** a → b → c → a is a circle, c → d leads on, d and e are similar, and z is alone. */
const EDGES: ShortEdge[] = [
  ['a', 'b', 'SOLVES', 0.9],
  ['b', 'c', 'SOLVES', 0.5],
  ['c', 'a', 'REQUIRES', 0.4],
  ['c', 'd', 'SOLVES', 0.8],
  ['e', 'd', 'SIMILAR_TO', 1],
]
const view = viewOf(EDGES, 'both', ['z'])
const onward = viewOf(EDGES, 'outgoing', ['z'])
const back = viewOf(EDGES, 'incoming', ['z'])

describe('a view', () => {
  it('tells how much there is', async () => {
    expect(await view.load()).toEqual({ nodes: 6, relationships: 5 })
    expect(await viewOf([]).load()).toEqual({ nodes: 0, relationships: 0 })
  })

  it('answers by what is stored when it is called', async () => {
    const source = new PlainSource(graphOf([['a', 'b']]))
    const view = createGraphView(source)
    expect(await view.neighbors('a')).toEqual([{ id: 'b', depth: 1 }])
    source.stored = graphOf([['a', 'c']])
    expect(await view.neighbors('a')).toEqual([{ id: 'c', depth: 1 }])
    expect((await view.components()).flat()).toEqual(['a', 'c'])
  })

  it('finds neighbours, nearest first, then by id', async () => {
    expect(await view.neighbors('d', 2)).toEqual([
      { id: 'c', depth: 1 },
      { id: 'e', depth: 1 },
      { id: 'a', depth: 2 },
      { id: 'b', depth: 2 },
    ])
    expect(await onward.neighbors('a', 100)).toEqual([
      { id: 'b', depth: 1 },
      { id: 'c', depth: 2 },
      { id: 'd', depth: 3 },
      { id: 'e', depth: 4 },
    ])
    expect(await back.neighbors('a')).toEqual([{ id: 'c', depth: 1 }])
    expect(await view.neighbors('z', 5)).toEqual([])
  })

  it('takes the neighbours of a source that knows them by itself', async () => {
    const source = new PlainSource(graphOf([['a', 'b']]))
    source.known = [{ id: 'known', depth: 1 }]
    expect(await createGraphView(source).neighbors('a', 2)).toEqual(source.known)
    expect(source.asked).toBe(0)
  })

  it('finds the shortest path, and the strongest', async () => {
    expect(await view.shortestPath('a', 'c')).toEqual({
      node_ids: ['a', 'c'],
      relationship_ids: ['c>a'],
      strength: 0.4,
    })
    expect(await view.shortestPath('a', 'c', { weighted: true })).toEqual({
      node_ids: ['a', 'b', 'c'],
      relationship_ids: ['a>b', 'b>c'],
      strength: 0.45,
    })
    expect((await onward.shortestPath('a', 'e'))?.node_ids).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(await onward.shortestPath('a', 'e', { maxDepth: 3 })).toBeNull()
    expect(await back.shortestPath('a', 'd')).toBeNull()
    expect(await view.shortestPath('a', 'z')).toBeNull()
    expect(await view.shortestPath('a', 'a')).toEqual({
      node_ids: ['a'],
      relationship_ids: [],
      strength: 1,
    })
  })

  it('finds all paths, shortest first', async () => {
    expect((await view.allPaths('a', 'd')).map(({ node_ids }) => node_ids.join(''))).toEqual(['acd', 'abcd'])
    expect(await view.allPaths('a', 'd', { limit: 1 })).toEqual([
      { node_ids: ['a', 'c', 'd'], relationship_ids: ['c>a', 'c>d'], strength: 0.4 * 0.8 },
    ])
    expect(await view.allPaths('a', 'd', { maxDepth: 1 })).toEqual([])
    expect(await view.allPaths('a', 'a')).toEqual([])
  })

  it('finds components, the greatest first', async () => {
    expect(await view.components()).toEqual([['a', 'b', 'c', 'd', 'e'], ['z']])
    expect(await view.components({ strong: true })).toEqual([['a', 'b', 'c'], ['d', 'e'], ['z']])
    expect(await viewOf([]).components()).toEqual([])
  })

  it('finds communities, the greatest first', async () => {
    const found = await twoRings().communities()
    expect(found.communities).toEqual([['p', 'q', 'r', 's'], ['a', 'b', 'c'], ['z']])
    expect(found.modularity).toBeCloseTo(8 / 9 - (7 / 18) ** 2 - (11 / 18) ** 2, 12)
    expect((await twoRings().communities({ resolution: 100 })).communities).toHaveLength(8)
    expect(await viewOf([], 'both', ['b', 'a']).communities()).toEqual({
      communities: [['a'], ['b']],
      modularity: 0,
    })
  })

  it('ranks nodes by how central they are, the greatest first, then by id', async () => {
    const star = viewOf([
      ['a', 'm'],
      ['m', 'b'],
      ['m', 'c'],
    ])
    expect(await star.centrality('degree')).toEqual([
      { id: 'm', score: 1 },
      { id: 'a', score: 1 / 3 },
      { id: 'b', score: 1 / 3 },
      { id: 'c', score: 1 / 3 },
    ])
    expect(await star.centrality('betweenness', { limit: 2 })).toEqual([
      { id: 'm', score: 1 },
      { id: 'a', score: 0 },
    ])
    expect(await star.centrality('closeness', { limit: 1, samples: null })).toEqual([{ id: 'm', score: 1 }])
    expect(await star.centrality('pagerank', { limit: 3 })).toEqual(await star.pageRank({ limit: 3 }))
    expect(await viewOf([]).centrality('betweenness')).toEqual([])
  })

  it('estimates closeness from some nodes when it is told to, or there are many', async () => {
    const short = chain(2_000)
    const all = await short.centrality('closeness', { limit: 2 })
    expect(all.map(({ id }) => id)).toEqual(['n10999', 'n11000'])
    expect(await short.centrality('closeness', { limit: 2, samples: null })).toEqual(all)
    expect(await short.centrality('closeness', { limit: 2, samples: 100 })).not.toEqual(all)
    const long = chain(2_001)
    const estimate = await long.centrality('closeness', { limit: 2 })
    expect(await long.centrality('closeness', { limit: 2, samples: 500, seed: 1 })).toEqual(estimate)
    expect(await long.centrality('closeness', { limit: 2, seed: 2 })).not.toEqual(estimate)
    expect(await long.centrality('closeness', { limit: 2, samples: null })).not.toEqual(estimate)
  })

  it('ranks pages from all nodes or from seeds', async () => {
    const ranks = await onward.pageRank()
    expect(ranks.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 9)
    expect(ranks).toHaveLength(6)
    const near = await onward.pageRank({ seeds: ['b', 'b'] })
    expect(near.find(({ id }) => id === 'z')?.score).toBe(0)
    expect(await onward.pageRank({ seeds: { b: 7, z: 0 } })).toEqual(near)
    expect(await onward.pageRank({ seeds: { b: 5e-324 } })).toEqual(near)
    expect(await onward.pageRank({ seeds: { b: 1e308, z: 1e308 } })).toEqual(
      await onward.pageRank({ seeds: ['z', 'b'] }),
    )
    expect(await back.pageRank({ seeds: ['b'] })).not.toEqual(near)
    expect(await onward.pageRank({ seeds: ['b'], damping: 0.001, limit: 1 })).toMatchObject([{ id: 'b' }])
    expect(await onward.pageRank({ seeds: ['c'], weighted: true })).not.toEqual(
      await onward.pageRank({ seeds: ['c'] }),
    )
  })

  it('does not rank from a seed that is not there', async () => {
    await expect(view.pageRank({ seeds: ['a', 'no "id"', 'x'] })).rejects.toMatchObject({
      name: 'MemoryNotFoundError',
      code: 'MG_NOT_FOUND',
      details: { ids: ['no "id"', 'x'] },
      message: 'Cannot rank from "no \\"id\\"" and 1 more: not in this graph: leave out what is not there',
    })
    await expect(view.pageRank({ seeds: { x: 0, a: 1 } })).rejects.toMatchObject({ code: 'MG_NOT_FOUND' })
  })

  it('finds what holds the graph together', async () => {
    expect(await view.bridges()).toEqual({
      bridges: [
        { relationship_id: 'c>d', from: 'c', to: 'd' },
        { relationship_id: 'e>d', from: 'e', to: 'd' },
      ],
      articulation_points: ['c', 'd'],
    })
  })

  it('finds cycles, along the relationships or against them', async () => {
    const along = { node_ids: ['a', 'b', 'c', 'a'], relationship_ids: ['a>b', 'b>c', 'c>a'] }
    const against = { node_ids: ['a', 'c', 'b', 'a'], relationship_ids: ['c>a', 'b>c', 'a>b'] }
    expect(await onward.cycles()).toMatchObject([along])
    expect(await view.cycles({ maxLength: 3 })).toMatchObject([along])
    expect(await view.cycles({ maxLength: 2 })).toEqual([])
    expect(await back.cycles()).toMatchObject([against])
    expect((await back.cycles())[0]?.strength).toBeCloseTo(0.9 * 0.5 * 0.4, 12)
  })

  it('orders nodes so that each comes before those that it points to', async () => {
    expect(await onward.topologicalOrder('SOLVES')).toEqual(['a', 'b', 'c', 'd'])
    expect(await back.topologicalOrder('SOLVES')).toEqual(['d', 'c', 'b', 'a'])
    expect(await view.topologicalOrder('REQUIRES')).toEqual(['c', 'a'])
    expect(await view.topologicalOrder('CAUSES')).toEqual([])
  })

  it('says along which nodes relationships lead in a circle', async () => {
    for (const type of [undefined, null]) {
      await expect(view.topologicalOrder(type)).rejects.toMatchObject({
        code: 'MG_CYCLE',
        details: { path: ['a', 'b', 'c', 'a'] },
      })
    }
    await expect(back.topologicalOrder()).rejects.toMatchObject({ details: { path: ['a', 'c', 'b', 'a'] } })
  })

  it('measures', async () => {
    const nodes = ['Memory', 'Task', '__proto__'].map((label, at) => ({
      id: 'abc'.charAt(at),
      label,
      importance: null,
    }))
    const edges = [
      row('1', 'a', 'b', 'SOLVES', 1),
      row('2', 'b', 'a', '__proto__', 0.5),
      row('3', 'a', 'a', 'SOLVES', 0),
    ]
    expect(await createGraphView(new PlainSource(snapshotOf(nodes, edges))).metrics()).toEqual({
      nodes: 3,
      relationships: 3,
      density: 0.5,
      average_degree: 2,
      greatest_degree: { id: 'a', degree: 4 },
      isolated: 1,
      self_loops: 1,
      reciprocity: 1,
      average_strength: 0.5,
      components: 2,
      largest_component: 2,
      strong_components: 2,
      relationships_by_type: JSON.parse('{"SOLVES":2,"__proto__":1}'),
      nodes_by_label: JSON.parse('{"Memory":1,"Task":1,"__proto__":1}'),
    })
    expect(await viewOf([]).metrics()).toMatchObject({
      nodes: 0,
      density: 0,
      greatest_degree: null,
      average_strength: null,
      relationships_by_type: {},
      nodes_by_label: {},
    })
  })

  it('finds nodes with neighbours in common', async () => {
    expect(await view.similarNodes('a')).toEqual([
      { id: 'b', score: 1 / 3, shared: ['c'] },
      { id: 'd', score: 1 / 3, shared: ['c'] },
      { id: 'c', score: 1 / 4, shared: ['b'] },
    ])
    expect(await view.similarNodes('a', { limit: 1 })).toMatchObject([{ id: 'b' }])
  })

  it('has nothing to tell of a node that is not in it', async () => {
    const visited: string[] = []
    const note = ({ id }: { readonly id: string }): number => visited.push(id)
    expect(await view.neighbors('x', 3)).toEqual([])
    await view.breadthFirst('x', note)
    await view.depthFirst('x', note)
    expect(visited).toEqual([])
    expect(await view.shortestPath('a', 'x')).toBeNull()
    expect(await view.shortestPath('x', 'a', { weighted: true })).toBeNull()
    expect(await view.shortestPath('x', 'x')).toBeNull()
    expect(await view.allPaths('x', 'a')).toEqual([])
    expect(await view.similarNodes('x')).toEqual([])
  })
})

/** A ring of three and one of four with a cord, joined by one relationship, and a node by itself. */
function twoRings(): GraphView {
  const pairs = ['ab', 'bc', 'ca', 'cp', 'pq', 'qr', 'rs', 'sp', 'rp']
  return viewOf(
    pairs.map((pair) => [pair.charAt(0), pair.charAt(1)] as const),
    'both',
    ['z'],
  )
}

function chain(order: number): GraphView {
  return viewOf(Array.from({ length: order - 1 }, (_, at) => [`n${10_000 + at}`, `n${10_001 + at}`] as const))
}

function row(id: string, from: string, to: string, type: string, strength: number): GraphEdgeRow {
  return { id, from, to, type, strength, valid_from: VALID_FROM, valid_until: null }
}
