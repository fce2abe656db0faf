/** How long work may take, and what ends it before. */
export type DeadlineOptions = {
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
  /** What it rejects with when the time is up. */
  readonly overdue: () => Error
  /** Whether the process stays alive until then. */
  readonly keepsAlive: boolean
}

/**
 * Runs work with a signal that fires when its time is up, or the caller's does, and rejects then, also where the work goes on.
 * A caller's signal rejects with its reason.
 */
export async function withinDeadline<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  { timeoutMs, signal, overdue, keepsAlive }: DeadlineOptions,
): Promise<Result> {
  // No AbortSignal.timeout() joined with another by any(): Node 20 can collect it as garbage.
  const controller = new AbortController()
  const stop = (): void => controller.abort(signal?.reason)
  if (signal?.aborted) stop()
  signal?.addEventListener('abort', stop, { once: true })
  const timer = setTimeout(() => controller.abort(overdue()), timeoutMs)
  if (!keepsAlive) timer.unref()
  try {
    return await Promise.race([untilAborted(controller.signal), startOf(work, controller.signal)])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
  }
}

async function startOf<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  signal.throwIfAborted()
  return work(signal)
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
