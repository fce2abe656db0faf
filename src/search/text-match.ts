import {
  type CompleteSearchQuery,
  MAX_QUERY_CHARACTERS,
  type SearchTolerance,
} from '../model/search-query.js'
import { isStopWord } from './stop-words.js'
import { hasWords, spelledWordsOf, wordsOf } from './words.js'

/**
 * How one term is looked for.
 * - `substring`: anywhere in title, content or summary, without case
 * - `words`: its words one after the other, by their stems
 * - `prefix`: as `words`, and the last word may go on
 */
export type TermMatch = 'substring' | 'words' | 'prefix'

/** One thing to look for. */
export type TextTerm = { readonly text: string; readonly match: TermMatch }

/** What text a memory must hold. */
export type TextMatch = { readonly terms: readonly TextTerm[]; readonly mode: 'any' | 'all' }

/** What text a search asks for; `null` when it asks for none. `terms` go before `query`. */
export function textMatchOf(search: CompleteSearchQuery): TextMatch | null {
  const texts = search.terms.length > 0 ? search.terms : searchTexts(search.query, search.search_tolerance)
  if (texts.length === 0) return null
  return { terms: texts.map((text) => termOf(text, search.search_tolerance)), mode: search.match_mode }
}

/** Words a recall looks for at most; each costs a walk through the memories that hold it. */
export const MAX_RECALL_WORDS = 64

/**
 * The words of a question that tell memories apart, the first 64 of them; all words when there are only stop words, the
 * beginning of the text itself when there are no words. What is too long to be a term is no word.
 */
export function recallTerms(text: string): string[] {
  const byWord = new Map(spelledWordsOf(text).map((word) => [wordsOf(word).join(' '), word]))
  const words = [...byWord].filter(([, word]) => word.length <= MAX_QUERY_CHARACTERS)
  const telling = words.filter(([folded]) => !isStopWord(folded))
  const wanted = telling.length > 0 ? telling : words
  if (wanted.length > 0) return wanted.slice(0, MAX_RECALL_WORDS).map(([, word]) => word)
  return searchTexts(text.slice(0, MAX_QUERY_CHARACTERS).toWellFormed(), 'strict')
}

function searchTexts(query: string, tolerance: SearchTolerance): string[] {
  const trimmed = query.trim()
  if (trimmed === '') return []
  return tolerance === 'strict' ? [trimmed] : unique(trimmed.split(/\s+/))
}

function unique(words: readonly string[]): string[] {
  return [...new Set(words)]
}

// Signs alone are no words, and scripts without spaces are no words for a tokenizer that cuts at spaces: those are looked for as they stand.
function termOf(text: string, tolerance: SearchTolerance): TextTerm {
  if (tolerance === 'strict' || !hasWords(text) || UNSPACED_SCRIPT.test(text))
    return { text, match: 'substring' }
  return { text, match: tolerance === 'fuzzy' ? 'prefix' : 'words' }
}

const UNSPACED_SCRIPT =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
