import type { Memory } from '../model/memory.js'
import type { CompleteSearchQuery, PaginatedResult } from '../model/search-query.js'
import { textMatchOf } from '../search/text-match.js'
import { enrich } from './enrichment.js'
import type { GraphReader, MemoryCriteria, NodeRow } from './graph-driver.js'
import { memoryOf } from './memory-rows.js'

/** The page of hits that a checked search asks for, enriched when it says so. */
export async function searchMemories(reader: GraphReader, search: CompleteSearchQuery): Promise<Memory[]> {
  const criteria = criteriaOf(search)
  const page = { criteria, order: 'rank', limit: search.limit, offset: search.offset, afterId: null } as const
  const memories = decodeAll(await reader.findMemories(page))
  if (search.include_relationships && memories.length > 0)
    await enrich(reader, memories, criteria.text, search.as_of)
  return memories
}

/** The page of hits and the number of hits in all. */
export async function searchMemoriesPaginated(
  reader: GraphReader,
  search: CompleteSearchQuery,
): Promise<PaginatedResult> {
  const [results, total] = await Promise.all([
    searchMemories(reader, search),
    reader.countMemories(criteriaOf(search)),
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
})

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
