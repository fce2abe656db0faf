import { type Query, query, type SqlRow } from '../sql-source.js'
import { byId, isSame, NODES, type StoredRow } from './graph-table.js'
import { selectRows } from './promote-statements.js'
import type { StoredVersion } from './stored-version.js'
import { SELECT_KEPT_VERSIONS, SELECT_REVISIONS, SELECT_THESE_VERSIONS } from './version-statements.js'

/** What a primary has of a page of versions, and of the memories that they are of. */
export type PrimaryVersions = {
  /** The ids of memories that it has as they are here. */
  readonly memories: ReadonlySet<string>
  /** The numbers that memories have come to, by id; those that were never revised have none. */
  readonly revisions: Map<string, number>
  /** Versions by the id of the memory and their number. */
  readonly versions: Map<string, Map<number, StoredRow>>
  /** How many versions it keeps of each memory. */
  readonly kept: number
}

/**
 * How a primary stands to a version.
 * - `unlike`: the memory is another one there, or missing
 * - `unrevised`: the memory has no history there
 * - `diverged`: it has another history there
 * - `lacking`: of the same history the version is missing, though so many versions are kept
 * - `different`: it has another version of that number
 * - `same`: nothing is missing
 */
export type Standing = 'unlike' | 'unrevised' | 'diverged' | 'lacking' | 'different' | 'same'

/** Asks for the memories that versions are of. */
export function memoriesOf(page: readonly StoredVersion[]): Query {
  return query(selectRows(NODES), idsOf(page))
}

/** What is asked of a primary to compare versions with it. */
export function versionReads(page: readonly StoredVersion[]): Query[] {
  const wanted = JSON.stringify(page.map(({ id, version }) => [id, version]))
  return [
    memoriesOf(page),
    query(SELECT_REVISIONS, idsOf(page)),
    query(SELECT_THESE_VERSIONS, wanted),
    query(SELECT_KEPT_VERSIONS),
  ]
}

function idsOf(page: readonly StoredVersion[]): string {
  return JSON.stringify([...new Set(page.map(({ id }) => id))])
}

/** What the answers of the primary to {@link versionReads} say, next to the file's to {@link memoriesOf}. */
export function primaryVersionsOf(here: readonly SqlRow[], there: readonly SqlRow[][]): PrimaryVersions {
  const [memories = [], revisions = [], rows = [], kept = []] = there
  const found = byId(NODES, memories)
  const isSameMemory = ([id, row]: [string, StoredRow]): boolean => {
    const memory = found.get(id)
    return memory !== undefined && isSame(NODES.content, row, memory)
  }
  return {
    memories: new Set([...byId(NODES, here)].filter(isSameMemory).map(([id]) => id)),
    revisions: new Map(revisions as [string, number][]),
    versions: byNumber(rows as VersionValues[]),
    kept: Number(kept[0]?.[0]),
  }
}

type VersionValues = [id: string, version: number, properties: Uint8Array, replaced_at: string]

function byNumber(rows: readonly VersionValues[]): PrimaryVersions['versions'] {
  const versions: PrimaryVersions['versions'] = new Map()
  for (const [id, version, properties, replaced_at] of rows) {
    const ofMemory = versions.get(id) ?? new Map<number, StoredRow>()
    versions.set(id, ofMemory.set(version, { id, properties, replaced_at }))
  }
  return versions
}

/** How the primary stands to a version. */
export function standingOf(row: StoredVersion, there: PrimaryVersions): Standing {
  const { id, revision, version } = row
  if (!there.memories.has(id)) return 'unlike'
  if (!there.revisions.has(id)) return 'unrevised'
  if (there.revisions.get(id) !== revision) return 'diverged'
  const found = there.versions.get(id)?.get(version)
  if (found !== undefined) return isSame(['properties', 'replaced_at'], row, found) ? 'same' : 'different'
  return version > 0 && version >= revision - there.kept ? 'lacking' : 'same'
}
