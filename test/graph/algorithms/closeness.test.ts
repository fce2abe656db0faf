import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { closeness } from '../../../src/graph/algorithms/closeness.js'
import { compactGraphOf } from '../../../src/graph/snapshot/compact-graph.js'
import { randomOf } from '../../support/random.js'
import { naiveCloseness } from '../naive/naive-centrality.js'
import { naiveSteps, nodesOf } from '../naive/naive-graph.js'
import { directions, randomGraphs } from '../naive/random-graphs.js'

const all = { samples: null, seed: 1 }

describe('closeness()', () => {
  it('finds how near all that each node reaches is', () => {
    fc.assert(
      fc.property(randomGraphs(9, 20), directions, (graph, direction) => {
        const scores = closeness(graph, { ...all, direction })
        const naive = naiveCloseness(naiveSteps(graph, direction))
        for (const node of nodesOf(graph)) expect(scores[node]).toBeCloseTo(naive.get(node) as number, 12)
      }),
      { numRuns: 300 },
    )
  })

  const random = randomOf(7)
  const scattered = compactGraphOf(
    400,
    Array.from({ length: 1200 }, () => ({
      from: Math.floor(400 * random()),
      to: Math.floor(400 * random()),
    })),
  )

  it('estimates by samples, which the seed chooses', () => {
    for (const direction of ['outgoing', 'incoming', 'both'] as const) {
      const exact = closeness(scattered, { ...all, direction })
      const estimate = (samples: number, seed: number) => closeness(scattered, { samples, seed, direction })
      expect(estimate(100, 3)).toEqual(estimate(100, 3))
      expect(estimate(100, 3)).not.toEqual(estimate(100, 4))
      expect(estimate(400, 3)).toEqual(exact)
      const wrong = estimate(100, 5).map((score, node) => Math.abs(score - (exact[node] as number)))
      expect(Math.max(...wrong)).toBeLessThan(0.05)
    }
  })

  it('tells how much is done', () => {
    const told: [number, number][] = []
    closeness(scattered, { samples: 2, seed: 1, direction: 'both' }, (done, total) =>
      told.push([done, total]),
    )
    expect(told).toEqual([
      [1, 2],
      [2, 2],
    ])
  })
})
