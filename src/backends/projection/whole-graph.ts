import type { GraphNeighbor, GraphRunOptions } from '../../graph/graph-view.js'
import type { GraphSnapshot } from '../../graph/snapshot/graph-snapshot.js'
import type { WalkDirection } from '../../graph/snapshot/steps.js'
import type { GraphSource } from '../../graph/view/graph-source.js'
import type { CompleteGraphOptions } from '../../model/graph-options.js'
import { compareText } from '../../model/text-order.js'
import type { GraphLevel } from '../graph-driver.js'
import { waysOf } from '../walk-ways.js'
import type { ProjectedStore } from './follow-changes.js'
import type { ProjectionKeeper } from './projection-keeper.js'

/** All of a store. While it has not been read, neighbours are looked for level by level in the store itself. */
export class WholeGraph implements GraphSource {
  readonly direction: WalkDirection
  readonly #options: CompleteGraphOptions
  readonly #keeper: ProjectionKeeper
  readonly #store: ProjectedStore
  readonly #ways: readonly GraphLevel[]

  constructor(options: CompleteGraphOptions, keeper: ProjectionKeeper, store: ProjectedStore) {
    this.direction = options.direction
    this.#options = options
    this.#keeper = keeper
    this.#store = store
    this.#ways = waysOf(options).map((way) => ({ ...way, currentOnly: true }))
  }

  snapshot(options: GraphRunOptions): Promise<GraphSnapshot> {
    return this.#keeper.snapshot(this.#options, this.#options, options)
  }

  async neighbors(id: string, depth: number, run: GraphRunOptions): Promise<GraphNeighbor[] | null> {
    const found = await this.#keeper.whereWarm(
      (projection) => projection.reach(id, depth, this.direction, this.#options),
      run,
    )
    if (found) return found
    const { asOf, minStrength } = this.#options
    return asOf === null && minStrength === null ? this.#walk(id, depth, run) : null
  }

  async #walk(id: string, depth: number, { signal }: GraphRunOptions): Promise<GraphNeighbor[]> {
    const found = await this.#store.seen.getReach([id], depth, this.#ways, signal)
    return found.sort((a, b) => a.depth - b.depth || compareText(a.id, b.id))
  }
}
