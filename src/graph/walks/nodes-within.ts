import type { Steps } from '../snapshot/steps.js'
import type { TurnWatch } from '../turns/turns.js'
import { ascending } from './ascending.js'
import { breadthFirstWalk } from './breadth-first-walk.js'
import { walkInTurns } from './walk-in-turns.js'

/** The nodes one step away, two steps away and so on, each level ascending, without the start. */
export async function nodesWithin(
  steps: Steps,
  start: number,
  maxDepth: number,
  watch: TurnWatch,
): Promise<Int32Array[]> {
  const levels: number[][] = []
  await walkInTurns(
    breadthFirstWalk(steps, start),
    ({ node, depth }) => {
      if (depth > levels.length) levels.push([])
      levels[depth - 1]?.push(node)
      return depth < maxDepth ? undefined : 'prune'
    },
    watch,
  )
  return levels.map((nodes) => ascending(nodes, steps.starts.length - 1))
}
