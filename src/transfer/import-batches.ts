import { setImmediate as nextTick } from 'node:timers/promises'
import { MemoryError, type MemoryErrorCode } from '../errors.js'

/** An entry of the document and its position there. */
export type Entry<Value> = { readonly index: number; readonly id: string | null; readonly value: Value }

/** Errors that lie in an entry, so that the others can still be stored. */
const FAULTS_OF_AN_ENTRY: ReadonlySet<MemoryErrorCode> = new Set([
  'MG_VALIDATION',
  'MG_CONFLICT',
  'MG_RELATIONSHIP',
  'MG_CORRUPT',
])

const BATCH_SIZE = 1000
const CHECKED_AT_ONCE = 100

/** The message of an error that lies in an entry; others are thrown on. */
export function reasonOf(error: unknown): string {
  if (MemoryError.is(error) && FAULTS_OF_AN_ENTRY.has(error.code)) return error.message
  throw error
}

/** Hands entries to `work` in batches, in order, and lets others run in between. */
export async function inBatches<Value>(
  entries: readonly Value[],
  work: (batch: readonly Value[]) => Promise<void>,
): Promise<void> {
  for (let start = 0; start < entries.length; start += BATCH_SIZE) {
    await work(entries.slice(start, start + BATCH_SIZE))
    await nextTick()
  }
}

/** Checks entries one by one, some at a time; those for which `check` throws are refused. */
export async function checkEach<Value, Checked>(
  entries: readonly Value[],
  check: (entry: Value) => Checked,
  refuse: (entry: Value, error: unknown) => void,
): Promise<Checked[]> {
  const checked: Checked[] = []
  for (const [at, entry] of entries.entries()) {
    try {
      checked.push(check(entry))
    } catch (error) {
      refuse(entry, error)
    }
    if (at % CHECKED_AT_ONCE === CHECKED_AT_ONCE - 1) await nextTick()
  }
  return checked
}

/** Writes entries as one; where the fault of one of them prevents that, halves them until only that one is refused. */
export async function writeTogether<Value>(
  entries: readonly Value[],
  write: (entries: readonly Value[]) => Promise<void>,
  refuse: (entry: Value, error: unknown) => Promise<void> | void,
): Promise<void> {
  const [first] = entries
  if (first === undefined) return
  try {
    await write(entries)
  } catch (error) {
    reasonOf(error)
    if (entries.length === 1) return refuse(first, error)
    const half = Math.ceil(entries.length / 2)
    await writeTogether(entries.slice(0, half), write, refuse)
    await writeTogether(entries.slice(half), write, refuse)
  }
}
