const JITTER = 0.1
const MAX_BACKOFF = 16

/**
 * Runs work at intervals that vary by a tenth, so that many machines do not come at once, and that double, up to sixteenfold, while
 * it fails. Does not keep the process alive.
 */
export class SyncTimer {
  readonly #intervalMs: number
  readonly #work: () => Promise<void>
  #timer: NodeJS.Timeout | null = null
  #backoff = 1
  #isRunning = false

  /** With an interval of 0 it never runs. */
  constructor(intervalSeconds: number, work: () => Promise<void>) {
    this.#intervalMs = intervalSeconds * 1000
    this.#work = work
  }

  start(): void {
    this.#isRunning = this.#intervalMs > 0
    this.#wait()
  }

  stop(): void {
    this.#isRunning = false
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
  }

  #wait(): void {
    if (!this.#isRunning) return
    const wait = this.#intervalMs * this.#backoff * (1 - JITTER + 2 * JITTER * Math.random())
    this.#timer = setTimeout(() => void this.#run(), Math.min(wait, 2 ** 31 - 1))
    this.#timer.unref()
  }

  async #run(): Promise<void> {
    try {
      await this.#work()
      this.#backoff = 1
    } catch {
      this.#backoff = Math.min(this.#backoff * 2, MAX_BACKOFF) // whoever does the work tells why it failed
    }
    this.#wait()
  }
}
