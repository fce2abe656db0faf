import type { FoundWord, WordGuesses } from '../../search/corrections.js'
import type { TextIndex } from './text-index.js'

/** What the texts inside a scope have of the guesses and stems that stand for a word, unless one of their words begins with it. */
export function foundWords(
  texts: TextIndex,
  { word, guesses, beginning, minLength, maxLength }: WordGuesses,
  isInside: ((id: string) => boolean) | null,
): FoundWord[] {
  const isThere = (text: string, match: 'words' | 'prefix'): boolean =>
    [...texts.search({ text, match }).keys()].some(isInside ?? (() => true))
  if (isThere(word, 'prefix')) return []
  const stems = beginning === '' ? [] : texts.stemsBeginningWith(beginning)
  const isSeen = (stem: string): boolean => isInside === null || isThere(stem, 'words')
  return [
    ...guesses.filter((guess) => isThere(guess, 'words')),
    ...stems.filter((stem) => stem.length >= minLength && stem.length <= maxLength && isSeen(stem)),
  ].map((found) => ({ word, found }))
}
