import type { CompactGraph } from '../snapshot/compact-graph.js'
import { type Steps, stepsOf, type WalkDirection } from '../snapshot/steps.js'
import { BreadthFirst } from './breadth-first.js'
import { descend } from './descend.js'
import type { NumberedPath } from './numbered-path.js'
import { oppositeDirection } from './opposite-direction.js'
import { strongestPath } from './strongest-path.js'

/**
 * The way of fewest steps from one node to another, or the {@link strongestPath}; of several the one whose nodes come first by number.
 * Between two nodes it goes along the strongest edge. `maxDepth` is for the way of fewest steps; `null` is any number.
 */
export function shortestPath(
  graph: CompactGraph,
  from: number,
  to: number,
  options: { direction: WalkDirection; weighted: boolean; maxDepth: number | null },
): NumberedPath | null {
  const { direction, weighted } = options
  if (weighted) return strongestPath(graph, from, to, direction)
  const maxDepth = options.maxDepth ?? Number.POSITIVE_INFINITY
  const steps = stepsOf(graph, direction)
  const back = stepsOf(graph, oppositeDirection(direction))
  const ahead = new BreadthFirst(graph.order)
  const behind = new BreadthFirst(graph.order)
  ahead.begin(from)
  behind.begin(to)
  while (!haveMet(ahead, behind)) {
    if (ahead.depth + behind.depth >= maxDepth) return null
    const isAheadSmaller = ahead.count - ahead.levelStart <= behind.count - behind.levelStart
    if (!(isAheadSmaller ? ahead.expand(steps) : behind.expand(back))) return null
  }
  return descend(steps, depthsBetween(ahead, behind, back), from)
}

/** Whether the last levels of the two walks share a node. */
function haveMet(ahead: BreadthFirst, behind: BreadthFirst): boolean {
  const [walk, other] =
    ahead.count - ahead.levelStart <= behind.count - behind.levelStart ? [ahead, behind] : [behind, ahead]
  for (let at = walk.levelStart; at < walk.count; at++) {
    if (other.depthOf[walk.met[at] as number] === other.depth) return true
  }
  return false
}

/** How many steps it is to the goal from each node that lies on a shortest path, once the walks have met. */
function depthsBetween(ahead: BreadthFirst, behind: BreadthFirst, { starts, far }: Steps): Int32Array {
  const { depthOf } = behind
  let level: number[] = []
  for (let at = ahead.levelStart; at < ahead.count; at++) {
    const node = ahead.met[at] as number
    if (depthOf[node] === behind.depth) level.push(node)
  }
  for (let depth = ahead.depth - 1; depth >= 0; depth--) {
    const before: number[] = []
    for (const node of level) {
      const end = starts[node + 1] as number
      for (let step = starts[node] as number; step < end; step++) {
        const next = far[step] as number
        if (ahead.depthOf[next] !== depth || depthOf[next] !== -1) continue
        depthOf[next] = ahead.depth + behind.depth - depth
        before.push(next)
      }
    }
    level = before
  }
  return depthOf
}
