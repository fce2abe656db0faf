import type { CompactGraph } from '../snapshot/compact-graph.js'
import type { Steps, WalkDirection } from '../snapshot/steps.js'
import { BreadthFirst } from './breadth-first.js'
import { neighboursOf } from './neighbours.js'
import { pivotsOf } from './pivots.js'
import type { ReportProgress } from './report-progress.js'

/** Numbers of ways grow beyond what a number can hold: above this they are counted in units of this. */
const UNIT = 2 ** 400

/**
 * By node, from 0 to 1: the part of the shortest paths between two others that lead through it, on average of all pairs of others, one
 * of which reaches the other. Several edges between two nodes count as one. Brandes, A faster algorithm for betweenness
 * centrality (2001). With `samples` an estimate by the paths from so many nodes, chosen by the seed. Brandes and Pich, Centrality
 * estimation in large networks (2007).
 */
export function betweenness(
  graph: CompactGraph,
  { direction, samples, seed }: { direction: WalkDirection; samples: number | null; seed: number },
  report?: ReportProgress,
): Float64Array {
  const { order } = graph
  const neighbours = neighboursOf(graph, direction)
  const pivots = pivotsOf(order, samples, seed)
  const dependencies = new Dependencies(order, neighbours)
  const sums = new Float64Array(order)
  const others = new Int32Array(order).fill(pivots.length)
  pivots.forEach((pivot, at) => {
    ;(others[pivot] as number)--
    dependencies.addTo(sums, pivot)
    report?.(at + 1, pivots.length)
  })
  return sums.map((sum, node) => (sum === 0 ? 0 : sum / ((others[node] as number) * (order - 2))))
}

/** How much the shortest paths from a node depend on each other node. */
class Dependencies {
  readonly #neighbours: Pick<Steps, 'starts' | 'far'>
  readonly #walk: BreadthFirst
  /** By node: how many shortest paths lead to it, in units of {@link UNIT} to the power of `unit`. */
  readonly #ways: Float64Array
  readonly #unit: Int32Array
  /** By node: what each of these ways to it carries. */
  readonly #load: Float64Array

  constructor(order: number, neighbours: Pick<Steps, 'starts' | 'far'>) {
    this.#neighbours = neighbours
    this.#walk = new BreadthFirst(order)
    this.#ways = new Float64Array(order)
    this.#unit = new Int32Array(order)
    this.#load = new Float64Array(order)
  }

  addTo(sums: Float64Array, source: number): void {
    this.#walk.begin(source)
    while (this.#walk.expand(this.#neighbours));
    this.#countWays()
    this.#gather(sums)
  }

  #countWays(): void {
    const { met, depthOf, count } = this.#walk
    const { starts, far } = this.#neighbours
    const [ways, unit] = [this.#ways, this.#unit]
    for (let at = 0; at < count; at++) ways[met[at] as number] = unit[met[at] as number] = 0
    ways[met[0] as number] = 1
    for (let at = 0; at < count; at++) {
      const node = met[at] as number
      if ((ways[node] as number) > UNIT) {
        ;(ways[node] as number) /= UNIT
        ;(unit[node] as number)++
      }
      const nextDepth = (depthOf[node] as number) + 1
      const end = starts[node + 1] as number
      for (let step = starts[node] as number; step < end; step++) {
        const next = far[step] as number
        if (depthOf[next] !== nextDepth) continue
        const more = (unit[node] as number) - (unit[next] as number)
        if (more === 0) (ways[next] as number) += ways[node] as number
        else if (more < 0) (ways[next] as number) += (ways[node] as number) * UNIT ** more
        else {
          ways[next] = (ways[next] as number) * UNIT ** -more + (ways[node] as number)
          unit[next] = unit[node] as number
        }
      }
    }
  }

  #gather(sums: Float64Array): void {
    const { met, depthOf, count } = this.#walk
    const { starts, far } = this.#neighbours
    const [ways, unit, load] = [this.#ways, this.#unit, this.#load]
    for (let at = count - 1; at > 0; at--) {
      const node = met[at] as number
      const nextDepth = (depthOf[node] as number) + 1
      const end = starts[node + 1] as number
      let onward = 0
      for (let step = starts[node] as number; step < end; step++) {
        const next = far[step] as number
        if (depthOf[next] !== nextDepth) continue
        const less = (unit[node] as number) - (unit[next] as number)
        onward += less === 0 ? (load[next] as number) : (load[next] as number) * UNIT ** less
      }
      const dependency = onward * (ways[node] as number)
      load[node] = (1 + dependency) / (ways[node] as number)
      ;(sums[node] as number) += dependency
    }
  }
}
