import { inTurns } from '../turns/in-turns.js'
import type { TurnWatch } from '../turns/turns.js'
import { type CompactGraph, newCompactGraph } from './compact-graph.js'
import type { GraphSnapshot } from './graph-snapshot.js'

/** What a snapshot has of some nodes, and of the relationships among them. */
export async function restrictedSnapshot(
  whole: GraphSnapshot,
  ids: readonly string[],
  watch: TurnWatch,
): Promise<GraphSnapshot> {
  const { graph } = whole
  const isIn = new Uint8Array(graph.order)
  await inTurns(
    ids.length,
    (at) => {
      const node = whole.numberOf(ids[at] as string)
      if (node !== undefined) isIn[node] = 1
    },
    watch,
  )
  const nodes = await numbersWhere(graph.order, (node) => isIn[node] === 1, watch)
  const edges = await numbersWhere(
    graph.size,
    (edge) => isIn[graph.from[edge] as number] === 1 && isIn[graph.to[edge] as number] === 1,
    watch,
  )
  const nodeIds: string[] = []
  await inTurns(nodes.length, (at) => nodeIds.push(whole.nodeIds[nodes[at] as number] as string), watch)
  return new RestrictedSnapshot(
    whole,
    nodes,
    edges,
    nodeIds,
    await restrictedGraph(graph, nodes, edges, watch),
  )
}

async function numbersWhere(
  count: number,
  isIn: (number: number) => boolean,
  watch: TurnWatch,
): Promise<Int32Array> {
  const numbers = new Int32Array(count)
  let found = 0
  await inTurns(
    count,
    (number) => {
      if (isIn(number)) numbers[found++] = number
    },
    watch,
  )
  return numbers.slice(0, found)
}

async function restrictedGraph(
  whole: CompactGraph,
  nodes: Int32Array,
  edges: Int32Array,
  watch: TurnWatch,
): Promise<CompactGraph> {
  const graph = newCompactGraph(nodes.length, edges.length, whole.symmetric)
  const numbers = new Int32Array(whole.order)
  await inTurns(nodes.length, (number) => (numbers[nodes[number] as number] = number), watch)
  await inTurns(
    edges.length,
    (at) => {
      const edge = edges[at] as number
      graph.from[at] = numbers[whole.from[edge] as number] as number
      graph.to[at] = numbers[whole.to[edge] as number] as number
      graph.strength[at] = whole.strength[edge] as number
      graph.type[at] = whole.type[edge] as number
    },
    watch,
  )
  return graph
}

class RestrictedSnapshot implements GraphSnapshot {
  readonly graph: CompactGraph
  readonly nodeIds: readonly string[]
  readonly types: readonly string[]
  readonly #whole: GraphSnapshot
  /** The numbers in the whole, ascending. */
  readonly #nodes: Int32Array
  readonly #edges: Int32Array

  constructor(
    whole: GraphSnapshot,
    nodes: Int32Array,
    edges: Int32Array,
    nodeIds: readonly string[],
    graph: CompactGraph,
  ) {
    this.graph = graph
    this.nodeIds = nodeIds
    this.types = whole.types
    this.#whole = whole
    this.#nodes = nodes
    this.#edges = edges
  }

  numberOf(nodeId: string): number | undefined {
    const node = this.#whole.numberOf(nodeId)
    if (node === undefined) return undefined
    let [low, high] = [0, this.#nodes.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#nodes[middle] as number) < node) low = middle + 1
      else high = middle
    }
    return this.#nodes[low] === node ? low : undefined
  }

  labelOf(node: number): string {
    return this.#whole.labelOf(this.#nodes[node] as number)
  }

  edgeId(edge: number): string {
    return this.#whole.edgeId(this.#edges[edge] as number)
  }

  validFromOf(edge: number): string {
    return this.#whole.validFromOf(this.#edges[edge] as number)
  }

  validUntilOf(edge: number): string | null {
    return this.#whole.validUntilOf(this.#edges[edge] as number)
  }
}
