import * as z from 'zod'
import { modelName } from './embedding.js'
import type { Memory } from './memory.js'
import type { GraphNode } from './node.js'
import {
  type CompleteSearchQuery,
  MAX_SEARCH_LIMIT,
  memoryFilterSchema,
  type SearchQuery,
  type TextSearchField,
} from './search-query.js'
import { strictObject, text } from './validation.js'

/** Hits of a vector search unless it says otherwise. */
export const DEFAULT_VECTOR_LIMIT = 10
/** The greatest `effort`. */
export const MAX_EFFORT = 100

/** Which nodes a vector search looks among: the filters of a search, and a label. */
export type VectorFilter = Omit<SearchQuery, TextSearchField> & {
  /** Nodes of this label; default is `Memory`, and `null` is any. The other filters are about memories alone. */
  readonly label?: string | null | undefined
}

/** Options of `searchByVector`. */
export type VectorSearchOptions = {
  /** The model whose vectors are compared. Default is the one that recalls use, else the only one there is. */
  readonly model?: string | null | undefined
  /** Hits: 1 to 1,000. Default is 10. */
  readonly k?: number | null | undefined
  /** Is applied before the nearest are chosen, so that there are `k` hits wherever so many pass. */
  readonly filter?: VectorFilter | null | undefined
  /** Least cosine similarity, -1 to 1. Default is any. */
  readonly minScore?: number | null | undefined
  /**
   * How many times as many candidates as usual are compared exactly, 1 to 100: buys recall with time, where a quantised or
   * DiskANN index is used. Default is 1.
   */
  readonly effort?: number | null | undefined
  /** Whether every vector is compared, whatever the strategy. Default is false. */
  readonly exact?: boolean | null | undefined
}

/** A node near a vector. */
export type VectorHit = {
  id: string
  label: string
  /** Cosine similarity, -1 to 1. */
  score: number
  /** The memory, without relationships; `null` for a node of another label. */
  memory: Memory | null
  /** A node of another label; `null` for a memory. */
  node: GraphNode | null
}

/** Checked options of `searchByVector`. */
export type CompleteVectorSearch = {
  model: string | null
  k: number
  /** `null` is any. */
  label: string | null
  /** A search without text; `null` where nothing is asked of memories. */
  filter: CompleteSearchQuery | null
  minScore: number | null
  effort: number
  exact: boolean
}

/** A number of hits. */
export const hitCount: z.ZodNumber = z.int().min(1).max(MAX_SEARCH_LIMIT)

const filterSchema: z.ZodType<{ label: string | null; filter: CompleteSearchQuery | null }> = z
  .looseObject({ label: text.nullish() })
  .transform(({ label = 'Memory', ...filter }, context) => {
    const checked = memoryFilterSchema.safeParse(filter)
    for (const issue of checked.error?.issues ?? [])
      context.addIssue({ code: 'custom', message: issue.message, path: issue.path as PropertyKey[] })
    if (!checked.success) return z.NEVER
    const asked = Object.values(filter).some((value) =>
      Array.isArray(value) ? value.length > 0 : value != null,
    )
    if (!asked) return { label, filter: null }
    if (label === null || label === 'Memory') return { label: 'Memory', filter: checked.data }
    const message = 'the other filters are about memories: leave them out'
    context.addIssue({ code: 'custom', path: ['label'], message })
    return z.NEVER
  })

/** Checks options of `searchByVector` and fills in the defaults. */
export const vectorSearchSchema: z.ZodType<CompleteVectorSearch> = strictObject({
  model: modelName.nullish(),
  k: hitCount.nullish(),
  filter: filterSchema.nullish(),
  minScore: z.number().min(-1).max(1).nullish(),
  effort: z.number().min(1).max(MAX_EFFORT).nullish(),
  exact: z.boolean().nullish(),
}).transform(({ model, k, filter, minScore, effort, exact }) => ({
  model: model ?? null,
  k: k ?? DEFAULT_VECTOR_LIMIT,
  label: filter ? filter.label : 'Memory',
  filter: filter?.filter ?? null,
  minScore: minScore ?? null,
  effort: effort ?? 1,
  exact: exact ?? false,
}))
