import { breathe } from '../../breathe.js'
import type { GraphRunOptions } from '../../graph/graph-view.js'
import { type EdgeFilter, Projection } from '../../graph/projection/projection.js'
import type { GraphSnapshot } from '../../graph/snapshot/graph-snapshot.js'
import { onAbort } from '../../graph/turns/on-abort.js'
import { abortedBy, throwIfAborted } from '../../graph/turns/throw-if-aborted.js'
import type { Change } from '../graph-backend.js'
import { followChanges, type ProjectedStore } from './follow-changes.js'
import { type GraphBudget, requireWithin } from './graph-budget.js'
import { loadProjection } from './load-projection.js'

/** Snapshots that are kept until something changes: one for each way of looking at the graph. */
const KEPT_SNAPSHOTS = 4

type Loaded = {
  readonly projection: Projection
  /** The newest change that is in it. */
  readonly last: Change | null
  readonly snapshots: Map<string, GraphSnapshot>
  /** Whether it is what the store was like right after that change. */
  readonly isOfOneMoment: boolean
}

/**
 * The projection of a store: read once, when it is first needed, and before each use brought to the state of the store by what was written
 * since, by whomever. Its users take turns.
 */
export class ProjectionKeeper {
  readonly #store: ProjectedStore
  #loaded: Loaded | null = null
  #turn: Promise<unknown> = Promise.resolve()
  #ending = new AbortController()
  #era = 0

  constructor(store: ProjectedStore) {
    this.#store = store
  }

  /** Whether it has been read. */
  get isWarm(): boolean {
    return this.#loaded !== null
  }

  /** Which connection it is of: what was read in another era may be of another store. */
  get era(): number {
    return this.#era
  }

  /** Ends the reading that is under way, which rejects with `MG_ABORTED`, and forgets what was read. */
  forget(): void {
    this.#ending.abort(new Error('The backend was disconnected'))
    this.#ending = new AbortController()
    this.#era++
    this.#loaded = null
  }

  /** What a filter lets through of what is stored now; the same object until that changes. */
  snapshot(filter: EdgeFilter, budget: GraphBudget, options: GraphRunOptions): Promise<GraphSnapshot> {
    return this.#inTurn(async () => {
      const { projection, snapshots } = await this.#current(budget, options)
      const key = JSON.stringify([[...filter.types].sort(), filter.asOf, filter.minStrength])
      const snapshot = snapshots.get(key) ?? (await projection.snapshot(filter))
      snapshots.delete(key)
      snapshots.set(key, snapshot)
      for (const oldest of snapshots.keys()) if (snapshots.size > KEPT_SNAPSHOTS) snapshots.delete(oldest)
      return snapshot
    }, options)
  }

  /** Reads what there is, unless it has been read. */
  load(budget: GraphBudget, options: GraphRunOptions): Promise<void> {
    return this.#inTurn(async () => {
      await this.#current(budget, options)
    }, options)
  }

  /** What `look` finds in the projection as of now; `null` if it has not been read. Nothing is written to it meanwhile. */
  async whereWarm<Result>(
    look: (projection: Projection) => Result | Promise<Result>,
    options: GraphRunOptions = {},
  ): Promise<Result | null> {
    if (!this.isWarm) return null
    return this.#inTurn(async () => {
      const loaded = await this.#followed()
      return loaded === null ? null : look(loaded.projection)
    }, options)
  }

  async #current(budget: GraphBudget, options: GraphRunOptions): Promise<Loaded> {
    throwIfAborted(options.signal)
    const loaded = await this.#followed()
    if (loaded === null) return this.#load(budget, options)
    const { nodeCount: nodes, edgeCount: relationships } = loaded.projection
    requireWithin(budget, { nodes, relationships })
    return loaded
  }

  async #load(budget: GraphBudget, options: GraphRunOptions): Promise<Loaded> {
    const ending = this.#ending.signal
    const signal = options.signal ? AbortSignal.any([options.signal, ending]) : ending
    for (let isAgain = false; ; isAgain = true) {
      const last = await this.#store.whole.getLatestChange()
      const projection = await loadProjection(this.#store.seen, budget, { ...options, signal })
      throwIfAborted(ending)
      this.#loaded = { projection, last, snapshots: new Map(), isOfOneMoment: false }
      const loaded = await this.#followed() // what was written meanwhile
      if (loaded !== null && (isAgain || (await this.#isComplete(loaded.projection)))) return loaded
    }
  }

  /** A VACUUM of another program gives rows other places, so that pages may have missed some. */
  async #isComplete({ nodeCount, edgeCount }: Projection): Promise<boolean> {
    const { nodes, relationships } = await this.#store.seen.countGraph([])
    return nodeCount === nodes && edgeCount === relationships
  }

  /** What has been read, with what was written since; `null` where nothing was, or that could not be followed. */
  async #followed(): Promise<Loaded | null> {
    const loaded = this.#loaded
    if (loaded === null) return null
    const { last, projection, snapshots, isOfOneMoment } = loaded
    const ending = this.#ending.signal
    this.#loaded = { ...loaded, isOfOneMoment: false } // until all was followed, which may fail
    const latest = await followChanges(projection, last, this.#store, isOfOneMoment)
    if (latest !== last) snapshots.clear()
    const followed = latest === undefined ? null : await compacted(projection)
    throwIfAborted(ending)
    this.#loaded = followed && { projection: followed, last: latest ?? null, snapshots, isOfOneMoment: true }
    return this.#loaded
  }

  /** Does work after what others have begun; who stops waiting for it gives up the turn. */
  async #inTurn<Result>(work: () => Promise<Result>, { signal }: GraphRunOptions = {}): Promise<Result> {
    throwIfAborted(signal)
    let hasBegun = false
    const turn = this.#turn.then(() => {
      throwIfAborted(signal)
      hasBegun = true
      return work()
    })
    const done = (): undefined => undefined
    this.#turn = turn.then(done, done)
    return signal === undefined ? turn : whileWaiting(turn, () => !hasBegun, signal)
  }
}

/** What comes of a turn; rejects with `MG_ABORTED` as soon as the signal fires while it is waited for. */
function whileWaiting<Result>(
  turn: Promise<Result>,
  isWaiting: () => boolean,
  signal: AbortSignal,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const leave = onAbort(signal, () => {
      if (isWaiting()) reject(abortedBy(signal))
    })
    turn.then(resolve, reject).finally(leave)
  })
}

/** The same, without what is gone where that takes much room. */
async function compacted(projection: Projection): Promise<Projection> {
  if (!projection.isWasteful) return projection
  const copy = new Projection()
  for (const row of projection.nodes()) {
    await breathe()
    copy.setNode(row)
  }
  for (const row of projection.edges()) {
    await breathe()
    copy.setEdge(row)
  }
  return copy
}
