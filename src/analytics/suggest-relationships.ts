import type { GraphBackend, GraphOptions } from '../backends/graph-backend.js'
import { MemoryNotFoundError } from '../errors.js'
import type { GraphRunOptions } from '../graph/graph-view.js'
import { keyOfNode } from '../graph/view/node-key.js'
import {
  type RelationshipTypeSuggestion,
  suggestRelationshipTypes,
} from '../knowledge/suggest-relationship-types.js'
import { suggestionOptionsSchema } from '../model/analytics-options.js'
import type { MatchInfo, Memory } from '../model/memory.js'
import { MAX_SEARCH_LIMIT } from '../model/search-query.js'
import { compareText } from '../model/text-order.js'
import { validate } from '../model/validation.js'
import { fuseRankings } from '../search/rank-fusion.js'
import { idOf, neighborKeysOf } from './node-keys.js'
import { neighborsOfNeighbors } from './shared-neighbors.js'

/** Options of {@link suggestRelationships}. */
export type SuggestRelationshipsOptions = Pick<GraphOptions, 'maxNodes' | 'maxEdges'> &
  GraphRunOptions & {
    /** 1 to 1,000. Default is 10. */
    readonly limit?: number | null | undefined
  }

/** A relationship that may be missing, and why. */
export type SuggestedRelationship = {
  /** The memory that is not joined to the one asked about. */
  memory: Memory
  /** Which of the two it would start from and lead to, its type, and how likely that is the one, 0..1: by what the two are. */
  from_memory_id: string
  to_memory_id: string
  type: RelationshipTypeSuggestion['type']
  confidence: number
  /** The sum of the reciprocal ranks by structure and by text. */
  score: number
  /** What is joined to both, ascending, and how much that says (Adamic and Adar); none and 0 where it was found by its text alone. */
  shared_neighbor_ids: string[]
  adamic_adar: number
  /** How its text matches that of the one asked about; `null` where it was found by structure alone. */
  match_info: MatchInfo | null
}

/** Memories that are looked at for their text at least: enough for their ranks to mean something. */
const LEAST_HITS = 50

/**
 * Memories that one may be joined to and is not yet, best first, then by id: those that have neighbours in common with it, and those
 * that its title and content are a good question for (see `recallMemories()`), fused by reciprocal rank. Only relationships without
 * a `valid_until` count as joining.
 *
 * @throws `MG_NOT_FOUND` there is no such memory · `MG_VALIDATION` · `MG_GRAPH_TOO_LARGE` · `MG_ABORTED`
 */
export async function suggestRelationships(
  backend: Pick<GraphBackend, 'graph' | 'getMemory' | 'getMemories' | 'recallMemories'>,
  id: string,
  options: SuggestRelationshipsOptions = {},
): Promise<SuggestedRelationship[]> {
  const { part, run, limit } = validate(suggestionOptionsSchema, options, 'suggestion options')
  const memory = await backend.getMemory(id, false)
  if (memory === null)
    throw new MemoryNotFoundError(`There is no memory with the id ${JSON.stringify(id)}`, { details: { id } })
  const view = await backend.graph({ ...(part as GraphOptions), start: id, maxDepth: 2 })
  const graph = await view.graphology(run)
  const key = keyOfNode(graph, id)
  const neighbors = key === undefined ? [] : neighborKeysOf(graph, key)
  const joined = new Set([id, ...neighbors.map((neighbor) => idOf(graph, neighbor))])
  const near = key === undefined ? [] : await neighborsOfNeighbors(graph, key, run)
  const alike = await memoriesAlike(backend, memory, joined, limit)
  const scores = fuseRankings(
    [near, alike].map((found) => ({ ids: found.slice(0, MAX_SEARCH_LIMIT).map((one) => one.id), weight: 1 })),
  )
  const best = [...scores]
    .sort(([a, scoreA], [b, scoreB]) => scoreB - scoreA || compareText(a, b))
    .slice(0, limit)
  const found = await backend.getMemories(best.map(([other]) => other))
  const structures = new Map(near.map((one) => [one.id, one]))
  const matches = new Map(alike.map((one) => [one.id, one.match_info]))
  return found.map((other): SuggestedRelationship => {
    const structure = structures.get(other.id)
    return {
      memory: other,
      ...likeliest(memory, other),
      score: scores.get(other.id) as number,
      shared_neighbor_ids: [...(structure?.shared ?? [])],
      adamic_adar: structure?.adamicAdar ?? 0,
      match_info: matches.get(other.id) ?? null,
    }
  })
}

/** Memories by how well they answer what one says, without those that it is joined to. What relationships lend them does not count. */
async function memoriesAlike(
  backend: Pick<GraphBackend, 'recallMemories'>,
  { title, content }: Memory,
  joined: ReadonlySet<string>,
  limit: number,
): Promise<Memory[]> {
  const alike: Memory[] = []
  const page = Math.max(limit, LEAST_HITS)
  for (let offset = 0; alike.length < page && offset < MAX_SEARCH_LIMIT; offset += page) {
    const options = { limit: page, offset, expand: false }
    const hits = await backend.recallMemories(`${title}\n${content}`, options)
    alike.push(...hits.filter((hit) => !joined.has(hit.id)))
    if (hits.length < page) break
  }
  return alike
}

/** The likeliest relationship between two memories, whichever it starts from; the first one where both are as likely. */
function likeliest(
  one: Memory,
  other: Memory,
): Pick<SuggestedRelationship, 'from_memory_id' | 'to_memory_id' | 'type' | 'confidence'> {
  const [there] = suggestRelationshipTypes(one, other) as [RelationshipTypeSuggestion]
  const [back] = suggestRelationshipTypes(other, one) as [RelationshipTypeSuggestion]
  return back.confidence > there.confidence
    ? { from_memory_id: other.id, to_memory_id: one.id, ...back }
    : { from_memory_id: one.id, to_memory_id: other.id, ...there }
}
