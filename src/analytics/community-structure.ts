import type { GraphRunOptions, GraphView, ReadonlyGraph } from '../graph/graph-view.js'
import { MEMORY_LABEL } from '../model/node.js'
import { compareText } from '../model/text-order.js'
import type { CommunityChoice } from './analysis-options.js'
import { eachInTurn } from './each-in-turn.js'
import { idOf, neighborKeysOf } from './node-keys.js'

/** The communities of a graph, numbered from 0 in the order of `communities()`, and how they are joined. */
export type CommunityStructure = {
  readonly graph: ReadonlyGraph
  readonly communities: readonly (readonly string[])[]
  readonly modularity: number
  /** The number of each node's community, by its key in the graph, and by its id. */
  readonly communityOf: ReadonlyMap<string, number>
  readonly communityOfId: ReadonlyMap<string, number>
}

/** How the nodes of one community are joined. */
export type CommunityLinks = {
  /** Relationships both of whose ends are in it, and those with one end in it. */
  internal: number
  external: number
  /** Pairs of its nodes that are joined. */
  pairs: number
  /** The memory that is joined to the most others in it, the first by id of those. */
  center: { readonly id: string; readonly degree: number } | null
}

/** Finds the communities of a view. What is written meanwhile may or may not be seen. */
export async function communityStructureOf(
  view: GraphView,
  { seed, resolution }: CommunityChoice,
  run: GraphRunOptions,
): Promise<CommunityStructure> {
  const { communities, modularity } = await view.communities({ seed, resolution, ...run })
  const communityOfId = new Map<string, number>()
  for await (const [id, number] of eachInTurn(membersOf(communities), 'comparing communities', null, run))
    communityOfId.set(id, number)
  const graph = await view.graphology(run)
  const communityOf = new Map<string, number>()
  for await (const key of eachInTurn(graph.nodes(), 'comparing communities', graph.order, run)) {
    const number = communityOfId.get(idOf(graph, key))
    if (number !== undefined) communityOf.set(key, number) // else it was written since the communities were found
  }
  return { graph, communities, modularity, communityOf, communityOfId }
}

/** Each node of each community, with the number of that. */
function* membersOf(communities: readonly (readonly string[])[]): Generator<[id: string, number: number]> {
  for (const [number, ids] of communities.entries()) for (const id of ids) yield [id, number]
}

/** How each community is joined, by its number. */
export async function communityLinksOf(
  { graph, communities, communityOf }: CommunityStructure,
  run: GraphRunOptions,
): Promise<CommunityLinks[]> {
  const links = communities.map((): CommunityLinks => ({ internal: 0, external: 0, pairs: 0, center: null }))
  for await (const key of eachInTurn(graph.nodes(), 'counting relationships', graph.order, run)) {
    const number = communityOf.get(key)
    const own = links[number ?? -1]
    if (own === undefined) continue
    graph.forEachOutEdge(key, (_edge, _attributes, _from, to) => {
      const other = links[communityOf.get(to) ?? -1]
      if (other === own) own.internal++
      else {
        own.external++
        if (other) other.external++
      }
    })
    const degree = neighborKeysOf(graph, key).filter((other) => communityOf.get(other) === number).length
    own.pairs += degree / 2 // each pair is met from either side
    const { id, label } = graph.getNodeAttributes(key)
    if (label === MEMORY_LABEL && isBefore({ id, degree }, own.center)) own.center = { id, degree }
  }
  return links
}

function isBefore(one: NonNullable<CommunityLinks['center']>, other: CommunityLinks['center']): boolean {
  if (other === null || one.degree !== other.degree) return one.degree > (other?.degree ?? -1)
  return compareText(one.id, other.id) < 0
}
