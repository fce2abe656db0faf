import type { Memory } from '../model/memory.js'
import { compareText } from '../model/text-order.js'
import { isStopWord } from '../search/stop-words.js'
import { spelledWordsOf, stemOf } from '../search/words.js'

const MAX_TAGS = 10
const MAX_KEYWORDS = 5
/** Fewer letters than this say little, but for scripts in which they are words. */
const LEAST_LATIN_LETTERS = 3

/** How many memories have a term. */
export type TermCounts = Map<string, number>

/** What the memories of a cluster say: their tags, and the terms that may name it. */
export class ClusterTerms {
  readonly #tags: TermCounts = new Map()
  readonly #terms: TermCounts = new Map()

  /** Takes note of a memory's tags, and of its terms. */
  add(tags: readonly string[], terms: ReadonlySet<string>): void {
    countEach(this.#tags, new Set(tags))
    countEach(this.#terms, terms)
  }

  /** Tags of two memories or more, commonest first, then by name. */
  commonTags(): { tag: string; count: number }[] {
    return [...this.#tags]
      .filter(([, count]) => count > 1)
      .sort(([a, countA], [b, countB]) => countB - countA || compareText(a, b))
      .slice(0, MAX_TAGS)
      .map(([tag, count]) => ({ tag, count }))
  }

  /**
   * Terms of two memories or more that are common here and less so elsewhere, the most telling first, one of each stem. The class-based TF-IDF of
   * Grootendorst, "BERTopic: Neural topic modeling with a class-based TF-IDF procedure" (2022), with memories in place of occurrences.
   */
  keywords(ofAll: TermCounts, memories: number): string[] {
    const score = (term: string, count: number): number =>
      count * Math.log(1 + memories / (ofAll.get(term) ?? count))
    const ranked = [...this.#terms]
      .filter(([, count]) => count > 1)
      .map(([term, count]) => ({ term, score: score(term, count) }))
      .sort((a, b) => b.score - a.score || compareText(a.term, b.term))
    const byStem = new Map<string, string>()
    for (const { term } of ranked) {
      if (byStem.size === MAX_KEYWORDS) break
      const stem = stemOf(term)
      if (!byStem.has(stem)) byStem.set(stem, term)
    }
    return [...byStem.values()]
  }
}

/** The tags of a memory and the words of its title that tell something, each once. */
export function termsOf({ title, tags }: Pick<Memory, 'title' | 'tags'>): Set<string> {
  return new Set([...tags, ...spelledWordsOf(title).filter(isTelling)])
}

function isTelling(word: string): boolean {
  if (isStopWord(word) || /^\p{N}+$/u.test(word)) return false
  return word.length >= LEAST_LATIN_LETTERS || /[^\p{Script=Latin}\p{N}]/u.test(word)
}

/** Counts one more memory that has these terms. */
export function countEach(counts: TermCounts, terms: ReadonlySet<string>): void {
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1)
}
