import * as z from 'zod'
import { RELATIONSHIP_TYPES, type RelationshipType } from './relationship-type.js'
import type { Timestamp } from './timestamp.js'
import { count, fraction, id, strictObject, text, timestamp } from './validation.js'

/** Strength of a relationship that names none. */
export const DEFAULT_STRENGTH = 0.5
/** Confidence in a relationship that names none. */
export const DEFAULT_RELATIONSHIP_CONFIDENCE = 0.8

/** What is known of one relationship. Valid time (`valid_*`) is when it holds, `recorded_at` is when it was learnt. */
export type RelationshipProperties = {
  strength: number
  confidence: number
  context: string | null
  evidence_count: number
  success_rate: number | null
  created_at: Timestamp
  last_validated: Timestamp
  validation_count: number
  counter_evidence_count: number
  valid_from: Timestamp
  /** When it stopped to hold; `null` while it holds. */
  valid_until: Timestamp | null
  recorded_at: Timestamp
  /** The relationship that took its place. */
  invalidated_by: string | null
}

/** A relationship as it is read. */
export type Relationship = {
  id: string
  from_memory_id: string
  to_memory_id: string
  type: RelationshipType | (string & {})
  properties: RelationshipProperties
  description: string | null
  /** Whether its type holds in both directions. */
  bidirectional: boolean
}

/** Properties a caller may give; what is absent gets the default (strength 0.5, confidence 0.8, one piece of evidence, now). */
export type RelationshipPropertiesInput = {
  readonly strength?: number | null | undefined
  readonly confidence?: number | null | undefined
  readonly context?: string | null | undefined
  readonly evidence_count?: number | null | undefined
  readonly success_rate?: number | null | undefined
  readonly created_at?: string | Date | null | undefined
  readonly last_validated?: string | Date | null | undefined
  readonly validation_count?: number | null | undefined
  readonly counter_evidence_count?: number | null | undefined
  readonly valid_from?: string | Date | null | undefined
  readonly valid_until?: string | Date | null | undefined
  readonly recorded_at?: string | Date | null | undefined
  readonly invalidated_by?: string | null | undefined
}

/** A relationship to be created. */
export type RelationshipInput = {
  /** Default is a new UUID (v7). */
  readonly id?: string | null | undefined
  readonly from_memory_id: string
  readonly to_memory_id: string
  readonly type: RelationshipType | (string & {})
  readonly properties?: RelationshipPropertiesInput | null | undefined
}

/** What takes a relationship's place; ends and type that are absent are those of the one before. */
export type RelationshipReplacement = {
  readonly [Field in keyof RelationshipInput]?: RelationshipInput[Field] | undefined
}

const propertiesShape = {
  strength: fraction.nullish(),
  confidence: fraction.nullish(),
  context: text.nullish(),
  evidence_count: count.nullish(),
  success_rate: fraction.nullish(),
  created_at: timestamp.nullish(),
  last_validated: timestamp.nullish(),
  validation_count: count.nullish(),
  counter_evidence_count: count.nullish(),
  valid_from: timestamp.nullish(),
  valid_until: timestamp.nullish(),
  recorded_at: timestamp.nullish(),
  invalidated_by: id.nullish(),
}

/** Whether what is given of the valid time is a time that passes. */
function endsAfterItStarts(properties: RelationshipPropertiesInput): boolean {
  const { valid_from: from, valid_until: until } = properties
  return !from || !until || from < until
}

/** Checks properties, for a new relationship and for a patch; keeps absent fields absent. */
export const relationshipPropertiesSchema: z.ZodType<RelationshipPropertiesInput> = strictObject(
  propertiesShape,
).refine(endsAfterItStarts, { path: ['valid_until'], message: 'must be later than valid_from' })

/** Checks a relationship to be created. */
export const relationshipSchema: z.ZodType<RelationshipInput> = strictObject({
  id: id.nullish(),
  from_memory_id: id,
  to_memory_id: id,
  type: z.enum(RELATIONSHIP_TYPES as readonly [RelationshipType, ...RelationshipType[]]),
  properties: relationshipPropertiesSchema.nullish(),
})

/** Checks what takes a relationship's place. */
export const relationshipReplacementSchema: z.ZodType<RelationshipReplacement> = strictObject({
  id: id.nullish(),
  from_memory_id: id.optional(),
  to_memory_id: id.optional(),
  type: z.enum(RELATIONSHIP_TYPES as readonly [RelationshipType, ...RelationshipType[]]).optional(),
  properties: relationshipPropertiesSchema.nullish(),
})
