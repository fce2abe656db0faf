/** Nodes that wait, of which the first by some order is taken next: a binary heap. */
export class NodeQueue {
  readonly #heap: Int32Array
  /** By node: its place in the heap, or -1. */
  readonly #places: Int32Array
  readonly #isBefore: (one: number, other: number) => boolean
  #size = 0

  constructor(order: number, isBefore: (one: number, other: number) => boolean) {
    this.#heap = new Int32Array(order)
    this.#places = new Int32Array(order).fill(-1)
    this.#isBefore = isBefore
  }

  get size(): number {
    return this.#size
  }

  /** The one that is taken next. */
  get first(): number {
    return this.#heap[0] as number
  }

  /** Adds a node, or moves one that waits and comes sooner than it did. */
  put(node: number): void {
    let place = this.#places[node] as number
    if (place === -1) place = this.#size++
    while (place > 0) {
      const parent = (place - 1) >> 1
      const other = this.#heap[parent] as number
      if (!this.#isBefore(node, other)) break
      this.#set(place, other)
      place = parent
    }
    this.#set(place, node)
  }

  take(): number {
    const taken = this.first
    this.#places[taken] = -1
    this.#size--
    if (this.#size > 0) this.#sink(this.#heap[this.#size] as number)
    return taken
  }

  /** Lets a node that was last find its place from the top. */
  #sink(node: number): void {
    let place = 0
    for (let child = 1; child < this.#size; child = 2 * place + 1) {
      const right = child + 1
      if (right < this.#size && this.#isBefore(this.#heap[right] as number, this.#heap[child] as number)) {
        child = right
      }
      const other = this.#heap[child] as number
      if (!this.#isBefore(other, node)) break
      this.#set(place, other)
      place = child
    }
    this.#set(place, node)
  }

  #set(place: number, node: number): void {
    this.#heap[place] = node
    this.#places[node] = place
  }
}
