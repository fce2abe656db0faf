import type { CompactGraph } from '../snapshot/compact-graph.js'
import { stepsOf } from '../snapshot/steps.js'

/**
 * Of each node the number of its weak component: the nodes that are joined, whichever way edges point. Numbered in the order of their
 * least nodes. Tarjan and van Leeuwen, Worst-case analysis of set union algorithms (1984).
 */
export function weakComponents({ order, size, from, to }: CompactGraph): Int32Array {
  const parents = Int32Array.from({ length: order }, (_, node) => node)
  const rootOf = (start: number): number => {
    let node = start
    for (let parent = parents[node] as number; parent !== node; parent = parents[node] as number) {
      node = parents[node] = parents[parent] as number
    }
    return node
  }
  for (let edge = 0; edge < size; edge++) {
    const one = rootOf(from[edge] as number)
    const other = rootOf(to[edge] as number)
    if (one < other) parents[other] = one
    else parents[one] = other
  }
  for (let node = 0; node < order; node++) parents[node] = rootOf(node)
  return numberedByLeast(parents)
}

/**
 * Of each node the number of its strong component: the nodes that reach each other along edges as they point, or both ways along those of
 * symmetric types. Numbered in the order of their least nodes. Tarjan, Depth-first search and linear graph algorithms (1972).
 */
export function strongComponents(graph: CompactGraph): Int32Array {
  const { order } = graph
  const { starts, far } = stepsOf(graph, 'outgoing')
  const next = starts.slice()
  const entered = new Int32Array(order)
  const lowest = new Int32Array(order)
  const components = new Int32Array(order).fill(-1)
  const path = new Int32Array(order)
  const open = new Int32Array(order)
  let entries = 0
  let depth = 0
  let openCount = 0
  const enter = (node: number): void => {
    entered[node] = lowest[node] = ++entries
    path[depth++] = open[openCount++] = node
  }
  for (let root = 0; root < order; root++) {
    if (entered[root] !== 0) continue
    enter(root)
    while (depth > 0) {
      const node = path[depth - 1] as number
      const step = next[node] as number
      if (step < (starts[node + 1] as number)) {
        next[node] = step + 1
        const to = far[step] as number
        if (entered[to] === 0) enter(to)
        else if (components[to] === -1) {
          lowest[node] = Math.min(lowest[node] as number, entered[to] as number)
        }
        continue
      }
      depth--
      if (depth > 0) {
        const before = path[depth - 1] as number
        lowest[before] = Math.min(lowest[before] as number, lowest[node] as number)
      }
      if (lowest[node] !== entered[node]) continue
      do components[open[--openCount] as number] = node
      while (open[openCount] !== node)
    }
  }
  return numberedByLeast(components)
}

/** Groups of nodes, each named by one of them, numbered in the order of their least ones. */
function numberedByLeast(names: Int32Array): Int32Array {
  const numbers = new Int32Array(names.length).fill(-1)
  let count = 0
  return names.map((name) => {
    if (numbers[name] === -1) numbers[name] = count++
    return numbers[name] as number
  })
}
