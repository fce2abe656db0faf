import * as z from 'zod'
import { type BulkShape, bulkShape } from './method-options.js'
import { RELATIONSHIP_TYPES, type RelationshipType, SYMMETRIC_TYPES } from './relationship-type.js'
import { requireId, strictObject } from './validation.js'

/** Steps of `neighbors` at most. */
const GREATEST_DEPTH = 100
/** Nodes up to which shortest paths are looked for from all, and from how many else, unless told otherwise. */
export const DEFAULT_SAMPLED_ABOVE = 2_000
export const DEFAULT_SAMPLES = 500

const limit = z.int().min(1).nullish()
/** What is left to chance follows from it: the same seed, the same result. */
const chanceSeed = z.int().min(0).nullish()

/** How many steps away neighbours may be. */
export const neighborDepthSchema: z.ZodType<number> = z.int().min(1).max(GREATEST_DEPTH)

/** A function, which is told of nodes. */
export const visitorSchema: z.ZodType<(visit: never) => unknown> = z.custom<(visit: never) => unknown>(
  (value) => typeof value === 'function',
  'must be a function',
)

/** Options of `shortestPath`, checked and complete. */
export const shortestPathOptionsSchema: z.ZodType<
  BulkShape & { weighted: boolean; maxDepth: number | null }
> = strictObject({ ...bulkShape, weighted: z.boolean().nullish(), maxDepth: z.int().min(1).nullish() })
  .refine(({ weighted, maxDepth }) => weighted !== true || (maxDepth ?? null) === null, {
    path: ['maxDepth'],
    message: 'does not go with weighted',
  })
  .transform(({ weighted, maxDepth, ...run }) => ({
    ...run,
    weighted: weighted ?? false,
    maxDepth: maxDepth ?? null,
  }))

/** Options of `allPaths`, checked and complete. */
export const allPathsOptionsSchema: z.ZodType<BulkShape & { maxDepth: number; limit: number }> = strictObject(
  {
    ...bulkShape,
    maxDepth: z.int().min(1).max(20).nullish(),
    limit: z.int().min(1).max(10_000).nullish(),
  },
).transform(({ maxDepth, limit: most, ...run }) => ({ ...run, maxDepth: maxDepth ?? 4, limit: most ?? 10 }))

/** Options of `components`, checked and complete. */
export const componentsOptionsSchema: z.ZodType<BulkShape & { strong: boolean }> = strictObject({
  ...bulkShape,
  strong: z.boolean().nullish(),
}).transform(({ strong, ...run }) => ({ ...run, strong: strong ?? false }))

/** Options of `communities`, checked and complete. */
export const communitiesOptionsSchema: z.ZodType<BulkShape & { seed: number; resolution: number }> =
  strictObject({ ...bulkShape, seed: chanceSeed, resolution: z.number().gt(0).nullish() }).transform(
    ({ seed, resolution, ...run }) => ({ ...run, seed: seed ?? 1, resolution: resolution ?? 1 }),
  )

/** What nodes are measured by. */
export const centralityMeasureSchema: z.ZodType<'pagerank' | 'betweenness' | 'degree' | 'closeness'> = z.enum(
  ['pagerank', 'betweenness', 'degree', 'closeness'],
)

/** Options of `centrality` by a measure, checked; the default of `samples` follows from the graph. */
export function centralityOptionsSchema(
  measure: string,
): z.ZodType<BulkShape & { samples?: number | null | undefined; seed: number; limit: number | null }> {
  const isSampled = measure === 'betweenness' || measure === 'closeness'
  const ofSampled = <Option>(schema: z.ZodType<Option>): z.ZodType<Option> =>
    schema.refine((value) => isSampled || (value ?? null) === null, {
      message: `is for betweenness and closeness: ${measure} is of all nodes`,
    })
  return strictObject({
    ...bulkShape,
    samples: ofSampled(z.int().min(1).nullish()),
    seed: ofSampled(chanceSeed),
    limit,
  }).transform(({ limit: most, seed, ...options }) => ({ ...options, seed: seed ?? 1, limit: most ?? null }))
}

/** Seeds of a PageRank with their weights, of which the greatest is 1. There may be very many. */
const rankSeeds = z.unknown().transform((value, context): [string, number][] => {
  const fault = (message: string): never => {
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  }
  const isMap = Object.prototype.toString.call(value) === '[object Object]'
  if (!isMap && !Array.isArray(value)) return fault('must be a list of ids, or an object of weights by id')
  const weights = new Map<unknown, unknown>(
    isMap ? Object.entries(value as object) : (value as unknown[]).map((seed) => [seed, 1]),
  )
  let greatest = 0
  for (const [seed, weight] of weights) {
    requireId(seed, 'options of pageRank: seeds')
    if (typeof weight !== 'number' || !Number.isFinite(weight) || weight < 0)
      return fault(`weights must be finite numbers from 0, which that of ${JSON.stringify(seed)} is not`)
    greatest = Math.max(greatest, weight)
  }
  if (greatest === 0) return fault('must name a node whose weight is above 0')
  return [...weights].map(([seed, weight]) => [seed as string, (weight as number) / greatest])
})

/** Options of `pageRank`, checked and complete. */
export const pageRankOptionsSchema: z.ZodType<
  BulkShape & { seeds: [string, number][] | null; damping: number; weighted: boolean; limit: number | null }
> = strictObject({
  ...bulkShape,
  seeds: rankSeeds.nullish(),
  damping: z.number().gt(0).lt(1).nullish(),
  weighted: z.boolean().nullish(),
  limit,
}).transform(({ seeds, damping, weighted, limit: most, ...run }) => ({
  ...run,
  seeds: seeds ?? null,
  damping: damping ?? 0.85,
  weighted: weighted ?? false,
  limit: most ?? null,
}))

/** Options of `cycles`, checked and complete. */
export const cyclesOptionsSchema: z.ZodType<BulkShape & { maxLength: number; limit: number }> = strictObject({
  ...bulkShape,
  maxLength: z.int().min(1).max(50).nullish(),
  limit: z.int().min(1).max(10_000).nullish(),
}).transform(({ maxLength, limit: most, ...run }) => ({
  ...run,
  maxLength: maxLength ?? 10,
  limit: most ?? 100,
}))

/** The type of `topologicalOrder`; absent is `null`, which is any that has a direction. */
export const orderingTypeSchema: z.ZodType<string | null> = z
  .enum(RELATIONSHIP_TYPES as readonly [RelationshipType, ...RelationshipType[]])
  .refine((type) => !SYMMETRIC_TYPES.includes(type), 'holds in both directions, so that nothing comes first')
  .nullish()
  .transform((type) => type ?? null)

/** Options of `similarNodes`, checked and complete. */
export const similarNodesOptionsSchema: z.ZodType<BulkShape & { limit: number }> = strictObject({
  ...bulkShape,
  limit: z.int().min(1).max(1_000).nullish(),
}).transform(({ limit: most, ...run }) => ({ ...run, limit: most ?? 10 }))
