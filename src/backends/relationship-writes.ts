import { v7 as uuidV7 } from 'uuid'
import { ConflictError, RelationshipError, ValidationError } from '../errors.js'
import { invalidatorsFirst } from '../model/invalidators-first.js'
import {
  type RelationshipInput,
  type RelationshipPropertiesInput,
  relationshipPropertiesSchema,
  relationshipSchema,
} from '../model/relationship.js'
import {
  encodePatchedRelationship,
  encodeRelationship,
  type RelationshipRow,
} from '../model/relationship-row.js'
import { now } from '../model/timestamp.js'
import { validate } from '../model/validation.js'
import { requireNoCycles } from './cycle-check.js'
import type { BulkOptions, RelationshipEnds } from './graph-backend.js'
import type { GraphWriter } from './graph-driver.js'
import { inSlices } from './slices.js'

/** Checks relationships to be created, slice by slice, and gives ids to those without. */
export async function checkRelationships(
  inputs: readonly RelationshipInput[],
  allowLoops: boolean,
  options?: BulkOptions,
): Promise<RelationshipRow[]> {
  const checked: RelationshipRow[] = []
  const ids = new Set<string>()
  const checkSlice = (slice: readonly RelationshipInput[], start: number): void => {
    slice.forEach((input, offset) => {
      const what = inputs.length === 1 ? 'relationship' : `relationship ${start + offset}`
      const row = checkRelationship(input, allowLoops, what)
      if (ids.has(row.id)) throw taken(row.id)
      ids.add(row.id)
      checked.push(row)
    })
  }
  await inSlices(inputs, checkSlice, { signal: options?.signal })
  return checked
}

// References are checked row by row.
function inStorableOrder(rows: readonly RelationshipRow[]): readonly RelationshipRow[] {
  const { ordered, circular } = invalidatorsFirst(rows, (row) => row.invalidated_by)
  for (const row of circular) throw invalidatedInCircle(row.id)
  return ordered
}

function invalidatedInCircle(id: string): RelationshipError {
  return new RelationshipError(
    `Cannot store the relationships: ${JSON.stringify(id)} was invalidated by one that it invalidated itself`,
    { details: { id } },
  )
}

/** Checks a relationship to be created and makes the row of it. */
export function checkRelationship(
  input: RelationshipInput,
  allowLoops: boolean,
  what: string,
): RelationshipRow {
  const relationship = validate(relationshipSchema, input, what)
  if (!allowLoops && relationship.from_memory_id === relationship.to_memory_id) {
    throw loop(what, relationship.from_memory_id)
  }
  const row = encodeRelationship({ ...relationship, id: relationship.id ?? uuidV7() }, now())
  checkValidTime(row)
  return row
}

/** Creates checked relationships; unless cycles are allowed, none that closes one. */
export async function createRelationships(
  writer: GraphWriter,
  rows: readonly RelationshipRow[],
  allowCycles: boolean,
  options?: BulkOptions,
): Promise<string[]> {
  let isCircleFree = allowCycles
  const createSlice = async (slice: readonly RelationshipRow[]): Promise<void> => {
    const checks = [requireStorable(writer, slice), ...(isCircleFree ? [] : [requireNoCycles(writer, rows)])]
    isCircleFree = true
    await allOf(checks)
    await writer.insertRelationships(slice)
  }
  await inSlices(inStorableOrder(rows), createSlice, {
    ...options,
    phase: 'joining',
    least: writer.leastSlice,
  })
  return rows.map((row) => row.id)
}

/** Waits for all of them, and throws what the first of them in the list that failed did. */
async function allOf(checks: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(checks)).find((outcome) => outcome.status === 'rejected')
  if (failed) throw failed.reason
}

/** That both ends of each and what invalidated it exist, and that its id is free. */
async function requireStorable(writer: GraphWriter, slice: readonly RelationshipRow[]): Promise<void> {
  const [[existing]] = await Promise.all([
    writer.getRelationships(slice.map((row) => row.id)),
    requireEnds(writer, slice),
  ])
  if (existing) throw taken(existing.id)
  await requireInvalidators(writer, slice)
}

async function requireEnds(
  writer: GraphWriter,
  rows: readonly Pick<RelationshipRow, 'from_id' | 'to_id'>[],
): Promise<void> {
  const ends = [...new Set(rows.flatMap((row) => [row.from_id, row.to_id]))]
  const present = new Set(await writer.selectWithin(ends, []))
  const missing = ends.filter((id) => !present.has(id))
  if (missing.length === 0) return
  throw new RelationshipError(
    `Cannot create the relationship: no memory with the id ${named(missing)}: store it first`,
    { details: { missing } },
  )
}

function loop(what: string, id: string): ValidationError {
  return new ValidationError(
    `Invalid ${what}: ${JSON.stringify(id)} cannot be joined to itself (option allowCycles permits it)`,
    { details: { id } },
  )
}

async function requireInvalidators(writer: GraphWriter, rows: readonly RelationshipRow[]): Promise<void> {
  const wanted = [...new Set(rows.flatMap((row) => row.invalidated_by ?? []))]
  if (wanted.length === 0) return
  const stored = await writer.getRelationships(wanted)
  const present = new Set([...stored, ...rows].map((row) => row.id))
  const missing = wanted.filter((id) => !present.has(id))
  if (missing.length === 0) return
  throw new RelationshipError(
    `Cannot store the relationship: invalidated_by names ${named(missing)}, which is no stored relationship: create that first`,
    { details: { missing } },
  )
}

/** What a row was invalidated by exists, and was not itself invalidated, however indirectly, by that row. */
export async function requireInvalidation(writer: GraphWriter, row: RelationshipRow): Promise<void> {
  if (row.invalidated_by === null) return
  await requireInvalidators(writer, [row])
  await requireNoCircle(writer, row.id, row.invalidated_by)
}

/** What invalidated a relationship was not itself invalidated, however indirectly, by that relationship. */
async function requireNoCircle(writer: GraphWriter, id: string, invalidatedBy: string): Promise<void> {
  const seen = new Set<string>()
  for (let next: string | null = invalidatedBy; next !== null && !seen.has(next); ) {
    if (next === id) throw invalidatedInCircle(id)
    seen.add(next)
    const [row]: RelationshipRow[] = await writer.getRelationships([next])
    next = row?.invalidated_by ?? null
  }
}

function named(ids: readonly string[]): string {
  const names = ids.slice(0, 5).map((id) => JSON.stringify(id))
  return `${names.join(', ')}${ids.length > 5 ? ', …' : ''}`
}

/** Checks a patch of a relationship's properties. */
export function checkPropertiesPatch(patch: RelationshipPropertiesInput): RelationshipPropertiesInput {
  return validate(relationshipPropertiesSchema, patch, 'relationship properties')
}

/** Patches a stored relationship; false when there is none. */
export async function updateRelationship(
  writer: GraphWriter,
  id: string,
  patch: RelationshipPropertiesInput,
  { from_memory_id: from, to_memory_id: to }: RelationshipEnds,
  allowLoops: boolean,
): Promise<boolean> {
  const [row] = await writer.getRelationships([id])
  if (!row) return false
  const ends = { from_id: from ?? row.from_id, to_id: to ?? row.to_id }
  if (from !== undefined || to !== undefined) await requireEnds(writer, [ends])
  if (!allowLoops && ends.from_id === ends.to_id && row.from_id !== row.to_id)
    throw loop('relationship', ends.from_id)
  const patched = { ...encodePatchedRelationship(row, patch, now()), ...ends }
  if (patch.valid_from !== undefined || patch.valid_until !== undefined) checkValidTime(patched)
  if (patch.invalidated_by) await requireInvalidation(writer, patched)
  await writer.updateRelationship(row, patched)
  return true
}

function checkValidTime(row: RelationshipRow): void {
  if (row.valid_until === null || row.valid_from < row.valid_until) return
  throw new ValidationError(
    `Invalid relationship: valid_until (${row.valid_until}) must be later than valid_from (${row.valid_from})`,
  )
}

function taken(id: string): ConflictError {
  return new ConflictError(
    `A relationship with the id ${JSON.stringify(id)} exists: leave the id out, or use updateRelationshipProperties()`,
    { details: { id } },
  )
}
