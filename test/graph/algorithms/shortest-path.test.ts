import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shortestPath } from '../../../src/graph/algorithms/shortest-path.js'
import { compactGraphOf } from '../../../src/graph/snapshot/compact-graph.js'
import { chainOf } from '../naive/chains.js'
import { type NaiveSteps, naiveSteps } from '../naive/naive-graph.js'
import { naivePaths, strongestEdges, strongestSteps } from '../naive/naive-walks.js'
import { directions, graphsWithTwoNodes, randomGraphs } from '../naive/random-graphs.js'

describe('shortestPath()', () => {
  it('finds the way of fewest steps whose nodes come first, along the strongest edges', () => {
    const maxDepths = fc.option(fc.integer({ min: 1, max: 4 }))
    fc.assert(
      fc.property(
        graphsWithTwoNodes(),
        directions,
        maxDepths,
        ({ graph, one, other }, direction, maxDepth) => {
          const steps = naiveSteps(graph, direction)
          const [nodes] = naivePaths(steps, one, other, maxDepth ?? graph.order)
          const path = shortestPath(graph, one, other, { direction, weighted: false, maxDepth })
          expect(path).toEqual(nodes ? { nodes, edges: strongestEdges(steps, nodes) } : null)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('finds a way through a chain of a million', () => {
    const order = 1_000_000
    const chain = chainOf(order)
    const options = { direction: 'outgoing' as const, maxDepth: null }
    for (const weighted of [false, true]) {
      expect(shortestPath(chain, 0, order - 1, { ...options, weighted })?.edges).toHaveLength(order - 1)
      expect(shortestPath(chain, order - 1, 0, { ...options, weighted })).toBeNull()
    }
  })
})

/** What the strengths along a way multiply to. */
function productOf(steps: NaiveSteps, nodes: readonly number[]): number {
  return strongestSteps(steps, nodes).reduce((product, { edge }) => product * Math.min(edge.strength, 1), 1)
}

/** Only the steps that have a strength. */
function strongSteps(steps: NaiveSteps): NaiveSteps {
  return new Map([...steps].map(([node, some]) => [node, some.filter(({ edge }) => edge.strength > 0)]))
}

describe('shortestPath() by strength', () => {
  const options = { weighted: true, maxDepth: null }

  it('finds the way of the greatest product, then of fewest steps, then whose nodes come first', () => {
    const graphs = graphsWithTwoNodes(randomGraphs(7, 20, fc.constantFrom(0, 0.25, 0.25, 0.5, 0.5, 1, 1.5)))
    fc.assert(
      fc.property(graphs, directions, ({ graph, one, other }, direction) => {
        const steps = strongSteps(naiveSteps(graph, direction))
        const paths = naivePaths(steps, one, other, graph.order)
        const greatest = Math.max(...paths.map((nodes) => productOf(steps, nodes)))
        const nodes = paths.find((path) => productOf(steps, path) === greatest)
        const path = shortestPath(graph, one, other, { ...options, direction })
        expect(path).toEqual(nodes ? { nodes, edges: strongestEdges(steps, nodes) } : null)
      }),
      { numRuns: 500 },
    )
  })

  it('finds the greatest product of any strengths', () => {
    const strengths = fc.double({ min: 1e-9, max: 1, noNaN: true })
    const graphs = graphsWithTwoNodes(randomGraphs(7, 20, strengths))
    fc.assert(
      fc.property(graphs, directions, ({ graph, one, other }, direction) => {
        const steps = naiveSteps(graph, direction)
        const products = naivePaths(steps, one, other, graph.order).map((nodes) => productOf(steps, nodes))
        const path = shortestPath(graph, one, other, { ...options, direction })
        expect(path !== null).toBe(products.length > 0)
        if (path) expect(productOf(steps, path.nodes) / Math.max(...products)).toBeCloseTo(1, 6)
      }),
    )
  })

  it('takes fewer steps of the same product, whichever it comes to first', () => {
    const graph = compactGraphOf(5, [
      { from: 0, to: 1, strength: 0.5 },
      { from: 1, to: 2, strength: 1 },
      { from: 2, to: 4, strength: 0.5 },
      { from: 0, to: 3, strength: 1 },
      { from: 3, to: 4, strength: 0.25 },
    ])
    const path = shortestPath(graph, 0, 4, { ...options, direction: 'outgoing' })
    expect(path?.nodes).toEqual([0, 3, 4])
  })

  it('takes the same strengths in another order as equal', () => {
    const strengths = [0.3, 0.7, 0.9, 0.1]
    const along = (nodes: number[], by: number[]) =>
      by.map((strength, at) => ({ from: nodes[at] as number, to: nodes[at + 1] as number, strength }))
    for (const [first, second] of [
      [strengths, strengths.toReversed()],
      [strengths.toReversed(), strengths],
    ] as [number[], number[]][]) {
      const graph = compactGraphOf(8, [...along([0, 1, 2, 3, 7], first), ...along([0, 4, 5, 6, 7], second)])
      const path = shortestPath(graph, 0, 7, { ...options, direction: 'outgoing' })
      expect(path?.nodes).toEqual([0, 1, 2, 3, 7])
    }
  })

  it('does not take what has no strength', () => {
    const graph = compactGraphOf(4, [
      { from: 0, to: 1, strength: Number.NaN },
      { from: 1, to: 2, strength: -1 },
      { from: 2, to: 3, strength: 0 },
    ])
    for (const node of [0, 1, 2]) {
      expect(shortestPath(graph, node, node + 1, { ...options, direction: 'both' })).toBeNull()
    }
  })
})
