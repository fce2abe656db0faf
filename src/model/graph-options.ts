import * as z from 'zod'
import { asOf, DEFAULT_MAX_DEPTH, GREATEST_MAX_DEPTH, relationshipTypes } from './method-options.js'
import type { ScopeInput } from './scope.js'
import type { Timestamp } from './timestamp.js'
import { fraction, id, strictObject } from './validation.js'

/** Nodes and relationships that a view of a graph has at most unless told otherwise: about 1 GB of memory for all that is done with them. */
export const DEFAULT_MAX_NODES = 1_000_000
export const DEFAULT_MAX_EDGES = 2_000_000

/** Options of `graph`, checked and complete. */
export type CompleteGraphOptions = {
  /** `null`: all of the graph. */
  start: string[] | null
  /** Of a graph with a start: steps from it. */
  maxDepth: number
  types: string[]
  direction: 'outgoing' | 'incoming' | 'both'
  asOf: Timestamp | null
  minStrength: number | null
  maxNodes: number
  maxEdges: number
}

const most = z.int().min(1).max(Number.MAX_SAFE_INTEGER).nullish()

/** Options of `graph`. What a scope is, is not looked at. */
export const graphOptionsSchema: z.ZodType<CompleteGraphOptions & { scope: ScopeInput | null }> =
  strictObject({
    start: z.union([id, z.array(id).min(1)]).nullish(),
    maxDepth: z.int().min(1).max(GREATEST_MAX_DEPTH).nullish(),
    relationshipTypes,
    direction: z.enum(['outgoing', 'incoming', 'both']).nullish(),
    asOf,
    minStrength: fraction.nullish(),
    scope: z.custom<ScopeInput>().nullish(),
    maxNodes: most,
    maxEdges: most,
  })
    .refine(({ start, maxDepth }) => (start ?? null) !== null || (maxDepth ?? null) === null, {
      path: ['maxDepth'],
      message: 'needs a start to count from',
    })
    .transform((options) => ({
      start: typeof options.start === 'string' ? [options.start] : (options.start ?? null),
      maxDepth: options.maxDepth ?? DEFAULT_MAX_DEPTH,
      types: options.relationshipTypes,
      direction: options.direction ?? 'both',
      asOf: options.asOf,
      minStrength: options.minStrength ?? null,
      scope: options.scope ?? null,
      maxNodes: options.maxNodes ?? DEFAULT_MAX_NODES,
      maxEdges: options.maxEdges ?? DEFAULT_MAX_EDGES,
    }))
