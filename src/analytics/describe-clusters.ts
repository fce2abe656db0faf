import type { GraphBackend } from '../backends/graph-backend.js'
import type { GraphRunOptions } from '../graph/graph-view.js'
import { ClusterTerms, countEach, type TermCounts, termsOf } from './cluster-terms.js'
import type { CommunityStructure } from './community-structure.js'
import { eachInTurn } from './each-in-turn.js'
import type { MemoryCluster } from './memory-cluster.js'

/** What memories say of the cluster they are in. */
export type Description = Pick<MemoryCluster, 'memory_types' | 'common_tags' | 'keywords' | 'central_memory'>

/** A community to be described, and the id of its most central memory. */
export type Undescribed = { readonly community: number; readonly center: string | undefined }

/** What the memories of some communities say, by reading all memories once, which is no use of them. */
export async function describeClusters(
  backend: Pick<GraphBackend, 'listMemories'>,
  { communityOfId }: Pick<CommunityStructure, 'communityOfId'>,
  wanted: readonly Undescribed[],
  run: GraphRunOptions,
): Promise<Description[]> {
  const described = wanted.map(({ center }) => ({ center, terms: new ClusterTerms(), description: blank() }))
  if (described.length === 0) return []
  const byCommunity = new Map(wanted.map(({ community }, at) => [community, described[at]]))
  const ofAll: TermCounts = new Map()
  let memories = 0
  for await (const memory of eachInTurn(backend.listMemories(), 'reading memories', null, run)) {
    const { id, title, type } = memory
    const community = communityOfId.get(id)
    if (community === undefined) continue
    memories++
    const terms = termsOf(memory)
    countEach(ofAll, terms)
    const one = byCommunity.get(community)
    if (one === undefined) continue
    one.terms.add(memory.tags, terms)
    const { memory_types: types } = one.description
    types[type] = (types[type] ?? 0) + 1
    if (one.center === id) one.description.central_memory = { id, title }
  }
  const descriptions: Description[] = []
  for await (const { description, terms } of eachInTurn(described, 'naming clusters', described.length, run))
    descriptions.push({
      ...description,
      common_tags: terms.commonTags(),
      keywords: terms.keywords(ofAll, memories),
    })
  return descriptions
}

function blank(): Description {
  return { memory_types: {}, common_tags: [], keywords: [], central_memory: null }
}
