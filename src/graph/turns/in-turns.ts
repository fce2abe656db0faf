import { Turns, type TurnWatch } from './turns.js'

/** Steps of a few microseconds at most between two looks at the clock. */
const STEPS_AT_ONCE = 256
/** The same of steps of less than a tenth of one, such as those of a pass over an array. */
export const QUICK_STEPS_AT_ONCE = 16_384

/**
 * Does something short for each number from 0 to `count` - 1, and lets others have their turn after so many at once.
 *
 * @throws `MG_ABORTED` · what `step` throws
 */
export async function inTurns(
  count: number,
  step: (at: number) => void,
  watch: TurnWatch = {},
  stepsAtOnce: number = STEPS_AT_ONCE,
): Promise<void> {
  const turns = new Turns(watch, count)
  for (let start = 0; start < count; start += stepsAtOnce) {
    const end = Math.min(start + stepsAtOnce, count)
    for (let at = start; at < end; at++) step(at)
    await turns.next(end)
  }
}
