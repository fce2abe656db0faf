import { breathe } from '../../breathe.js'
import type { Memory } from '../../model/memory.js'
import { lend, relevances } from '../../search/lending.js'
import { type Occurrences, type Shares, sharesOf, weightOf } from '../../search/relevance.js'
import { occurrenceCounter, stemsOfWord, type WeightedStem } from '../../search/term-occurrences.js'
import { type TextMatch, type TextTerm, withoutAlternatives } from '../../search/text-match.js'
import type { GraphReader, MemoryCriteria, WordCounts } from '../graph-driver.js'
import { memoryOf } from '../memory-rows.js'
import { type Expansion, linksAround } from './closeness.js'
import { bestFirst, loanInfo, placesOf, type Ranked } from './ranked.js'

/** Hits of the full-text index whose texts are looked at. */
export const CANDIDATES = 64
/** Hits that lend to what stands close to them: the best. */
export const LENDERS = 15
/** Words are looked for, the rarest first, as long as no more memories than these hold them in all. */
const LEAST_SCANNED = 10_000
const GREATEST_SCANNED_SHARE = 0.15

/** What a ranking by text is about. */
export type TextQuestion = {
  /** Any of its terms is enough. */
  readonly text: TextMatch
  /** What memories must meet besides; names no text. */
  readonly criteria: MemoryCriteria
  /** How what stands close to good hits is found too, and counts for hits. */
  readonly expansion: Expansion
}

/** Memories by how well they answer, best first: the first hits of the full-text index, and what stands close to them. */
export async function rankByText(reader: GraphReader, question: TextQuestion): Promise<Ranked[]> {
  const stems = question.text.terms.map(stemsOfWord)
  const counts = await reader.countWords([
    ...new Set(stems.flatMap((list) => list?.map(({ stem }) => stem) ?? [])),
  ])
  const holders = stems.map((list) => list && holdersOf(list, counts))
  const memories = await candidates(reader, question, holders, counts.memories)
  if (memories.length === 0) return []
  const occurrences = await occurrencesIn(memories, question.text)
  const weights = holders.map((known, at) =>
    weightOf(known ?? holdersAmong(occurrences, at), Math.max(counts.memories, memories.length)),
  )
  const shares = sharesOf(occurrences)
  const own = bestFirst(relevances(weights, shares, new Map()))
  const lenders = new Map(own.slice(0, LENDERS).map((id) => [id, shares.get(id) as Shares]))
  const links = await linksAround(reader, [...lenders.keys()], question.expansion)
  const loans = lend(lenders, weights, links)
  const scores = relevances(weights, shares, loans)
  const byId = new Map(memories.map((memory) => [memory.id, memory]))
  const places = placesOf(own)
  const infoOf = loanInfo(loans)
  return bestFirst(scores).map((id) => {
    const [text, lent] = [places.get(id), infoOf(id)]
    const why = { ...lent, ranks: { ...(text !== undefined && { text }), ...lent.ranks } }
    return { id, score: scores.get(id) as number, memory: byId.get(id) ?? null, why }
  })
}

async function occurrencesIn(memories: readonly Memory[], text: TextMatch): Promise<Occurrences[]> {
  const count = occurrenceCounter(text)
  const occurrences: Occurrences[] = []
  for (const memory of memories) {
    await breathe()
    occurrences.push(count(memory))
  }
  return occurrences
}

/**
 * The first hits of the full-text index. Words that many memories hold tell little and cost much: where the rarer ones bring enough hits,
 * the others only count for the order of these.
 */
async function candidates(
  reader: GraphReader,
  { text, criteria }: TextQuestion,
  holders: readonly (number | null)[],
  memories: number,
): Promise<Memory[]> {
  const find = (wanted: readonly TextTerm[]): Promise<Memory[]> =>
    firstHits(reader, { ...text, terms: wanted }, criteria, CANDIDATES)
  const { terms } = text
  const telling = rarestOf(terms, holders, memories)
  const found = await find(telling)
  return found.length < CANDIDATES && telling.length < terms.length ? find(terms) : found
}

/** Memories in the order of the full-text index alone, at most so many. */
export async function listByText(
  reader: GraphReader,
  { text, criteria }: TextQuestion,
  limit: number,
): Promise<Ranked[]> {
  const memories = await firstHits(reader, text, criteria, limit)
  return memories.map((memory) => ({ id: memory.id, score: 0, memory, why: { ranks: {} } }))
}

async function firstHits(
  reader: GraphReader,
  text: TextMatch,
  criteria: MemoryCriteria,
  limit: number,
): Promise<Memory[]> {
  const page = { order: 'rank', limit, offset: 0, afterId: null } as const
  const rows = await reader.findMemories({
    ...page,
    criteria: { ...criteria, text: withoutAlternatives(text) },
  })
  return rows.map(memoryOf)
}

function rarestOf(
  terms: readonly TextTerm[],
  holders: readonly (number | null)[],
  memories: number,
): TextTerm[] {
  const budget = Math.max(LEAST_SCANNED, memories * GREATEST_SCANNED_SHARE)
  let scanned = 0
  const known = terms.map((term, at) => ({ term, holders: holders[at] ?? 0 }))
  const kept = known
    .sort((a, b) => a.holders - b.holders)
    .filter((word, at) => {
      scanned += word.holders
      return at === 0 || scanned <= budget
    })
    .map(({ term }) => term)
  return terms.filter((term) => kept.includes(term))
}

function holdersOf(stems: readonly WeightedStem[], { holders }: WordCounts): number {
  return stems.reduce((sum, { stem }) => sum + (holders.get(stem) ?? 0), 0)
}

function holdersAmong(occurrences: readonly Occurrences[], at: number): number {
  return occurrences.filter(({ counts }) => (counts[at] ?? 0) > 0).length
}
