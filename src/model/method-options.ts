import * as z from 'zod'
import { RELATIONSHIP_TYPES, type RelationshipType } from './relationship-type.js'
import type { Timestamp } from './timestamp.js'
import { id, timestamp } from './validation.js'

/** Steps a walk goes unless told otherwise. */
export const DEFAULT_MAX_DEPTH = 2
/** Steps a walk goes at most. */
export const GREATEST_MAX_DEPTH = 10
/** Related memories returned unless told otherwise. */
export const DEFAULT_RELATED_LIMIT = 100

const relationshipTypes = z
  .array(z.enum(RELATIONSHIP_TYPES as readonly [RelationshipType, ...RelationshipType[]]))
  .nullish()
  .transform((types): string[] => types ?? [])
const asOf: z.ZodType<Timestamp | null> = timestamp.nullish().transform((value) => value ?? null)

/** Options of `getMemory`. */
export const getMemoryOptionsSchema: z.ZodType<{
  includeRelationships?: boolean | undefined
  asOf?: unknown
}> = z.strictObject({ includeRelationships: z.boolean().optional(), asOf: timestamp.nullish() })

/** Options of `getRelatedMemories`, checked and complete. */
export const relatedOptionsSchema: z.ZodType<{
  types: string[]
  maxDepth: number
  direction: 'outgoing' | 'incoming' | 'both'
  asOf: Timestamp | null
  limit: number | null
}> = z
  .strictObject({
    relationshipTypes,
    maxDepth: z.int().nullish(),
    direction: z.enum(['outgoing', 'incoming', 'both']).nullish(),
    asOf,
    limit: z.int().min(1).nullable().optional(),
  })
  .transform((options) => ({
    types: options.relationshipTypes,
    maxDepth: Math.min(Math.max(options.maxDepth ?? DEFAULT_MAX_DEPTH, 1), GREATEST_MAX_DEPTH),
    direction: options.direction ?? 'both',
    asOf: options.asOf,
    limit: options.limit === undefined ? DEFAULT_RELATED_LIMIT : options.limit,
  }))

/** The filter of `listRelationships`, checked and complete. */
export const relationshipFilterSchema: z.ZodType<{
  types: string[]
  touching: string[] | null
  asOf: Timestamp | null
  currentOnly: boolean
}> = z
  .strictObject({
    relationshipTypes,
    memoryIds: z.array(id).nullish(),
    asOf,
    includeInvalidated: z.boolean().nullish(),
  })
  .transform((filter) => ({
    types: filter.relationshipTypes,
    touching: filter.memoryIds ?? null,
    asOf: filter.asOf,
    currentOnly: filter.includeInvalidated === false,
  }))
