import type { GraphNeighbor, GraphRunOptions, GraphView } from '../../graph/graph-view.js'
import type { GraphSnapshot } from '../../graph/snapshot/graph-snapshot.js'
import type { WalkDirection } from '../../graph/snapshot/steps.js'
import type { GraphSource } from '../../graph/view/graph-source.js'
import { createGraphView } from '../../graph/view/source-view.js'
import type { CompleteGraphOptions } from '../../model/graph-options.js'
import type { LevelReader } from '../related-memories.js'
import type { ProjectedStore } from './follow-changes.js'
import { PartOfGraph } from './part-of-graph.js'
import { ProjectionKeeper } from './projection-keeper.js'
import { WholeGraph } from './whole-graph.js'

/** Runs a read as an operation of the backend. */
export type RunRead = <Result>(read: () => Promise<Result>) => Promise<Result>

/** The views of one store, which share what is read of it. */
export class GraphViews {
  readonly #store: ProjectedStore
  readonly #run: RunRead
  readonly #keeper: ProjectionKeeper

  constructor(store: ProjectedStore, run: RunRead) {
    this.#store = store
    this.#run = run
    this.#keeper = new ProjectionKeeper(store)
  }

  view(options: CompleteGraphOptions): GraphView {
    const { start } = options
    const source =
      start === null
        ? new WholeGraph(options, this.#keeper, this.#store)
        : new PartOfGraph({ ...options, start }, this.#keeper, this.#store)
    return createGraphView(new RunSource(source, this.#run))
  }

  /** What tells of levels of walks as of now without asking the store; `null` where nothing has been read of it. */
  levels(): Promise<LevelReader | null> {
    return this.#keeper.whereWarm((projection) => ({
      getNeighbours: async (ids, level) => projection.neighbours(ids, level),
    }))
  }

  /** Forgets what was read. */
  forget(): void {
    this.#keeper.forget()
  }
}

/** A source each of whose reads is an operation of the backend. */
class RunSource implements GraphSource {
  readonly direction: WalkDirection
  readonly #source: GraphSource
  readonly #run: RunRead

  constructor(source: GraphSource, run: RunRead) {
    this.direction = source.direction
    this.#source = source
    this.#run = run
  }

  snapshot(options: GraphRunOptions): Promise<GraphSnapshot> {
    return this.#run(() => this.#source.snapshot(options))
  }

  neighbors(id: string, depth: number, options: GraphRunOptions): Promise<GraphNeighbor[] | null> {
    return this.#run(() => this.#source.neighbors(id, depth, options))
  }
}
