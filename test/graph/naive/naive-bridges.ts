import { naiveWeakComponents } from './naive-components.js'
import { type NaiveEdge, stepsAlong } from './naive-graph.js'

function componentCount(nodes: readonly number[], edges: readonly NaiveEdge[]): number {
  return new Set(naiveWeakComponents(stepsAlong(nodes, edges, 'both')).values()).size
}

/** The edges and the nodes without which there are more components, by leaving out one after the other. */
export function naiveBridges(
  nodes: readonly number[],
  edges: readonly NaiveEdge[],
): { edges: number[]; nodes: number[] } {
  const count = componentCount(nodes, edges)
  return {
    edges: edges
      .filter(
        (edge) =>
          componentCount(
            nodes,
            edges.filter((one) => one !== edge),
          ) > count,
      )
      .map(({ number }) => number),
    nodes: nodes.filter((node) => {
      const others = nodes.filter((one) => one !== node)
      const among = edges.filter(({ from, to }) => from !== node && to !== node)
      return componentCount(others, among) > count
    }),
  }
}
