import type { CompactGraph } from '../snapshot/compact-graph.js'
import { stepsOf } from '../snapshot/steps.js'

/**
 * The pairs of different nodes that are joined in whichever direction, each with the sum of the strengths between the two as parts of
 * the greatest strength in the graph. Strengths that are not above 0, or not finite, count for nothing.
 *
 * Has those methods of an undirected graphology graph by which its method of Louvain reads one: to make a whole one for it takes
 * three times as long as all that it does with it.
 */
export class WeightedPairs {
  readonly type = 'undirected'
  readonly multi = false
  readonly selfLoopCount = 0
  readonly order: number
  readonly size: number
  /** Of each pair, by the lesser number, then the greater one. */
  readonly lesser: Int32Array
  readonly greater: Int32Array
  readonly weight: Float64Array
  readonly #degrees: Int32Array

  constructor(graph: CompactGraph) {
    this.order = graph.order
    this.lesser = new Int32Array(graph.size)
    this.greater = new Int32Array(graph.size)
    this.weight = new Float64Array(graph.size)
    this.#degrees = new Int32Array(graph.order)
    this.size = this.#fill(graph)
  }

  #fill(graph: CompactGraph): number {
    const { starts, far, edge } = stepsOf(graph, 'both')
    const greatest = graph.strength.reduce((most, strength) => Math.max(most, weightOf(strength)), 0)
    let count = 0
    for (let node = 0; node < graph.order; node++) {
      const end = starts[node + 1] as number
      for (let step = starts[node] as number; step < end; ) {
        const other = far[step] as number
        let sum = 0
        for (; step < end && far[step] === other; step++)
          sum += weightOf(graph.strength[edge[step] as number] as number) / greatest
        if (other <= node || !(sum > 0)) continue
        this.lesser[count] = node
        this.greater[count] = other
        this.weight[count++] = sum
        this.#degrees[node] = this.undirectedDegreeWithoutSelfLoops(node) + 1
        this.#degrees[other] = this.undirectedDegreeWithoutSelfLoops(other) + 1
      }
    }
    return count
  }

  forEachNode(visit: (node: number) => void): void {
    for (let node = 0; node < this.order; node++) visit(node)
  }

  undirectedDegreeWithoutSelfLoops(node: number): number {
    return this.#degrees[node] as number
  }

  forEachEdge(visit: (pair: number, attributes: object, lesser: number, greater: number) => void): void {
    const none = {}
    for (let pair = 0; pair < this.size; pair++)
      visit(pair, none, this.lesser[pair] as number, this.greater[pair] as number)
  }

  // What a graph is recognised by.
  addUndirectedEdgeWithKey(): never {
    throw new TypeError('Pairs of nodes do not change')
  }

  dropNode(): never {
    throw new TypeError('Pairs of nodes do not change')
  }
}

function weightOf(strength: number): number {
  return strength > 0 && Number.isFinite(strength) ? strength : 0
}
