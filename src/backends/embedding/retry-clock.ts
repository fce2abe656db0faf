/** The wait after a failure; it doubles with each one that follows. */
const FIRST_RETRY_MS = 1_000
const GREATEST_RETRY_MS = 300_000
const JITTER = 0.1

/** When what could not be embedded is tried again. */
export class RetryClock {
  #dueAt = Number.POSITIVE_INFINITY
  #retries = 0
  #isDown = false

  /** Whether nothing could be embedded the last time, so that what is written waits for the next attempt too. */
  get isDown(): boolean {
    return this.#isDown
  }

  get isDue(): boolean {
    return performance.now() >= this.#dueAt
  }

  /** Milliseconds until the next attempt; `null` where none is needed. */
  get waitMs(): number | null {
    return this.#dueAt === Number.POSITIVE_INFINITY ? null : Math.max(0, this.#dueAt - performance.now())
  }

  /** Nothing is left to try again. */
  reset(): void {
    this.#dueAt = Number.POSITIVE_INFINITY
    this.#retries = 0
    this.#isDown = false
  }

  /** What is left to try again can be tried now. */
  dueNow(): void {
    this.reset()
    this.#dueAt = performance.now()
  }

  /** Some, or (`isDown`) all, could not be embedded, in a first attempt or, `isRetry`, in a further one. */
  failed(isDown: boolean, isRetry: boolean): void {
    const isNew = isDown && !this.#isDown
    this.#isDown = isDown
    if (isNew) this.#retries = 0
    if (!isNew && !isRetry && this.#dueAt !== Number.POSITIVE_INFINITY) return
    const wait = Math.min(FIRST_RETRY_MS * 2 ** this.#retries++, GREATEST_RETRY_MS)
    this.#dueAt = performance.now() + wait * (1 - JITTER + 2 * JITTER * Math.random())
  }
}
