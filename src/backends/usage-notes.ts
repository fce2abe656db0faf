import { encodeUsed } from '../model/memory-properties.js'
import { MEMORY_LABEL } from '../model/node.js'
import type { Timestamp } from '../model/timestamp.js'
import type { Gathered, Gathering } from './deferred-writes.js'
import type { GraphWriter, NodeRow } from './graph-driver.js'
import { inSlices } from './slices.js'

/** The methods that a memory is used by. */
const USING: ReadonlySet<string> = new Set([
  'getMemory',
  'getMemories',
  'searchMemories',
  'searchMemoriesPaginated',
  'recallMemories',
  'searchByVector',
  'hybridSearch',
])

/** Memories whose use can wait to be written. */
const MAX_WAITING_MEMORIES = 100_000
/** Memories dropped at a time where more would wait. */
const DROPPING_STEP = 1000
/** Memories that are read and written at once, at most where each call crosses a network. */
const SLICE_SIZE = 100

type Use = { readonly count: number; readonly at: Timestamp }

/** Whether memories that a method returns count as used. */
export function isUse(method: string): boolean {
  return USING.has(method)
}

/** How often memories were used, and when last, waiting to be written. */
export class UsageNotes implements Gathering {
  readonly what = 'uses of memories'
  #uses = new Map<string, Use>()

  get size(): number {
    return this.#uses.size
  }

  /** Counts one use of each. */
  add(ids: readonly string[], at: Timestamp): void {
    for (const id of ids) this.#add(id, { count: 1, at })
  }

  /** Counts what was counted elsewhere. */
  addAll(others: UsageNotes): void {
    for (const [id, use] of others.#uses) this.#add(id, use)
  }

  take(limit: number): Gathered {
    const taken = new Map([...this.#uses].slice(0, limit))
    for (const id of taken.keys()) this.#uses.delete(id)
    return {
      size: taken.size,
      write: (writer) => countUses(writer, taken),
      putBack: () => {
        const since = this.#uses
        this.#uses = taken
        for (const [id, use] of since) this.#add(id, use)
      },
    }
  }

  trim(): number {
    return this.size > MAX_WAITING_MEMORIES ? this.take(DROPPING_STEP).size : 0
  }

  #add(id: string, { count, at }: Use): void {
    const before = this.#uses.get(id)
    const last = before && before.at > at ? before.at : at
    this.#uses.set(id, { count: count + (before?.count ?? 0), at: last })
  }
}

/** Adds uses to memories as they are now; those that are gone are left alone. */
async function countUses(writer: GraphWriter, uses: ReadonlyMap<string, Use>): Promise<void> {
  const countSlice = async (ids: readonly string[]): Promise<void> => {
    const rows = await writer.getNodes(ids)
    await writer.putNodes(rows.flatMap((row) => usedRow(row, uses.get(row.id))))
  }
  await inSlices([...uses.keys()], countSlice, { least: Math.min(writer.leastSlice ?? 1, SLICE_SIZE) })
}

function usedRow({ id, label, properties }: NodeRow, use: Use | undefined): NodeRow[] {
  const used = use && label === MEMORY_LABEL ? encodeUsed(properties, use.count, use.at) : null
  return used === null ? [] : [{ id, label, properties: used }]
}
