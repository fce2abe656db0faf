import * as z from 'zod'
import { type MemoryContext, type MemoryContextInput, memoryContextSchema } from './memory-context.js'
import { MEMORY_TYPES, type MemoryType } from './memory-type.js'
import type { Timestamp } from './timestamp.js'
import { boundedText, count, fraction, id, strictObject, text, timestamp } from './validation.js'

/** Longest title, in characters. */
export const MAX_TITLE_CHARACTERS = 200
/** Longest summary, in characters. */
export const MAX_SUMMARY_CHARACTERS = 500
/** Largest content unless the backend is given `maxContentBytes`, in bytes of UTF-8. */
export const DEFAULT_MAX_CONTENT_BYTES: number = 1024 * 1024
/** Importance of a memory that names none. */
export const DEFAULT_IMPORTANCE = 0.5
/** Confidence in a memory that names none. */
export const DEFAULT_CONFIDENCE = 0.8

/** Why a memory is among the hits of a search. */
export type MatchInfo = {
  /** Of `title`, `content`, `summary`, `tags`: the fields that hold something of the query. */
  matched_fields: string[]
  /** The words or terms of the query that were found. */
  matched_terms: string[]
  /** `high` for the title, `medium` for content or summary, else `low`. */
  match_quality: 'high' | 'medium' | 'low'
  /** What follows is set by recalls and hybrid searches. What the order is by; comparable within one answer alone. */
  score?: number
  /** The place, from 1, in each of the rankings that it is in. */
  ranks?: { text?: number; vector?: number; graph?: number }
  /** Cosine similarity of the memory's vector to that of the question, -1 to 1. */
  similarity?: number
  /** Where closeness to another memory counted: the ids from that one to this one. */
  path?: string[]
  /** Where the text has other words in place of those of the query, such as corrected ones: these words, by those. Else absent. */
  found_as?: { [term: string]: string[] }
  /** The passage that holds most of what was looked for, with that marked; absent where no snippets were asked for. */
  snippet?: string
}

/** A memory as it is read. Numbers and texts are as stored, also where another program left them outside our limits. */
export type Memory = {
  id: string
  type: MemoryType | (string & {})
  title: string
  content: string
  summary: string | null
  tags: string[]
  context: MemoryContext | null
  importance: number
  confidence: number
  effectiveness: number | null
  usage_count: number
  created_at: Timestamp
  updated_at: Timestamp
  last_accessed: Timestamp | null
  version: number
  updated_by: string | null
  /** Titles of directly related memories by lower-cased relationship type; `null` where not asked for. */
  relationships: { [relationshipType: string]: string[] } | null
  /** Set by searches that enrich. */
  match_info: MatchInfo | null
  /** One line about how the memory is related; set by searches that enrich. */
  context_summary: string | null
}

/**
 * A memory as a caller gives it to be stored. A {@link Memory} that was read can be given back: `updated_at` and `version` are
 * the store's, `relationships`, `match_info` and `context_summary` are worked out on reading, so these five are not taken.
 */
export type MemoryInput = {
  readonly id?: string | null | undefined
  readonly type: MemoryType | (string & {})
  readonly title: string
  readonly content: string
  readonly summary?: string | null | undefined
  readonly tags?: readonly string[] | null | undefined
  readonly context?: MemoryContextInput | null | undefined
  readonly importance?: number | null | undefined
  readonly confidence?: number | null | undefined
  readonly effectiveness?: number | null | undefined
  readonly usage_count?: number | null | undefined
  readonly created_at?: string | Date | null | undefined
  readonly updated_at?: string | Date | null | undefined
  readonly last_accessed?: string | Date | null | undefined
  readonly version?: number | null | undefined
  readonly updated_by?: string | null | undefined
  readonly relationships?: unknown
  readonly match_info?: unknown
  readonly context_summary?: unknown
}

/** A change of a stored memory: absent fields stay, `null` clears (lists to empty, importance and confidence to their defaults). */
export type MemoryPatch = { readonly [Field in keyof MemoryInput]?: MemoryInput[Field] | undefined }

/** A checked patch: it names its memory. */
export type CompleteMemoryPatch = MemoryPatch & { readonly id: string }

/** A title: trimmed, 1 to 200 characters. */
const title = boundedText(MAX_TITLE_CHARACTERS)
  .refine((value) => value.trim() !== '', 'must not be blank')
  .transform((value) => value.trim())

const content = text.refine((value) => value.trim() !== '', 'must not be blank')

/** Tags: lower case, trimmed, empty ones dropped, each once. */
export const tagList: z.ZodType<string[]> = z
  .array(text)
  .transform((tags) => [...new Set(tags.map((tag) => tag.trim().toLowerCase()).filter((tag) => tag !== ''))])

const memoryType = z.enum(MEMORY_TYPES)

const optionalFields = {
  id: id.nullish(),
  summary: boundedText(MAX_SUMMARY_CHARACTERS).nullish(),
  tags: tagList.nullish(),
  context: memoryContextSchema.nullish(),
  importance: fraction.nullish(),
  confidence: fraction.nullish(),
  effectiveness: fraction.nullish(),
  usage_count: count.nullish(),
  created_at: timestamp.nullish(),
  updated_at: timestamp.nullish(),
  last_accessed: timestamp.nullish(),
  version: z.int().min(1).nullish(),
  updated_by: text.nullish(),
  relationships: z.unknown().optional(),
  match_info: z.unknown().optional(),
  context_summary: z.unknown().optional(),
}

/** Checks a memory to be stored; keeps absent fields absent. */
export const memorySchema: z.ZodType<MemoryInput> = strictObject({
  type: memoryType,
  title,
  content,
  ...optionalFields,
})

/** Checks a patch of a memory. */
export const memoryPatchSchema: z.ZodType<CompleteMemoryPatch> = strictObject({
  ...optionalFields,
  type: memoryType.optional(),
  title: title.optional(),
  content: content.optional(),
  id,
})
