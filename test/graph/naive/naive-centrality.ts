import { type NaiveSteps, neighbourSets } from './naive-graph.js'
import { naiveDepths } from './naive-walks.js'

/** How many shortest paths lead from one node to each other, by counting them one step farther at a time. */
function pathCounts(
  neighbours: Map<number, Set<number>>,
  start: number,
  depths: Map<number, number>,
): Map<number, number> {
  const counts = new Map([[start, 1]])
  for (const [node, depth] of depths) {
    for (const next of neighbours.get(node) ?? []) {
      if (depths.get(next) === depth + 1)
        counts.set(next, (counts.get(next) ?? 0) + (counts.get(node) as number))
    }
  }
  return counts
}

/** By node: the part of the shortest paths through it, pair by pair. */
export function naiveBetweenness(steps: NaiveSteps): Map<number, number> {
  const neighbours = neighbourSets(steps)
  const nodes = [...steps.keys()]
  const depths = new Map(nodes.map((node) => [node, naiveDepths(steps, node)]))
  const counts = new Map(
    nodes.map((node) => [node, pathCounts(neighbours, node, depths.get(node) as Map<number, number>)]),
  )
  const depthOf = (from: number, to: number): number => depths.get(from)?.get(to) ?? Number.POSITIVE_INFINITY
  const countOf = (from: number, to: number): number => counts.get(from)?.get(to) ?? 0
  const pairs = (nodes.length - 1) * (nodes.length - 2)
  return new Map(
    nodes.map((node) => {
      let sum = 0
      for (const from of nodes) {
        for (const to of nodes) {
          if (from === to || from === node || to === node || countOf(from, to) === 0) continue
          if (depthOf(from, node) + depthOf(node, to) !== depthOf(from, to)) continue
          sum += (countOf(from, node) * countOf(node, to)) / countOf(from, to)
        }
      }
      return [node, pairs > 0 ? sum / pairs : 0]
    }),
  )
}

/** By node: how near what it reaches is, by how much that is. */
export function naiveCloseness(steps: NaiveSteps): Map<number, number> {
  return new Map(
    [...steps.keys()].map((node) => {
      const depths = [...naiveDepths(steps, node).values()]
      const reached = depths.length - 1
      if (reached === 0) return [node, 0]
      const nearness = reached / depths.reduce((sum, depth) => sum + depth)
      return [node, nearness * (reached / (steps.size - 1))]
    }),
  )
}
