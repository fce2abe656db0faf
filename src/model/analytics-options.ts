import * as z from 'zod'
import { type BulkShape, bulkShape } from './method-options.js'
import { count, fraction, strictObject } from './validation.js'

/*
 * Which part of a graph is looked at is not checked here: `graph()` does that.
 */

/** The members of options that go to `graph()` as they are. */
type PartOptions = {
  start?: unknown
  maxDepth?: unknown
  relationshipTypes?: unknown
  asOf?: unknown
  minStrength?: unknown
  maxNodes?: unknown
  maxEdges?: unknown
}

/** Most that a list of an analysis is limited to. */
const MAX_LIMIT = 1000

const anything = z.unknown().optional()
const partShape = {
  start: anything,
  maxDepth: anything,
  relationshipTypes: anything,
  asOf: anything,
  minStrength: anything,
  maxNodes: anything,
  maxEdges: anything,
}
const limit = z.int().min(1).max(MAX_LIMIT).nullish()
/** What decides which nodes form a community. */
const communityShape = { seed: count.nullish(), resolution: z.number().positive().nullish() }

/** Options of `graphMetrics`, checked. */
export const graphMetricsOptionsSchema: z.ZodType<{ part: PartOptions; run: BulkShape }> = strictObject({
  ...partShape,
  ...bulkShape,
}).transform(({ onProgress, signal, ...part }) => ({ part, run: { onProgress, signal } }))

/** Communities unless told otherwise have so many nodes at least. */
const DEFAULT_MIN_SIZE = 3

/** Options of `analyzeClusters`, checked and complete. */
export const clusterOptionsSchema: z.ZodType<{
  part: PartOptions
  run: BulkShape
  seed?: number | null | undefined
  resolution?: number | null | undefined
  minSize: number
  minDensity: number
  limit: number | null
}> = strictObject({
  ...partShape,
  ...bulkShape,
  ...communityShape,
  minSize: z.int().min(1).nullish(),
  minDensity: fraction.nullish(),
  limit: z.int().min(1).nullish(),
}).transform(({ onProgress, signal, seed, resolution, minSize, minDensity, limit: most, ...part }) => ({
  part,
  run: { onProgress, signal },
  seed,
  resolution,
  minSize: minSize ?? DEFAULT_MIN_SIZE,
  minDensity: minDensity ?? 0,
  limit: most ?? null,
}))

/** Memories and suggestions returned unless told otherwise. */
const DEFAULT_LIMIT = 10

/** Options of `findBridgeMemories`, checked and complete. */
export const bridgeOptionsSchema: z.ZodType<{
  part: PartOptions
  run: BulkShape
  seed?: number | null | undefined
  resolution?: number | null | undefined
  samples?: number | null | undefined
  limit: number
}> = strictObject({
  ...partShape,
  ...bulkShape,
  ...communityShape,
  samples: z.int().min(1).nullish(),
  limit,
}).transform(({ onProgress, signal, seed, resolution, samples, limit: most, ...part }) => ({
  part,
  run: { onProgress, signal },
  seed,
  resolution,
  samples,
  limit: most ?? DEFAULT_LIMIT,
}))

/** Steps of other ways at most: more would take too long to go through. */
export const GREATEST_PATH_DEPTH = 20

/** Options of `findMemoryPath`, checked and complete. */
export const pathOptionsSchema: z.ZodType<{
  part: PartOptions & { direction?: unknown }
  run: BulkShape
  maxDepth: number | null
  weighted: boolean
  alternatives: number
}> = strictObject({
  relationshipTypes: anything,
  direction: anything,
  asOf: anything,
  minStrength: anything,
  maxNodes: anything,
  maxEdges: anything,
  ...bulkShape,
  maxDepth: z.int().min(1).max(GREATEST_PATH_DEPTH).nullish(),
  weighted: z.boolean().nullish(),
  alternatives: z.int().min(0).max(MAX_LIMIT).nullish(),
})
  .refine(({ maxDepth, weighted }) => !weighted || (maxDepth ?? null) === null, {
    path: ['maxDepth'],
    message: 'does not go with weighted: the strongest way may be long',
  })
  .transform(({ onProgress, signal, maxDepth, weighted, alternatives, ...part }) => ({
    part,
    run: { onProgress, signal },
    maxDepth: maxDepth ?? null,
    weighted: weighted ?? false,
    alternatives: alternatives ?? 0,
  }))

/** Options of `suggestRelationships`, checked and complete. */
export const suggestionOptionsSchema: z.ZodType<{ part: PartOptions; run: BulkShape; limit: number }> =
  strictObject({
    maxNodes: anything,
    maxEdges: anything,
    ...bulkShape,
    limit,
  }).transform(({ onProgress, signal, limit: most, ...part }) => ({
    part,
    run: { onProgress, signal },
    limit: most ?? DEFAULT_LIMIT,
  }))
