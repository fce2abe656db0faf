const JITTER = 0.1
/** The first wait after a failure, where that is less than the interval; it doubles while there are more. */
const FIRST_RETRY_MS = 2_000
const GREATEST_TIMER_MS = 2 ** 31 - 1

/**
 * Runs work at intervals that vary by a tenth, so that many machines do not come at once. After a failure it tries again soon, then
 * ever more rarely, at last at the interval. Does not keep the process alive.
 */
export class SyncTimer {
  readonly #intervalMs: number
  readonly #work: () => Promise<void>
  #timer: NodeJS.Timeout | null = null
  #failures = 0
  #isRunning = false

  /** With an interval of 0 it never runs. */
  constructor(intervalSeconds: number, work: () => Promise<void>) {
    this.#intervalMs = intervalSeconds * 1000
    this.#work = work
  }

  /** Begins; `hasFailed` when what the work needs is known to be away. */
  start(hasFailed: boolean): void {
    this.#isRunning = this.#intervalMs > 0
    this.#failures = hasFailed ? 1 : 0
    this.#wait()
  }

  stop(): void {
    this.#isRunning = false
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
  }

  #wait(): void {
    if (!this.#isRunning) return
    const retryMs =
      this.#failures === 0 ? Number.POSITIVE_INFINITY : FIRST_RETRY_MS * 2 ** (this.#failures - 1)
    const wait = Math.min(this.#intervalMs, retryMs) * (1 - JITTER + 2 * JITTER * Math.random())
    this.#timer = setTimeout(() => void this.#run(), Math.min(wait, GREATEST_TIMER_MS))
    this.#timer.unref()
  }

  async #run(): Promise<void> {
    try {
      await this.#work()
      this.#failures = 0
    } catch {
      this.#failures++ // whoever does the work tells why it failed
    }
    this.#wait()
  }
}
