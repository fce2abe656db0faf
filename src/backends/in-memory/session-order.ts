import { compareText } from '../../model/text-order.js'
import type { Timestamp } from '../../model/timestamp.js'
import type { MemoryFacets } from './memory-facets.js'

type Made = { readonly id: string; readonly at: Timestamp }

/** The memories of each session in the order they were made. */
export class SessionOrder {
  readonly #sessions = new Map<string, Made[]>()

  /** Takes in a memory in place of what it was; `null` takes it out. */
  set(id: string, before: MemoryFacets | null, after: MemoryFacets | null): void {
    if (before?.sessionId === after?.sessionId && before?.createdAt === after?.createdAt) return
    const old = before?.sessionId ?? null
    const left = old === null ? [] : (this.#sessions.get(old) ?? []).filter((made) => made.id !== id)
    if (old !== null && left.length > 0) this.#sessions.set(old, left)
    else if (old !== null) this.#sessions.delete(old)
    if (after?.sessionId == null) return
    const made = [...(this.#sessions.get(after.sessionId) ?? [])]
    const next = { id, at: after.createdAt }
    made.splice(placeOf(made, next), 0, next)
    this.#sessions.set(after.sessionId, made)
  }

  /** The memories made next before and after one in its session, as far as there are any; of those that pass a test, where there is one. */
  around(
    id: string,
    { sessionId, createdAt }: MemoryFacets,
    isInside: ((id: string) => boolean) | null,
  ): string[] {
    const made = sessionId === null ? [] : (this.#sessions.get(sessionId) ?? [])
    const place = placeOf(made, { id, at: createdAt })
    const counts = (other: Made): boolean => isInside?.(other.id) ?? true
    const [before, after] = [made.slice(0, place).findLast(counts), made.slice(place + 1).find(counts)]
    return [before, after].flatMap((other) => (other ? [other.id] : []))
  }
}

/** Where one is, or belongs. */
function placeOf(made: readonly Made[], one: Made): number {
  let low = 0
  let high = made.length
  while (low < high) {
    const middle = (low + high) >> 1
    const other = made[middle] as Made
    if ((compareText(other.at, one.at) || compareText(other.id, one.id)) < 0) low = middle + 1
    else high = middle
  }
  return low
}
