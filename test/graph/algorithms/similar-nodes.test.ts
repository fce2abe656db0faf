import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { similarNodes } from '../../../src/graph/algorithms/similar-nodes.js'
import { compactGraphOf } from '../../../src/graph/snapshot/compact-graph.js'
import { naiveSteps, neighbourSets } from '../naive/naive-graph.js'
import { graphsWithTwoNodes, randomGraphs } from '../naive/random-graphs.js'

describe('similarNodes()', () => {
  it('finds the nodes that share most neighbours, by comparing them all', () => {
    const limits = fc.integer({ min: 1, max: 8 })
    fc.assert(
      fc.property(graphsWithTwoNodes(randomGraphs(10, 24)), limits, ({ graph, one }, limit) => {
        const neighbours = neighbourSets(naiveSteps(graph, 'both'))
        const ofOne = neighbours.get(one) as Set<number>
        const naive = [...neighbours]
          .filter(([node]) => node !== one)
          .map(([node, some]) => {
            const shared = [...some].filter((neighbour) => ofOne.has(neighbour))
            return { node, score: shared.length / new Set([...some, ...ofOne]).size, shared }
          })
          .filter(({ shared }) => shared.length > 0)
          .sort((a, b) => b.score - a.score || a.node - b.node)
        const similar = similarNodes(graph, one, limit)
        expect(similar).toEqual(naive.slice(0, limit))
      }),
      { numRuns: 500 },
    )
  })

  it('finds none for a node by itself', () => {
    expect(similarNodes(compactGraphOf(2, [{ from: 0, to: 0 }]), 0, 10)).toEqual([])
  })
})
