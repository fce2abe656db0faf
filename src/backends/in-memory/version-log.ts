import { decodeJson } from '../../model/json-text.js'
import { MEMORY_LABEL } from '../../model/node.js'
import { now, type Timestamp, toTimestamp } from '../../model/timestamp.js'
import type { NodeRow, VersionRow } from '../graph-driver.js'

/** The version of a memory, and the earlier ones that are kept, oldest first. */
export type Versions = { readonly version: number; readonly kept: readonly VersionRow[] }

const FIRST: Versions = { version: 1, kept: [] }

/** The versions after a row took the place of another; the same ones where that is no revision. */
export function versionsAfter(
  versions: Versions | undefined,
  before: NodeRow,
  after: NodeRow,
  keptVersions: number,
): Versions | undefined {
  if (before.label !== MEMORY_LABEL || after.label !== MEMORY_LABEL || !isRevision(before, after))
    return versions
  const { version, kept } = versions ?? FIRST
  const row: VersionRow = {
    id: before.id,
    version,
    properties: before.properties,
    replaced_at: revisedAt(before, after),
  }
  return keptOf(version + 1, [...kept, row], keptVersions)
}

/** Where a memory comes with a history of its own: the number of the version that it is, and the earlier ones. */
export function newVersions(
  { version = 1, history = [] }: NodeRow,
  keptVersions: number,
): Versions | undefined {
  return version > 1 ? keptOf(version, history, keptVersions) : undefined
}

function keptOf(version: number, earlier: readonly VersionRow[], keptVersions: number): Versions {
  return { version, kept: earlier.filter((row) => row.version >= version - keptVersions) }
}

// That a memory was read is no revision.
function isRevision(before: NodeRow, after: NodeRow): boolean {
  const [old, young] = [objectOf(before), objectOf(after)]
  if (!old || !young) return before.properties !== after.properties
  return withoutUse(old) !== withoutUse(young)
}

function withoutUse({ usage_count: _count, last_accessed: _at, ...rest }: Record<string, unknown>): string {
  return JSON.stringify(rest)
}

function revisedAt(before: NodeRow, after: NodeRow): Timestamp {
  const at = toTimestamp(objectOf(after)?.['updated_at'])
  return at !== null && at > (toTimestamp(objectOf(before)?.['updated_at']) ?? '') ? at : now()
}

function objectOf({ properties }: NodeRow): Record<string, unknown> | null {
  try {
    const value = decodeJson(properties)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null // broken properties are compared as text
  }
}
