import type { Memory } from '../model/memory.js'
import type { CompleteSearchQuery, PaginatedResult } from '../model/search-query.js'
import { type PreparedSynonyms, withSynonyms } from '../search/synonyms.js'
import { textMatchOf } from '../search/text-match.js'
import { guessesOf, withCorrections } from '../search/tolerant-match.js'
import { addMatchInfo, enrich } from './enrichment.js'
import type { GraphReader, MemoryCriteria, NodeRow } from './graph-driver.js'
import { memoryOf } from './memory-rows.js'

/** The page of hits that a checked search asks for, enriched when it says so. */
export async function searchMemories(
  reader: GraphReader,
  search: CompleteSearchQuery,
  synonyms: PreparedSynonyms,
): Promise<Memory[]> {
  return pageOf(reader, search, await tolerant(reader, criteriaOf(search), synonyms))
}

async function pageOf(
  reader: GraphReader,
  search: CompleteSearchQuery,
  criteria: MemoryCriteria,
): Promise<Memory[]> {
  const page = { criteria, order: 'rank', limit: search.limit, offset: search.offset, afterId: null } as const
  const memories = decodeAll(await reader.findMemories(page))
  if (search.include_relationships && memories.length > 0) await enrich(reader, memories, search.as_of)
  if (search.include_relationships || search.snippets)
    await addMatchInfo(memories, criteria.text, search.snippets)
  return memories
}

/** The page of hits and the number of hits in all. */
export async function searchMemoriesPaginated(
  reader: GraphReader,
  search: CompleteSearchQuery,
  synonyms: PreparedSynonyms,
): Promise<PaginatedResult> {
  const criteria = await tolerant(reader, criteriaOf(search), synonyms)
  const [results, total] = await Promise.all([
    pageOf(reader, search, criteria),
    reader.countMemories(criteria),
  ])
  const { limit, offset } = search
  const hasMore = offset + limit < total
  return {
    results,
    total_count: total,
    limit,
    offset,
    has_more: hasMore,
    next_offset: hasMore ? offset + limit : null,
  }
}

/** Criteria whose text also finds synonyms, and, where typing errors are tolerated, what words with such errors were meant to be. */
async function tolerant(
  reader: GraphReader,
  criteria: MemoryCriteria,
  synonyms: PreparedSynonyms,
): Promise<MemoryCriteria> {
  const text = withSynonyms(criteria.text, synonyms)
  const guesses = guessesOf(text)
  if (text === null || guesses.length === 0) return { ...criteria, text }
  const found = await reader.findWords(guesses, criteria.within)
  return { ...criteria, text: withCorrections(text, guesses, found) }
}

/** Criteria that every memory meets. */
export const NO_CRITERIA: MemoryCriteria = Object.freeze({
  text: null,
  types: [],
  tags: [],
  projectPath: null,
  languages: [],
  frameworks: [],
  minImportance: null,
  minConfidence: null,
  minEffectiveness: null,
  createdAfter: null,
  createdBefore: null,
  relatedBy: [],
  relatedAt: null,
  notReachedBy: [],
  within: [],
  ids: null,
})

/** Whether every memory meets criteria. */
export function isUnfiltered(criteria: MemoryCriteria): boolean {
  return Object.values(criteria).every(
    (value) => value === null || (Array.isArray(value) && value.length === 0),
  )
}

/** A checked search as the driver takes it. */
export function criteriaOf(search: CompleteSearchQuery): MemoryCriteria {
  return {
    text: textMatchOf(search),
    types: search.memory_types,
    tags: search.tags,
    projectPath: search.project_path,
    languages: search.languages,
    frameworks: search.frameworks,
    minImportance: search.min_importance,
    minConfidence: search.min_confidence,
    minEffectiveness: search.min_effectiveness,
    createdAfter: search.created_after,
    createdBefore: search.created_before,
    relatedBy: search.relationship_filter,
    relatedAt: search.relationship_filter.length > 0 ? search.as_of : null,
    notReachedBy: [],
    within: [],
    ids: null,
  }
}

/** The memories that rows hold. */
export function decodeAll(rows: readonly NodeRow[]): Memory[] {
  return rows.map(memoryOf)
}

/** The sum of counts. */
export function sum(counts: { readonly [key: string]: number }): number {
  return Object.values(counts).reduce((total, count) => total + count, 0)
}
