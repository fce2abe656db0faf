import { RelationshipError } from '../errors.js'
import type { RelationshipReplacement } from '../model/relationship.js'
import { encodePatchedRelationship, type RelationshipRow } from '../model/relationship-row.js'
import { now, type Timestamp, toTimestamp } from '../model/timestamp.js'
import type { GraphWriter } from './graph-driver.js'
import { checkRelationship, createRelationships, requireInvalidation } from './relationship-writes.js'

/** Ends a relationship's valid time now; false when it had ended before. */
export async function invalidateRelationship(
  writer: GraphWriter,
  id: string,
  invalidatedBy: string | null,
): Promise<boolean> {
  const row = await existing(writer, id)
  const at = now()
  if (hasEnded(row, at)) return false
  const ended = endedAt(row, at, invalidatedBy)
  if (invalidatedBy !== null) await requireInvalidation(writer, ended)
  await writer.updateRelationship(row, ended)
  return true
}

/** Ends a relationship's valid time and creates the one that takes its place; returns the new id. */
export async function supersedeRelationship(
  writer: GraphWriter,
  id: string,
  replacement: RelationshipReplacement,
  allowCycles: boolean,
): Promise<string> {
  const row = await existing(writer, id)
  if (row.invalidated_by !== null) throw superseded(row)
  const properties = { ...replacement.properties, valid_from: replacement.properties?.valid_from ?? now() }
  const successor = checkRelationship(
    {
      id: replacement.id,
      from_memory_id: replacement.from_memory_id ?? row.from_id,
      to_memory_id: replacement.to_memory_id ?? row.to_id,
      type: replacement.type ?? row.rel_type,
      properties,
    },
    allowCycles,
    'replacement',
  )
  // First ended, so that the one that takes its place does not meet it; the reference comes last, when there is what it names.
  const ended = hasEnded(row, successor.valid_from) ? row : endedAt(row, successor.valid_from, null)
  if (ended !== row) await writer.updateRelationship(row, ended)
  await createRelationships(writer, [successor], allowCycles)
  const referring = encodePatchedRelationship(ended, { invalidated_by: successor.id }, now())
  await requireInvalidation(writer, referring)
  await writer.updateRelationship(ended, referring)
  return successor.id
}

async function existing(writer: GraphWriter, id: string): Promise<RelationshipRow> {
  const [row] = await writer.getRelationships([id])
  if (row) return row
  throw new RelationshipError(`No relationship has the id ${JSON.stringify(id)}`, { details: { id } })
}

function superseded({ id, invalidated_by }: RelationshipRow): RelationshipError {
  return new RelationshipError(
    `${JSON.stringify(invalidated_by)} has taken the place of the relationship ${JSON.stringify(id)}: supersede that one`,
    { details: { id, invalidated_by } },
  )
}

function hasEnded({ valid_until: until }: RelationshipRow, at: Timestamp): boolean {
  return until !== null && (toTimestamp(until) ?? until) <= at
}

/** A row that ends at an instant, or, where it begins later than that, when it begins: it never held. */
function endedAt(row: RelationshipRow, at: Timestamp, invalidatedBy: string | null): RelationshipRow {
  const begin = toTimestamp(row.valid_from) ?? row.valid_from
  const end = begin > at ? begin : at
  return encodePatchedRelationship(
    row,
    { valid_until: end, ...(invalidatedBy !== null && { invalidated_by: invalidatedBy }) },
    at,
  )
}
