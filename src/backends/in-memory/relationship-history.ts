import { canonicalTime, type RelationshipRow } from '../../model/relationship-row.js'
import { compareText } from '../../model/text-order.js'
import type { Timestamp } from '../../model/timestamp.js'
import type { ContextPage, RelationshipHistoryPage } from '../graph-driver.js'
import { type GraphStore, keyOf } from './graph-store.js'

/** The relationships a node ever had, the earliest first. */
export function relationshipHistory(
  store: GraphStore,
  { nodeId, types, limit, offset }: RelationshipHistoryPage,
): RelationshipRow[] {
  const key = keyOf(nodeId)
  if (!store.graph.hasNode(key)) return []
  const rows = [...new Set(store.graph.edges(key))].flatMap((id) => store.relationship(id)?.row ?? [])
  return rows
    .filter((row) => types.length === 0 || types.includes(row.rel_type))
    .sort(
      (a, b) =>
        compareTimes(a.valid_from, b.valid_from) || compareTimes(a.recorded_at, b.recorded_at) || byId(a, b),
    )
    .slice(offset, offset + limit)
    .map((row) => ({ ...row }))
}

/** Relationships recorded at an instant or later, and those that ended then or later, up to `until`; newest first. */
export function relationshipsSince(
  store: GraphStore,
  since: Timestamp,
  until: Timestamp,
): { recorded: RelationshipRow[]; ended: RelationshipRow[] } {
  const rows = [...store.graph.edgeEntries()].map(({ attributes }) => attributes.row)
  const endOf = ({ valid_until: end }: RelationshipRow): Timestamp => (end === null ? '' : canonicalTime(end))
  const recordedAt = ({ recorded_at: at }: RelationshipRow): Timestamp => canonicalTime(at)
  return {
    recorded: newestFirst(
      rows.filter((row) => recordedAt(row) >= since),
      recordedAt,
    ),
    ended: newestFirst(
      rows.filter((row) => row.valid_until !== null && endOf(row) >= since && endOf(row) <= until),
      endOf,
    ),
  }
}

/** Relationships whose context holds a word of each group, strongest first. */
export function relationshipsByContext(
  store: GraphStore,
  { mustHaveContext, words, types, limit, offset }: ContextPage,
): RelationshipRow[] {
  const groups = words.map((group) => group.map((word) => word.toLowerCase()))
  const found = [...store.graph.edgeEntries()].map(({ attributes }) => attributes)
  return found
    .filter(({ row, context }) => {
      if (types.length > 0 && !types.includes(row.rel_type)) return false
      if (context === null && mustHaveContext) return false
      const text = (context ?? '').toLowerCase()
      return groups.every((group) => group.some((word) => text.includes(word)))
    })
    .sort((a, b) => b.strength - a.strength || byId(a.row, b.row))
    .slice(offset, offset + limit)
    .map(({ row }) => ({ ...row }))
}

function newestFirst(rows: RelationshipRow[], at: (row: RelationshipRow) => Timestamp): RelationshipRow[] {
  return rows.sort((a, b) => compareText(at(b), at(a)) || byId(a, b)).map((row) => ({ ...row }))
}

function compareTimes(a: string, b: string): number {
  return compareText(canonicalTime(a), canonicalTime(b))
}

function byId(a: RelationshipRow, b: RelationshipRow): number {
  return compareText(a.id, b.id)
}
