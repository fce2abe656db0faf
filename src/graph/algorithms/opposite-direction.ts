import type { WalkDirection } from '../snapshot/steps.js'

/** The direction in which the same steps are walked back. */
export function oppositeDirection(direction: WalkDirection): WalkDirection {
  if (direction === 'both') return 'both'
  return direction === 'outgoing' ? 'incoming' : 'outgoing'
}
