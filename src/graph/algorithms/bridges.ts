import type { CompactGraph } from '../snapshot/compact-graph.js'
import { stepsOf } from '../snapshot/steps.js'

/**
 * The edges without which more parts are not joined, and the nodes without which those around them are not (articulation points),
 * whichever way edges point; ascending. Several edges between two nodes and self-loops are no bridges. Hopcroft and Tarjan, Algorithm
 * 447: efficient algorithms for graph manipulation (1973).
 */
export function bridges(graph: CompactGraph): { edges: Int32Array; nodes: Int32Array } {
  const { order, size } = graph
  const { starts, far, edge } = stepsOf(graph, 'both')
  const next = starts.slice()
  const entered = new Int32Array(order)
  const lowest = new Int32Array(order)
  const cameBy = new Int32Array(order)
  const path = new Int32Array(order)
  const isBridge = new Uint8Array(size)
  const isArticulation = new Uint8Array(order)
  let entries = 0
  let depth = 0
  const enter = (node: number, by: number): void => {
    entered[node] = lowest[node] = ++entries
    cameBy[node] = by
    path[depth++] = node
  }
  for (let root = 0; root < order; root++) {
    if (entered[root] !== 0) continue
    enter(root, -1)
    let branches = 0
    while (depth > 0) {
      const node = path[depth - 1] as number
      const step = next[node] as number
      if (step < (starts[node + 1] as number)) {
        next[node] = step + 1
        const to = far[step] as number
        if (edge[step] === cameBy[node]) continue
        if (entered[to] === 0) enter(to, edge[step] as number)
        else lowest[node] = Math.min(lowest[node] as number, entered[to] as number)
        continue
      }
      depth--
      if (depth === 0) break
      const before = path[depth - 1] as number
      const least = lowest[node] as number
      lowest[before] = Math.min(lowest[before] as number, least)
      if (least > (entered[before] as number)) isBridge[cameBy[node] as number] = 1
      if (before === root) branches++
      else if (least >= (entered[before] as number)) isArticulation[before] = 1
    }
    if (branches > 1) isArticulation[root] = 1
  }
  return { edges: placesOf(isBridge), nodes: placesOf(isArticulation) }
}

function placesOf(flags: Uint8Array): Int32Array {
  const places: number[] = []
  flags.forEach((flag, place) => {
    if (flag === 1) places.push(place)
  })
  return Int32Array.from(places)
}
