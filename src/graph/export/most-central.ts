import { compareText } from '../../model/text-order.js'
import type { GraphRunOptions } from '../graph-view.js'
import { turnsOf } from '../turns/turns-of.js'
import type { ExportedEdge, ExportedGraph, ExportedNode } from './exported-graph.js'

/** What of a graph is shown. */
export type CentralPart = {
  readonly nodes: readonly ExportedNode[]
  readonly edges: readonly ExportedEdge[]
  /** How many are not shown. */
  readonly nodesLeft: number
  readonly edgesLeft: {
    /** Since one of their ends is not. */
    readonly ofThem: number
    /** Since there are stronger ones. */
    readonly weak: number
  }
}

/**
 * The nodes with the most relationships, after those that come `first`, and the strongest relationships among them: both in the order that they
 * have in the graph.
 */
export async function mostCentral(
  graph: ExportedGraph,
  {
    maxNodes,
    maxEdges,
    first = new Set(),
  }: { maxNodes: number; maxEdges: number; first?: ReadonlySet<string> },
  run: GraphRunOptions,
): Promise<CentralPart> {
  const turns = turnsOf(run, 'reading', graph.order + graph.size)
  const isAll = graph.order <= maxNodes
  const all: ExportedNode[] = []
  for (const node of graph.nodes()) {
    all.push(node)
    await turns.next(all.length)
  }
  const rank = ({ id, degree }: ExportedNode): number => (first.has(id) ? Number.POSITIVE_INFINITY : degree)
  const ranked = isAll
    ? all
    : [...all].sort((a, b) => (rank(b) === rank(a) ? compareText(a.id, b.id) : rank(b) - rank(a)))
  const chosen = new Set(ranked.slice(0, maxNodes).map(({ id }) => id))
  const among: ExportedEdge[] = []
  let read = graph.order
  for (const edge of graph.edges()) {
    if (chosen.has(edge.from) && chosen.has(edge.to)) among.push(edge)
    await turns.next(++read)
  }
  const strongest = new Set(
    among.length <= maxEdges ? among : [...among].sort((a, b) => b.strength - a.strength).slice(0, maxEdges),
  )
  return {
    nodes: all.filter(({ id }) => chosen.has(id)),
    edges: among.filter((edge) => strongest.has(edge)),
    nodesLeft: graph.order - chosen.size,
    edgesLeft: { ofThem: graph.size - among.length, weak: among.length - strongest.size },
  }
}
