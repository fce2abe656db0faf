import type { ExportedEdge, ExportedGraph, ExportedNode } from './exported-graph.js'
import { type ColorOf, edgeColor, edgeWidth, nodeColor, nodeSize } from './looks.js'

export type Place = { readonly x: number; readonly y: number }

/** A node and how it is shown. */
export type ShownNode = ExportedNode & {
  readonly title: string
  readonly color: string
  readonly size: number
}
/** A relationship and how it is shown. */
export type ShownEdge = ExportedEdge & { readonly color: string; readonly width: number }

/** A graph, what its nodes are called, and how all of it looks. */
export class ShownGraph {
  readonly order: number
  readonly size: number
  readonly has: (id: string) => boolean
  readonly hasEdge: (id: string) => boolean
  /** Whether nodes have communities. */
  readonly hasCommunities: boolean
  readonly #graph: ExportedGraph
  readonly #titleOf: (id: string) => string
  readonly #color: ColorOf

  constructor(graph: ExportedGraph, titleOf: (id: string) => string, color: ColorOf) {
    this.order = graph.order
    this.size = graph.size
    this.has = graph.has
    this.hasEdge = graph.hasEdge
    this.hasCommunities = color === 'community'
    this.#graph = graph
    this.#titleOf = titleOf
    this.#color = color
  }

  *nodes(): Generator<ShownNode, void, undefined> {
    for (const node of this.#graph.nodes())
      yield {
        ...node,
        title: this.#titleOf(node.id),
        color: nodeColor(node.community, this.#color),
        size: round(nodeSize(node.degree)),
      }
  }

  *edges(): Generator<ShownEdge, void, undefined> {
    for (const edge of this.#graph.edges()) {
      const communities = [this.#graph.communityOf(edge.from), this.#graph.communityOf(edge.to)] as const
      yield {
        ...edge,
        color: edgeColor(edge.type, communities, this.#color),
        width: round(edgeWidth(edge.strength)),
      }
    }
  }
}

/** Enough for a size in pixels. */
function round(number: number): number {
  return Math.round(number * 100) / 100
}
