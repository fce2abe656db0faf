import type { Steps } from '../snapshot/steps.js'
import { BreadthFirst } from './breadth-first.js'
import { descend } from './descend.js'
import type { NumberedPath } from './numbered-path.js'

/** The cycle of fewest steps through a node that is on one; of several the one whose nodes come first, along the strongest edges. */
export function shortestCycle(order: number, steps: Steps, back: Steps, node: number): NumberedPath {
  const walk = new BreadthFirst(order)
  walk.begin(node)
  while (walk.expand(back));
  let first = -1
  let fewest = Number.POSITIVE_INFINITY
  const end = steps.starts[node + 1] as number
  for (let step = steps.starts[node] as number; step < end; step++) {
    const depth = walk.depthOf[steps.far[step] as number] as number
    if (depth === -1 || depth >= fewest) continue
    fewest = depth
    first = step
  }
  const { nodes, edges } = descend(steps, walk.depthOf, steps.far[first] as number)
  return { nodes: [node, ...nodes], edges: [steps.edge[first] as number, ...edges] }
}
