import type { CompactGraph } from './compact-graph.js'

/** Which way edges are walked. Those of a type that holds in both directions are walked both ways, whichever it is. */
export type WalkDirection = 'outgoing' | 'incoming' | 'both'

/**
 * The steps that a walk can take, node by node: those from `node` are at `starts[node]` to `starts[node + 1]` - 1, in the order of the
 * node they lead to, then strongest first. A self-loop is one step.
 */
export type Steps = {
  readonly starts: Int32Array
  /** The node that a step leads to, and the edge it goes along. */
  readonly far: Int32Array
  readonly edge: Int32Array
}

const known = new WeakMap<CompactGraph, Map<WalkDirection, Steps>>()

/** The steps of a graph in a direction. Kept as long as the graph is. */
export function stepsOf(graph: CompactGraph, direction: WalkDirection): Steps {
  const steps = known.get(graph)?.get(direction) ?? madeSteps(graph, direction)
  keepSteps(graph, direction, steps)
  return steps
}

/** Whether the steps of a graph in a direction have been made. */
export function hasSteps(graph: CompactGraph, direction: WalkDirection): boolean {
  return known.get(graph)?.has(direction) ?? false
}

/** Keeps the steps of a graph that were made elsewhere. */
export function keepSteps(graph: CompactGraph, direction: WalkDirection, steps: Steps): void {
  const ofGraph = known.get(graph) ?? new Map<WalkDirection, Steps>()
  known.set(graph, ofGraph.set(direction, steps))
}

function madeSteps(graph: CompactGraph, direction: WalkDirection): Steps {
  const { order, size, from, to, type, symmetric } = graph
  const near = new Int32Array(2 * size)
  const far = new Int32Array(2 * size)
  const edges = new Int32Array(2 * size)
  let count = 0
  const add = (start: number, end: number, edge: number): void => {
    near[count] = start
    far[count] = end
    edges[count++] = edge
  }
  for (let edge = 0; edge < size; edge++) {
    const start = from[edge] as number
    const end = to[edge] as number
    const isBoth = direction === 'both' || symmetric[type[edge] as number] === 1
    if (isBoth || direction === 'outgoing') add(start, end, edge)
    if (isBoth ? start !== end : direction === 'incoming') add(end, start, edge)
  }
  const byFar = sortedBy(far, count, order, null)
  const { starts, places } = sortedBy(near, count, order, byFar.places)
  const steps = { starts, far: valuesAt(places, far), edge: valuesAt(places, edges) }
  putStrongestFirst(graph, steps)
  return steps
}

/** Counting sort: the first `count` places, or those given, in the order of their keys; places of one key stay in their order. */
function sortedBy(
  keys: Int32Array,
  count: number,
  order: number,
  given: Int32Array | null,
): { starts: Int32Array; places: Int32Array } {
  const starts = new Int32Array(order + 1)
  for (let place = 0; place < count; place++) (starts[(keys[place] as number) + 1] as number)++
  for (let key = 0; key < order; key++) (starts[key + 1] as number) += starts[key] as number
  const next = starts.slice()
  const places = new Int32Array(count)
  for (let at = 0; at < count; at++) {
    const place = given === null ? at : (given[at] as number)
    places[(next[keys[place] as number] as number)++] = place
  }
  return { starts, places }
}

function valuesAt(places: Int32Array, values: Int32Array): Int32Array {
  const found = new Int32Array(places.length)
  for (let at = 0; at < places.length; at++) found[at] = values[places[at] as number] as number
  return found
}

/** Orders the steps that lead from one node to the same other one, which are from two runs of edges at most, each in this order. */
function putStrongestFirst({ order, strength }: CompactGraph, { starts, far, edge }: Steps): void {
  for (let node = 0; node < order; node++) {
    const end = starts[node + 1] as number
    for (let first = starts[node] as number; first < end; ) {
      let last = first + 1
      let isInOrder = true
      for (; last < end && far[last] === far[first]; last++) {
        const [before, here] = [edge[last - 1] as number, edge[last] as number]
        if ((strength[before] as number) < (strength[here] as number)) isInOrder = false
      }
      if (!isInOrder) {
        edge
          .subarray(first, last)
          .sort((one, other) => (strength[other] as number) - (strength[one] as number) || one - other)
      }
      first = last
    }
  }
}
