import type { GraphRunOptions } from '../graph-view.js'
import type { GraphSnapshot } from '../snapshot/graph-snapshot.js'
import { restrictedSnapshot } from '../snapshot/restricted-snapshot.js'
import type { WalkDirection } from '../snapshot/steps.js'
import type { GraphSource } from './graph-source.js'

/** What another source has of some nodes, and of the relationships among them. */
export class SubgraphSource implements GraphSource {
  readonly direction: WalkDirection
  readonly #whole: GraphSource
  readonly #ids: readonly string[]
  #latest: { readonly whole: GraphSnapshot; readonly part: GraphSnapshot } | null = null

  constructor(whole: GraphSource, ids: readonly string[]) {
    this.direction = whole.direction
    this.#whole = whole
    this.#ids = ids
  }

  async snapshot(run: GraphRunOptions): Promise<GraphSnapshot> {
    const whole = await this.#whole.snapshot(run)
    if (this.#latest?.whole === whole) return this.#latest.part
    const part = await restrictedSnapshot(whole, this.#ids, run)
    if (this.#latest?.whole !== whole) this.#latest = { whole, part }
    return this.#latest.part
  }

  async neighbors(): Promise<null> {
    return null
  }
}
