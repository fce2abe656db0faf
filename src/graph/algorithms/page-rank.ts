import type { CompactGraph } from '../snapshot/compact-graph.js'
import { stepsOf, type WalkDirection } from '../snapshot/steps.js'
import { oppositeDirection } from './opposite-direction.js'
import type { ReportProgress } from './report-progress.js'

/** The sum of what the ranks may be wrong by at the end. */
const TOLERANCE = 1e-9
/** Enough for that up to a damping of 0.97. */
const MOST_ROUNDS = 1000

export type PageRankParameters = {
  /** 'both' counts as 'outgoing'. */
  direction: WalkDirection
  /** The chance to walk on, above 0 and below 1. */
  damping: number
  /** Whether stronger edges are taken more often, in proportion, and those without a strength above 0 never. */
  weighted: boolean
  /** Where walks begin, by weights above 0; `null` is at all nodes alike. */
  seeds: { nodes: Int32Array; weights: Float64Array } | null
}

/**
 * By node: how often a walk comes by that takes a random step from each node and begins anew now and then, and where it can go no
 * further. Adds up to 1. Each of several edges between two nodes counts. Goes on until the sum of what may be wrong is below 1e-9, or
 * for 1,000 rounds. Brin and Page, The anatomy of a large-scale hypertextual web search engine (1998).
 */
export function pageRank(
  graph: CompactGraph,
  { direction, damping, weighted, seeds }: PageRankParameters,
  report?: ReportProgress,
): Float64Array {
  const { order, strength } = graph
  const onward = direction === 'incoming' ? 'incoming' : 'outgoing'
  const { starts, far, edge } = stepsOf(graph, oppositeDirection(onward))
  const weights = new Float64Array(far.length).fill(1)
  if (weighted)
    for (let step = 0; step < far.length; step++) weights[step] = positive(strength[edge[step] as number])
  const leaving = new Float64Array(order)
  for (let step = 0; step < far.length; step++)
    (leaving[far[step] as number] as number) += weights[step] as number

  const begin = beginnings(order, seeds)
  let rank = begin.slice()
  let before = new Float64Array(order)
  const share = new Float64Array(order)
  const rounds = roundsFor(damping)
  for (let round = 1; round <= rounds; round++) {
    const stuck = shareOut(rank, leaving, share)
    const anew = 1 - damping + damping * stuck
    ;[rank, before] = [before, rank]
    let change = 0
    for (let node = 0; node < order; node++) {
      let sum = 0
      const end = starts[node + 1] as number
      for (let step = starts[node] as number; step < end; step++) {
        sum += (share[far[step] as number] as number) * (weights[step] as number)
      }
      const value = damping * sum + anew * (begin[node] as number)
      change += Math.abs(value - (before[node] as number))
      rank[node] = value
    }
    report?.(round, rounds)
    if (change * damping < TOLERANCE * (1 - damping)) break
  }
  return rank
}

/** Rounds that surely suffice: each leaves at most `damping` of the change of the one before, which is 2 at first. */
function roundsFor(damping: number): number {
  return Math.min(MOST_ROUNDS, Math.ceil(Math.log((TOLERANCE * (1 - damping)) / 2) / Math.log(damping)))
}

/** What each node gives along an edge of weight 1; returns the rank of those that have none to give along. */
function shareOut(rank: Float64Array, leaving: Float64Array, share: Float64Array): number {
  let stuck = 0
  for (let node = 0; node < rank.length; node++) {
    const mass = rank[node] as number
    const weight = leaving[node] as number
    share[node] = weight > 0 ? mass / weight : 0
    if (weight === 0) stuck += mass
  }
  return stuck
}

/** By node: the part of the walks that begin there. */
function beginnings(order: number, seeds: PageRankParameters['seeds']): Float64Array {
  if (seeds === null) return new Float64Array(order).fill(1 / order)
  const begin = new Float64Array(order)
  const total = seeds.weights.reduce((sum, weight) => sum + weight, 0)
  seeds.nodes.forEach((node, at) => {
    ;(begin[node] as number) += (seeds.weights[at] as number) / total
  })
  return begin
}

function positive(strength: number | undefined): number {
  return strength !== undefined && strength > 0 ? strength : 0
}
