/**
 * A graph in numbers, which threads can share and nothing changes: the nodes are 0 to `order` - 1, the edges 0 to `size` - 1. Edges are
 * in the order of the node they start at, then of the one they end at, then strongest first.
 */
export type CompactGraph = {
  readonly order: number
  readonly size: number
  /** Where each edge starts, and where it ends. */
  readonly from: Int32Array
  readonly to: Int32Array
  /** Of each edge, as it is stored. */
  readonly strength: Float64Array
  /** The number of the type of each edge. */
  readonly type: Uint16Array
  /** By the number of a type: 1 where an edge of it holds in both directions. */
  readonly symmetric: Uint8Array
}

/** An edge before it has a number. */
export type PlainEdge = {
  readonly from: number
  readonly to: number
  readonly type?: number
  readonly strength?: number
}

/** Room for a graph, in memory that threads share. */
export function newCompactGraph(order: number, size: number, symmetric: Uint8Array): CompactGraph {
  return {
    order,
    size,
    from: new Int32Array(new SharedArrayBuffer(size * Int32Array.BYTES_PER_ELEMENT)),
    to: new Int32Array(new SharedArrayBuffer(size * Int32Array.BYTES_PER_ELEMENT)),
    strength: new Float64Array(new SharedArrayBuffer(size * Float64Array.BYTES_PER_ELEMENT)),
    type: new Uint16Array(new SharedArrayBuffer(size * Uint16Array.BYTES_PER_ELEMENT)),
    symmetric,
  }
}

/** The graph of some edges, whose types are numbers from 0 on, of which some are symmetric. */
export function compactGraphOf(
  order: number,
  edges: readonly PlainEdge[],
  symmetric: readonly number[] = [],
): CompactGraph {
  const types = 1 + edges.reduce((greatest, { type = 0 }) => Math.max(greatest, type), 0)
  const flags = new Uint8Array(Math.max(types, ...symmetric.map((type) => type + 1)))
  for (const type of symmetric) flags[type] = 1
  const graph = newCompactGraph(order, edges.length, flags)
  const sorted = edges
    .map(({ from, to, type = 0, strength = 0.5 }) => ({ from, to, type, strength }))
    .sort((a, b) => a.from - b.from || a.to - b.to || b.strength - a.strength)
  sorted.forEach(({ from, to, type, strength }, edge) => {
    graph.from[edge] = from
    graph.to[edge] = to
    graph.type[edge] = type
    graph.strength[edge] = strength
  })
  return graph
}
