import { type CompactGraph, newCompactGraph } from '../../../src/graph/snapshot/compact-graph.js'

/** So many nodes, of which each points to the next. */
export function chainOf(order: number): CompactGraph {
  return graphOf(order, order - 1, (from) => from + 1)
}

/** So many nodes, of which each points to the next, and the last to the first. */
export function circleOf(order: number): CompactGraph {
  return graphOf(order, order, (from) => (from + 1) % order)
}

function graphOf(order: number, size: number, nextOf: (from: number) => number): CompactGraph {
  const graph = newCompactGraph(order, size, new Uint8Array(1))
  for (let edge = 0; edge < size; edge++) {
    graph.from[edge] = edge
    graph.to[edge] = nextOf(edge)
    graph.strength[edge] = 0.5
  }
  return graph
}
