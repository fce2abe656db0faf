import { setImmediate as nextTurn } from 'node:timers/promises'
import { collectGarbage } from '../../src/backends/turso/local/collect-garbage.js'

/** Waits until the engine has let go of what was closed, and written back what was in its logs. */
export async function letGo(): Promise<void> {
  await nextTurn()
  collectGarbage()
  await nextTurn()
}
