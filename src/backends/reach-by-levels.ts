import { breathe } from '../breathe.js'
import type { GraphNeighbor } from '../graph/graph-view.js'
import { throwIfAborted } from '../graph/turns/throw-if-aborted.js'

/**
 * The nodes within so many steps of some that exist, without these, each once with its least steps: level by level, for so many nodes
 * at a time, so that a long walk lets others have their turn and can be stopped.
 *
 * @throws `MG_ABORTED`
 */
export async function reachByLevels(
  starts: readonly string[],
  depth: number,
  farIdsOf: (ids: readonly string[]) => Promise<readonly string[]>,
  nodesAtATime: number,
  signal: AbortSignal | undefined,
): Promise<GraphNeighbor[]> {
  const met = new Set(starts)
  const found: GraphNeighbor[] = []
  let frontier = [...met]
  for (let steps = 1; steps <= depth && frontier.length > 0; steps++) {
    const next: string[] = []
    for (let start = 0; start < frontier.length; start += nodesAtATime) {
      await breathe()
      throwIfAborted(signal)
      for (const id of await farIdsOf(frontier.slice(start, start + nodesAtATime))) {
        if (met.has(id)) continue
        met.add(id)
        next.push(id)
        found.push({ id, depth: steps })
      }
    }
    frontier = next
  }
  return found
}
