import { setImmediate as nextTurn } from 'node:timers/promises'

/** How long work may hold the event loop before others get a turn, in milliseconds. */
export const TURN_MS = 8

let turnBegan = performance.now()

/**
 * Lets timers and sockets have their turn when work has held the event loop for some milliseconds; else resolves at once.
 * Promises alone never do: a caller that awaits one short operation after the other would keep everything else waiting.
 */
export async function breathe(): Promise<void> {
  if (performance.now() - turnBegan < TURN_MS) return
  await nextTurn()
  turnBegan = performance.now()
}
