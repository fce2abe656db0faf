import { compareText } from '../../model/text-order.js'

/** A set of ids that can be gone through in order. It is sorted when that is first asked for after a change. */
export class SortedIds {
  readonly #ids = new Set<string>()
  #sorted: readonly string[] | null = null

  get size(): number {
    return this.#ids.size
  }

  add(id: string): void {
    this.#ids.add(id)
    this.#sorted = null
  }

  delete(id: string): void {
    this.#ids.delete(id)
    this.#sorted = null
  }

  /** The ids greater than one, or all, in order. */
  *after(id: string | null): Generator<string, void, undefined> {
    this.#sorted ??= [...this.#ids].sort(compareText)
    const sorted = this.#sorted
    for (let at = id === null ? 0 : firstBeyond(sorted, id); at < sorted.length; at++)
      yield sorted[at] as string
  }
}

function firstBeyond(sorted: readonly string[], id: string): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (compareText(sorted[middle] as string, id) > 0) high = middle
    else low = middle + 1
  }
  return low
}
