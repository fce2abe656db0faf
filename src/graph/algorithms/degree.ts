import type { CompactGraph } from '../snapshot/compact-graph.js'

/** By node: the edges at it, a self-loop twice, by how many other nodes there are; 0 where there are none. */
export function degree(graph: CompactGraph): Float64Array {
  const others = graph.order - 1
  return Float64Array.from(edgesAtNodes(graph), (count) => (others > 0 ? count / others : 0))
}

/** By node: how many edges are at it, a self-loop twice. */
export function edgesAtNodes({ order, size, from, to }: CompactGraph): Int32Array {
  const counts = new Int32Array(order)
  for (let edge = 0; edge < size; edge++) {
    ;(counts[from[edge] as number] as number)++
    ;(counts[to[edge] as number] as number)++
  }
  return counts
}
