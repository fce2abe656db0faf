import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { betweenness } from '../../../src/graph/algorithms/betweenness.js'
import { compactGraphOf } from '../../../src/graph/snapshot/compact-graph.js'
import { randomOf } from '../../support/random.js'
import { naiveBetweenness } from '../naive/naive-centrality.js'
import { naiveSteps, nodesOf } from '../naive/naive-graph.js'
import { directions, randomGraphs } from '../naive/random-graphs.js'

const all = { samples: null, seed: 1 }

describe('betweenness()', () => {
  it('finds the part of the shortest paths that lead through each node', () => {
    fc.assert(
      fc.property(randomGraphs(9, 20), directions, (graph, direction) => {
        const scores = betweenness(graph, { ...all, direction })
        const naive = naiveBetweenness(naiveSteps(graph, direction))
        for (const node of nodesOf(graph)) expect(scores[node]).toBeCloseTo(naive.get(node) as number, 12)
      }),
      { numRuns: 300 },
    )
  })

  it('counts more shortest paths than a number can hold', () => {
    // Diamonds in a row: each pair of nodes across n of them has 2^n shortest paths.
    const count = 1100
    const graph = compactGraphOf(
      3 * count + 1,
      Array.from({ length: count }, (_, at) => 3 * at).flatMap((first) => [
        { from: first, to: first + 1 },
        { from: first, to: first + 2 },
        { from: first + 1, to: first + 3 },
        { from: first + 2, to: first + 3 },
      ]),
    )
    const scores = betweenness(graph, { ...all, direction: 'outgoing' })
    const pairs = 3 * count * (3 * count - 1)
    for (const diamond of [0, 1, 500, count - 1]) {
      const after = 3 * (count - 1 - diamond) + 1
      const before = 3 * diamond + 1
      expect(scores[3 * diamond + 1]).toBeCloseTo((before * after) / 2 / pairs, 12)
      expect(scores[3 * diamond + 3]).toBeCloseTo(((before + 2) * (after - 1)) / pairs, 12)
    }
  })

  const random = randomOf(7)
  const scattered = compactGraphOf(
    400,
    Array.from({ length: 1200 }, () => ({
      from: Math.floor(400 * random() ** 2),
      to: Math.floor(400 * random()),
    })),
  )

  it('estimates by samples, which the seed chooses', () => {
    const exact = betweenness(scattered, { ...all, direction: 'both' })
    const estimate = (samples: number, seed: number) =>
      betweenness(scattered, { samples, seed, direction: 'both' })
    expect(estimate(100, 3)).toEqual(estimate(100, 3))
    expect(estimate(100, 3)).not.toEqual(estimate(100, 4))
    expect(estimate(400, 3)).toEqual(exact)
    const greatest = exact.indexOf(Math.max(...exact))
    for (const seed of [1, 2, 3, 4, 5]) {
      const scores = estimate(100, seed)
      expect(Math.abs((scores[greatest] as number) / (exact[greatest] as number) - 1)).toBeLessThan(0.25)
      expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true)
    }
  })

  it('does not overestimate the centre of a star', () => {
    const star = compactGraphOf(
      50,
      Array.from({ length: 49 }, (_, at) => ({ from: 0, to: at + 1 })),
    )
    for (const samples of [1, 2, 10, 50]) {
      const [centre, leaf] = betweenness(star, { samples, seed: 2, direction: 'both' })
      expect(centre).toBeCloseTo(1, 12)
      expect(leaf).toBe(0)
    }
  })

  it('tells how much is done', () => {
    const told: [number, number][] = []
    betweenness(scattered, { samples: 3, seed: 1, direction: 'both' }, (done, total) =>
      told.push([done, total]),
    )
    expect(told).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ])
  })
})
