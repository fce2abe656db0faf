import { toTimestamp } from '../../../model/timestamp.js'
import type { SqlValue } from '../sql-source.js'

type Columns = { readonly [column: string]: SqlValue }

/** Whether a node was updated later than another version of it; false where nothing says so. */
export function isNewerNode(node: Columns, other: Columns): boolean {
  return isLater(updatedAt(node), updatedAt(other))
}

/** Whether a relationship was recorded later than another version of it, or at the same time and has been invalidated since. */
export function isNewerRelationship(relationship: Columns, other: Columns): boolean {
  const recorded = toTimestamp(relationship['recorded_at'])
  const otherRecorded = toTimestamp(other['recorded_at'])
  if (recorded !== otherRecorded) return isLater(recorded, otherRecorded)
  return relationship['valid_until'] !== null && other['valid_until'] === null
}

function isLater(time: string | null, other: string | null): boolean {
  return time !== null && (other === null || time > other)
}

function updatedAt(node: Columns): string | null {
  const own = node['label'] === 'Memory' ? updatedAtInside(node['properties']) : null
  return own ?? toTimestamp(node['updated_at'])
}

function updatedAtInside(properties: SqlValue | undefined): string | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(properties as Uint8Array).toString())
    return toTimestamp((value as { updated_at?: unknown } | null)?.updated_at)
  } catch {
    return null // another program's text
  }
}
