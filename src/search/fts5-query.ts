import type { TextTerm } from './text-match.js'
import { stemOf, wordsOf } from './words.js'

/** An FTS5 MATCH expression that finds a term of words; every word is quoted, so that nothing in it is an operator. */
export function fts5Term({ text, match }: TextTerm): string {
  const phrase = wordsOf(text).join(' ')
  if (match !== 'prefix') return `"${phrase}"`
  const words = phrase.split(' ')
  const last = words.pop() as string
  const beginnings = new Set([last, stemOf(last)])
  // A prefix is not stemmed by FTS5, but what is stored is: look for both beginnings.
  return `("${phrase}" OR ${[...beginnings].map((beginning) => `"${[...words, beginning].join(' ')}" *`).join(' OR ')})`
}

/** An FTS5 MATCH expression over several terms of words. */
export function fts5Match(terms: readonly TextTerm[], mode: 'any' | 'all'): string {
  return terms.map(fts5Term).join(mode === 'all' ? ' AND ' : ' OR ')
}

/** An FTS5 MATCH expression that finds every memory with one of the tags, and some more; `null` when a tag has no word to look for. */
export function fts5Tags(tags: readonly string[]): string | null {
  const phrases = tags.map((tag) => wordsOf(tag).join(' '))
  if (phrases.some((phrase) => phrase === '')) return null
  return `tags : (${phrases.map((phrase) => `"${phrase}"`).join(' OR ')})`
}
