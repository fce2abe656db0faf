import fc from 'fast-check'
import { type CompactGraph, compactGraphOf } from '../../../src/graph/snapshot/compact-graph.js'
import type { WalkDirection } from '../../../src/graph/snapshot/steps.js'

/** The type of random graphs that holds in both directions. */
export const SYMMETRIC_TYPE = 2

/** Graphs of up to so many nodes and edges, with parallel edges, self-loops and nodes without any; often none or one node. */
export function randomGraphs(
  maxOrder = 7,
  maxSize = 16,
  strengths: fc.Arbitrary<number> = fc.constantFrom(0.1, 0.25, 0.5, 0.5, 0.9, 1),
): fc.Arbitrary<CompactGraph> {
  return fc.integer({ min: 0, max: maxOrder }).chain((order) => {
    if (order === 0) return fc.constant(compactGraphOf(0, []))
    const node = fc.integer({ min: 0, max: order - 1 })
    const type = fc.integer({ min: 0, max: SYMMETRIC_TYPE })
    return fc
      .array(fc.record({ from: node, to: node, type, strength: strengths }), { maxLength: maxSize })
      .map((edges) => compactGraphOf(order, edges, [SYMMETRIC_TYPE]))
  })
}

/** Graphs with two of their nodes, which may be the same. */
export function graphsWithTwoNodes(
  graphs: fc.Arbitrary<CompactGraph> = randomGraphs(),
): fc.Arbitrary<{ graph: CompactGraph; one: number; other: number }> {
  return graphs
    .filter(({ order }) => order > 0)
    .chain((graph) => {
      const node = fc.integer({ min: 0, max: graph.order - 1 })
      return fc.record({ graph: fc.constant(graph), one: node, other: node })
    })
}

export const directions: fc.Arbitrary<WalkDirection> = fc.constantFrom('outgoing', 'incoming', 'both')
