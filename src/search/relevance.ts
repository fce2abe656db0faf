/*
 * How well memories answer a question, term by term. BM25's saturation (Robertson, Zaragoza, "The Probabilistic Relevance Framework:
 * BM25 and Beyond", 2009) with weighted fields says how much of each term a memory holds; what stands close to it lends it a share
 * of what it lacks.
 */

/** How fast further occurrences of a term count less. */
const SATURATION = 1.2
/** How much a long memory's occurrences count less, 0 to 1. */
const LENGTH_PENALTY = 0.6

/** What a memory holds of the terms of a question. */
export type Occurrences = {
  readonly id: string
  /** Of each term, how often it occurs, weighted by field. */
  readonly counts: readonly number[]
  /** Words in all. */
  readonly length: number
}

/** How much of each term of a question there is, 0 to 1. */
export type Shares = readonly number[]

/** How much of each term memories hold themselves; what is long is long in comparison with these. */
export function sharesOf(memories: readonly Occurrences[]): Map<string, Shares> {
  const average = memories.reduce((total, { length }) => total + length, 0) / memories.length || 1
  return new Map(
    memories.map(({ id, counts, length }) => {
      const half = SATURATION * (1 - LENGTH_PENALTY + (LENGTH_PENALTY * length) / average)
      return [id, counts.map((count) => count / (count + half))]
    }),
  )
}

/** How much a term tells, given how many of so many memories hold it: its inverse document frequency, never negative. */
export function weightOf(holders: number, memories: number): number {
  const known = Math.min(holders, memories)
  return Math.max(1e-6, Math.log((memories - known + 0.5) / (known + 0.5)))
}

/** A memory's relevance: of each term, by its weight, what the memory holds itself, and of what is missing the share that is lent to it. */
export function relevanceOf(weights: readonly number[], own: Shares, lent: Shares): number {
  return weights.reduce((sum, weight, at) => {
    const held = own[at] ?? 0
    return sum + weight * (held + (1 - held) * (lent[at] ?? 0))
  }, 0)
}
