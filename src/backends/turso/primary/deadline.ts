/** A point in time until which work may go on without an answer; each answer moves it. */
export class Deadline {
  readonly timeoutMs: number
  readonly began: number = performance.now()
  #end: number

  constructor(timeoutMs: number) {
    this.timeoutMs = timeoutMs
    this.#end = this.began + timeoutMs
  }

  /** Milliseconds that are left, 0 at the end. */
  get remainingMs(): number {
    return Math.max(0, this.#end - performance.now())
  }

  get hasPassed(): boolean {
    return this.remainingMs === 0
  }

  /** Counts from now again: there was an answer. */
  renew(): void {
    this.#end = performance.now() + this.timeoutMs
  }
}
