import louvainModule from 'graphology-communities-louvain'
import type { CompactGraph } from '../snapshot/compact-graph.js'
import { modularity } from './modularity.js'
import { seededRandom } from './seeded-random.js'
import { WeightedPairs } from './weighted-pairs.js'

// Its types tell of a default export that the module, which is CommonJS, does not have.
const louvain = louvainModule as unknown as typeof louvainModule.default

/** The community of each node, numbered in the order of their least node, and how good a division that is. */
export type NumberedCommunities = { community: Int32Array; modularity: number }

/**
 * Communities by the method of Louvain over the strengths between nodes, in whichever direction; relationships of a node to itself do
 * not count, and a node that is joined to none is a community by itself. Blondel et al., Fast unfolding of communities in large
 * networks (2008).
 */
export function communities(
  graph: CompactGraph,
  { seed, resolution }: { readonly seed: number; readonly resolution: number },
): NumberedCommunities {
  const pairs = new WeightedPairs(graph)
  const found = louvain(pairs as unknown as Parameters<typeof louvain>[0], {
    getEdgeWeight: (pair) => pairs.weight[Number(pair)] as number,
    resolution,
    rng: seededRandom(seed),
  })
  const community = renumbered(new Int32Array(graph.order).map((_, node) => found[node] as number))
  return { community, modularity: modularity(pairs, community) }
}

function renumbered(community: Int32Array): Int32Array {
  const numbers = new Int32Array(community.length).fill(-1)
  let count = 0
  return community.map((found) => {
    if (numbers[found] === -1) numbers[found] = count++
    return numbers[found] as number
  })
}
