/**
 * A limit on how long work waits for answers. Each answer moves it, and what the work does for itself between an answer and the
 * next request does not count.
 */
export class Deadline {
  readonly timeoutMs: number
  #end: number
  #isWaiting: boolean

  /** Counts from now, or from an earlier moment of `performance.now()` since which there was no answer. */
  constructor(timeoutMs: number, waitingSince?: number) {
    this.timeoutMs = timeoutMs
    this.#isWaiting = waitingSince !== undefined
    this.#end = (waitingSince ?? performance.now()) + timeoutMs
  }

  /** Milliseconds that are left, 0 at the end. */
  get remainingMs(): number {
    return Math.max(0, this.#end - performance.now())
  }

  get hasPassed(): boolean {
    return this.remainingMs === 0
  }

  /** An answer is waited for from now on, if not already for one that did not come. */
  wait(): void {
    if (!this.#isWaiting) this.renew()
    this.#isWaiting = true
  }

  /** Counts from now again: there was an answer. */
  renew(): void {
    this.#isWaiting = false
    this.#end = performance.now() + this.timeoutMs
  }
}
