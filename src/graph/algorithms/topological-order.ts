import type { CompactGraph } from '../snapshot/compact-graph.js'
import { type Steps, stepsOf, type WalkDirection } from '../snapshot/steps.js'
import { strongComponents } from './components.js'
import { NodeQueue } from './node-queue.js'
import type { NumberedPath } from './numbered-path.js'
import { oppositeDirection } from './opposite-direction.js'
import { type GraphPart, partOf } from './part-of.js'
import { shortestCycle } from './shortest-cycle.js'

/**
 * The nodes with edges of a type, or with `null` of any that is not symmetric, so that each comes before those that it points to, or
 * behind them with `direction: 'incoming'`; of those that may come next the least. Where edges lead in a circle there is no order of all:
 * `order` ends before, and `cycle` is the shortest one through the least node that is on any, in the direction. 'both' counts as
 * 'outgoing'. Kahn, Topological sorting of large networks (1962).
 */
export function topologicalOrder(
  graph: CompactGraph,
  { type, direction }: { type: number | null; direction: WalkDirection },
): { order: Int32Array; cycle: NumberedPath | null } {
  const part = partOf(graph, (edge) => {
    const typeOfEdge = graph.type[edge] as number
    return graph.symmetric[typeOfEdge] === 0 && (type === null || typeOfEdge === type)
  })
  const onward = direction === 'incoming' ? 'incoming' : 'outgoing'
  const steps = stepsOf(part.graph, onward)
  const back = stepsOf(part.graph, oppositeDirection(onward))
  const { order, isComplete } = orderOf(graph.order, steps, back)
  return { order, cycle: isComplete ? null : leastCycle(part, steps, back) }
}

function orderOf(count: number, steps: Steps, back: Steps): { order: Int32Array; isComplete: boolean } {
  const { starts, far } = steps
  const queue = new NodeQueue(count, (one, other) => one < other)
  const waitsFor = new Int32Array(count)
  const order = new Int32Array(count)
  let due = 0
  let placed = 0
  for (let node = 0; node < count; node++) {
    waitsFor[node] = (back.starts[node + 1] as number) - (back.starts[node] as number)
    if (waitsFor[node] === 0 && starts[node] === starts[node + 1]) continue
    due++
    if (waitsFor[node] === 0) queue.put(node)
  }
  while (queue.size > 0) {
    const node = queue.take()
    order[placed++] = node
    const end = starts[node + 1] as number
    for (let step = starts[node] as number; step < end; step++) {
      const next = far[step] as number
      if (--(waitsFor[next] as number) === 0) queue.put(next)
    }
  }
  return { order: order.slice(0, placed), isComplete: placed === due }
}

function leastCycle(part: GraphPart, steps: Steps, back: Steps): NumberedPath {
  const components = strongComponents(part.graph)
  const { from, to } = part.graph
  const node = from.find((start, edge) => components[start] === components[to[edge] as number]) as number
  const { nodes, edges } = shortestCycle(components.length, steps, back, node)
  return { nodes, edges: edges.map((edge) => part.edges[edge] as number) }
}
