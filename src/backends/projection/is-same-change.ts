import type { Change } from '../graph-backend.js'

/** Whether two entries of the change feed, or none, are one. */
export function isSameChange(a: Change | null, b: Change | null): boolean {
  if (a === null || b === null) return a === b
  return a.seq === b.seq && a.kind === b.kind && a.id === b.id && a.op === b.op
}
