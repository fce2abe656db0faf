import * as z from 'zod'
import { modelName, vector } from './embedding.js'
import { type CompleteRanking, type RankingOptions, rankingSchema } from './ranking-options.js'
import { type CompleteSearchQuery, memoryFilterSchema } from './search-query.js'
import { type CompleteSnippetOptions, type SnippetOptions, snippetsSchema } from './snippet-options.js'
import { type CompleteTextBoosts, type TextBoosts, textBoostsSchema } from './text-boosts.js'
import { fraction, strictObject, text } from './validation.js'
import { DEFAULT_VECTOR_LIMIT, hitCount, MAX_EFFORT, type VectorFilter } from './vector-search.js'

/** How much each part of a hybrid search counts; 0 leaves one out. */
export type HybridWeights = {
  /** Of the ranking by text, 0 to 100. Default is 1. */
  readonly text?: number | null | undefined
  /** Of the ranking by vectors, 0 to 100. Default is 1, or what the embedder names. */
  readonly vector?: number | null | undefined
  /** Of closeness to other good hits, within each ranking, 0 to 1. Default is 1. */
  readonly graph?: number | null | undefined
}

/** What `hybridSearch` looks for: a text, a vector, or both. */
export type HybridQuery = {
  /** A question in plain language. */
  readonly text?: string | null | undefined
  /** Default is what the embedder makes of the text. */
  readonly vector?: readonly number[] | Float32Array | null | undefined
  /** The model the vector is of; not without one. Default is the one that recalls use. */
  readonly model?: string | null | undefined
  /** Hits: 1 to 1,000. Default is 10. */
  readonly k?: number | null | undefined
  readonly weights?: HybridWeights | null | undefined
  /** Whether memories close to the best hits are found too, and closeness counts. Default is true. */
  readonly expand?: boolean | null | undefined
  readonly filter?: Omit<VectorFilter, 'label'> | null | undefined
  /** As in a vector search. */
  readonly effort?: number | null | undefined
  /** Whether hits carry `relationships`, `match_info` and `context_summary`. Default is true. */
  readonly includeRelationships?: boolean | null | undefined
  /** As in a search. */
  readonly snippets?: boolean | SnippetOptions | null | undefined
  /** How much unlikeness counts beside relevance, 0 to 1, so that hits do not repeat each other. Default is 0. */
  readonly diversity?: number | null | undefined
  /** How much age and importance count beside the score. Default is not at all. */
  readonly ranking?: RankingOptions | null | undefined
  /** How much a word of the text counts by the field it is in, as in a search. */
  readonly boosts?: TextBoosts | null | undefined
}

/** The greatest weight. */
const MAX_WEIGHT = 100

/** A checked hybrid query with every default filled in. */
export type CompleteHybridQuery = {
  text: string
  vector: Float32Array | null
  model: string | null
  /** `null` is what the embedder names. */
  weights: { text: number; vector: number | null; graph: number }
  expand: boolean
  filter: CompleteSearchQuery
  k: number
  effort: number
  includeRelationships: boolean
  snippets: CompleteSnippetOptions | null
  diversity: number
  ranking: CompleteRanking | null
  boosts: CompleteTextBoosts
}

const weight = z.number().min(0).max(MAX_WEIGHT).nullish()

/** Checks a hybrid query and fills in the defaults. */
export const hybridQuerySchema: z.ZodType<CompleteHybridQuery> = strictObject({
  text: text.nullish(),
  vector: vector.nullish(),
  model: modelName.nullish(),
  k: hitCount.nullish(),
  weights: strictObject({ text: weight, vector: weight, graph: fraction.nullish() }).nullish(),
  expand: z.boolean().nullish(),
  filter: memoryFilterSchema.nullish(),
  effort: z.number().min(1).max(MAX_EFFORT).nullish(),
  includeRelationships: z.boolean().nullish(),
  snippets: snippetsSchema,
  diversity: fraction.nullish(),
  ranking: rankingSchema,
  boosts: textBoostsSchema,
})
  .refine(
    (query) => (query.text ?? null) !== null || (query.vector ?? null) !== null,
    'must name a text, a vector, or both',
  )
  .refine(
    (query) => (query.model ?? null) === null || (query.vector ?? null) !== null,
    'model: is that of a vector, and there is none: a text is embedded by the embedder of the backend',
  )
  .refine(
    (query) => query.weights?.text !== 0 || query.weights?.vector !== 0,
    'weights: text and vector must not both be 0',
  )
  .transform((query) => ({
    text: query.text ?? '',
    vector: query.vector ?? null,
    model: query.model ?? null,
    weights: {
      text: query.weights?.text ?? 1,
      vector: query.weights?.vector ?? null,
      graph: query.weights?.graph ?? 1,
    },
    expand: query.expand ?? true,
    filter: query.filter ?? memoryFilterSchema.parse({}),
    k: query.k ?? DEFAULT_VECTOR_LIMIT,
    effort: query.effort ?? 1,
    includeRelationships: query.includeRelationships ?? true,
    snippets: query.snippets,
    diversity: query.diversity ?? 0,
    ranking: query.ranking,
    boosts: query.boosts,
  }))
