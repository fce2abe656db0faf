/** Whom each signal tells: hundreds of calls may share one, of which Node would take so many listeners for a leak. */
const told = new WeakMap<AbortSignal, Set<() => void>>()

/** Calls a function when a signal fires, which has not; returns what ends that. */
export function onAbort(signal: AbortSignal | undefined, call: () => void): () => void {
  if (signal === undefined) return () => undefined
  const calls = told.get(signal) ?? listen(signal)
  const own = (): void => call()
  calls.add(own)
  return () => void calls.delete(own)
}

function listen(signal: AbortSignal): Set<() => void> {
  const calls = new Set<() => void>()
  told.set(signal, calls)
  signal.addEventListener(
    'abort',
    () => {
      for (const call of calls) call()
    },
    { once: true },
  )
  return calls
}
