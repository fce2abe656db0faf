import { breathe, TURN_MS } from '../breathe.js'
import { MemoryError } from '../errors.js'
import type { BulkOptions } from './graph-backend.js'

const FIRST_SLICE = 16

/**
 * Hands a list to `work` slice by slice and lets others run in between; slices grow and shrink to take a few
 * milliseconds, and have `least` items where a slice costs much for itself.
 *
 * @throws `MG_ABORTED` when the signal fires
 */
export async function inSlices<Item>(
  items: readonly Item[],
  work: (slice: readonly Item[], start: number) => Promise<void> | void,
  {
    signal,
    onProgress,
    phase = 'working',
    least = 1,
  }: BulkOptions & { readonly phase?: string; readonly least?: number | undefined } = {},
): Promise<void> {
  throwIfAborted(signal)
  if (items.length === 0) onProgress?.({ done: 0, total: 0, phase })
  let size = Math.max(least, FIRST_SLICE)
  for (let start = 0; start < items.length; ) {
    throwIfAborted(signal)
    const slice = items.slice(start, start + size)
    const before = performance.now()
    await work(slice, start)
    const taken = performance.now() - before
    start += slice.length
    size = Math.max(least, Math.min(size * 4, Math.round((slice.length * TURN_MS) / Math.max(taken, 0.05))))
    onProgress?.({ done: start, total: items.length, phase })
    if (start < items.length) await breathe()
  }
}

/** What `map` makes of each item, in order; lets others run in between. */
export async function mapInTurns<Item, Result>(
  items: readonly Item[],
  map: (item: Item) => Result,
): Promise<Result[]> {
  const results: Result[] = []
  for (const item of items) {
    results.push(map(item))
    await breathe()
  }
  return results
}

/** Rejects with `MG_ABORTED` when the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new MemoryError('Aborted by the caller: nothing of it was stored', {
      code: 'MG_ABORTED',
      cause: signal.reason,
    })
  }
}
