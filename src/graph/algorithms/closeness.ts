import type { CompactGraph } from '../snapshot/compact-graph.js'
import type { WalkDirection } from '../snapshot/steps.js'
import { BreadthFirst } from './breadth-first.js'
import { neighboursOf } from './neighbours.js'
import { oppositeDirection } from './opposite-direction.js'
import { pivotsOf } from './pivots.js'
import type { ReportProgress } from './report-progress.js'

/**
 * By node, from 0 to 1: how near those are that it reaches in a direction, scaled by how many of the others these are. Wasserman and
 * Faust, Social network analysis (1994). With `samples` an estimate by the steps to so many nodes, chosen by the seed. Eppstein
 * and Wang, Fast approximation of centrality (2004).
 */
export function closeness(
  graph: CompactGraph,
  { direction, samples, seed }: { direction: WalkDirection; samples: number | null; seed: number },
  report?: ReportProgress,
): Float64Array {
  const back = neighboursOf(graph, oppositeDirection(direction))
  const pivots = pivotsOf(graph.order, samples, seed)
  const walk = new BreadthFirst(graph.order)
  const reached = new Int32Array(graph.order)
  const distance = new Float64Array(graph.order)
  const others = new Int32Array(graph.order).fill(pivots.length)
  pivots.forEach((pivot, at) => {
    ;(others[pivot] as number)--
    walk.begin(pivot)
    while (walk.expand(back));
    for (let place = 1; place < walk.count; place++) {
      const node = walk.met[place] as number
      ;(reached[node] as number)++
      ;(distance[node] as number) += walk.depthOf[node] as number
    }
    report?.(at + 1, pivots.length)
  })
  return distance.map((sum, node) =>
    sum === 0 ? 0 : (reached[node] as number) ** 2 / (sum * (others[node] as number)),
  )
}
