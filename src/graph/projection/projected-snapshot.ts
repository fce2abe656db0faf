import { compareText } from '../../model/text-order.js'
import { type CompactGraph, newCompactGraph } from '../snapshot/compact-graph.js'
import type { GraphSnapshot } from '../snapshot/graph-snapshot.js'
import { symmetryOf } from '../snapshot/symmetry-of.js'
import { inTurns, QUICK_STEPS_AT_ONCE } from '../turns/in-turns.js'
import { sortInTurns } from '../turns/sort-in-turns.js'
import type { EdgeColumns } from './edge-columns.js'
import type { NodeColumns } from './node-columns.js'

/** Relationships between the same two nodes that are sorted at once, within a few milliseconds. */
const FEW_PARALLEL = 4_096

/** A snapshot that refers to the columns it was made of, of which nothing changes that it refers to. */
export class ProjectedSnapshot implements GraphSnapshot {
  readonly graph: CompactGraph
  readonly nodeIds: readonly string[]
  readonly types: readonly string[]
  readonly #labels: readonly string[]
  readonly #slots: Int32Array
  readonly #edges: EdgeColumns

  private constructor(
    graph: CompactGraph,
    nodes: { readonly ids: readonly string[]; readonly labels: readonly string[] },
    slots: Int32Array,
    edges: EdgeColumns,
  ) {
    this.graph = graph
    this.nodeIds = nodes.ids
    this.#labels = nodes.labels
    this.types = edges.types.slice()
    this.#slots = slots
    this.#edges = edges
  }

  /** The nodes that exist, and the relationships among them that pass; in turns with others. Nothing may be written meanwhile. */
  static async of(
    nodes: NodeColumns,
    edges: EdgeColumns,
    passes: (slot: number) => boolean,
  ): Promise<ProjectedSnapshot> {
    const numbers = new Int32Array(nodes.slots).fill(-1)
    const ids: string[] = []
    const labels: string[] = []
    const sortedNodes = await nodes.sortInTurns()
    await quickly(sortedNodes.length, (at) => {
      const slot = sortedNodes[at] as number
      if (!nodes.exists(slot)) return
      numbers[slot] = ids.length
      ids.push(nodes.ids[slot] as string)
      labels.push(nodes.labels[slot] as string)
    })
    const kept = await passing(edges, numbers, passes)
    const byEnd = await ordered(kept.ends, null, ids.length)
    const places = await ordered(kept.starts, byEnd, ids.length)
    const slots = places.map((place) => kept.slots[place] as number)
    await orderParallel(slots, edges)
    const graph = newCompactGraph(ids.length, slots.length, symmetryOf(edges.types))
    const [type, strength] = [edges.type.values, edges.strength.values]
    await quickly(slots.length, (edge) => {
      const place = places[edge] as number
      const slot = slots[edge] as number
      graph.from[edge] = kept.starts[place] as number
      graph.to[edge] = kept.ends[place] as number
      graph.type[edge] = type[slot] as number
      graph.strength[edge] = strength[slot] as number
    })
    return new ProjectedSnapshot(graph, { ids, labels }, slots, edges)
  }

  numberOf(nodeId: string): number | undefined {
    let [first, end] = [0, this.nodeIds.length]
    while (first < end) {
      const middle = (first + end) >>> 1
      const order = compareText(this.nodeIds[middle] as string, nodeId)
      if (order === 0) return middle
      if (order < 0) first = middle + 1
      else end = middle
    }
    return undefined
  }

  labelOf(node: number): string {
    return this.#labels[node] as string
  }

  edgeId(edge: number): string {
    return this.#edges.ids[this.#slots[edge] as number] as string
  }

  validFromOf(edge: number): string {
    return this.#edges.validFrom[this.#slots[edge] as number] as string
  }

  validUntilOf(edge: number): string | null {
    return this.#edges.validUntil[this.#slots[edge] as number] as string | null
  }
}

/** Passes over arrays, in turns with others. */
function quickly(count: number, step: (at: number) => void): Promise<void> {
  return inTurns(count, step, {}, QUICK_STEPS_AT_ONCE)
}

/** The slots of some relationships, and the numbers of the nodes that they start and end at. */
type Kept = { readonly slots: Int32Array; readonly starts: Int32Array; readonly ends: Int32Array }

/** The relationships that pass, both of whose ends have a number. */
async function passing(
  edges: EdgeColumns,
  numbers: Int32Array,
  passes: (slot: number) => boolean,
): Promise<Kept> {
  const [slots, starts, ends] = [0, 0, 0].map(() => new Int32Array(edges.slots)) as [
    Int32Array,
    Int32Array,
    Int32Array,
  ]
  const [from, to] = [edges.from.values, edges.to.values]
  let count = 0
  await quickly(edges.slots, (slot) => {
    if (!edges.isCurrent(slot) || !passes(slot)) return
    const start = numbers[from[slot] as number] as number
    const end = numbers[to[slot] as number] as number
    if (start === -1 || end === -1) return
    slots[count] = slot
    starts[count] = start
    ends[count++] = end
  })
  return {
    slots: slots.subarray(0, count),
    starts: starts.subarray(0, count),
    ends: ends.subarray(0, count),
  }
}

/** Counting sort: all places, in the order given or their own, by their keys; places of one key stay in their order. */
async function ordered(keys: Int32Array, given: Int32Array | null, order: number): Promise<Int32Array> {
  const next = new Int32Array(order + 1)
  await quickly(keys.length, (place) => {
    ;(next[(keys[place] as number) + 1] as number)++
  })
  for (let key = 0; key < order; key++) (next[key + 1] as number) += next[key] as number
  const places = new Int32Array(keys.length)
  await quickly(keys.length, (at) => {
    const place = given === null ? at : (given[at] as number)
    places[(next[keys[place] as number] as number)++] = place
  })
  return places
}

/** Orders the relationships that lead from one node to the same other one, mostly few: strongest first, then by id. */
async function orderParallel(slots: Int32Array, { from, to, strength, ids }: EdgeColumns): Promise<void> {
  const [starts, ends, strengths] = [from.values, to.values, strength.values]
  const compare = (a: number, b: number): number =>
    (strengths[b] as number) - (strengths[a] as number) || compareText(ids[a] as string, ids[b] as string)
  const many: Int32Array[] = []
  let first = 0
  let isInOrder = true
  await quickly(slots.length, (at) => {
    const slot = slots[at] as number
    const after = slots[at + 1]
    if (after !== undefined && starts[slot] === starts[after] && ends[slot] === ends[after]) {
      if (compare(slot, after) > 0) isInOrder = false
      return
    }
    const parallel = slots.subarray(first, at + 1)
    if (!isInOrder && parallel.length > FEW_PARALLEL) many.push(parallel)
    else if (!isInOrder) parallel.sort(compare)
    first = at + 1
    isInOrder = true
  })
  for (const parallel of many) parallel.set(await sortInTurns([...parallel], compare, {}))
}
