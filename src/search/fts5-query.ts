import { alternativesOf, type TextTerm } from './text-match.js'
import { spelledWordsOf } from './words.js'

/** An FTS5 MATCH expression that finds a term of words; every word is quoted, so that nothing in it is an operator. */
export function fts5Term({ text, match }: TextTerm): string {
  const phrase = `"${spelledWordsOf(text).join(' ')}"`
  return match === 'prefix' ? `${phrase} *` : phrase
}

/** An FTS5 MATCH expression over several terms of words, and with `all` over what stands for each. */
export function fts5Match(terms: readonly TextTerm[], mode: 'any' | 'all'): string {
  if (mode === 'any') return terms.map(fts5Term).join(' OR ')
  return terms
    .map((term) => {
      const others = alternativesOf([term])
      return others.length > 0 ? `(${fts5Match([term, ...others], 'any')})` : fts5Term(term)
    })
    .join(' AND ')
}

/** An FTS5 MATCH expression that finds every memory with one of the tags, and some more; `null` when a tag has no word to look for. */
export function fts5Tags(tags: readonly string[]): string | null {
  const phrases = tags.map((tag) => spelledWordsOf(tag).join(' '))
  if (phrases.some((phrase) => phrase === '')) return null
  return `tags : (${phrases.map((phrase) => `"${phrase}"`).join(' OR ')})`
}
