import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allPaths } from '../../../src/graph/algorithms/all-paths.js'
import { compactGraphOf } from '../../../src/graph/snapshot/compact-graph.js'
import { naiveSteps } from '../naive/naive-graph.js'
import { naivePaths, strongestEdges } from '../naive/naive-walks.js'
import { directions, graphsWithTwoNodes, randomGraphs } from '../naive/random-graphs.js'

describe('allPaths()', () => {
  it('finds the ways that meet no node twice, shortest first, then by their nodes', () => {
    const graphs = graphsWithTwoNodes(fc.oneof(randomGraphs(8, 24), randomGraphs(11, 22)))
    const depths = fc.integer({ min: 1, max: 10 })
    const limits = fc.integer({ min: 1, max: 60 })
    fc.assert(
      fc.property(graphs, directions, depths, limits, ({ graph, one, other }, direction, maxDepth, limit) => {
        const steps = naiveSteps(graph, direction)
        const naive = one === other ? [] : naivePaths(steps, one, other, maxDepth).slice(0, limit)
        expect(allPaths(graph, one, other, { direction, maxDepth, limit })).toEqual(
          naive.map((nodes) => ({ nodes, edges: strongestEdges(steps, nodes) })),
        )
      }),
      { numRuns: 1000 },
    )
  })

  it('finds ways through a node that was in the way before', () => {
    // 2 comes to the goal only through 1, which comes first: it fails behind it, but not on the way through 3 and 4.
    const graph = compactGraphOf(8, [
      { from: 0, to: 1 },
      { from: 1, to: 2 },
      { from: 2, to: 1 },
      { from: 0, to: 3 },
      { from: 3, to: 4 },
      { from: 4, to: 2 },
      { from: 1, to: 5 },
      { from: 5, to: 6 },
      { from: 6, to: 7 },
    ])
    const paths = allPaths(graph, 0, 7, { direction: 'outgoing', maxDepth: 7, limit: 10 })
    expect(paths.map(({ nodes }) => nodes)).toEqual([
      [0, 1, 5, 6, 7],
      [0, 3, 4, 2, 1, 5, 6, 7],
    ])
  })

  const clique = (first: number, count: number) =>
    Array.from({ length: count * count }, (_, at) => ({
      from: first + Math.floor(at / count),
      to: first + (at % count),
    }))
  const options = { direction: 'both' as const, maxDepth: 20, limit: 1000 }

  it('does not lose itself beside the only way', () => {
    const graph = compactGraphOf(62, [...clique(0, 60), { from: 0, to: 60 }, { from: 60, to: 61 }])
    expect(allPaths(graph, 0, 61, options).map(({ nodes }) => nodes)).toEqual([[0, 60, 61]])
  })

  it('does not lose itself where the way comes out behind', () => {
    // From 0 one can only leave the clique by 1, which leads on to the goal: what enters it again is lost.
    const graph = compactGraphOf(64, [
      { from: 0, to: 1 },
      { from: 1, to: 2 },
      ...clique(3, 60),
      ...Array.from({ length: 60 }, (_, at) => ({ from: 1, to: 3 + at })),
      { from: 2, to: 63 },
    ])
    expect(allPaths(graph, 0, 63, options).map(({ nodes }) => nodes)).toEqual([[0, 1, 2, 63]])
  })

  it('stops at the limit among very many', () => {
    const graph = compactGraphOf(60, clique(0, 60))
    const paths = allPaths(graph, 0, 59, { ...options, limit: 10_000 })
    expect(paths).toHaveLength(10_000)
    expect(paths[0]?.nodes).toEqual([0, 59])
    expect(paths[58]?.nodes).toEqual([0, 58, 59])
    expect(paths.at(-1)?.nodes).toHaveLength(5)
  })
})
