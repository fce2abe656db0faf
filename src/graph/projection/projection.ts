import { breathe } from '../../breathe.js'
import { holdsAt } from '../../model/relationship-row.js'
import type { Timestamp } from '../../model/timestamp.js'
import type { GraphEdgeRow, GraphNodeRow, NeighbourRow } from '../graph-rows.js'
import type { GraphNeighbor } from '../graph-view.js'
import type { GraphSnapshot } from '../snapshot/graph-snapshot.js'
import type { WalkDirection } from '../snapshot/steps.js'
import { EdgeColumns } from './edge-columns.js'
import type { GrowingArray } from './growing-array.js'
import { NodeColumns } from './node-columns.js'
import { ProjectedSnapshot } from './projected-snapshot.js'

/** Which relationships count. */
export type EdgeFilter = {
  /** Empty: all. */
  readonly types: readonly string[]
  /** Those that held at this instant; `null`: those without an end. */
  readonly asOf: Timestamp | null
  /** At least so strong; `null`: any. */
  readonly minStrength: number | null
}

/** One level of a walk. */
type Level = {
  readonly direction: WalkDirection
  readonly types: readonly string[]
  readonly currentOnly: boolean
}

/** Nodes of a level that are looked at in a turn. */
const NODES_AT_A_TIME = 500

/** Relationships that are gone, and still take room, before it pays to do without them. */
const FEW_GONE = 10_000
const MOST_GONE = 0.25

/**
 * All nodes and relationships of a store, light, in columns: about 200 bytes for a relationship with its share of nodes. Rows are put
 * and taken out one by one; a snapshot of it never changes.
 */
export class Projection {
  readonly #nodes = new NodeColumns()
  readonly #edges = new EdgeColumns(this.#nodes)

  get nodeCount(): number {
    return this.#nodes.count
  }

  get edgeCount(): number {
    return this.#edges.count
  }

  /** Whether much of its room is taken by what is gone. */
  get isWasteful(): boolean {
    const gone = this.#edges.slots - this.#edges.count
    return gone > FEW_GONE && gone > this.#edges.slots * MOST_GONE
  }

  hasNode(id: string): boolean {
    const slot = this.#nodes.slotOf(id)
    return slot !== undefined && this.#nodes.exists(slot)
  }

  hasEdge(id: string): boolean {
    return this.#edges.has(id)
  }

  setNode(row: GraphNodeRow): void {
    this.#nodes.set(row)
  }

  dropNode(id: string): void {
    this.#nodes.drop(id)
  }

  /** Its ends need not exist: as long as one of them does not, it is in no snapshot. */
  setEdge(row: GraphEdgeRow): void {
    this.#edges.set(row)
  }

  dropEdge(id: string): void {
    this.#edges.drop(id)
  }

  /** What it holds, as it was put in. */
  *nodes(): Generator<GraphNodeRow> {
    for (const slot of this.#nodes.sorted()) if (this.#nodes.exists(slot)) yield this.#nodeRow(slot)
  }

  *edges(): Generator<GraphEdgeRow> {
    for (const slot of this.#edges.current()) yield this.#edges.row(slot)
  }

  /** Those of the nodes that exist. */
  nodesOf(ids: readonly string[]): GraphNodeRow[] {
    return ids.flatMap((id) => {
      const slot = this.#nodes.slotOf(id)
      return slot !== undefined && this.#nodes.exists(slot) ? [this.#nodeRow(slot)] : []
    })
  }

  /** What a filter lets through, in turns with others. Nothing may be put or taken out before it resolves. */
  snapshot(filter: EdgeFilter): Promise<GraphSnapshot> {
    return ProjectedSnapshot.of(this.#nodes, this.#edges, this.#passing(filter))
  }

  /** One level of a walk: the relationships at these nodes, seen from them, without self-loops. */
  neighbours(ids: readonly string[], { direction, types, currentOnly }: Level): NeighbourRow[] {
    const passes = this.#ofLevel(types, currentOnly)
    const steps: NeighbourRow[] = []
    const { importance, ids: nodeIds } = this.#nodes
    this.#eachAt(ids, direction, (edge, near, far) => {
      if (near === far || !passes(edge)) return
      const ofFar = importance.values[far] as number
      steps.push({
        near: nodeIds[near] as string,
        far: nodeIds[far] as string,
        relationship_id: this.#edges.ids[edge] as string,
        strength: this.#edges.strength.values[edge] as number,
        importance: Number.isNaN(ofFar) ? null : ofFar,
        valid_from: this.#edges.validFrom[edge] as string,
        valid_until: this.#edges.validUntil[edge] as string | null,
      })
    })
    return steps
  }

  /** One level of a walk: the relationships at these nodes, each once, with self-loops. */
  edgesAt(ids: readonly string[], { direction, types, currentOnly }: Level): GraphEdgeRow[] {
    const passes = this.#ofLevel(types, currentOnly)
    const met = new Set<number>()
    this.#eachAt(ids, direction, (edge) => {
      if (passes(edge)) met.add(edge)
    })
    return Array.from(met, (edge) => this.#edges.row(edge))
  }

  /**
   * The nodes within so many steps of one over what a filter lets through, nearest first, then by id; in turns with others. Nothing may be
   * put or taken out before it resolves.
   */
  async reach(
    id: string,
    depth: number,
    direction: WalkDirection,
    filter: EdgeFilter,
  ): Promise<GraphNeighbor[]> {
    const start = this.#nodes.slotOf(id)
    if (start === undefined || !this.#nodes.exists(start)) return []
    const passes = this.#passing(filter)
    const met = new Set([start])
    const found: GraphNeighbor[] = []
    let frontier = [start]
    for (let steps = 1; steps <= depth && frontier.length > 0; steps++) {
      const next: number[] = []
      const go = (edge: number, far: number): void => {
        if (met.has(far) || !passes(edge) || !this.#nodes.exists(far)) return
        met.add(far)
        next.push(far)
      }
      for (const [at, near] of frontier.entries()) {
        if (at % NODES_AT_A_TIME === 0) await breathe()
        this.#eachSymmetric(near, 'both', go)
        this.#eachDirected(near, direction, go)
      }
      for (const slot of this.#inOrder(next))
        found.push({ id: this.#nodes.ids[slot] as string, depth: steps })
      frontier = next
    }
    return found
  }

  #nodeRow(slot: number): GraphNodeRow {
    const importance = this.#nodes.importance.values[slot] as number
    return {
      id: this.#nodes.ids[slot] as string,
      label: this.#nodes.labels[slot] as string,
      importance: Number.isNaN(importance) ? null : importance,
    }
  }

  #inOrder(slots: number[]): number[] {
    const ranks = this.#nodes.ranks()
    return slots.sort((a, b) => (ranks[a] as number) - (ranks[b] as number))
  }

  #ofLevel(types: readonly string[], currentOnly: boolean): (edge: number) => boolean {
    const ofTypes = this.#ofTypes(types)
    return (edge) => ofTypes(edge) && (!currentOnly || this.#edges.validUntil[edge] === null)
  }

  #passing({ types, asOf, minStrength }: EdgeFilter): (edge: number) => boolean {
    const { strength, validFrom, validUntil } = this.#edges
    const ofTypes = this.#ofTypes(types)
    const isStrong = (edge: number): boolean =>
      minStrength === null || (strength.values[edge] as number) >= minStrength
    if (asOf === null) return (edge) => validUntil[edge] === null && ofTypes(edge) && isStrong(edge)
    return (edge) => {
      if (!ofTypes(edge) || !isStrong(edge)) return false
      const [valid_from, valid_until] = [validFrom[edge] as string, validUntil[edge] as string | null]
      return holdsAt({ valid_from, valid_until }, asOf)
    }
  }

  #ofTypes(types: readonly string[]): (edge: number) => boolean {
    if (types.length === 0) return () => true
    const numbers = new Set(types.map((type) => this.#edges.typeNumberOf(type)))
    return (edge) => numbers.has(this.#edges.type.values[edge] as number)
  }

  #eachAt(
    ids: readonly string[],
    direction: WalkDirection,
    visit: (edge: number, near: number, far: number) => void,
  ): void {
    for (const id of new Set(ids)) {
      const near = this.#nodes.slotOf(id)
      if (near === undefined) continue
      const visitFar = (edge: number, far: number): void => visit(edge, near, far)
      this.#eachDirected(near, direction, visitFar)
      this.#eachSymmetric(near, direction, visitFar)
    }
  }

  /** The relationships at a node whose types hold in one direction. */
  #eachDirected(near: number, direction: WalkDirection, visit: VisitEdge): void {
    const { first } = this.#nodes
    if (direction !== 'incoming') this.#eachOf(first.out, near, this.#edges.nextOut, this.#edges.to, visit)
    if (direction !== 'outgoing') this.#eachOf(first.in, near, this.#edges.nextIn, this.#edges.from, visit)
  }

  /** Those whose types hold in both directions, by where they are stored to point. */
  #eachSymmetric(near: number, direction: WalkDirection, visit: VisitEdge): void {
    const { symmetricOut, symmetricIn } = this.#nodes.first
    if (direction !== 'incoming') this.#eachOf(symmetricOut, near, this.#edges.nextOut, this.#edges.to, visit)
    if (direction !== 'outgoing') this.#eachOf(symmetricIn, near, this.#edges.nextIn, this.#edges.from, visit)
  }

  #eachOf(
    first: GrowingArray<Int32Array>,
    near: number,
    next: GrowingArray<Int32Array>,
    far: GrowingArray<Int32Array>,
    visit: VisitEdge,
  ): void {
    for (let at = first.values[near] as number; at !== 0; at = next.values[at - 1] as number)
      if (this.#edges.isCurrent(at - 1)) visit(at - 1, far.values[at - 1] as number)
  }
}

type VisitEdge = (edge: number, far: number) => void
