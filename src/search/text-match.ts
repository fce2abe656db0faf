import {
  type CompleteSearchQuery,
  MAX_QUERY_CHARACTERS,
  type SearchTolerance,
} from '../model/search-query.js'
import type { CompleteTextBoosts } from '../model/text-boosts.js'
import { isStopWord } from './stop-words.js'
import { gramsOf, isUnspaced } from './unspaced-script.js'
import { hasWords, spelledWordsOf, wordsOf } from './words.js'

/**
 * How one term is looked for.
 * - `substring`: anywhere in title, content or summary, without case
 * - `words`: its words one after the other, by their stems
 * - `prefix`: as `words`, and the last word may go on
 * - `unspaced`: anywhere in title, summary, tags or content, without case; of scripts that are written without spaces
 */
export type TermMatch = 'substring' | 'words' | 'prefix' | 'unspaced'

/** One thing to look for. */
export type TextTerm = {
  readonly text: string
  readonly match: TermMatch
  /** Words, or several as a phrase, that stand for it: where one of them is, the term is, but for half as much. */
  readonly alternatives?: readonly string[]
}

/** How much what stands for a term counts, beside the term itself. */
export const ALTERNATIVE_WEIGHT = 0.5

/** What text a memory must hold. */
export type TextMatch = {
  readonly terms: readonly TextTerm[]
  readonly mode: 'any' | 'all'
  /** How much a word counts by the field it is in; absent: as by default. */
  readonly boosts?: CompleteTextBoosts
}

/** What text a search asks for; `null` when it asks for none. `terms` go before `query`. */
export function textMatchOf(search: CompleteSearchQuery): TextMatch | null {
  const { terms, query, search_tolerance: tolerance, match_mode: mode, boosts } = search
  const found = terms.length > 0 ? terms.map((text) => termOf(text, tolerance)) : queryTerms(query, tolerance)
  return found.length > 0 ? { terms: found, mode, boosts } : null
}

/** Words a recall looks for at most; each costs a walk through the memories that hold it. */
export const MAX_RECALL_WORDS = 64

/**
 * The words of a question that tell memories apart, the first 64 of them; all words when there are only stop words, the
 * beginning of the text itself when there are no words. What is too long to be a term is no word. Of scripts that are written
 * without spaces pieces of two or three characters are the words. What stands in quotes counts as a phrase, besides its words.
 */
export function recallTerms(text: string): string[] {
  const spelled = spelledWordsOf(text).flatMap((word) => (isUnspaced(word) ? gramsOf(word) : [word]))
  const byWord = new Map(spelled.map((word) => [isUnspaced(word) ? word : wordsOf(word).join(' '), word]))
  const words = [...byWord].filter(([, word]) => word.length <= MAX_QUERY_CHARACTERS)
  const telling = words.filter(([folded]) => !isStopWord(folded))
  const wanted = (telling.length > 0 ? telling : words).map(([, word]) => word)
  if (wanted.length > 0) return [...quotedPhrases(text), ...wanted].slice(0, MAX_RECALL_WORDS)
  const beginning = text.slice(0, MAX_QUERY_CHARACTERS).toWellFormed().trim()
  return beginning === '' ? [] : [beginning]
}

/** What stands in quotes and is more than one word, of which each is looked for anyway. */
function quotedPhrases(text: string): string[] {
  const isPhrase = (phrase: string): boolean =>
    phrase.length <= MAX_QUERY_CHARACTERS && spelledWordsOf(phrase).length > 1
  return phrasesOf(text.toWellFormed()).phrases.filter(isPhrase)
}

/** What stands for terms, as terms. */
export function alternativesOf(terms: readonly TextTerm[]): TextTerm[] {
  return terms.flatMap(({ alternatives = [] }) =>
    alternatives.map((text) => ({ text, match: 'words' as const })),
  )
}

/** Terms and what stands for them, each as a term of its own: the same hits, looked for at once. */
export function withoutAlternatives(match: TextMatch): TextMatch {
  const own = match.terms.map(({ text, match: how }) => ({ text, match: how }))
  return { ...match, terms: [...own, ...alternativesOf(match.terms)] }
}

/** With `strict` the query as a whole, else what stands in quotes, to the letter, and the words around. */
function queryTerms(query: string, tolerance: SearchTolerance): TextTerm[] {
  const trimmed = query.trim()
  if (trimmed === '') return []
  if (tolerance === 'strict') return [termOf(trimmed, tolerance)]
  const { phrases, rest } = phrasesOf(trimmed)
  const words = rest.split(/\s+/).filter((word) => word !== '')
  return [
    ...phrases.map((text) => termOf(text, 'normal')),
    ...[...new Set(words)].map((text) => termOf(text, tolerance)),
  ]
}

// None of this looks twice at long stretches of a text, which may be of any length.
const QUOTED =
  /(?<![\p{L}\p{N}])[^\p{L}\p{N}\s"“”]{0,4}["“]([^"“”]*)["”](?![\p{L}\p{N}])[^\p{L}\p{N}\s"“”]*/gu

/** What stands in quotes and has a word in it, each once, and the rest; a quote without its partner is of the rest. */
function phrasesOf(text: string): { phrases: string[]; rest: string } {
  const phrases = new Set<string>()
  const rest = text.replace(QUOTED, (whole, phrase: string) => {
    if (!hasWords(phrase)) return whole
    phrases.add(phrase.trim())
    return ' '
  })
  return { phrases: [...phrases], rest }
}

// Signs alone are no words, and scripts without spaces are no words for a tokenizer that cuts at spaces: those are looked for as they stand.
function termOf(text: string, tolerance: SearchTolerance): TextTerm {
  if (tolerance === 'strict' || !hasWords(text)) return { text, match: 'substring' }
  if (isUnspaced(text)) return { text, match: 'unspaced' }
  return { text, match: tolerance === 'fuzzy' ? 'prefix' : 'words' }
}
