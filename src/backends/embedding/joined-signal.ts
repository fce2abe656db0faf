/** Runs work with a signal that fires when any of these does, with its reason; it has fired before the work begins where one has. */
export async function withJoinedSignal<Result>(
  signals: readonly AbortSignal[],
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  // No AbortSignal.any(): Node 20 can collect its signals as garbage.
  const controller = new AbortController()
  const listeners = signals.map((signal) => ({ signal, listen: () => controller.abort(signal.reason) }))
  for (const { signal, listen } of listeners) {
    if (signal.aborted) listen()
    signal.addEventListener('abort', listen)
  }
  try {
    return await work(controller.signal)
  } finally {
    for (const { signal, listen } of listeners) signal.removeEventListener('abort', listen)
  }
}
