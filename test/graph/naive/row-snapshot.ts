import type { GraphEdgeRow, GraphNodeRow } from '../../../src/graph/graph-rows.js'
import { type CompactGraph, newCompactGraph } from '../../../src/graph/snapshot/compact-graph.js'
import type { GraphSnapshot } from '../../../src/graph/snapshot/graph-snapshot.js'
import { symmetryOf } from '../../../src/graph/snapshot/symmetry-of.js'
import { compareText } from '../../../src/model/text-order.js'

/** The graph of some nodes, each once, and of the relationships, each once, both of whose ends are among them. */
export function snapshotOf(nodes: readonly GraphNodeRow[], edges: readonly GraphEdgeRow[]): GraphSnapshot {
  return new RowSnapshot(nodes, edges)
}

class RowSnapshot implements GraphSnapshot {
  readonly graph: CompactGraph
  readonly nodeIds: readonly string[]
  readonly types: readonly string[]
  readonly #labels: readonly string[]
  readonly #edges: readonly GraphEdgeRow[]
  readonly #numbers: ReadonlyMap<string, number>

  constructor(nodes: readonly GraphNodeRow[], edges: readonly GraphEdgeRow[]) {
    const sorted = [...nodes].sort((a, b) => compareText(a.id, b.id))
    const numbers = new Map(sorted.map(({ id }, number) => [id, number]))
    const place = (id: string): number => numbers.get(id) as number
    this.nodeIds = sorted.map(({ id }) => id)
    this.types = [...new Set(edges.map(({ type }) => type))].sort(compareText)
    this.#labels = sorted.map(({ label }) => label)
    this.#numbers = numbers
    this.#edges = edges
      .filter(({ from, to }) => numbers.has(from) && numbers.has(to))
      .sort(
        (a, b) =>
          place(a.from) - place(b.from) ||
          place(a.to) - place(b.to) ||
          b.strength - a.strength ||
          compareText(a.id, b.id),
      )
    const typeNumbers = new Map(this.types.map((type, number) => [type, number]))
    this.graph = newCompactGraph(sorted.length, this.#edges.length, symmetryOf(this.types))
    this.#edges.forEach(({ from, to, type, strength }, edge) => {
      this.graph.from[edge] = place(from)
      this.graph.to[edge] = place(to)
      this.graph.type[edge] = typeNumbers.get(type) as number
      this.graph.strength[edge] = strength
    })
  }

  numberOf(nodeId: string): number | undefined {
    return this.#numbers.get(nodeId)
  }

  labelOf(node: number): string {
    return this.#labels[node] as string
  }

  edgeId(edge: number): string {
    return this.#edge(edge).id
  }

  validFromOf(edge: number): string {
    return this.#edge(edge).valid_from
  }

  validUntilOf(edge: number): string | null {
    return this.#edge(edge).valid_until
  }

  #edge(edge: number): GraphEdgeRow {
    return this.#edges[edge] as GraphEdgeRow
  }
}
