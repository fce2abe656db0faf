import {
  correctionsOf,
  type FoundWord,
  guessesFor,
  MAX_CORRECTED_WORDS,
  type WordGuesses,
} from './corrections.js'
import type { TextMatch, TextTerm } from './text-match.js'
import { wordsOf } from './words.js'

/** What the first words of a text that may have typing errors may have been meant to be. */
export function guessesOf(match: TextMatch | null): WordGuesses[] {
  const words = new Set((match?.terms ?? []).flatMap((term) => tolerantWord(term) ?? []))
  const guesses: WordGuesses[] = []
  for (const word of words) {
    const guess = guessesFor(word)
    if (guess !== null && guesses.push(guess) === MAX_CORRECTED_WORDS) break
  }
  return guesses
}

/** The same text, finding corrected words too. */
export function withCorrections(
  match: TextMatch,
  guesses: readonly WordGuesses[],
  found: readonly FoundWord[],
): TextMatch {
  const corrections = new Map(
    guesses.map((guess) => {
      const words = found.filter(({ word }) => word === guess.word).map((each) => each.found)
      return [guess.word, correctionsOf(guess, words)]
    }),
  )
  return {
    ...match,
    terms: match.terms.map((term) => {
      const others = corrections.get(tolerantWord(term) ?? '') ?? []
      return others.length > 0 ? { ...term, alternatives: [...(term.alternatives ?? []), ...others] } : term
    }),
  }
}

function tolerantWord({ text, match }: TextTerm): string | null {
  const words = match === 'prefix' ? wordsOf(text) : []
  return words.length === 1 ? (words[0] as string) : null
}
