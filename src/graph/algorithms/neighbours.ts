import type { CompactGraph } from '../snapshot/compact-graph.js'
import { type Steps, stepsOf, type WalkDirection } from '../snapshot/steps.js'

/** The steps of a graph in a direction, of several between two nodes only one, and none from a node to itself. */
export function neighboursOf(graph: CompactGraph, direction: WalkDirection): Pick<Steps, 'starts' | 'far'> {
  const steps = stepsOf(graph, direction)
  const starts = new Int32Array(graph.order + 1)
  const far = new Int32Array(steps.far.length)
  let count = 0
  for (let node = 0; node < graph.order; node++) {
    let last = node
    const end = steps.starts[node + 1] as number
    for (let step = steps.starts[node] as number; step < end; step++) {
      const next = steps.far[step] as number
      if (next !== last && next !== node) far[count++] = next
      last = next
    }
    starts[node + 1] = count
  }
  return { starts, far: far.slice(0, count) }
}
