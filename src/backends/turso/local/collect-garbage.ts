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
  collector ??= findCollector()
  collector()
}

let collector: (() => void) | undefined

// The flag is one for all threads: another one may take it back in between.
function findCollector(): () => void {
  for (;;) {
    setFlagsFromString('--expose-gc')
    const found: unknown = runInNewContext('globalThis.gc')
    setFlagsFromString('--no-expose-gc')
    if (typeof found === 'function') return found as () => void
  }
}

/** How long after it was asked for garbage is collected, and from which size of the heap on that would take too long. */
const SOON_MS = 500
const LARGE_HEAP_BYTES = 256 * 1024 * 1024
let isWaiting = false

/** Collects garbage in a moment, once for all that ask until then, unless the heap is large; keeps no process alive. */
export function collectGarbageSoon(): void {
  if (isWaiting) return
  isWaiting = true
  const collect = (): void => {
    isWaiting = false
    if (process.memoryUsage().heapUsed < LARGE_HEAP_BYTES) collectGarbage()
  }
  setTimeout(collect, SOON_MS).unref()
}
