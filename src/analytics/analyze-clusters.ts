import type { GraphBackend } from '../backends/graph-backend.js'
import { clusterOptionsSchema } from '../model/analytics-options.js'
import { validate } from '../model/validation.js'
import type { AnalysisOptions, CommunityChoice } from './analysis-options.js'
import { type CommunityLinks, communityLinksOf, communityStructureOf } from './community-structure.js'
import { type Description, describeClusters, type Undescribed } from './describe-clusters.js'
import type { MemoryCluster } from './memory-cluster.js'

/** Options of {@link analyzeClusters}. */
export type AnalyzeClustersOptions = AnalysisOptions &
  CommunityChoice & {
    /** Nodes of a cluster at least, from 1. Default is 3. */
    readonly minSize?: number | null | undefined
    /** Density of a cluster at least, from 0 to 1. Default is 0. */
    readonly minDensity?: number | null | undefined
    /** Clusters at most, the greatest first. Default is all. */
    readonly limit?: number | null | undefined
  }

/** What {@link analyzeClusters} finds. */
export type ClusterAnalysis = {
  /** Those that pass, the greatest first, then by first id. */
  clusters: MemoryCluster[]
  /** Communities in all, with those that do not pass. */
  communities: number
  /** From -0.5 to 1: how much denser all communities are than by chance. */
  modularity: number
}

/**
 * Clusters of memories and what they are about. They are the communities of the graph (see `communities()` of a view), not its
 * connected components, so that they can be joined to each other. What is written meanwhile may or may not be seen.
 *
 * @throws `MG_VALIDATION` · `MG_GRAPH_TOO_LARGE` · `MG_ABORTED`
 */
export async function analyzeClusters(
  backend: Pick<GraphBackend, 'graph' | 'listMemories'>,
  options: AnalyzeClustersOptions = {},
): Promise<ClusterAnalysis> {
  const { part, run, minSize, minDensity, limit, ...choice } = validate(
    clusterOptionsSchema,
    options,
    'cluster options',
  )
  const view = await backend.graph(part as AnalysisOptions)
  const structure = await communityStructureOf(view, choice, run)
  const links = await communityLinksOf(structure, run)
  const chosen = structure.communities.flatMap((ids, community): Chosen[] => {
    const joined = links[community] as CommunityLinks
    const density = densityOf(ids.length, joined.pairs)
    const passes = ids.length >= minSize && density >= minDensity
    return passes ? [{ community, ids, links: joined, density, center: joined.center?.id }] : []
  })
  const first = chosen.slice(0, limit ?? chosen.length)
  const descriptions = await describeClusters(backend, structure, first, run)
  return {
    clusters: first.map((one, at) => ({ ...figuresOf(one), ...(descriptions[at] as Description) })),
    communities: structure.communities.length,
    modularity: structure.modularity,
  }
}

type Chosen = Undescribed & {
  readonly ids: readonly string[]
  readonly links: CommunityLinks
  readonly density: number
}

function figuresOf({ community, ids, links, density }: Chosen): Omit<MemoryCluster, keyof Description> {
  return {
    community,
    node_ids: [...ids],
    size: ids.length,
    density,
    internal_relationships: links.internal,
    external_relationships: links.external,
  }
}

function densityOf(size: number, pairs: number): number {
  return size < 2 ? 0 : pairs / ((size * (size - 1)) / 2)
}
