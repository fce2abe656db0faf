import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { topologicalOrder } from '../../../src/graph/algorithms/topological-order.js'
import { type CompactGraph, compactGraphOf } from '../../../src/graph/snapshot/compact-graph.js'
import { chainOf, circleOf } from '../naive/chains.js'
import { naiveCycles } from '../naive/naive-cycles.js'
import { edgesOf, type NaiveEdge, nodesOf, stepsAlong } from '../naive/naive-graph.js'
import { naiveTopologicalOrder } from '../naive/naive-topological-order.js'
import { strongestEdges } from '../naive/naive-walks.js'
import { directions, randomGraphs } from '../naive/random-graphs.js'

const types = fc.constantFrom(null, 0, 1, 2)

/** The edges that count, as they point in the direction. */
function edgesInDirection(graph: CompactGraph, type: number | null, direction: string): NaiveEdge[] {
  return edgesOf(graph)
    .filter((edge) => !edge.isSymmetric && (type === null || edge.type === type))
    .map((edge) => (direction === 'incoming' ? { ...edge, from: edge.to, to: edge.from } : edge))
}

describe('topologicalOrder()', () => {
  it('puts each node before those it points to, the least first, as far as there is no cycle', () => {
    const graphs = fc.oneof(
      randomGraphs(9, 12),
      randomGraphs(9, 20).map((graph) => {
        const edges = edgesOf(graph).filter(({ from, to }) => (from * 5) % 11 < (to * 5) % 11)
        return compactGraphOf(graph.order, edges, [2])
      }),
    )
    fc.assert(
      fc.property(graphs, types, directions, (graph, type, direction) => {
        const edges = edgesInDirection(graph, type, direction)
        const { order, cycle } = topologicalOrder(graph, { type, direction })
        expect([...order]).toEqual(naiveTopologicalOrder(edges))
        const steps = stepsAlong(nodesOf(graph), edges, 'outgoing')
        const [shortestOfLeast] = naiveCycles(steps, graph.order).sort(
          (one, other) => (one[0] as number) - (other[0] as number),
        )
        expect(cycle).toEqual(
          shortestOfLeast ? { nodes: shortestOfLeast, edges: strongestEdges(steps, shortestOfLeast) } : null,
        )
      }),
      { numRuns: 500 },
    )
  })

  it('comes to the end of a chain of a million, and around the circle it makes', () => {
    const order = 1_000_000
    const options = { type: null, direction: 'incoming' as const }
    const sorted = topologicalOrder(chainOf(order), options)
    expect([sorted.order.length, sorted.order[0], sorted.cycle]).toEqual([order, order - 1, null])
    expect(topologicalOrder(circleOf(order), options).cycle?.edges).toHaveLength(order)
  })
})
