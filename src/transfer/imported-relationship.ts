import { v5 as uuidV5 } from 'uuid'
import { ValidationError } from '../errors.js'
import type { Relationship, RelationshipInput, RelationshipProperties } from '../model/relationship.js'
import { toTimestamp } from '../model/timestamp.js'
import { requireId } from '../model/validation.js'
import { isRecord } from './record-value.js'
import type { TransferRecord } from './transfer-record.js'

/** A relationship to be imported. */
export type ImportedRelationship = {
  /** Its own, or one made of its ends and its type. */
  readonly id: string
  readonly place: string
  readonly input: RelationshipInput
  /** Whether the source names it. One without an id is known by its ends and its type. */
  readonly isNamed: boolean
  readonly invalidatedBy: string | null
}

/** Under which ids are made for relationships that have none. Never changes, so that importing again finds them. */
const NAMESPACE = '5f0b3e52-5a0c-4b8e-9d5b-3a6f1c7e2d40'
/** Worked out from the type on reading. */
const COMPUTED = ['description', 'bidirectional'] as const

/** What a record says of a relationship; the store checks the rest. */
export function relationshipOf({ value, place }: TransferRecord): ImportedRelationship {
  if (!isRecord(value)) throw new ValidationError('Invalid relationship: must be an object')
  const input = withoutComputed(value)
  const { id, from_memory_id: from, to_memory_id: to, type, properties } = input
  requireId(from, 'relationship: from_memory_id')
  requireId(to, 'relationship: to_memory_id')
  if (id !== undefined && id !== null) requireId(id, 'relationship: id')
  if (typeof type !== 'string') throw new ValidationError('Invalid relationship: type: must be text')
  const invalidatedBy = isRecord(properties) ? properties['invalidated_by'] : null
  const relationship = input as unknown as RelationshipInput
  const own = id ?? uuidV5(linkOf(relationship), NAMESPACE)
  return {
    id: own,
    place,
    input: { ...relationship, id: own },
    isNamed: typeof id === 'string',
    invalidatedBy: typeof invalidatedBy === 'string' ? invalidatedBy : null,
  }
}

/** What a relationship without an id is known by. */
export function linkOf({ from_memory_id, to_memory_id, type }: RelationshipInput): string {
  return JSON.stringify([from_memory_id, to_memory_id, type])
}

/** Whether a stored relationship says all that the other does; what that one does not mention counts for nothing. */
export function saysTheSame(stored: Relationship, given: RelationshipInput): boolean {
  if (linkOf(stored) !== linkOf(given)) return false
  return Object.entries(given.properties ?? {}).every(([name, value]) => {
    const present: unknown = stored.properties[name as keyof RelationshipProperties]
    if (value === undefined || value === present) return true
    const time = toTimestamp(value)
    return time !== null && time === toTimestamp(present)
  })
}

/** Whether a relationship was learnt or confirmed later than it is stored, or at the same time and has ended since. */
export function isNewer(given: RelationshipInput, stored: Relationship): boolean {
  const { properties } = given
  const later = latest(properties?.recorded_at, properties?.last_validated)
  const before = latest(stored.properties.recorded_at, stored.properties.last_validated)
  if (later !== before) return later > before
  return Boolean(properties?.valid_until) && stored.properties.valid_until === null
}

function latest(...times: unknown[]): string {
  return (
    times
      .map((time) => toTimestamp(time) ?? '')
      .toSorted()
      .at(-1) ?? ''
  )
}

function withoutComputed(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const input = { ...value }
  for (const name of COMPUTED) {
    const meansNothing =
      input[name] === null || (name === 'bidirectional' && typeof input[name] === 'boolean')
    if (meansNothing) delete input[name]
  }
  return input
}
