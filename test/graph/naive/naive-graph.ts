import type { CompactGraph } from '../../../src/graph/snapshot/compact-graph.js'
import type { WalkDirection } from '../../../src/graph/snapshot/steps.js'

/** Graphs as plain objects, to compute in the most obvious way what the library computes quickly. */
export type NaiveEdge = {
  number: number
  from: number
  to: number
  type: number
  strength: number
  isSymmetric: boolean
}
export type NaiveStep = { to: number; edge: NaiveEdge }
/** The steps from each node: by the node they lead to, strongest first, then by the number of the edge. */
export type NaiveSteps = Map<number, NaiveStep[]>

export function nodesOf(graph: CompactGraph): number[] {
  return Array.from({ length: graph.order }, (_, node) => node)
}

export function edgesOf(graph: CompactGraph): NaiveEdge[] {
  return Array.from({ length: graph.size }, (_, number) => {
    const type = graph.type[number] as number
    return {
      number,
      from: graph.from[number] as number,
      to: graph.to[number] as number,
      type,
      strength: graph.strength[number] as number,
      isSymmetric: graph.symmetric[type] === 1,
    }
  })
}

export function naiveSteps(graph: CompactGraph, direction: WalkDirection): NaiveSteps {
  const edges = edgesOf(graph)
  return stepsAlong(nodesOf(graph), edges, direction)
}

export function stepsAlong(
  nodes: readonly number[],
  edges: readonly NaiveEdge[],
  direction: WalkDirection,
): NaiveSteps {
  const steps: NaiveSteps = new Map(nodes.map((node) => [node, []]))
  for (const edge of edges) {
    const ends: [number, number][] = []
    if (direction !== 'incoming' || edge.isSymmetric) ends.push([edge.from, edge.to])
    if (direction !== 'outgoing' || edge.isSymmetric) ends.push([edge.to, edge.from])
    if (edge.from === edge.to) ends.length = 1
    for (const [start, to] of ends) steps.get(start)?.push({ to, edge })
  }
  for (const some of steps.values()) {
    some.sort((a, b) => a.to - b.to || b.edge.strength - a.edge.strength || a.edge.number - b.edge.number)
  }
  return steps
}

/** The other nodes that steps lead to from each, once. */
export function neighbourSets(steps: NaiveSteps): Map<number, Set<number>> {
  return new Map(
    [...steps].map(([node, some]) => [node, new Set(some.map(({ to }) => to).filter((to) => to !== node))]),
  )
}

/** Sequences of numbers, the shorter first, then by the first number that differs. */
export function byLengthThenNumbers(one: readonly number[], other: readonly number[]): number {
  if (one.length !== other.length) return one.length - other.length
  const at = one.findIndex((number, place) => number !== other[place])
  return at === -1 ? 0 : (one[at] as number) - (other[at] as number)
}
