import type { GraphEdgeRow } from '../../../src/graph/graph-rows.js'
import type { GraphNeighbor, GraphView } from '../../../src/graph/graph-view.js'
import type { CompactGraph } from '../../../src/graph/snapshot/compact-graph.js'
import type { GraphSnapshot } from '../../../src/graph/snapshot/graph-snapshot.js'
import type { WalkDirection } from '../../../src/graph/snapshot/steps.js'
import type { GraphSource } from '../../../src/graph/view/graph-source.js'
import { createGraphView } from '../../../src/graph/view/source-view.js'
import { randomOf } from '../../support/random.js'
import { snapshotOf } from '../naive/row-snapshot.js'

/** From, to, type (`SOLVES`) and strength (0.5). The id of the relationship is made of both ends, with `'` where it is taken. */
export type ShortEdge = readonly [from: string, to: string, type?: string, strength?: number]

export const VALID_FROM = '2024-05-06T07:08:09.000000+00:00'

/** A source of what it is given, which can be replaced, and which counts how often it was asked. */
export class PlainSource implements GraphSource {
  readonly direction: WalkDirection
  stored: GraphSnapshot
  asked = 0
  /** What it answers itself. */
  known: GraphNeighbor[] | null = null

  constructor(stored: GraphSnapshot, direction: WalkDirection = 'both') {
    this.stored = stored
    this.direction = direction
  }

  async snapshot(): Promise<GraphSnapshot> {
    this.asked++
    return this.stored
  }

  async neighbors(): Promise<GraphNeighbor[] | null> {
    return this.known
  }
}

/** The graph of some relationships, and of nodes that have none. */
export function graphOf(edges: readonly ShortEdge[], alone: readonly string[] = []): GraphSnapshot {
  const ids = new Set<string>()
  const rows = edges.map(([from, to, type = 'SOLVES', strength = 0.5]): GraphEdgeRow => {
    let id = `${from}>${to}`
    while (ids.has(id)) id += "'"
    ids.add(id)
    return { id, from, to, type, strength, valid_from: VALID_FROM, valid_until: null }
  })
  const nodes = new Set([...edges.flatMap((edge) => edge.slice(0, 2) as string[]), ...alone])
  return snapshotOf(
    [...nodes].map((id) => ({ id, label: 'Memory', importance: 0.5 })),
    rows,
  )
}

export function viewOf(edges: readonly ShortEdge[], direction?: WalkDirection, alone?: string[]): GraphView {
  return createGraphView(new PlainSource(graphOf(edges, alone), direction))
}

/** The id of a node of a graph in numbers. */
export function idOf(node: number): string {
  return `n${String(node).padStart(6, '0')}`
}

/** The id of an edge of a graph in numbers. */
export function edgeIdOf(edge: number): string {
  return `e${String(edge).padStart(6, '0')}`
}

/** The types of graphs in numbers, of which the last holds in both directions. */
export const TYPES: readonly string[] = ['SOLVES', 'REQUIRES', 'SIMILAR_TO']

/** A graph in numbers as a snapshot. */
export function snapshotOfNumbers({ order, from, to, type, strength }: CompactGraph): GraphSnapshot {
  return snapshotOf(
    Array.from({ length: order }, (_, node) => ({ id: idOf(node), label: 'Memory', importance: null })),
    Array.from(from, (start, edge) => ({
      id: edgeIdOf(edge),
      from: idOf(start),
      to: idOf(to[edge] as number),
      type: TYPES[type[edge] as number] as string,
      strength: strength[edge] as number,
      valid_from: VALID_FROM,
      valid_until: null,
    })),
  )
}

/** A graph that is great enough for its algorithms to run in a thread. */
export function greatSource(order = 15_000, size = 40_000): PlainSource {
  const random = randomOf(1)
  const node = (): string => idOf(Math.floor(random() * order))
  return new PlainSource(graphOf(Array.from({ length: size }, () => [node(), node()] as const)))
}
