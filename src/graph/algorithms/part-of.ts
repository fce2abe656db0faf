import { type CompactGraph, newCompactGraph } from '../snapshot/compact-graph.js'

/** A graph of all the nodes and some of the edges of another, and the numbers that its edges have there. */
export type GraphPart = { graph: CompactGraph; edges: Int32Array }

export function partOf(graph: CompactGraph, isIn: (edge: number) => boolean): GraphPart {
  const edges = new Int32Array(graph.size)
  let size = 0
  for (let edge = 0; edge < graph.size; edge++) if (isIn(edge)) edges[size++] = edge
  const part = newCompactGraph(graph.order, size, graph.symmetric)
  for (let at = 0; at < size; at++) {
    const edge = edges[at] as number
    part.from[at] = graph.from[edge] as number
    part.to[at] = graph.to[edge] as number
    part.strength[at] = graph.strength[edge] as number
    part.type[at] = graph.type[edge] as number
  }
  return { graph: part, edges: edges.slice(0, size) }
}
