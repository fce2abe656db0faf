import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { communities } from '../../../src/graph/algorithms/communities.js'
import { seededRandom } from '../../../src/graph/algorithms/seeded-random.js'
import { compactGraphOf, type PlainEdge } from '../../../src/graph/snapshot/compact-graph.js'
import { debianGraph, hasDebianGraph } from '../naive/debian-graph.js'
import { graphologyCommunities } from '../naive/graphology-communities.js'
import { randomGraphs } from '../naive/random-graphs.js'

const USUAL = { seed: 1, resolution: 1 }

describe('communities()', () => {
  it('are those that the package finds in a real graph', () => {
    fc.assert(
      fc.property(
        randomGraphs(30, 90, fc.constantFrom(0, 0.1, 0.3, 0.5, 0.7, 1, 5)),
        fc.nat(),
        fc.constantFrom(0.3, 1, 1, 1.7),
        (graph, seed, resolution) => {
          const { community, modularity } = communities(graph, { seed, resolution })
          const real = graphologyCommunities(graph, { seed, resolution })
          expect([...community]).toEqual(real.community)
          expect(modularity).toBeCloseTo(real.modularity, 9)
        },
      ),
      { numRuns: 500 },
    )
  })

  it.skipIf(!hasDebianGraph)('are those that the package finds in the graph of Debian packages', () => {
    const graph = debianGraph()
    const { community, modularity } = communities(graph, USUAL)
    const real = graphologyCommunities(graph, USUAL)
    expect(community.join()).toBe(real.community.join())
    expect(modularity).toBeCloseTo(real.modularity, 9)
    expect(modularity).toBeGreaterThan(0.5)
  })

  it('are the same for the same seed, and there are other seeds', () => {
    const random = seededRandom(9)
    const node = (): number => Math.floor(random() * 200)
    const graph = compactGraphOf(
      200,
      Array.from({ length: 400 }, () => ({ from: node(), to: node() })),
    )
    const found = (seed: number): string => communities(graph, { seed, resolution: 1 }).community.join()
    expect(found(7)).toBe(found(7))
    expect(new Set([1, 2, 3, 4, 5, 6].map(found)).size).toBeGreaterThan(1)
  })

  it('leave relationships of a node to itself out of account', () => {
    const edges: PlainEdge[] = [
      { from: 0, to: 1 },
      { from: 2, to: 3 },
    ]
    const loops = [0, 1, 2, 3, 4].map((node) => ({ from: node, to: node, strength: 1 }))
    const found = communities(compactGraphOf(5, [...edges, ...loops]), USUAL)
    expect(found).toEqual({ community: Int32Array.of(0, 0, 1, 1, 2), modularity: 0.5 })
  })

  it.each([
    ['0', 0],
    ['negative', -0.5],
    ['no number', Number.NaN],
    ['infinite', Number.POSITIVE_INFINITY],
  ])('are single nodes where strengths are %s', (_, strength) => {
    const pair = compactGraphOf(3, [{ from: 0, to: 1, strength }])
    expect(communities(pair, USUAL)).toEqual({ community: Int32Array.of(0, 1, 2), modularity: 0 })
    const beside = compactGraphOf(3, [
      { from: 0, to: 1, strength },
      { from: 1, to: 2, strength: 0.5 },
    ])
    expect(communities(beside, USUAL)).toEqual({ community: Int32Array.of(0, 1, 1), modularity: 0 })
  })

  it('are found however small or great strengths and resolutions are', () => {
    const extremes = fc.constantFrom(5e-324, 1e-300, 1e-12, 0.5, 1e12, 1e300, Number.MAX_VALUE)
    fc.assert(
      fc.property(
        randomGraphs(20, 40, extremes),
        fc.constantFrom(Number.MIN_VALUE, 1e-9, 1, 1e9, Number.MAX_VALUE),
        (graph, resolution) => {
          const { community, modularity } = communities(graph, { seed: 3, resolution })
          expect(community).toHaveLength(graph.order)
          expect(modularity).toBeGreaterThanOrEqual(-0.5 - 1e-9)
          expect(modularity).toBeLessThanOrEqual(1)
        },
      ),
    )
    const faint = [0, 1, 3, 4].map((from) => ({ from, to: from + 1, strength: 1e-200 }))
    expect(communities(compactGraphOf(6, faint), USUAL).community).toEqual(Int32Array.of(0, 0, 0, 1, 1, 1))
  })
})
