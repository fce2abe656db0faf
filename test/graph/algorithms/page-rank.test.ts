import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pageRank } from '../../../src/graph/algorithms/page-rank.js'
import { compactGraphOf } from '../../../src/graph/snapshot/compact-graph.js'
import { naiveSteps, nodesOf } from '../naive/naive-graph.js'
import { naivePageRank } from '../naive/naive-page-rank.js'
import { directions, randomGraphs } from '../naive/random-graphs.js'

const strengths = fc.constantFrom(-1, 0, 0.2, 0.5, 0.9, 1)
const dampings = fc.constantFrom(0.3, 0.85, 0.95)

describe('pageRank()', () => {
  it('finds how often a random walk comes by', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 })
    fc.assert(
      fc.property(
        randomGraphs(9, 20, strengths).filter(({ order }) => order > 0),
        fc.record({ direction: directions, damping: dampings, weighted: fc.boolean() }),
        fc.option(weights),
        (graph, { direction, damping, weighted }, given) => {
          const seeds = given && {
            nodes: Int32Array.from(given, (_, at) => (at * 2) % graph.order),
            weights: Float64Array.from(given),
          }
          const begin = new Map(nodesOf(graph).map((node) => [node, seeds ? 0 : 1 / graph.order]))
          const total = (given ?? []).reduce((sum, weight) => sum + weight, 0)
          seeds?.nodes.forEach((node, at) => {
            begin.set(node, (begin.get(node) as number) + (seeds.weights[at] as number) / total)
          })
          const steps = naiveSteps(graph, direction === 'both' ? 'outgoing' : direction)
          const naive = naivePageRank(steps, { damping, weighted, begin }, 700)
          const rank = pageRank(graph, { direction, damping, weighted, seeds })
          for (const node of nodesOf(graph)) {
            expect(Math.abs((rank[node] as number) - (naive.get(node) as number))).toBeLessThan(1e-9)
          }
          expect(rank.reduce((sum, one) => sum + one)).toBeCloseTo(1, 12)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('has nothing to rank in a graph without nodes', () => {
    const options = { direction: 'outgoing' as const, damping: 0.85, weighted: true, seeds: null }
    expect(pageRank(compactGraphOf(0, []), options)).toHaveLength(0)
  })

  it('tells how far it is', () => {
    const told: [number, number][] = []
    const graph = compactGraphOf(3, [
      { from: 0, to: 1 },
      { from: 1, to: 0 },
      { from: 2, to: 1 },
    ])
    const options = { direction: 'outgoing' as const, damping: 0.85, weighted: false, seeds: null }
    pageRank(graph, options, (done, total) => told.push([done, total]))
    expect(told[0]?.[0]).toBe(1)
    expect(told.every(([done, total]) => done <= total)).toBe(true)
  })
})
