import { type CompactGraph, newCompactGraph } from './compact-graph.js'

/** A graph with its edges turned round, and by their numbers there those that they have here. */
export function reversed(graph: CompactGraph): { graph: CompactGraph; edges: Int32Array } {
  const next = new Int32Array(graph.order + 1)
  for (const node of graph.to) (next[node + 1] as number)++
  for (let node = 0; node < graph.order; node++) (next[node + 1] as number) += next[node] as number
  const turned = newCompactGraph(graph.order, graph.size, graph.symmetric)
  const edges = new Int32Array(graph.size)
  for (let edge = 0; edge < graph.size; edge++) {
    const end = graph.to[edge] as number
    const place = (next[end] as number)++
    edges[place] = edge
    turned.from[place] = end
    turned.to[place] = graph.from[edge] as number
    turned.strength[place] = graph.strength[edge] as number
    turned.type[place] = graph.type[edge] as number
  }
  return { graph: turned, edges }
}
