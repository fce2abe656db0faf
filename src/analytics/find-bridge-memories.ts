import type { GraphBackend } from '../backends/graph-backend.js'
import { bridgeOptionsSchema } from '../model/analytics-options.js'
import type { Memory } from '../model/memory.js'
import { MEMORY_LABEL } from '../model/node.js'
import { compareText } from '../model/text-order.js'
import { validate } from '../model/validation.js'
import type { AnalysisOptions, CommunityChoice } from './analysis-options.js'
import {
  type CommunityLinks,
  type CommunityStructure,
  communityLinksOf,
  communityStructureOf,
} from './community-structure.js'
import { eachInTurn } from './each-in-turn.js'
import { idOf, neighborKeysOf } from './node-keys.js'

/** Options of {@link findBridgeMemories}. */
export type FindBridgeMemoriesOptions = AnalysisOptions &
  CommunityChoice & {
    /** From how many nodes betweenness is reckoned, as in `centrality()`. Default is all of up to 2,000, else 500. */
    readonly samples?: number | null | undefined
    /** 1 to 1,000. Default is 10. */
    readonly limit?: number | null | undefined
  }

/** A community that a bridge leads to. */
export type JoinedCommunity = {
  /** Its place among all communities, from 0: also that of `analyzeClusters` with the same options. */
  community: number
  /** How many nodes it has. */
  size: number
  /** The memory in it that is joined to the most others in it; `null` where it has no memory. */
  central_id: string | null
  /** The bridge's neighbours in it, ascending. */
  neighbor_ids: string[]
}

/** A memory that joins its community to others. */
export type BridgeMemory = {
  memory: Memory
  /** Betweenness times participation. */
  score: number
  /** The part of the shortest paths between others that lead through it, from 0 to 1. */
  betweenness: number
  /** How evenly its neighbours are spread over communities, from 0 (all in one) to 1. */
  participation: number
  /** Whether more parts of the graph are not joined without it. */
  is_articulation_point: boolean
  /** Its own community. */
  community: number
  /** The other communities it has neighbours in: those with the most of them first, then by number. */
  joins: JoinedCommunity[]
}

type Candidate = Omit<BridgeMemory, 'memory'> & { readonly id: string }

/**
 * The memories that join communities, best first, then by id: those with neighbours in other communities than their own. They count
 * by betweenness (Brandes 2001) times participation, 1 - Σ (neighbours in a community ÷ all neighbours)² (Guimerà and Amaral,
 * "Functional cartography of complex metabolic networks", 2005). What is written meanwhile may or may not be seen.
 *
 * @throws `MG_VALIDATION` · `MG_GRAPH_TOO_LARGE` · `MG_ABORTED`
 */
export async function findBridgeMemories(
  backend: Pick<GraphBackend, 'graph' | 'getMemories'>,
  options: FindBridgeMemoriesOptions = {},
): Promise<BridgeMemory[]> {
  const { part, run, samples, limit, ...choice } = validate(bridgeOptionsSchema, options, 'bridge options')
  const view = await backend.graph(part as AnalysisOptions)
  const structure = await communityStructureOf(view, choice, run)
  const scores = await view.centrality('betweenness', { samples, seed: choice.seed, ...run })
  const betweenness = new Map(scores.map(({ id, score }) => [id, score]))
  const articulationPoints = new Set((await view.bridges(run)).articulation_points)
  const links = await communityLinksOf(structure, run)
  const candidates: Candidate[] = []
  const { graph } = structure
  for await (const key of eachInTurn(graph.nodes(), 'looking for bridges', graph.order, run)) {
    const { id, label } = graph.getNodeAttributes(key)
    const community = structure.communityOf.get(key)
    if (label !== MEMORY_LABEL || community === undefined) continue
    const joined = joinedCommunities(key, structure, links)
    const joins = joined.filter((one) => one.community !== community)
    if (joins.length === 0) continue
    const between = betweenness.get(id) ?? 0
    const participation = participationOf(joined)
    candidates.push({
      id,
      score: between * participation,
      betweenness: between,
      participation,
      is_articulation_point: articulationPoints.has(id),
      community,
      joins,
    })
  }
  candidates.sort((a, b) => b.score - a.score || b.participation - a.participation || compareText(a.id, b.id))
  return withMemories(backend, candidates, limit)
}

/** The communities that a node has neighbours in: those with the most of them first, then by number. */
function joinedCommunities(
  key: string,
  { graph, communities, communityOf }: CommunityStructure,
  links: readonly CommunityLinks[],
): JoinedCommunity[] {
  const joined = new Map<number, JoinedCommunity>()
  for (const neighbor of neighborKeysOf(graph, key)) {
    const community = communityOf.get(neighbor)
    if (community === undefined) continue // written since the communities were found
    const one = joined.get(community) ?? {
      community,
      size: communities[community]?.length ?? 0,
      central_id: links[community]?.center?.id ?? null,
      neighbor_ids: [],
    }
    one.neighbor_ids.push(idOf(graph, neighbor))
    joined.set(community, one)
  }
  for (const { neighbor_ids } of joined.values()) neighbor_ids.sort(compareText)
  return [...joined.values()].sort(
    (a, b) => b.neighbor_ids.length - a.neighbor_ids.length || a.community - b.community,
  )
}

function participationOf(joined: readonly JoinedCommunity[]): number {
  const counts = joined.map(({ neighbor_ids }) => neighbor_ids.length)
  const all = counts.reduce((sum, count) => sum + count, 0)
  return 1 - counts.reduce((sum, count) => sum + (count / all) ** 2, 0)
}

/** The first candidates whose memories are still there. */
async function withMemories(
  backend: Pick<GraphBackend, 'getMemories'>,
  candidates: readonly Candidate[],
  limit: number,
): Promise<BridgeMemory[]> {
  const first = candidates.slice(0, limit)
  const memories = new Map(
    (await backend.getMemories(first.map(({ id }) => id))).map((memory) => [memory.id, memory]),
  )
  return first.flatMap(({ id, ...bridge }) => {
    const memory = memories.get(id)
    return memory ? [{ memory, ...bridge }] : []
  })
}
