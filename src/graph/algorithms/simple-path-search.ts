import type { Steps } from '../snapshot/steps.js'
import { BreadthFirst } from './breadth-first.js'
import type { NumberedPath } from './numbered-path.js'

const NONE = 0x7fff_ffff

/**
 * Looks for the ways to a goal that meet no node twice. Of each node it knows the fewest steps that it may be to the goal around what the
 * way has met so far, and learns more where it fails, so that little is walked in vain. Peng et al., Towards bridging theory and
 * practice: hop-constrained s-t simple path enumeration (2019), who call these the barriers.
 */
export class SimplePathSearch {
  readonly #steps: Steps
  readonly #back: Steps
  readonly #walk: BreadthFirst
  /** By node: at least so many steps to the goal; 0 where that is not known, which is `#beyond` at least. */
  readonly #barriers: Int32Array
  #beyond = 0
  /** The nodes that have a barrier. */
  #known: number[] = []
  /** How often a barrier has been raised. */
  #raised = 0
  readonly #isOnWay: Uint8Array
  #goal = -1
  #above = -1

  /** Steps, and the same ones back. */
  constructor(order: number, steps: Steps, back: Steps) {
    this.#steps = steps
    this.#back = back
    this.#walk = new BreadthFirst(order)
    this.#barriers = new Int32Array(order)
    this.#isOnWay = new Uint8Array(order)
  }

  /**
   * Chooses the goal of the ways that are asked for next, which lead through nodes `above` a number, and looks how far it is from
   * those within `radius` steps.
   */
  aim(goal: number, radius: number, above = -1): void {
    for (const node of this.#known) this.#barriers[node] = 0
    const walk = this.#walk
    walk.begin(goal)
    while (walk.depth < radius && walk.expand(this.#back, above));
    this.#known = [...walk.met.subarray(0, walk.count)]
    for (const node of this.#known) this.#barriers[node] = walk.depthOf[node] as number
    this.#beyond = radius + 1
    this.#goal = goal
    this.#above = above
  }

  /** The fewest steps from another node to the goal that there may be. */
  distanceOf(node: number): number {
    return this.#barriers[node] || this.#beyond
  }

  /**
   * The ways of exactly so many steps from a node to the goal, or around to the goal itself, in the order of their nodes, along the
   * strongest edges. All are to be taken before the next are asked for, which are from the same node as long as the goal is.
   */
  *ofLength(start: number, length: number): Generator<NumberedPath, void, undefined> {
    const { starts, far, edge } = this.#steps
    const nodes = new Int32Array(length)
    const next = new Int32Array(length)
    const taken = new Int32Array(length)
    const fewest = new Int32Array(length)
    const raisedBefore = new Int32Array(length)
    let depth = 0
    const enter = (node: number): void => {
      nodes[depth] = node
      next[depth] = depth === length - 1 ? this.#lastStep(node) : (starts[node] as number)
      fewest[depth] = NONE
      raisedBefore[depth] = this.#raised
      this.#isOnWay[node] = 1
    }
    enter(start)
    while (depth >= 0) {
      const node = nodes[depth] as number
      const remaining = length - depth
      const step = next[depth] as number
      if (step === starts[node + 1]) {
        this.#isOnWay[node] = 0
        if (depth > 0) {
          const found = fewest[depth] as number
          this.#leave(node, found, remaining, raisedBefore[depth] !== this.#raised)
          if (found < (fewest[depth - 1] as number)) fewest[depth - 1] = found + 1
        }
        depth--
        continue
      }
      const to = far[step] as number
      next[depth] = remaining === 1 ? (starts[node + 1] as number) : step + 1
      if (step > (starts[node] as number) && far[step - 1] === to) continue
      taken[depth] = edge[step] as number
      if (to === this.#goal) {
        fewest[depth] = 1
        if (remaining === 1) yield { nodes: [...nodes, to], edges: [...taken] }
      } else if (to > this.#above && this.#isOnWay[to] === 0 && this.distanceOf(to) < remaining) {
        depth++
        enter(to)
      }
    }
  }

  /** The first step from a node to the goal, or the end of its steps. */
  #lastStep(node: number): number {
    const { starts, far } = this.#steps
    const end = starts[node + 1] as number
    let first = starts[node] as number
    for (let behind = end; first < behind; ) {
      const middle = (first + behind) >> 1
      if ((far[middle] as number) < this.#goal) first = middle + 1
      else behind = middle
    }
    return first < end && far[first] === this.#goal ? first : end
  }

  /** Notes what is known of a node now that the way goes back from it: the fewest steps found, of those that remained. */
  #leave(node: number, found: number, remaining: number, hasRaised: boolean): void {
    if (found === NONE) {
      this.#raise(node, remaining + 1)
      return
    }
    this.#raise(node, found)
    // While the node was in the way others could not go through it, and may have been found farther from the goal than they are now.
    if (hasRaised) this.#lowerBehind(node)
  }

  #raise(node: number, barrier: number): void {
    if (this.#barriers[node] === 0) this.#known.push(node)
    if (barrier > this.distanceOf(node)) this.#raised++
    this.#barriers[node] = barrier
  }

  #lowerBehind(node: number): void {
    const { starts, far } = this.#back
    const barriers = this.#barriers
    const lowered = [node]
    for (const to of lowered) {
      const barrier = (barriers[to] as number) + 1
      const end = starts[to + 1] as number
      for (let step = starts[to] as number; step < end; step++) {
        const from = far[step] as number
        if ((barriers[from] as number) <= barrier || this.#isOnWay[from] === 1) continue
        barriers[from] = barrier
        lowered.push(from)
      }
    }
  }
}
