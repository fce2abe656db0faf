import { MemoryError } from '../../errors.js'
import { isSymmetricType } from '../../model/relationship-type.js'
import type { GraphEdgeRow } from '../graph-rows.js'
import { GrowingArray } from './growing-array.js'
import type { NodeColumns } from './node-columns.js'

/** Types that fit into a number of 16 bits. */
const MOST_TYPES = 65_536

/** Where it starts, of what is gone. */
const GONE = -1

const numbers = (): GrowingArray<Int32Array> => new GrowingArray((length) => new Int32Array(length))

/**
 * Relationships by slots. What is in a slot never changes, so that snapshots may refer to it: one that changes takes another slot, and
 * the old one is gone. Those at a node are linked lists, newest first, of slots plus 1, in which what is gone stays; 0 is the end.
 */
export class EdgeColumns {
  readonly ids: string[] = []
  readonly validFrom: string[] = []
  readonly validUntil: (string | null)[] = []
  readonly types: string[] = []
  readonly from: GrowingArray<Int32Array> = numbers()
  readonly to: GrowingArray<Int32Array> = numbers()
  readonly type: GrowingArray<Uint16Array> = new GrowingArray((length) => new Uint16Array(length))
  readonly strength: GrowingArray<Float64Array> = new GrowingArray((length) => new Float64Array(length))
  readonly nextOut: GrowingArray<Int32Array> = numbers()
  readonly nextIn: GrowingArray<Int32Array> = numbers()
  readonly #slots = new Map<string, number>()
  readonly #typeNumbers = new Map<string, number>()
  readonly #nodes: NodeColumns

  constructor(nodes: NodeColumns) {
    this.#nodes = nodes
  }

  /** How many there are. */
  get count(): number {
    return this.#slots.size
  }

  /** How many slots there are, also of what is gone. */
  get slots(): number {
    return this.ids.length
  }

  has(id: string): boolean {
    return this.#slots.has(id)
  }

  typeNumberOf(name: string): number | undefined {
    return this.#typeNumbers.get(name)
  }

  row(slot: number): GraphEdgeRow {
    return {
      id: this.ids[slot] as string,
      from: this.#nodes.ids[this.from.values[slot] as number] as string,
      to: this.#nodes.ids[this.to.values[slot] as number] as string,
      type: this.types[this.type.values[slot] as number] as string,
      strength: this.strength.values[slot] as number,
      valid_from: this.validFrom[slot] as string,
      valid_until: this.validUntil[slot] as string | null,
    }
  }

  /** The slots of those that are there, in any order. */
  current(): IterableIterator<number> {
    return this.#slots.values()
  }

  /** Whether what is in a slot is still there. */
  isCurrent(slot: number): boolean {
    return this.from.values[slot] !== GONE
  }

  set(row: GraphEdgeRow): void {
    this.drop(row.id)
    const slot = this.ids.length
    const from = this.#nodes.slotFor(row.from)
    const to = this.#nodes.slotFor(row.to)
    this.ids.push(row.id)
    this.validFrom.push(row.valid_from)
    this.validUntil.push(row.valid_until)
    this.from.put(slot, from)
    this.to.put(slot, to)
    this.type.put(slot, this.#typeNumber(row.type))
    this.strength.put(slot, row.strength)
    const { first } = this.#nodes
    const isSymmetric = isSymmetricType(row.type)
    prepend(isSymmetric ? first.symmetricOut : first.out, from, this.nextOut, slot)
    prepend(isSymmetric ? first.symmetricIn : first.in, to, this.nextIn, slot)
    this.#slots.set(row.id, slot)
  }

  drop(id: string): void {
    const slot = this.#slots.get(id)
    if (slot === undefined) return
    this.from.put(slot, GONE)
    this.#slots.delete(id)
  }

  #typeNumber(name: string): number {
    const known = this.#typeNumbers.get(name)
    if (known !== undefined) return known
    if (this.types.length === MOST_TYPES) {
      throw new MemoryError(
        `The graph has more than ${MOST_TYPES} relationship types, which no view can hold`,
        {
          code: 'MG_GRAPH_TOO_LARGE',
        },
      )
    }
    this.types.push(name)
    this.#typeNumbers.set(name, this.types.length - 1)
    return this.types.length - 1
  }
}

/** Puts a slot before what is in the list of a node. */
function prepend(
  first: GrowingArray<Int32Array>,
  node: number,
  next: GrowingArray<Int32Array>,
  slot: number,
): void {
  next.put(slot, first.values[node] as number)
  first.put(node, slot + 1)
}
