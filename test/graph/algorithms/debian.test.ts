import { describe, expect, it } from 'vitest'
import { allPaths } from '../../../src/graph/algorithms/all-paths.js'
import { closeness } from '../../../src/graph/algorithms/closeness.js'
import { strongComponents, weakComponents } from '../../../src/graph/algorithms/components.js'
import { cycles } from '../../../src/graph/algorithms/cycles.js'
import { pageRank } from '../../../src/graph/algorithms/page-rank.js'
import { partOf } from '../../../src/graph/algorithms/part-of.js'
import { shortestPath } from '../../../src/graph/algorithms/shortest-path.js'
import { similarNodes } from '../../../src/graph/algorithms/similar-nodes.js'
import { topologicalOrder } from '../../../src/graph/algorithms/topological-order.js'
import type { CompactGraph } from '../../../src/graph/snapshot/compact-graph.js'
import { stepsOf, type WalkDirection } from '../../../src/graph/snapshot/steps.js'
import { nodesWithin } from '../../../src/graph/walks/nodes-within.js'
import { randomOf } from '../../support/random.js'
import { debianGraph, hasDebianGraph } from '../naive/debian-graph.js'
import { naiveStrongComponentsOfMany, naiveWeakComponents } from '../naive/naive-components.js'
import { naiveCycles } from '../naive/naive-cycles.js'
import {
  edgesOf,
  type NaiveSteps,
  naiveSteps,
  neighbourSets,
  nodesOf,
  stepsAlong,
} from '../naive/naive-graph.js'
import { naivePageRank } from '../naive/naive-page-rank.js'
import { naiveTopologicalOrder } from '../naive/naive-topological-order.js'
import {
  naiveDepths,
  naivePaths,
  naiveShortestPath,
  naiveStrengths,
  strongestEdges,
  strongestSteps,
} from '../naive/naive-walks.js'

/** Nodes that are tried, since the naive walks over all of the graph take long: `npm run test:long` tries more. */
const SOME: number = process.env['TEST_LONG'] === 'yes' ? 50 : 5

const directions: readonly WalkDirection[] = ['outgoing', 'incoming', 'both']

const title = hasDebianGraph
  ? 'the graph of Debian packages'
  : 'the graph of Debian packages (../shared/data/debian-graph is not there)'

describe.skipIf(!hasDebianGraph)(title, () => {
  const graph = hasDebianGraph ? debianGraph() : (undefined as unknown as CompactGraph)
  const random = randomOf(5)
  const someNodes = (count: number): number[] =>
    Array.from({ length: count }, () => Math.floor(random() * graph.order))
  const naive = new Map<WalkDirection, NaiveSteps>()
  const stepsIn = (direction: WalkDirection): NaiveSteps => {
    const steps = naive.get(direction) ?? naiveSteps(graph, direction)
    naive.set(direction, steps)
    return steps
  }
  const opposite = { outgoing: 'incoming', incoming: 'outgoing', both: 'both' } as const

  it('has the neighbourhoods of a naive walk', async () => {
    for (const [at, start] of someNodes(SOME).entries()) {
      const direction = directions[at % 3] as WalkDirection
      const maxDepth = (at % 5) + 1
      const levels = await nodesWithin(stepsOf(graph, direction), start, maxDepth, {})
      const found = [...naiveDepths(stepsIn(direction), start, maxDepth)].slice(1)
      const sorted = found.sort(([a, near], [b, far]) => near - far || a - b)
      expect(levels.flatMap((nodes, level) => Array.from(nodes, (node) => [node, level + 1]))).toEqual(sorted)
    }
  })

  it('has the shortest paths of a naive walk', () => {
    const goals = someNodes(SOME)
    let found = 0
    for (const [at, from] of someNodes(SOME).entries()) {
      const direction = directions[at % 3] as WalkDirection
      const to = goals[at] as number
      const steps = stepsIn(direction)
      const nodes = naiveShortestPath(steps, stepsIn(opposite[direction]), from, to)
      const path = shortestPath(graph, from, to, { direction, weighted: false, maxDepth: null })
      expect(path).toEqual(nodes && { nodes, edges: strongestEdges(steps, nodes) })
      if (path) found++
    }
    expect(found).toBeGreaterThan(SOME / 2)
  })

  it('has the strongest paths of a naive walk', () => {
    for (const [at, from] of someNodes(6).entries()) {
      const direction = directions[at % 3] as WalkDirection
      const steps = stepsIn(direction)
      const strengths = naiveStrengths(steps, from)
      for (const to of someNodes(3)) {
        const path = shortestPath(graph, from, to, { direction, weighted: true, maxDepth: null })
        expect(path !== null).toBe(strengths.has(to))
        if (!path) continue
        const along = strongestSteps(steps, path.nodes)
        expect(path.edges).toEqual(along.map(({ edge }) => edge.number))
        const product = along.reduce((sum, { edge }) => sum * edge.strength, 1)
        expect(product / (strengths.get(to) as number)).toBeCloseTo(1, 6)
      }
    }
  })

  it('has the paths of a naive search', async () => {
    const steps = stepsIn('outgoing')
    const starts = someNodes(200).filter((node) => (steps.get(node) ?? []).length > 2)
    for (const from of starts.slice(0, SOME)) {
      const levels = await nodesWithin(stepsOf(graph, 'outgoing'), from, 3, {})
      const reached = levels.flatMap((nodes) => [...nodes])
      const to = reached[Math.floor(random() * reached.length)] as number
      const paths = naivePaths(steps, from, to, 3).slice(0, 100)
      expect(allPaths(graph, from, to, { direction: 'outgoing', maxDepth: 3, limit: 100 })).toEqual(
        paths.map((nodes) => ({ nodes, edges: strongestEdges(steps, nodes) })),
      )
    }
  })

  it('has the components of a naive walk', () => {
    const inOrder = (components: Map<number, number>) => nodesOf(graph).map((node) => components.get(node))
    expect([...weakComponents(graph)]).toEqual(inOrder(naiveWeakComponents(stepsIn('both'))))
    const strong = naiveStrongComponentsOfMany(stepsIn('outgoing'), stepsIn('incoming'))
    expect([...strongComponents(graph)]).toEqual(inOrder(strong))
  })

  it('has the ranks of a naive walk', () => {
    const begin = new Map(nodesOf(graph).map((node) => [node, 1 / graph.order]))
    const options = { damping: 0.85, weighted: true }
    const ranks = naivePageRank(stepsIn('outgoing'), { ...options, begin }, 130)
    const found = pageRank(graph, { ...options, direction: 'outgoing', seeds: null })
    const wrong = found.map((rank, node) => Math.abs(rank - (ranks.get(node) as number)))
    expect(wrong.reduce((sum, one) => sum + one)).toBeLessThan(2e-9)
    expect(found.reduce((sum, rank) => sum + rank)).toBeCloseTo(1, 11)
  })

  it('has the order of a naive sort where there is no cycle', () => {
    const components = strongComponents(partOf(graph, (edge) => graph.type[edge] === 0).graph)
    const { graph: acyclic } = partOf(graph, (edge) => {
      const [from, to] = [graph.from[edge] as number, graph.to[edge] as number]
      return graph.type[edge] === 0 && components[from] !== components[to]
    })
    const { order, cycle } = topologicalOrder(acyclic, { type: 0, direction: 'outgoing' })
    expect(cycle).toBeNull()
    expect([...order]).toEqual(naiveTopologicalOrder(edgesOf(acyclic)))
  })

  it('has the cycles of a naive search', () => {
    const oneWay = edgesOf(graph).filter(({ isSymmetric }) => !isSymmetric)
    const [steps, back] = [
      stepsAlong(nodesOf(graph), oneWay, 'outgoing'),
      stepsAlong(nodesOf(graph), oneWay, 'incoming'),
    ]
    const components = naiveStrongComponentsOfMany(steps, back)
    const within = oneWay.filter(({ from, to }) => components.get(from) === components.get(to))
    const naive = naiveCycles(stepsAlong(nodesOf(graph), within, 'outgoing'), 8)
    expect(naive.length).toBeGreaterThan(100)
    expect(cycles(graph, { maxLength: 8, limit: 10_000 })).toEqual(
      naive.map((nodes) => ({ nodes, edges: strongestEdges(steps, nodes) })),
    )
    const { cycle } = topologicalOrder(graph, { type: null, direction: 'outgoing' })
    const least = Math.min(...naive.map(([node]) => node as number))
    expect(cycle?.nodes).toEqual(naive.find(([node]) => node === least))
  })

  it('has the similar nodes of a naive comparison', () => {
    const neighbours = neighbourSets(stepsIn('both'))
    for (const node of someNodes(5)) {
      const ofOne = neighbours.get(node) as Set<number>
      const best = [...neighbours]
        .filter(([other]) => other !== node)
        .map(([other, some]) => {
          const shared = [...some].filter((one) => ofOne.has(one))
          return { node: other, score: shared.length / (some.size + ofOne.size - shared.length), shared }
        })
        .filter(({ shared }) => shared.length > 0)
        .sort((a, b) => b.score - a.score || a.node - b.node)
      expect(similarNodes(graph, node, 10)).toEqual(best.slice(0, 10))
    }
  })

  it('has closeness that samples come near to', () => {
    const nodes = someNodes(5)
    const estimates = closeness(graph, { direction: 'both', samples: 300, seed: 1 })
    for (const node of nodes) {
      const depths = [...naiveDepths(stepsIn('both'), node).values()]
      const reached = depths.length - 1
      const sum = depths.reduce((all, depth) => all + depth)
      const exact = reached === 0 ? 0 : reached ** 2 / (sum * (graph.order - 1))
      expect(Math.abs((estimates[node] as number) - exact)).toBeLessThan(0.03)
    }
  })

  it('is put in steps that hold each edge', () => {
    const { far, edge } = stepsOf(graph, 'both')
    expect(new Set(edge).size).toBe(graph.size)
    expect(far).toHaveLength(2 * graph.size)
  })
})
