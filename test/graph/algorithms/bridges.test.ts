import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bridges } from '../../../src/graph/algorithms/bridges.js'
import { chainOf } from '../naive/chains.js'
import { naiveBridges } from '../naive/naive-bridges.js'
import { edgesOf, nodesOf } from '../naive/naive-graph.js'
import { randomGraphs } from '../naive/random-graphs.js'

describe('bridges()', () => {
  it('finds the edges and nodes without which there are more parts', () => {
    fc.assert(
      fc.property(randomGraphs(10, 14), (graph) => {
        const { edges, nodes } = bridges(graph)
        expect({ edges: [...edges], nodes: [...nodes] }).toEqual(naiveBridges(nodesOf(graph), edgesOf(graph)))
      }),
      { numRuns: 400 },
    )
  })

  it('comes to the end of a chain of a million', () => {
    const order = 1_000_000
    const { edges, nodes } = bridges(chainOf(order))
    expect([edges.length, nodes.length]).toEqual([order - 1, order - 2])
  })
})
