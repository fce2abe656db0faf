import type { Logger } from '../backends/logger.js'
import { describeError, type Output } from './output.js'

/** What a backend warns of while it is used: printed at the end, each text once, and none that the error says anyway. */
export class Warnings {
  readonly logger: Logger = { warn: (message) => void this.#texts.add(message) }
  readonly #output: Output
  readonly #texts: Set<string> = new Set()

  constructor(output: Output) {
    this.#output = output
  }

  /** Does some work, then prints what came up. */
  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work()
    } catch (error) {
      this.#texts.delete(describeError(error).message)
      throw error
    } finally {
      for (const text of this.#texts) this.#output.warn(text)
    }
  }
}
