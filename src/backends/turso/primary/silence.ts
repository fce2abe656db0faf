import type { Primary } from './primary.js'

/** How long a primary may be silent before closing gives up on what was asked of it. */
const SILENCE_MS = 1_000

/** Whether a primary has not answered lately, so that closing need not wait for it. */
export function isSilent(primary: Primary): boolean {
  return !primary.hasAnsweredSince(performance.now() - SILENCE_MS)
}
