import { breathe } from '../../breathe.js'
import { throwIfAborted } from './throw-if-aborted.js'

const REPORT_EVERY_MS = 50

/** How work in turns is watched, and stopped. */
export type TurnWatch = {
  readonly signal?: AbortSignal | undefined
  readonly report?: ((done: number, total: number | null) => void) | undefined
}

/** Work that lets others have their turn. */
export class Turns {
  readonly #watch: TurnWatch
  readonly #total: number | null
  #reported: number = performance.now()

  constructor(watch: TurnWatch, total: number | null) {
    this.#watch = watch
    this.#total = total
  }

  /**
   * To be awaited whenever a little was done.
   *
   * @throws `MG_ABORTED` · what `report` throws
   */
  async next(done: number): Promise<void> {
    await breathe()
    throwIfAborted(this.#watch.signal)
    const { report } = this.#watch
    if (report === undefined || performance.now() - this.#reported < REPORT_EVERY_MS) return
    report(done, this.#total)
    this.#reported = performance.now()
  }
}
