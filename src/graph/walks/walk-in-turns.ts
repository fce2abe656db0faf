import { throwIfAborted } from '../turns/throw-if-aborted.js'
import { Turns, type TurnWatch } from '../turns/turns.js'
import type { Walk, WalkStep } from './walk-step.js'

/** Nodes between two looks at the clock. */
const NODES_AT_ONCE = 64

/**
 * Tells of each node that a walk comes to, until it is told to stop, and lets others have their turn in between.
 *
 * @throws `MG_ABORTED` · what `visit` throws
 */
export async function walkInTurns(
  walk: Walk,
  visit: (step: WalkStep) => 'stop' | 'prune' | undefined,
  watch: TurnWatch,
): Promise<void> {
  const turns = new Turns(watch, null)
  let told: 'stop' | 'prune' | undefined
  for (let count = 1; told !== 'stop'; count++) {
    const { done, value } = walk.next(told)
    if (done) return
    told = visit(value)
    throwIfAborted(watch.signal)
    if (count % NODES_AT_ONCE === 0) await turns.next(count)
  }
}
