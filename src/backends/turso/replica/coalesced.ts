const LONG_MS = 2 ** 31 - 1

/**
 * Runs one kind of work at a time; calls that come while it runs share the run after it, which begins later than they did. A run
 * is told whether any of its callers waits for it.
 */
export class Coalesced<Result> {
  readonly #work: (isAwaited: boolean) => Promise<Result>
  #running: Promise<Result> | null = null
  #next: Promise<Result> | null = null
  #isNextAwaited = false

  constructor(work: (isAwaited: boolean) => Promise<Result>) {
    this.#work = work
  }

  /** Runs the work for a caller that waits for it, and keeps the process alive until then. */
  async run(): Promise<Result> {
    const timer = setInterval(() => undefined, LONG_MS) // the run before it may be one that nobody waits for
    try {
      return await this.#join(true)
    } finally {
      clearInterval(timer)
    }
  }

  /** Runs the work for nobody in particular; rejects as `run()` does. */
  runInBackground(): Promise<Result> {
    return this.#join(false)
  }

  #join(isAwaited: boolean): Promise<Result> {
    if (!this.#running) return this.#begin(isAwaited)
    this.#isNextAwaited ||= isAwaited
    this.#next ??= this.#running.then(
      () => this.#begin(this.#isNextAwaited),
      () => this.#begin(this.#isNextAwaited),
    )
    return this.#next
  }

  #begin(isAwaited: boolean): Promise<Result> {
    this.#next = null
    this.#isNextAwaited = false
    const run = this.#work(isAwaited).finally(() => {
      if (this.#running === run) this.#running = null
    })
    this.#running = run
    return run
  }
}
