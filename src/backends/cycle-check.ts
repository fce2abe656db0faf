import { ValidationError } from '../errors.js'
import { findCycleThrough } from '../graph/cycles/find-cycle.js'
import type { RelationshipRow } from '../model/relationship-row.js'
import { isSymmetricType } from '../model/relationship-type.js'
import type { GraphWriter } from './graph-driver.js'

const MAX_NAMED = 10

/**
 * Refuses relationships that are to be stored and would close a cycle with current ones of their type. Types that hold in both
 * directions are no part of cycles, nor is what has ended.
 *
 * @throws `MG_VALIDATION` with the ids along the cycle in `details.path`
 */
export async function requireNoCycles(writer: GraphWriter, rows: readonly RelationshipRow[]): Promise<void> {
  for (const [type, ofType] of byType(rows.filter(countsForCycles))) {
    const [first] = ofType
    const isOne = ofType.length === 1 && first !== undefined
    if (isOne && !(await writer.leadsTo(first.to_id, first.from_id, type))) continue
    const starts = [...new Set(ofType.map((row) => row.to_id))]
    const added = ofType.map((row) => ({ from: row.from_id, to: row.to_id }))
    const path = findCycleThrough([...(await writer.getReachable(starts, type)), ...added], added)
    if (path) throw closesCycle(type, path)
  }
}

function countsForCycles({ rel_type, valid_until, from_id, to_id }: RelationshipRow): boolean {
  const isSymmetric = isSymmetricType(rel_type)
  return !isSymmetric && valid_until === null && from_id !== to_id
}

function byType(rows: readonly RelationshipRow[]): Map<string, RelationshipRow[]> {
  const groups = new Map<string, RelationshipRow[]>()
  for (const row of rows) {
    const group = groups.get(row.rel_type)
    if (group) group.push(row)
    else groups.set(row.rel_type, [row])
  }
  return groups
}

function closesCycle(type: string, path: readonly string[]): ValidationError {
  const [from, to] = path
  return new ValidationError(
    `Cannot create the relationship ${JSON.stringify(from)} ${type} ${JSON.stringify(to)}: it closes a cycle: ${shownPath(path)} (option allowCycles permits it)`,
    { details: { from_id: from, to_id: to, relationship_type: type, path: [...path] } },
  )
}

function shownPath(path: readonly string[]): string {
  const ids = path.map((id) => JSON.stringify(id))
  if (ids.length <= MAX_NAMED) return ids.join(' → ')
  return [...ids.slice(0, MAX_NAMED - 2), `… ${ids.length - MAX_NAMED} more …`, ...ids.slice(-2)].join(' → ')
}
