import { compareText } from '../../model/text-order.js'
import type { GraphNodeRow } from '../graph-rows.js'
import { sortInTurns } from '../turns/sort-in-turns.js'
import { GrowingArray } from './growing-array.js'

/** Where the lists of relationships of each node begin: those of types that hold in both directions apart. */
export type NodeLists = {
  readonly [List in 'out' | 'in' | 'symmetricOut' | 'symmetricIn']: GrowingArray<Int32Array>
}

const list = (): GrowingArray<Int32Array> => new GrowingArray((length) => new Int32Array(length))

/**
 * Nodes by slots, which stay theirs: also those that are only named by relationships, and those that are gone. Lists of relationships
 * begin here; they are told by their slot plus 1, so that 0 is none.
 */
export class NodeColumns {
  readonly ids: string[] = []
  readonly labels: string[] = []
  /** NaN where there is none. */
  readonly importance: GrowingArray<Float64Array> = new GrowingArray((length) => new Float64Array(length))
  readonly #exists = new GrowingArray((length) => new Uint8Array(length))
  readonly first: NodeLists = { out: list(), in: list(), symmetricOut: list(), symmetricIn: list() }
  readonly #slots = new Map<string, number>()
  /** In the order of their ids: all slots but the newest. */
  #sorted: number[] = []
  #ranks: Int32Array | null = null
  #count = 0

  /** How many exist. */
  get count(): number {
    return this.#count
  }

  /** How many slots there are. */
  get slots(): number {
    return this.ids.length
  }

  slotOf(id: string): number | undefined {
    return this.#slots.get(id)
  }

  /** The slot of an id; a new one, that does not exist yet, where it has none. */
  slotFor(id: string): number {
    const known = this.#slots.get(id)
    if (known !== undefined) return known
    const slot = this.ids.length
    this.ids.push(id)
    this.labels.push('')
    this.importance.put(slot, Number.NaN)
    this.#exists.put(slot, 0)
    for (const first of Object.values(this.first)) first.put(slot, 0)
    this.#slots.set(id, slot)
    this.#ranks = null
    return slot
  }

  exists(slot: number): boolean {
    return this.#exists.values[slot] === 1
  }

  set({ id, label, importance }: GraphNodeRow): void {
    const slot = this.slotFor(id)
    if (!this.exists(slot)) this.#count++
    this.#exists.put(slot, 1)
    this.labels[slot] = label
    this.importance.put(slot, importance ?? Number.NaN)
  }

  drop(id: string): void {
    const slot = this.#slots.get(id)
    if (slot === undefined || !this.exists(slot)) return
    this.#exists.put(slot, 0)
    this.labels[slot] = ''
    this.importance.put(slot, Number.NaN)
    this.#count--
  }

  /** The slots in the order of their ids. */
  sorted(): readonly number[] {
    return this.#withSorted(this.#newSlots().sort(this.#byId))
  }

  /** The same, in turns with others. None may be added meanwhile. */
  async sortInTurns(): Promise<readonly number[]> {
    return this.#withSorted(await sortInTurns(this.#newSlots(), this.#byId, {}))
  }

  /** The place of each slot in that order. */
  ranks(): Int32Array {
    if (this.#ranks) return this.#ranks
    const ranks = new Int32Array(this.ids.length)
    this.sorted().forEach((slot, rank) => {
      ranks[slot] = rank
    })
    this.#ranks = ranks
    return ranks
  }

  readonly #byId = (a: number, b: number): number => compareText(this.ids[a] as string, this.ids[b] as string)

  #newSlots(): number[] {
    const known = this.#sorted.length
    return Array.from({ length: this.ids.length - known }, (_, at) => known + at)
  }

  #withSorted(added: readonly number[]): readonly number[] {
    if (added.length > 0) this.#sorted = merged(this.#sorted, added, this.ids)
    return this.#sorted
  }
}

/** Two lists of slots in the order of their ids, as one. What is added is mostly little, or all behind. */
function merged(before: readonly number[], added: readonly number[], ids: readonly string[]): number[] {
  const all: number[] = []
  let taken = 0
  for (const slot of added) {
    const place = firstAfter(before, ids[slot] as string, taken, ids)
    for (; taken < place; taken++) all.push(before[taken] as number)
    all.push(slot)
  }
  for (; taken < before.length; taken++) all.push(before[taken] as number)
  return all
}

function firstAfter(slots: readonly number[], id: string, from: number, ids: readonly string[]): number {
  let [first, end] = [from, slots.length]
  while (first < end) {
    const middle = (first + end) >>> 1
    if (compareText(ids[slots[middle] as number] as string, id) < 0) first = middle + 1
    else end = middle
  }
  return first
}
