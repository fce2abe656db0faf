import { breathe } from '../breathe.js'

/** Runs asynchronous work one piece after the other, in the order it was asked for. */
export class WriteQueue {
  #tail: Promise<unknown> = Promise.resolve()
  #waiting = 0

  /** Runs work after all work queued before it, whatever became of that. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#waiting++
    const result = this.#tail.then(breathe).then(work)
    this.#tail = result.then(
      () => this.#waiting--,
      () => this.#waiting--,
    )
    return result
  }

  /** Whether work is running or waiting. */
  get busy(): boolean {
    return this.#waiting > 0
  }

  /** Resolves when no work is running or waiting. */
  async idle(): Promise<void> {
    while (this.busy) await this.#tail
  }
}
