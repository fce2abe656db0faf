import type { Memory } from '../../model/memory.js'
import type { CompleteRanking } from '../../model/ranking-options.js'
import type { CompleteSearchQuery } from '../../model/search-query.js'
import { compareText } from '../../model/text-order.js'
import { boostedScore } from '../../search/boosted-score.js'
import { diversify } from '../../search/diversity.js'
import { stemOf, wordsOf } from '../../search/words.js'
import { addMatchInfo, enrich } from '../enrichment.js'
import type { GraphReader, MemoryCriteria } from '../graph-driver.js'
import { memoryOf } from '../memory-rows.js'
import { type Question, rank, rankRest } from './hybrid-ranking.js'
import type { Ranked } from './ranked.js'

/** How much of a content is compared with that of others. */
const MAX_COMPARED_CHARACTERS = 4000

/** Which part of an answer is asked for, in which order, and what its memories say of what they are joined to and why they are there. */
export type AnswerPage = Pick<
  CompleteSearchQuery,
  'limit' | 'offset' | 'include_relationships' | 'snippets'
> & {
  /** How much unlikeness counts beside the score, 0 to 1. */
  readonly diversity: number
  /** What else than relevance counts; `null` is nothing. */
  readonly ranking: CompleteRanking | null
}

type Present = Ranked & { readonly memory: Memory }

/** The memories that answer a question, best first. */
export async function answer(reader: GraphReader, question: Question, page: AnswerPage): Promise<Memory[]> {
  const hits = (await ordered(reader, question, page)).slice(page.offset, page.offset + page.limit)
  const memories = hits.map(({ memory }) => memory)
  if (memories.length === 0) return []
  const { include_relationships: isEnriched, snippets } = page
  if (isEnriched) await enrich(reader, memories, question.expansion.asOf)
  if (isEnriched || snippets) {
    await addMatchInfo(memories, question.text, snippets)
    for (const { memory, score, why } of hits) Object.assign(memory.match_info as object, { score, ...why })
  }
  return memories
}

/** The memories up to the end of a page. What is ordered by more than the ranking is read as a whole. */
async function ordered(reader: GraphReader, question: Question, page: AnswerPage): Promise<Present[]> {
  const wanted = page.offset + page.limit
  const ranking = await rank(reader, question)
  const isReordered = page.diversity > 0 || page.ranking !== null
  const present = await presentOf(reader, ranking, question.criteria, isReordered ? ranking.length : wanted)
  const first = isReordered ? reordered(present, page) : present
  if (first.length >= wanted) return first
  const rest = await rankRest(reader, question, ranking, wanted)
  return [...first, ...(await presentOf(reader, rest, question.criteria, wanted - first.length))]
}

function reordered(present: readonly Present[], { diversity, ranking }: AnswerPage): Present[] {
  const scored = ranking ? boosted(present, ranking) : present
  return diversity > 0 ? unlike(scored, diversity) : [...scored]
}

function boosted(present: readonly Present[], ranking: CompleteRanking): Present[] {
  const now = Date.now()
  return present
    .map((one) => ({ ...one, score: boostedScore(one.score, one.memory, ranking, now) }))
    .sort((a, b) => b.score - a.score || compareText(a.id, b.id))
}

function unlike(present: readonly Present[], diversity: number): Present[] {
  const byId = new Map(present.map((one) => [one.id, one]))
  const candidates = present.map(({ id, score, memory }) => ({ id, score, stems: stemsOf(memory) }))
  return diversify(candidates, candidates.length, diversity).map((id) => byId.get(id) as Present)
}

function stemsOf({ title, content }: Memory): Set<string> {
  return new Set(wordsOf(`${title} ${content.slice(0, MAX_COMPARED_CHARACTERS)}`).map(stemOf))
}

/** The first of a ranking that are there and meet the criteria, read as they are needed. */
async function presentOf(
  reader: GraphReader,
  ranking: readonly Ranked[],
  criteria: MemoryCriteria,
  wanted: number,
): Promise<Present[]> {
  const present: Present[] = []
  for (let at = 0; at < ranking.length && present.length < wanted; at += wanted) {
    const part = ranking.slice(at, at + wanted)
    const missing = part.filter(({ memory }) => memory === null).map(({ id }) => id)
    const read = new Map((await readByIds(reader, criteria, missing)).map((memory) => [memory.id, memory]))
    for (const one of part) {
      const memory = one.memory ?? read.get(one.id)
      if (memory) present.push({ ...one, memory })
    }
  }
  return present
}

async function readByIds(
  reader: GraphReader,
  criteria: MemoryCriteria,
  ids: readonly string[],
): Promise<Memory[]> {
  if (ids.length === 0) return []
  const page = { order: 'id', limit: ids.length, offset: 0, afterId: null } as const
  return (await reader.findMemories({ ...page, criteria: { ...criteria, ids } })).map(memoryOf)
}
