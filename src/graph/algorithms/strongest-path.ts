import type { CompactGraph } from '../snapshot/compact-graph.js'
import { stepsOf, type WalkDirection } from '../snapshot/steps.js'
import { NodeQueue } from './node-queue.js'
import type { NumberedPath } from './numbered-path.js'
import { oppositeDirection } from './opposite-direction.js'

/**
 * The way from one node to another whose strengths, of 1 at most, have the greatest product; of several the one of fewest steps, then the
 * one whose nodes come first by number. Edges without a strength above 0 are not taken. Dijkstra, A note on two problems in
 * connexion with graphs (1959).
 */
export function strongestPath(
  graph: CompactGraph,
  from: number,
  to: number,
  direction: WalkDirection,
): NumberedPath | null {
  const { starts, far, edge } = stepsOf(graph, oppositeDirection(direction))
  const cost = new Float64Array(graph.order).fill(Number.POSITIVE_INFINITY)
  const count = new Int32Array(graph.order)
  const queue = new NodeQueue(graph.order, (one, other) => {
    const [costOfOne, costOfOther] = [cost[one] as number, cost[other] as number]
    if (costOfOne !== costOfOther) return costOfOne < costOfOther
    return (count[one] as number) < (count[other] as number)
  })
  cost[to] = 0
  queue.put(to)
  while (queue.size > 0) {
    const node = queue.take()
    if (node === from) return follow(graph, from, direction, cost, count)
    const nextCount = (count[node] as number) + 1
    const end = starts[node + 1] as number
    for (let step = starts[node] as number; step < end; step++) {
      const next = far[step] as number
      const nextCost = (cost[node] as number) + costOf(graph.strength[edge[step] as number] as number)
      const known = cost[next] as number
      if (nextCost < known || (nextCost === known && nextCount < (count[next] as number))) {
        cost[next] = nextCost
        count[next] = nextCount
        queue.put(next)
      }
    }
  }
  return null
}

/** Walks on while the cost and the count of steps to the goal become less by what each step takes. */
function follow(
  graph: CompactGraph,
  from: number,
  direction: WalkDirection,
  cost: Float64Array,
  count: Int32Array,
): NumberedPath {
  const { starts, far, edge } = stepsOf(graph, direction)
  const isOnTheWay = (node: number, step: number): boolean => {
    const next = far[step] as number
    const stepCost = costOf(graph.strength[edge[step] as number] as number)
    return count[next] === (count[node] as number) - 1 && (cost[next] as number) + stepCost === cost[node]
  }
  const nodes = [from]
  const edges: number[] = []
  for (let node = from; (count[node] as number) > 0; ) {
    let step = starts[node] as number
    while (!isOnTheWay(node, step)) step++
    node = far[step] as number
    nodes.push(node)
    edges.push(edge[step] as number)
  }
  return { nodes, edges }
}

/**
 * What a product of strengths is as a sum. In whole numbers, so that the same strengths in another order cost the same; by the
 * logarithm to the base of 2, so that halves do.
 */
function costOf(strength: number): number {
  return strength > 0 ? Math.round(-Math.log2(Math.min(strength, 1)) * 2 ** 32) : Number.POSITIVE_INFINITY
}
