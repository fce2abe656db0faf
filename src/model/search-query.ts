import * as z from 'zod'
import { type Memory, tagList } from './memory.js'
import { MEMORY_TYPES, type MemoryType } from './memory-type.js'
import { type CompleteRanking, type RankingOptions, rankingSchema } from './ranking-options.js'
import { RELATIONSHIP_TYPES, type RelationshipType } from './relationship-type.js'
import { type CompleteSnippetOptions, type SnippetOptions, snippetsSchema } from './snippet-options.js'
import {
  type CompleteTextBoosts,
  DEFAULT_TEXT_BOOSTS,
  type TextBoosts,
  textBoostsSchema,
} from './text-boosts.js'
import type { Timestamp } from './timestamp.js'
import { count, fraction, strictObject, text, timestamp } from './validation.js'

/** How closely text must match: a substring; whole words by their stem; words by their beginning. */
export const SEARCH_TOLERANCES = ['strict', 'normal', 'fuzzy'] as const
/** One of {@link SEARCH_TOLERANCES}. */
export type SearchTolerance = (typeof SEARCH_TOLERANCES)[number]
/** Hits a search returns unless it says otherwise. */
export const DEFAULT_SEARCH_LIMIT = 50
/** Most hits one search may return. */
export const MAX_SEARCH_LIMIT = 1000

/** A search. Filters are joined by AND; the values within one filter by OR. Every field is optional. */
export type SearchQuery = {
  /**
   * Text to look for: its words, and what stands in double quotes as a phrase, or with `strict` the whole of it as one substring.
   * Empty matches everything.
   */
  readonly query?: string | null | undefined
  /** Several texts to look for, instead of `query`, at most 100. A term of several words is a phrase. */
  readonly terms?: readonly string[] | null | undefined
  /** Whether any or all of the words or terms must be there. Default is `any`. */
  readonly match_mode?: 'any' | 'all' | null | undefined
  /** Default is `normal`. */
  readonly search_tolerance?: SearchTolerance | null | undefined
  /** How much a word counts by the field it is in. With `strict`, and where signs are looked for, nothing does. */
  readonly boosts?: TextBoosts | null | undefined
  readonly memory_types?: readonly (MemoryType | (string & {}))[] | null | undefined
  /** A memory that has any of these tags; case does not matter. */
  readonly tags?: readonly string[] | null | undefined
  /** Exactly this project path. */
  readonly project_path?: string | null | undefined
  /** Any of these languages; case does not matter. */
  readonly languages?: readonly string[] | null | undefined
  /** Any of these frameworks; case does not matter. */
  readonly frameworks?: readonly string[] | null | undefined
  readonly min_importance?: number | null | undefined
  readonly min_confidence?: number | null | undefined
  /** Memories whose effectiveness is not known do not pass. */
  readonly min_effectiveness?: number | null | undefined
  /** Created at this instant or later. */
  readonly created_after?: string | Date | null | undefined
  /** Created at this instant or earlier. */
  readonly created_before?: string | Date | null | undefined
  /** 1 to 1,000. Default is 50. */
  readonly limit?: number | null | undefined
  /** Hits to leave out at the start. Default is 0. */
  readonly offset?: number | null | undefined
  /** Whether hits carry `relationships`, `match_info` and `context_summary`. Default is true. */
  readonly include_relationships?: boolean | null | undefined
  /** Whether hits carry `match_info` with a snippet, also where they carry no relationships, and how it looks. Default is false. */
  readonly snippets?: boolean | SnippetOptions | null | undefined
  /** The instant whose relationships count, for `relationship_filter` and for what hits carry. Default is those without a `valid_until`. */
  readonly as_of?: string | Date | null | undefined
  /** A memory that has a relationship of any of these types, in either direction: a current one, or one that held at `as_of`. */
  readonly relationship_filter?: readonly (RelationshipType | (string & {}))[] | null | undefined
}

/** The fields of a search that are about its text and how its hits are shown; all others are filters. */
export type TextSearchField =
  | 'query'
  | 'terms'
  | 'match_mode'
  | 'search_tolerance'
  | 'boosts'
  | 'limit'
  | 'offset'
  | 'include_relationships'
  | 'snippets'

/** One page of a search, and how many there are in all. */
export type PaginatedResult = {
  results: Memory[]
  total_count: number
  limit: number
  offset: number
  has_more: boolean
  /** `offset` of the next page; `null` on the last. */
  next_offset: number | null
}

/** A checked search with every default filled in. */
export type CompleteSearchQuery = {
  query: string
  terms: string[]
  match_mode: 'any' | 'all'
  search_tolerance: SearchTolerance
  boosts: CompleteTextBoosts
  memory_types: string[]
  tags: string[]
  project_path: string | null
  languages: string[]
  frameworks: string[]
  min_importance: number | null
  min_confidence: number | null
  min_effectiveness: number | null
  created_after: Timestamp | null
  created_before: Timestamp | null
  limit: number
  offset: number
  include_relationships: boolean
  snippets: CompleteSnippetOptions | null
  as_of: Timestamp | null
  relationship_filter: string[]
}

/** Most values of one filter. */
export const MAX_FILTER_VALUES = 100
/** Most terms of one search. */
export const MAX_SEARCH_TERMS = 100
/** Longest text of one query or term, in characters; a recall may be longer, since only its words are looked for. */
export const MAX_QUERY_CHARACTERS = 2000

const queryText = text.max(MAX_QUERY_CHARACTERS, `must be at most ${MAX_QUERY_CHARACTERS} characters`)
const texts = z.array(queryText).nullish()
const terms = z.array(queryText).max(MAX_SEARCH_TERMS, `must be at most ${MAX_SEARCH_TERMS} terms`).nullish()
const limit = z.int().min(1).max(MAX_SEARCH_LIMIT)
const fewEnough = (list: readonly unknown[]): boolean => list.length <= MAX_FILTER_VALUES
const tooMany = `must be at most ${MAX_FILTER_VALUES} values`
const filterTags: z.ZodType<string[]> = tagList.refine(fewEnough, tooMany)
const names: z.ZodType<string[]> = texts
  .refine((list) => fewEnough(list ?? []), tooMany)
  .transform((list) => [
    ...new Set((list ?? []).map((name) => name.trim().toLowerCase()).filter((name) => name !== '')),
  ])

function orDefault<Value>(schema: z.ZodType<Value>, value: Value): z.ZodType<Value> {
  return schema.nullish().transform((given) => given ?? value)
}

/** Types whose names are checked, so that a typing error is not an empty answer. */
function listOf<Name extends string>(allowed: readonly Name[]): z.ZodType<string[]> {
  return orDefault<string[]>(z.array(z.enum(allowed as readonly [Name, ...Name[]])), [])
}

const filters = {
  memory_types: listOf(MEMORY_TYPES),
  tags: orDefault<string[]>(filterTags, []),
  project_path: orDefault<string | null>(text, null),
  languages: names,
  frameworks: names,
  min_importance: orDefault<number | null>(fraction, null),
  min_confidence: orDefault<number | null>(fraction, null),
  min_effectiveness: orDefault<number | null>(fraction, null),
  created_after: orDefault<Timestamp | null>(timestamp, null),
  created_before: orDefault<Timestamp | null>(timestamp, null),
  as_of: orDefault<Timestamp | null>(timestamp, null),
  relationship_filter: listOf(RELATIONSHIP_TYPES),
}

/** Checks a search and fills in the defaults. */
export const searchQuerySchema: z.ZodType<CompleteSearchQuery> = strictObject({
  query: orDefault(queryText, '').transform((value) => value.trim()),
  terms: terms.transform((given) => (given ?? []).map((term) => term.trim()).filter((term) => term !== '')),
  match_mode: orDefault<'any' | 'all'>(z.enum(['any', 'all']), 'any'),
  search_tolerance: orDefault<SearchTolerance>(z.enum(SEARCH_TOLERANCES), 'normal'),
  boosts: textBoostsSchema,
  ...filters,
  limit: orDefault(limit, DEFAULT_SEARCH_LIMIT),
  offset: orDefault<number>(count, 0),
  include_relationships: orDefault(z.boolean(), true),
  snippets: snippetsSchema,
})

/** Checks the filters of a search alone, as a search without text. */
export const memoryFilterSchema: z.ZodType<CompleteSearchQuery> = strictObject(filters).transform(
  (filter) => ({
    ...filter,
    query: '',
    terms: [],
    match_mode: 'any' as const,
    search_tolerance: 'normal' as const,
    boosts: DEFAULT_TEXT_BOOSTS,
    limit: DEFAULT_SEARCH_LIMIT,
    offset: 0,
    include_relationships: false,
    snippets: null,
  }),
)

/** Options of a recall in plain language. */
export type RecallOptions = {
  /** 1 to 1,000. Default is 20. */
  readonly limit?: number | null | undefined
  /** Hits to leave out at the start. Default is 0. */
  readonly offset?: number | null | undefined
  readonly memoryTypes?: readonly (MemoryType | (string & {}))[] | null | undefined
  readonly projectPath?: string | null | undefined
  readonly tags?: readonly string[] | null | undefined
  readonly minImportance?: number | null | undefined
  /** Default is true, as in a search. */
  readonly includeRelationships?: boolean | null | undefined
  /** As in a search. */
  readonly boosts?: TextBoosts | null | undefined
  /** As in a search. */
  readonly snippets?: boolean | SnippetOptions | null | undefined
  /** The instant whose relationships hits carry, and are found by. Default is those without a `valid_until`. */
  readonly asOf?: string | Date | null | undefined
  /** Whether memories close to good hits, by relationships or in a session, are found too, and closeness counts. Default is true. */
  readonly expand?: boolean | null | undefined
  /** How much unlikeness counts beside relevance, 0 to 1, so that hits do not repeat each other. Default is 0. */
  readonly diversity?: number | null | undefined
  /** How much age and importance count beside relevance. Default is not at all. */
  readonly ranking?: RankingOptions | null | undefined
}

/** Checked options of a recall: what a search says too, and what is its own. */
export type CompleteRecallOptions = {
  readonly search: SearchQuery
  readonly expand: boolean
  readonly diversity: number
  readonly ranking: CompleteRanking | null
}

/** Hits a recall returns unless it says otherwise. */
export const DEFAULT_RECALL_LIMIT = 20

/** Checks the options of a recall and fills in the defaults. */
export const recallOptionsSchema: z.ZodType<CompleteRecallOptions> = strictObject({
  limit: limit.nullish(),
  offset: count.nullish(),
  memoryTypes: z.array(z.string()).nullish(),
  projectPath: text.nullish(),
  tags: z.array(text).nullish(),
  minImportance: fraction.nullish(),
  includeRelationships: z.boolean().nullish(),
  boosts: textBoostsSchema,
  snippets: snippetsSchema,
  asOf: timestamp.nullish(),
  expand: z.boolean().nullish(),
  diversity: fraction.nullish(),
  ranking: rankingSchema,
}).transform(({ expand, diversity, ranking, ...options }) => ({
  expand: expand ?? true,
  diversity: diversity ?? 0,
  ranking,
  search: {
    limit: options.limit ?? DEFAULT_RECALL_LIMIT,
    offset: options.offset,
    memory_types: options.memoryTypes,
    project_path: options.projectPath,
    tags: options.tags,
    min_importance: options.minImportance,
    include_relationships: options.includeRelationships,
    boosts: options.boosts,
    snippets: options.snippets,
    as_of: options.asOf,
  },
}))
