import type { CompactGraph } from '../snapshot/compact-graph.js'
import type { Steps } from '../snapshot/steps.js'
import { neighboursOf } from './neighbours.js'
import { NodeQueue } from './node-queue.js'

type Neighbours = Pick<Steps, 'starts' | 'far'>

/** A node, how many of the neighbours of it or another are neighbours of both, from 0 to 1, and these, ascending. */
export type NumberedSimilarity = { node: number; score: number; shared: number[] }

const known = new WeakMap<CompactGraph, Neighbours>()

/**
 * The nodes that have the most neighbours in common with one, whichever way edges point, best first, then by number: at most `limit`. A
 * node is no neighbour of itself. Takes time in proportion to the neighbours of its neighbours: where one of these is joined to most
 * nodes, to all edges at worst. Jaccard, The distribution of the flora in the alpine zone (1912).
 */
export function similarNodes(graph: CompactGraph, node: number, limit: number): NumberedSimilarity[] {
  const neighbours = known.get(graph) ?? neighboursOf(graph, 'both')
  known.set(graph, neighbours)
  const { nodes, counts } = sharingWith(neighbours, node, graph.order)
  const degreeOf = (one: number): number =>
    (neighbours.starts[one + 1] as number) - (neighbours.starts[one] as number)
  const scoreOf = (other: number): number => {
    const shared = counts[other] as number
    return shared / (degreeOf(node) + degreeOf(other) - shared)
  }
  const isWorse = (one: number, other: number): boolean => {
    const difference = scoreOf(one) - scoreOf(other)
    return difference === 0 ? one > other : difference < 0
  }
  const best = new NodeQueue(graph.order, isWorse)
  for (const other of nodes) {
    if (best.size === limit) {
      if (!isWorse(best.first, other)) continue
      best.take()
    }
    best.put(other)
  }
  const similar: NumberedSimilarity[] = []
  while (best.size > 0) {
    const other = best.take()
    similar.push({ node: other, score: scoreOf(other), shared: sharedBy(neighbours, node, other) })
  }
  return similar.reverse()
}

/** The other nodes that share neighbours with one, and by node, how many. */
function sharingWith(
  { starts, far }: Neighbours,
  node: number,
  order: number,
): { nodes: number[]; counts: Int32Array } {
  const nodes: number[] = []
  const counts = new Int32Array(order)
  for (const neighbour of far.subarray(starts[node], starts[node + 1])) {
    const end = starts[neighbour + 1] as number
    for (let step = starts[neighbour] as number; step < end; step++) {
      const other = far[step] as number
      if (other === node) continue
      if (counts[other] === 0) nodes.push(other)
      ;(counts[other] as number)++
    }
  }
  return { nodes, counts }
}

function sharedBy({ starts, far }: Neighbours, one: number, other: number): number[] {
  const ofOne = new Set(far.subarray(starts[one], starts[one + 1]))
  return [...far.subarray(starts[other], starts[other + 1])].filter((node) => ofOne.has(node))
}
