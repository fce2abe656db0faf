import { isSymmetricType } from '../../model/relationship-type.js'
import type { GraphCommunities, GraphRunOptions, ReadonlyGraph } from '../graph-view.js'
import { turnsOf } from '../turns/turns-of.js'
import { keyOfNode } from '../view/node-key.js'

export type ExportedNode = {
  readonly id: string
  readonly label: string
  /** Relationships at it; one with itself counts twice. */
  readonly degree: number
  /** The number of its community, from 0 for the largest; `null` where communities were not looked for. */
  readonly community: number | null
}

export type ExportedEdge = {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly type: string
  /** False where its type holds in both directions. */
  readonly isDirected: boolean
  readonly strength: number
  readonly validFrom: string
  readonly validUntil: string | null
}

/** What all the formats are written from. */
export interface ExportedGraph {
  readonly order: number
  readonly size: number
  has(id: string): boolean
  hasEdge(id: string): boolean
  communityOf(id: string): number | null
  /** By id. */
  nodes(): Iterable<ExportedNode>
  /** By the node they start at, then by the one they end at. */
  edges(): Iterable<ExportedEdge>
}

/** A graph and, where they are to be shown, its communities, made as it is read. */
export async function exportedGraph(
  graph: ReadonlyGraph,
  communities: GraphCommunities | null,
  run: GraphRunOptions,
): Promise<ExportedGraph> {
  const communityOf = await communitiesById(communities?.communities ?? [], graph.order, run)
  return {
    order: graph.order,
    size: graph.size,
    has: (id) => keyOfNode(graph, id) !== undefined,
    hasEdge: (id) => graph.hasEdge(id),
    communityOf: (id) => communityOf.get(id) ?? null,
    *nodes() {
      for (const { node, attributes } of graph.nodeEntries()) {
        const { id, label } = attributes
        yield { id, label, degree: graph.degree(node), community: communityOf.get(id) ?? null }
      }
    },
    *edges() {
      for (const { edge: id, attributes, sourceAttributes, targetAttributes } of graph.edgeEntries()) {
        const { type, strength, valid_from: validFrom, valid_until: validUntil } = attributes
        const ends = { from: sourceAttributes.id, to: targetAttributes.id }
        yield { id, ...ends, type, isDirected: !isSymmetricType(type), strength, validFrom, validUntil }
      }
    },
  }
}

async function communitiesById(
  communities: readonly (readonly string[])[],
  order: number,
  run: GraphRunOptions,
): Promise<Map<string, number>> {
  const turns = turnsOf(run, 'reading', order)
  const communityOf = new Map<string, number>()
  for (const [community, ids] of communities.entries())
    for (const id of ids) {
      communityOf.set(id, community)
      await turns.next(communityOf.size)
    }
  return communityOf
}
