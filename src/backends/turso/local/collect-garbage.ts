import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

type WithBun = { readonly Bun?: { gc(isSynchronous: boolean): void } }

/** Collects garbage now. A closed connection of the engine lets go of its file only when its statements have been collected. */
export function collectGarbage(): void {
  const { Bun } = globalThis as WithBun
  if (Bun) {
    Bun.gc(true)
    return
  }
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  setFlagsFromString('--no-expose-gc')
  collect()
}
