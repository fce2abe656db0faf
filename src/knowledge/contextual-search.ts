import type { GraphBackend } from '../backends/graph-backend.js'
import type { Memory } from '../model/memory.js'
import { contextualSearchOptionsSchema } from '../model/method-options.js'
import { validate } from '../model/validation.js'

/** Options of {@link contextualSearch}. */
export type ContextualSearchOptions = {
  /** How many steps around the memory; clamped to 1..10. Default is 2. */
  readonly maxDepth?: number | null | undefined
  /** Most hits. Default is 20. */
  readonly limit?: number | null | undefined
}

const PAGE_SIZE = 1000

/** Memories around one that have something of a query, best first: a search among what is related. */
export async function contextualSearch(
  backend: Pick<GraphBackend, 'getRelatedMemories' | 'searchMemories'>,
  memoryId: string,
  query: string,
  options: ContextualSearchOptions = {},
): Promise<Memory[]> {
  const { maxDepth, limit } = validate(contextualSearchOptionsSchema, options, 'contextual search options')
  const related = await backend.getRelatedMemories(memoryId, { maxDepth, limit: null })
  const ids = new Set(related.map(([memory]) => memory.id))
  const hits: Memory[] = []
  const most = limit
  for (let offset = 0; hits.length < Math.min(most, ids.size); offset += PAGE_SIZE) {
    const page = await backend.searchMemories({ query, limit: PAGE_SIZE, offset })
    hits.push(...page.filter(({ id }) => ids.has(id)))
    if (page.length < PAGE_SIZE) break
  }
  return hits.slice(0, most)
}
