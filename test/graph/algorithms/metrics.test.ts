import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { degree } from '../../../src/graph/algorithms/degree.js'
import { metricsOf, type NumberedMetrics } from '../../../src/graph/algorithms/metrics.js'
import { type CompactGraph, compactGraphOf } from '../../../src/graph/snapshot/compact-graph.js'
import { naiveStrongComponents, naiveWeakComponents } from '../naive/naive-components.js'
import { edgesOf, naiveSteps, nodesOf } from '../naive/naive-graph.js'
import { randomGraphs } from '../naive/random-graphs.js'

function naiveDegree(graph: CompactGraph, node: number): number {
  return edgesOf(graph).reduce((sum, { from, to }) => sum + Number(from === node) + Number(to === node), 0)
}

function naiveMetrics(graph: CompactGraph): NumberedMetrics {
  const nodes = nodesOf(graph)
  const edges = edgesOf(graph)
  const loops = edges.filter(({ from, to }) => from === to)
  const others = edges.filter(({ from, to }) => from !== to)
  const mutual = others.filter(
    ({ from, to, isSymmetric }) =>
      isSymmetric ||
      others.some(
        (one) =>
          (one.from === to && one.to === from) || (one.isSymmetric && one.from === from && one.to === to),
      ),
  )
  const weak = naiveWeakComponents(naiveSteps(graph, 'both'))
  const sizes = new Map<number, number>()
  for (const component of weak.values()) sizes.set(component, (sizes.get(component) ?? 0) + 1)
  const [greatest] = nodes
    .map((node) => ({ node, degree: naiveDegree(graph, node) }))
    .sort((a, b) => b.degree - a.degree || a.node - b.node)
  return {
    order: nodes.length,
    size: edges.length,
    density: nodes.length < 2 ? 0 : edges.length / (nodes.length * (nodes.length - 1)),
    averageDegree:
      nodes.length === 0 ? 0 : nodes.reduce((sum, node) => sum + naiveDegree(graph, node), 0) / nodes.length,
    greatestDegree: greatest ?? null,
    isolated: nodes.filter((node) => naiveDegree(graph, node) === 0).length,
    selfLoops: loops.length,
    reciprocity: others.length === 0 ? 0 : mutual.length / others.length,
    averageStrength:
      edges.length === 0 ? null : edges.reduce((sum, { strength }) => sum + strength, 0) / edges.length,
    weakComponents: sizes.size,
    largestWeakComponent: Math.max(0, ...sizes.values()),
    strongComponents: new Set(naiveStrongComponents(naiveSteps(graph, 'outgoing')).values()).size,
    byType: Int32Array.from(graph.symmetric, (_, type) => edges.filter((edge) => edge.type === type).length),
  }
}

describe('metricsOf()', () => {
  it('counts what there is', () => {
    fc.assert(
      fc.property(randomGraphs(9, 20), (graph) => {
        expect(metricsOf(graph)).toEqual(naiveMetrics(graph))
      }),
      { numRuns: 300 },
    )
  })
})

describe('degree()', () => {
  it('counts the edges at each node by the others there are', () => {
    fc.assert(
      fc.property(randomGraphs(9, 20), (graph) => {
        const naive = nodesOf(graph).map((node) => naiveDegree(graph, node) / Math.max(1, graph.order - 1))
        expect([...degree(graph)]).toEqual(graph.order === 1 ? [0] : naive)
      }),
    )
  })

  it('is nothing for a node alone', () => {
    expect([...degree(compactGraphOf(1, [{ from: 0, to: 0 }]))]).toEqual([0])
  })
})
