import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GraphVisit } from '../../../src/graph/graph-view.js'
import type { CompactGraph } from '../../../src/graph/snapshot/compact-graph.js'
import { createGraphView } from '../../../src/graph/view/source-view.js'
import { ascending } from '../../../src/graph/walks/ascending.js'
import { type NaiveSteps, naiveSteps } from '../naive/naive-graph.js'
import { naiveDepths } from '../naive/naive-walks.js'
import { directions, graphsWithTwoNodes, randomGraphs } from '../naive/random-graphs.js'
import { edgeIdOf, graphOf, idOf, PlainSource, snapshotOfNumbers, viewOf } from './plain-source.js'

/** c has a way to g before b has one, but b comes first. */
const tree = viewOf(
  [
    ['s', 'c'],
    ['s', 'x'],
    ['s', 'c', 'SOLVES', 0.9],
    ['c', 'p'],
    ['x', 'b'],
    ['p', 'g'],
    ['b', 'g'],
    ['g', 's'],
  ],
  'outgoing',
)

describe('breadthFirst()', () => {
  it('tells of nodes the nearest first, then by id of the node before, with how it came there', async () => {
    const visits: GraphVisit[] = []
    await tree.breadthFirst('s', (visit) => visits.push(visit))
    expect(visits).toEqual([
      { id: 's', depth: 0, relationship_id: null, from: null },
      { id: 'c', depth: 1, relationship_id: "s>c'", from: 's' },
      { id: 'x', depth: 1, relationship_id: 's>x', from: 's' },
      { id: 'p', depth: 2, relationship_id: 'c>p', from: 'c' },
      { id: 'b', depth: 2, relationship_id: 'x>b', from: 'x' },
      { id: 'g', depth: 3, relationship_id: 'b>g', from: 'b' },
    ])
  })

  it('comes to each node at its least depth, from the first node that leads there, on any graph', async () => {
    await fc.assert(
      fc.asyncProperty(
        graphsWithTwoNodes(randomGraphs(9, 20)),
        directions,
        async ({ graph, one }, direction) => {
          const visits = await visitsOf(graph, direction, 'breadthFirst', one)
          expect(visits).toEqual(naiveBreadthFirst(naiveSteps(graph, direction), one))
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('depthFirst()', () => {
  it('goes on from each node before its next neighbour', async () => {
    const visits: string[] = []
    await tree.depthFirst('s', ({ id, depth }) => visits.push(`${id}${depth}`))
    expect(visits).toEqual(['s0', 'c1', 'p2', 'g3', 'x1', 'b2'])
  })

  it('goes the way that recursion goes, on any graph', async () => {
    await fc.assert(
      fc.asyncProperty(
        graphsWithTwoNodes(randomGraphs(9, 20)),
        directions,
        async ({ graph, one }, direction) => {
          const visits = await visitsOf(graph, direction, 'depthFirst', one)
          expect(visits).toEqual(naiveDepthFirst(naiveSteps(graph, direction), one))
        },
      ),
      { numRuns: 300 },
    )
  })

  it('goes as deep as there are nodes', async () => {
    const chain = Array.from({ length: 50_000 }, (_, at) => [idOf(at), idOf(at + 1)] as const)
    let deepest = 0
    await viewOf(chain, 'outgoing').depthFirst(idOf(0), ({ depth }) => {
      deepest = Math.max(deepest, depth)
    })
    expect(deepest).toBe(50_000)
  })
})

describe.each(['breadthFirst', 'depthFirst'] as const)('a visitor of %s()', (walk) => {
  const visited = async (told: (visit: GraphVisit) => unknown): Promise<string> => {
    let ids = ''
    await tree[walk]('s', (visit) => {
      ids += visit.id
      return told(visit)
    })
    return ids
  }

  it('ends the walk by "stop"', async () => {
    expect(await visited(({ id }) => id === 's' && 'stop')).toBe('s')
    expect(await visited(({ id }) => id === 'p' && 'stop')).toBe(walk === 'depthFirst' ? 'scp' : 'scxp')
  })

  it('leaves out what lies behind a node by "prune"', async () => {
    expect(await visited(({ id }) => id === 's' && 'prune')).toBe('s')
    const withoutP = await visited(({ id }) => (id === 'c' || id === 'x' ? 'prune' : undefined))
    expect(withoutP).toBe('scx')
  })

  it('goes on whatever else it returns', async () => {
    for (const told of [undefined, null, true, false, 0, 'STOP', ['stop'], { stop: true }])
      expect(await visited(() => told)).toHaveLength(6)
  })

  it('fails the walk by what it throws', async () => {
    const fault = new RangeError('enough')
    const seen = visited(({ id }) => {
      if (id === 'x') throw fault
    })
    await expect(seen).rejects.toBe(fault)
  })

  it('must not make promises', async () => {
    await expect(visited(async () => 'stop')).rejects.toMatchObject({
      code: 'MG_VALIDATION',
      message: expect.stringContaining('it returned a promise'),
    })
  })
})

describe('ascending()', () => {
  it('has few and many nodes in the order of their numbers', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat({ max: 39 })), fc.constantFrom(40, 10_000), (nodes, order) => {
        expect([...ascending(nodes, order)]).toEqual(nodes.toSorted((a, b) => a - b))
      }),
    )
  })
})

it('lets timers have their turn while it walks', async () => {
  const hub = createGraphView(
    new PlainSource(graphOf(Array.from({ length: 100_000 }, (_, at) => ['hub', idOf(at)] as const))),
  )
  await hub.neighbors('hub')
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  await hub.breadthFirst('hub', () => {
    const until = performance.now() + 0.001
    while (performance.now() < until);
  })
  clearInterval(timer)
  expect(turns).toBeGreaterThan(3)
})

async function visitsOf(
  graph: CompactGraph,
  direction: 'outgoing' | 'incoming' | 'both',
  walk: 'breadthFirst' | 'depthFirst',
  start: number,
): Promise<GraphVisit[]> {
  const visits: GraphVisit[] = []
  const view = createGraphView(new PlainSource(snapshotOfNumbers(graph), direction))
  await view[walk](idOf(start), (visit) => visits.push(visit))
  return visits
}

function naiveBreadthFirst(steps: NaiveSteps, start: number): GraphVisit[] {
  const depths = naiveDepths(steps, start)
  const visits = [...depths].map(([node, depth]): GraphVisit & { order: number[] } => {
    const before = [...depths].filter(([, other]) => other === depth - 1).map(([other]) => other)
    for (const from of before.toSorted((a, b) => a - b)) {
      const step = steps.get(from)?.find(({ to }) => to === node)
      if (!step) continue
      const way = { relationship_id: edgeIdOf(step.edge.number), from: idOf(from) }
      return { id: idOf(node), depth, ...way, order: [depth, from, node] }
    }
    return { id: idOf(node), depth, relationship_id: null, from: null, order: [0, 0, 0] }
  })
  visits.sort(({ order: [a = 0, b = 0, c = 0] }, { order: [x = 0, y = 0, z = 0] }) => a - x || b - y || c - z)
  return visits.map(({ order: _, ...visit }) => visit)
}

function naiveDepthFirst(steps: NaiveSteps, start: number): GraphVisit[] {
  const visits: GraphVisit[] = []
  const met = new Set<number>()
  const visit = (node: number, depth: number, relationship_id: string | null, from: string | null): void => {
    met.add(node)
    visits.push({ id: idOf(node), depth, relationship_id, from })
    for (const { to, edge } of steps.get(node) ?? [])
      if (!met.has(to)) visit(to, depth + 1, edgeIdOf(edge.number), idOf(node))
  }
  visit(start, 0, null, null)
  return visits
}
