import { UndirectedGraph } from 'graphology'
import louvainModule from 'graphology-communities-louvain'
import { seededRandom } from '../../../src/graph/algorithms/seeded-random.js'
import type { CompactGraph } from '../../../src/graph/snapshot/compact-graph.js'
import { edgesOf, nodesOf } from './naive-graph.js'

const louvain = louvainModule as unknown as typeof louvainModule.default

type WeightedGraph = UndirectedGraph<object, { weight: number }>

/** What the package makes of a real graph, and its modularity at a resolution of 1. */
export function graphologyCommunities(
  graph: CompactGraph,
  { seed, resolution }: { seed: number; resolution: number },
): { community: number[]; modularity: number } {
  const real = weightedGraph(graph)
  const { communities, modularity } = louvain.detailed(real, { resolution, rng: seededRandom(seed) })
  const numbers = new Map<number | undefined, number>()
  const community = nodesOf(graph).map((node) => {
    const found = communities[node]
    numbers.set(found, numbers.get(found) ?? numbers.size)
    return numbers.get(found) as number
  })
  const isKnown = resolution === 1 && real.size > 0
  return { community, modularity: isKnown ? modularity : naiveModularity(real, community) }
}

function weightedGraph(graph: CompactGraph): WeightedGraph {
  const real: WeightedGraph = new UndirectedGraph()
  for (const node of nodesOf(graph)) real.addNode(`${node}`)
  const greatest = edgesOf(graph).reduce((most, { strength }) => Math.max(most, strength), 0)
  const pairs = edgesOf(graph)
    .filter(({ from, to, strength }) => from !== to && strength > 0)
    .map(({ from, to, strength }) => ({
      lesser: Math.min(from, to),
      greater: Math.max(from, to),
      weight: strength / greatest,
    }))
    .sort((a, b) => a.lesser - b.lesser || a.greater - b.greater || b.weight - a.weight)
  for (const { lesser, greater, weight } of pairs)
    real.updateEdge(`${lesser}`, `${greater}`, (known) => ({ weight: (known.weight ?? 0) + weight }))
  return real
}

/** Pair by pair, as it is defined. */
function naiveModularity(graph: WeightedGraph, community: readonly number[]): number {
  const sum = graph.reduceEdges((total, _, { weight }) => total + weight, 0)
  if (sum === 0) return 0
  const degree = (node: string): number =>
    graph.reduceEdges(node, (total, _, { weight }) => total + weight, 0)
  let quality = 0
  for (const one of graph.nodes()) {
    for (const other of graph.nodes()) {
      if (community[Number(one)] !== community[Number(other)]) continue
      const weight = graph.hasEdge(one, other) ? graph.getEdgeAttribute(one, other, 'weight') : 0
      quality += weight - (degree(one) * degree(other)) / (2 * sum)
    }
  }
  return quality / (2 * sum)
}
