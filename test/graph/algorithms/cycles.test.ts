import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cycles } from '../../../src/graph/algorithms/cycles.js'
import { compactGraphOf } from '../../../src/graph/snapshot/compact-graph.js'
import { chainOf, circleOf } from '../naive/chains.js'
import { naiveCycles } from '../naive/naive-cycles.js'
import { edgesOf, nodesOf, stepsAlong } from '../naive/naive-graph.js'
import { strongestEdges } from '../naive/naive-walks.js'
import { randomGraphs } from '../naive/random-graphs.js'

describe('cycles()', () => {
  it('finds those that meet no node twice, shortest first, then by their nodes', () => {
    const lengths = fc.integer({ min: 1, max: 9 })
    const limits = fc.integer({ min: 1, max: 80 })
    fc.assert(
      fc.property(randomGraphs(8, 26), lengths, limits, (graph, maxLength, limit) => {
        const edges = edgesOf(graph).filter(({ isSymmetric }) => !isSymmetric)
        const steps = stepsAlong(nodesOf(graph), edges, 'outgoing')
        const naive = naiveCycles(steps, maxLength).slice(0, limit)
        expect(cycles(graph, { maxLength, limit })).toEqual(
          naive.map((nodes) => ({ nodes, edges: strongestEdges(steps, nodes) })),
        )
      }),
      { numRuns: 1000 },
    )
  })

  it('finds none in a chain of a million, nor the circle it makes that is too long', () => {
    for (const graph of [chainOf(1_000_000), circleOf(1_000_000)]) {
      expect(cycles(graph, { maxLength: 10, limit: 10 })).toEqual([])
    }
  })

  it('does not lose itself in a dense part that only long cycles go through', () => {
    // Twelve layers of ten, each joined to all of the next, and one way back: the shortest cycle has thirteen edges.
    const layers = Array.from({ length: 11 * 100 }, (_, at) => ({
      from: Math.floor(at / 100) * 10 + (Math.floor(at / 10) % 10),
      to: (Math.floor(at / 100) + 1) * 10 + (at % 10),
    }))
    const graph = compactGraphOf(121, [...layers, { from: 110, to: 120 }, { from: 120, to: 0 }])
    expect(cycles(graph, { maxLength: 12, limit: 10 })).toEqual([])
    const found = cycles(graph, { maxLength: 13, limit: 10 })
    expect(found).toHaveLength(10)
    expect(found[0]?.nodes).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 0])
  })

  it('tells how much is done', () => {
    const told: [number, number][] = []
    const pairs = Array.from({ length: 3000 }, (_, at) => [
      { from: at, to: 3000 + at },
      { from: 3000 + at, to: at },
    ])
    const graph = compactGraphOf(6000, pairs.flat())
    cycles(graph, { maxLength: 4, limit: 10_000 }, (done, total) => told.push([done, total]))
    expect(told.length).toBeGreaterThan(5)
    expect(told.at(-1)).toEqual([9000, 9000])
  })
})
