import * as z from 'zod'
import { modelName } from './embedding.js'
import { type ContextFilter, RELATIONSHIP_SCOPES } from './relationship-context.js'
import { RELATIONSHIP_TYPES, type RelationshipType } from './relationship-type.js'
import type { Timestamp } from './timestamp.js'
import { count, id, strictObject, text, timestamp } from './validation.js'

/** Steps a walk goes unless told otherwise. */
export const DEFAULT_MAX_DEPTH = 2
/** Steps a walk goes at most. */
export const GREATEST_MAX_DEPTH = 10
/** Related memories returned unless told otherwise. */
export const DEFAULT_RELATED_LIMIT = 100

/** Types that a walk goes along; absent is empty, which is all. */
export const relationshipTypes: z.ZodType<string[]> = z
  .array(z.enum(RELATIONSHIP_TYPES as readonly [RelationshipType, ...RelationshipType[]]))
  .nullish()
  .transform((types): string[] => types ?? [])
/** An instant; absent is `null`. */
export const asOf: z.ZodType<Timestamp | null> = timestamp.nullish().transform((value) => value ?? null)

/** Options of `getMemory`. */
export const getMemoryOptionsSchema: z.ZodType<{
  includeRelationships?: boolean | undefined
  asOf: Timestamp | null
}> = strictObject({ includeRelationships: z.boolean().optional(), asOf })

/** Options of `getRelatedMemories`, checked and complete. */
export const relatedOptionsSchema: z.ZodType<{
  types: string[]
  maxDepth: number
  direction: 'outgoing' | 'incoming' | 'both'
  asOf: Timestamp | null
  limit: number | null
}> = strictObject({
  relationshipTypes,
  maxDepth: z.int().nullish(),
  direction: z.enum(['outgoing', 'incoming', 'both']).nullish(),
  asOf,
  limit: z.int().min(1).nullable().optional(),
}).transform((options) => ({
  types: options.relationshipTypes,
  maxDepth: Math.min(Math.max(options.maxDepth ?? DEFAULT_MAX_DEPTH, 1), GREATEST_MAX_DEPTH),
  direction: options.direction ?? 'both',
  asOf: options.asOf,
  limit: options.limit === undefined ? DEFAULT_RELATED_LIMIT : options.limit,
}))

/** The filter of `listRelationships`, checked and complete. */
export const relationshipFilterSchema: z.ZodType<{
  types: string[]
  ids: string[] | null
  touching: string[] | null
  asOf: Timestamp | null
  currentOnly: boolean
}> = strictObject({
  relationshipTypes,
  ids: z.array(id).nullish(),
  memoryIds: z.array(id).nullish(),
  asOf,
  includeInvalidated: z.boolean().nullish(),
}).transform((filter) => ({
  types: filter.relationshipTypes,
  ids: filter.ids ?? null,
  touching: filter.memoryIds ?? null,
  asOf: filter.asOf,
  currentOnly: filter.includeInvalidated === false,
}))

/** The ends that a relationship is moved to. */
export const relationshipEndsSchema: z.ZodType<{
  from_memory_id?: string | undefined
  to_memory_id?: string | undefined
}> = strictObject({ from_memory_id: id.optional(), to_memory_id: id.optional() })

/** Relationships of a history returned unless told otherwise, and at most. */
const DEFAULT_HISTORY_LIMIT = 100
const MAX_HISTORY_LIMIT = 1000

/** Options of `getRelationshipHistory`, checked and complete. */
export const relationshipHistoryOptionsSchema: z.ZodType<{ types: string[]; limit: number; offset: number }> =
  strictObject({
    relationshipTypes,
    limit: z.int().min(1).max(MAX_HISTORY_LIMIT).nullish(),
    offset: count.nullish(),
  }).transform(({ relationshipTypes: types, limit, offset }) => ({
    types,
    limit: limit ?? DEFAULT_HISTORY_LIMIT,
    offset: offset ?? 0,
  }))

const texts = z.array(text).nullish()

/** Relationships found by their context unless told otherwise. */
const DEFAULT_CONTEXT_LIMIT = 20

/** The filter of `searchRelationshipsByContext`, checked and complete. */
export const contextSearchSchema: z.ZodType<{
  filter: ContextFilter
  types: string[]
  asOf: Timestamp | null
  currentOnly: boolean
  limit: number
}> = strictObject({
  scope: z.enum(RELATIONSHIP_SCOPES).nullish(),
  conditions: texts,
  hasEvidence: z.boolean().nullish(),
  evidence: texts,
  components: texts,
  temporal: z.union([text, z.array(text)]).nullish(),
  relationshipTypes,
  asOf,
  includeInvalidated: z.boolean().nullish(),
  limit: z.int().min(1).max(MAX_HISTORY_LIMIT).nullish(),
}).transform(({ relationshipTypes: types, asOf: at, includeInvalidated, limit, ...filter }) => ({
  filter,
  types,
  asOf: at,
  currentOnly: includeInvalidated === false,
  limit: limit ?? DEFAULT_CONTEXT_LIMIT,
}))

/** Hits of a contextual search unless told otherwise. */
const DEFAULT_CONTEXTUAL_LIMIT = 20

/** Options of `contextualSearch`, checked and complete. */
export const contextualSearchOptionsSchema: z.ZodType<{ maxDepth: number | null; limit: number }> =
  strictObject({
    maxDepth: z.int().nullish(),
    limit: z.int().min(1).max(MAX_HISTORY_LIMIT).nullish(),
  }).transform(({ maxDepth, limit }) => ({
    maxDepth: maxDepth ?? null,
    limit: limit ?? DEFAULT_CONTEXTUAL_LIMIT,
  }))

/** Time a transaction has unless told otherwise, in milliseconds. */
export const DEFAULT_TRANSACTION_TIMEOUT_MS = 30_000

/** Options of `transaction`, checked and complete. */
export const transactionOptionsSchema: z.ZodType<{ timeoutMs: number }> = strictObject({
  timeoutMs: z
    .int()
    .min(1)
    .max(2 ** 31 - 1)
    .nullish(),
}).transform(({ timeoutMs }) => ({ timeoutMs: timeoutMs ?? DEFAULT_TRANSACTION_TIMEOUT_MS }))

/** Options of `changes` and of `auditEntries`. */
export const changesOptionsSchema: z.ZodType<{ after?: number | null | undefined }> = strictObject({
  after: count.nullish(),
})

/** Options of `updateMemory`. */
export const updateOptionsSchema: z.ZodType<{ expectedVersion: number | null }> = strictObject({
  expectedVersion: z
    .int()
    .min(1)
    .nullish()
    .transform((version) => version ?? null),
})

/** Progress and a signal, as options. */
export type BulkShape = {
  onProgress?: ((progress: { done: number; total: number | null; phase: string }) => void) | undefined
  signal?: AbortSignal | undefined
}

export const bulkShape: {
  onProgress: z.ZodOptional<z.ZodCustom<(progress: object) => void, (progress: object) => void>>
  signal: z.ZodOptional<z.ZodType<AbortSignal>>
} = {
  onProgress: z
    .custom<(progress: object) => void>((value) => typeof value === 'function', 'must be a function')
    .optional(),
  signal: z.instanceof(AbortSignal).optional(),
}

/** Options of bulk work. */
export const bulkOptionsSchema: z.ZodType<BulkShape> = strictObject(bulkShape)

/** Options of `reembed`; what the embedder is, is not looked at. */
export const reembedOptionsSchema: z.ZodType<
  BulkShape & { model?: string | null | undefined; embedder?: unknown; keepOld?: boolean | null | undefined }
> = strictObject({
  ...bulkShape,
  model: modelName.nullish(),
  embedder: z.unknown().optional(),
  keepOld: z.boolean().nullish(),
})

/** Options of `createRelationships`. */
export const createOptionsSchema: z.ZodType<BulkShape & { allowCycles?: boolean | undefined }> = strictObject(
  {
    ...bulkShape,
    allowCycles: z.boolean().optional(),
  },
)
