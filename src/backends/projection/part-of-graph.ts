import type { GraphRunOptions } from '../../graph/graph-view.js'
import type { Projection } from '../../graph/projection/projection.js'
import type { GraphSnapshot } from '../../graph/snapshot/graph-snapshot.js'
import type { WalkDirection } from '../../graph/snapshot/steps.js'
import { throwIfAborted } from '../../graph/turns/throw-if-aborted.js'
import type { GraphSource } from '../../graph/view/graph-source.js'
import type { CompleteGraphOptions } from '../../model/graph-options.js'
import type { Change } from '../graph-backend.js'
import type { GraphReader } from '../graph-driver.js'
import type { ProjectedStore } from './follow-changes.js'
import { type GraphSoil, growGraph } from './grow-graph.js'
import { isSameChange } from './is-same-change.js'
import type { ProjectionKeeper } from './projection-keeper.js'
import { nodesById } from './rows-by-id.js'

/** How often it is grown from the store, whose levels are of different moments where something is written meanwhile, before all is read. */
const MOST_ATTEMPTS = 5

/** What lies around some nodes: grown from the projection where there is one, else from the store, and kept until something changes. */
export class PartOfGraph implements GraphSource {
  readonly direction: WalkDirection
  readonly #options: CompleteGraphOptions & { readonly start: readonly string[] }
  readonly #keeper: ProjectionKeeper
  readonly #store: ProjectedStore
  #kept: { readonly snapshot: GraphSnapshot; readonly latest: Change | null; readonly era: number } | null =
    null

  constructor(
    options: CompleteGraphOptions & { readonly start: readonly string[] },
    keeper: ProjectionKeeper,
    store: ProjectedStore,
  ) {
    this.direction = options.direction
    this.#options = options
    this.#keeper = keeper
    this.#store = store
  }

  async snapshot(run: GraphRunOptions): Promise<GraphSnapshot> {
    for (let attempts = 1; ; attempts++) {
      throwIfAborted(run.signal)
      const { era } = this.#keeper
      const latest = await this.#latest()
      const kept = this.#kept
      if (kept?.era === era && isSameChange(kept.latest, latest)) return kept.snapshot
      if (attempts > MOST_ATTEMPTS) await this.#keeper.load(this.#options, run)
      const known = await this.#keeper.whereWarm((projection) => this.#grown(soilOf(projection), run), run)
      const snapshot = known ?? (await this.#grown(soilOfStore(this.#store.seen), run))
      const isOfOneMoment = isSameChange(latest, await this.#latest())
      if (isOfOneMoment) this.#kept = { snapshot, latest, era }
      if (isOfOneMoment || known) return snapshot
    }
  }

  async neighbors(): Promise<null> {
    return null
  }

  async #grown(soil: GraphSoil, run: GraphRunOptions): Promise<GraphSnapshot> {
    return (await growGraph(soil, this.#options, run)).snapshot(this.#options)
  }

  #latest(): Promise<Change | null> {
    return this.#store.whole.getLatestChange()
  }
}

function soilOf(projection: Projection): GraphSoil {
  return {
    nodesOf: async (ids) => projection.nodesOf(ids),
    edgesAt: async (ids, level) => projection.edgesAt(ids, level),
  }
}

function soilOfStore(reader: GraphReader): GraphSoil {
  return {
    nodesOf: (ids) => nodesById(reader, ids),
    edgesAt: (ids, level) => reader.getGraphEdges(ids, level),
  }
}
