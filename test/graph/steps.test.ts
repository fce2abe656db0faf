import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compactGraphOf } from '../../src/graph/snapshot/compact-graph.js'
import { stepsOf } from '../../src/graph/snapshot/steps.js'
import { naiveSteps, nodesOf } from './naive/naive-graph.js'
import { directions, randomGraphs } from './naive/random-graphs.js'

describe('stepsOf()', () => {
  it('gives the steps of each node by where they lead, strongest first', () => {
    fc.assert(
      fc.property(randomGraphs(5, 30), directions, (graph, direction) => {
        const { starts, far, edge } = stepsOf(graph, direction)
        const naive = naiveSteps(graph, direction)
        expect(starts).toHaveLength(graph.order + 1)
        expect([far.length, edge.length]).toEqual([starts.at(-1), starts.at(-1)])
        for (const node of nodesOf(graph)) {
          const [first, end] = [starts[node], starts[node + 1]]
          const steps = naive.get(node) ?? []
          expect([...far.subarray(first, end)]).toEqual(steps.map(({ to }) => to))
          expect([...edge.subarray(first, end)]).toEqual(steps.map((step) => step.edge.number))
        }
      }),
    )
  })

  it('gives the same steps of a graph again', () => {
    const graph = compactGraphOf(2, [{ from: 0, to: 1 }])
    expect(stepsOf(graph, 'both')).toBe(stepsOf(graph, 'both'))
  })

  it('orders very many edges between two nodes quickly', () => {
    const count = 200_000
    const edges = Array.from({ length: count }, (_, at) => ({
      from: at % 2,
      to: 1 - (at % 2),
      strength: (at % 2) / 2 + at / (2 * count),
    }))
    const graph = compactGraphOf(2, edges)
    const start = performance.now()
    const { edge } = stepsOf(graph, 'both')
    expect(performance.now() - start).toBeLessThan(2000)
    const strengths = edge.subarray(0, count).map((one, at) => {
      const before = at === 0 ? one : (edge[at - 1] as number)
      return (graph.strength[before] as number) >= (graph.strength[one] as number) ? 1 : 0
    })
    expect(strengths.indexOf(0)).toBe(-1)
  })
})
