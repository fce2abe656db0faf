import type { TextMatch } from './text-match.js'
import { isUnspaced } from './unspaced-script.js'
import { hasWords, stemOf, wordsOf } from './words.js'

/**
 * Words, or several as a phrase, that are also looked for where a search or recall asks for a word or phrase: one way, as given. What is
 * asked for is compared by its stems, so that forms of a word share their synonyms.
 */
export type Synonyms = { readonly [text: string]: readonly string[] }

/** What stands for words and phrases, by their stems. */
export type PreparedSynonyms = ReadonlyMap<string, readonly string[]>

/** Most synonyms of one word or phrase: each is one more look into the index. */
const MAX_SYNONYMS = 20
/** What synonyms must be, for a message. */
export const SYNONYMS_EXPECTED: string = `lists of at most ${MAX_SYNONYMS} words or phrases by a word or phrase, such as { k8s: ["kubernetes"] }, none of a script without spaces`

/** Whether a value is {@link Synonyms}. */
export function isSynonyms(value: unknown): value is Synonyms {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const isFit = (text: unknown): boolean => typeof text === 'string' && hasWords(text) && !isUnspaced(text)
  return Object.entries(value).every(
    ([text, others]) =>
      isFit(text) && Array.isArray(others) && others.length <= MAX_SYNONYMS && others.every(isFit),
  )
}

/** Synonyms by what they stand for; those of the same stems together. Later changes of the argument have no effect. */
export function prepareSynonyms(synonyms: Synonyms): PreparedSynonyms {
  const prepared = new Map<string, readonly string[]>()
  for (const [text, others] of Object.entries(synonyms)) {
    const key = keyOf(text)
    prepared.set(key, [...new Set([...(prepared.get(key) ?? []), ...others])])
  }
  return prepared
}

/** The same text, finding synonyms of its words and phrases too. */
export function withSynonyms(match: TextMatch | null, synonyms: PreparedSynonyms): TextMatch | null {
  if (match === null || synonyms.size === 0) return match
  const terms = match.terms.map((term) => {
    const isOfWords = term.match === 'words' || term.match === 'prefix'
    const others = isOfWords ? (synonyms.get(keyOf(term.text)) ?? []) : []
    return others.length > 0 ? { ...term, alternatives: [...(term.alternatives ?? []), ...others] } : term
  })
  return { ...match, terms }
}

function keyOf(text: string): string {
  return wordsOf(text).map(stemOf).join(' ')
}
