import { decodeJson, encodeFloat, encodeJson } from './json-text.js'
import { membersOf } from './memory-properties.js'
import {
  DEFAULT_RELATIONSHIP_CONFIDENCE,
  DEFAULT_STRENGTH,
  type Relationship,
  type RelationshipInput,
  type RelationshipPropertiesInput,
} from './relationship.js'
import { isSymmetricType } from './relationship-type.js'
import { type Timestamp, toTimestamp } from './timestamp.js'

/** A relationship as it is stored: the temporal columns decide, `properties` is Python's JSON object with a copy of them. */
export type RelationshipRow = {
  id: string
  from_id: string
  to_id: string
  rel_type: string
  properties: string
  valid_from: string
  valid_until: string | null
  recorded_at: string
  invalidated_by: string | null
}

const encodeFraction = (value: number | null): string => (value === null ? 'null' : encodeFloat(value))

/** JSON text of each property, in Python's order. */
const ENCODERS = {
  strength: encodeFraction,
  confidence: encodeFraction,
  context: encodeJson,
  evidence_count: encodeJson,
  success_rate: encodeFraction,
  created_at: encodeJson,
  last_validated: encodeJson,
  validation_count: encodeJson,
  counter_evidence_count: encodeJson,
  valid_from: encodeJson,
  valid_until: encodeJson,
  recorded_at: encodeJson,
  invalidated_by: encodeJson,
} as const

type PropertyName = keyof typeof ENCODERS
const PROPERTY_NAMES = Object.keys(ENCODERS) as PropertyName[]

function defaults(at: Timestamp): Record<PropertyName, unknown> {
  return {
    strength: DEFAULT_STRENGTH,
    confidence: DEFAULT_RELATIONSHIP_CONFIDENCE,
    context: null,
    evidence_count: 1,
    success_rate: null,
    created_at: at,
    last_validated: at,
    validation_count: 0,
    counter_evidence_count: 0,
    valid_from: at,
    valid_until: null,
    recorded_at: at,
    invalidated_by: null,
  }
}

/** The row of a new relationship. */
export function encodeRelationship(
  input: RelationshipInput & { readonly id: string },
  at: Timestamp,
): RelationshipRow {
  const values = defaults(at)
  for (const name of PROPERTY_NAMES) values[name] = input.properties?.[name] ?? values[name]
  const members = PROPERTY_NAMES.map((name) => `"${name}": ${ENCODERS[name](values[name] as never)}`)
  return {
    id: input.id,
    from_id: input.from_memory_id,
    to_id: input.to_memory_id,
    rel_type: input.type,
    properties: `{${members.join(', ')}, "id": ${encodeJson(input.id)}}`,
    valid_from: values.valid_from as Timestamp,
    valid_until: values.valid_until as Timestamp | null,
    recorded_at: values.recorded_at as Timestamp,
    invalidated_by: values.invalidated_by as string | null,
  }
}

/** The row after a patch: only what the patch names changes, in the JSON object and in its column alike. */
export function encodePatchedRelationship(
  row: RelationshipRow,
  patch: RelationshipPropertiesInput,
  at: Timestamp,
): RelationshipRow {
  const members = membersOf(row.properties, row.id)
  const reset = defaults(at)
  const columns: Record<string, unknown> = {}
  for (const name of PROPERTY_NAMES) {
    if (patch[name] === undefined) continue
    const value = patch[name] ?? reset[name]
    members.set(name, ENCODERS[name](value as never))
    if (name in row) columns[name] = value
  }
  const properties = `{${[...members].map(([key, value]) => `${encodeJson(key)}: ${value}`).join(', ')}}`
  return { ...row, ...columns, properties }
}

/** The relationship that a row holds. Its columns say what matters: properties that are no JSON object read as the defaults. */
export function decodeRelationship(row: RelationshipRow): Relationship {
  const raw = decodeProperties(row.properties)
  const validFrom = canonicalTime(row.valid_from)
  const createdAt = canonicalTime(raw['created_at'] ?? row.recorded_at)
  return {
    id: row.id,
    from_memory_id: row.from_id,
    to_memory_id: row.to_id,
    type: row.rel_type,
    properties: {
      strength: numberOr(raw['strength'], DEFAULT_STRENGTH),
      confidence: numberOr(raw['confidence'], DEFAULT_RELATIONSHIP_CONFIDENCE),
      context: textOrNull(raw['context']),
      evidence_count: numberOr(raw['evidence_count'], 1),
      success_rate: typeof raw['success_rate'] === 'number' ? raw['success_rate'] : null,
      created_at: createdAt,
      last_validated: canonicalTime(raw['last_validated'] ?? createdAt),
      validation_count: numberOr(raw['validation_count'], 0),
      counter_evidence_count: numberOr(raw['counter_evidence_count'], 0),
      valid_from: validFrom,
      valid_until: row.valid_until === null ? null : canonicalTime(row.valid_until),
      recorded_at: canonicalTime(row.recorded_at),
      invalidated_by: row.invalidated_by,
    },
    description: null,
    bidirectional: isSymmetricType(row.rel_type),
  }
}

/** Whether a relationship holds at an instant: from `valid_from` on, until just before `valid_until`. */
export function holdsAt(row: Pick<RelationshipRow, 'valid_from' | 'valid_until'>, at: Timestamp): boolean {
  return (
    canonicalTime(row.valid_from) <= at && (row.valid_until === null || canonicalTime(row.valid_until) > at)
  )
}

function decodeProperties(text: string): Record<string, unknown> {
  try {
    const value = decodeJson(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {} // another program's text; the row is a relationship all the same
  }
}

/** A time of a row in the canonical form, in which times compare as text; what is no time stays as it is. */
export function canonicalTime(value: unknown): Timestamp {
  return toTimestamp(value) ?? String(value)
}

function numberOr(value: unknown, fallback: number): number {
  return typeof value === 'number' ? value : fallback
}

// Python keeps structured contexts as JSON inside a string; another tool may have stored the object itself.
function textOrNull(value: unknown): string | null {
  if (value === null || value === undefined) return null
  return typeof value === 'string' ? value : encodeJson(value)
}
