import { idOf, isRecord } from './export-document.js'
import type { Entry } from './import-batches.js'

/** Relationships in an order in which they can be stored one after the other. */
export type OrderedEntries = {
  readonly ordered: readonly Entry<unknown>[]
  /** Positions in the document of those that invalidate one another in a circle, for which there is no such order. */
  readonly circular: ReadonlySet<number>
}

/** Puts each relationship of a document after the one that it was invalidated by. */
export function invalidatorsFirst(list: readonly unknown[]): OrderedEntries {
  const entries = list.map((value, index): Entry<unknown> => ({ index, id: idOf(value), value }))
  const circular = new Set<number>()
  if (entries.every((entry) => invalidatorOf(entry) === null)) return { ordered: entries, circular }
  const byId = new Map(entries.map((entry) => [entry.id, entry]))
  const ordered = new Set<Entry<unknown>>()
  for (const entry of entries) {
    const chain: Entry<unknown>[] = []
    const passed = new Set<Entry<unknown>>()
    let next: Entry<unknown> | undefined = entry
    while (next && !ordered.has(next) && !passed.has(next)) {
      chain.push(next)
      passed.add(next)
      const invalidator = invalidatorOf(next)
      next = invalidator === null ? undefined : byId.get(invalidator)
    }
    if (next && passed.has(next))
      for (const { index } of chain.slice(chain.indexOf(next))) circular.add(index)
    for (const link of chain.reverse()) ordered.add(link)
  }
  return { ordered: [...ordered], circular }
}

function invalidatorOf({ value }: Entry<unknown>): string | null {
  const properties = isRecord(value) ? value['properties'] : undefined
  const invalidator = isRecord(properties) ? properties['invalidated_by'] : undefined
  return typeof invalidator === 'string' ? invalidator : null
}
