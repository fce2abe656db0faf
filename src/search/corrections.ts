import { editDistance } from './edit-distance.js'
import { isStopWord } from './stop-words.js'
import { stemOf } from './words.js'

/**
 * What a word may have been meant to be. A store that has no word beginning with `word` is asked for those of the guesses that it has,
 * and, where `beginning` is not empty, for the stems that it has beginning so, of a length between the two.
 */
export type WordGuesses = {
  readonly word: string
  /** Words that differ from it by one letter, one for each stem. */
  readonly guesses: readonly string[]
  readonly beginning: string
  readonly minLength: number
  readonly maxLength: number
}

/** What a store has of {@link WordGuesses}: a guess as it was given, or a stem. */
export type FoundWord = { readonly word: string; readonly found: string }

/** Words of one search that are corrected at most; each costs some hundred looks into the index. */
export const MAX_CORRECTED_WORDS = 8
/** Most words that one is corrected to. */
const MAX_CORRECTIONS = 5
/** Shorter words have too many neighbours, longer ones are no words. */
const SHORTEST = 4
const LONGEST = 24
/** From this length on two letters may differ, if the first three are right. */
const LONG = 8
const BEGINNING = 3

const ALPHABETS: readonly (readonly [letters: RegExp, alphabet: string])[] = [
  [/^[a-z]+$/, 'abcdefghijklmnopqrstuvwxyz'],
  [/^\p{Script=Cyrillic}+$/u, 'абвгдежзийклмнопрстуфхцчшщъыьэюя'],
  [/^\p{Script=Greek}+$/u, 'αβγδεζηθικλμνξοπρστυφχψω'],
]

/** What a folded word may have been meant to be; `null` for what is not to be corrected, such as short words and numbers. */
export function guessesFor(word: string): WordGuesses | null {
  const alphabet = ALPHABETS.find(([letters]) => letters.test(word))?.[1]
  if (!alphabet || word.length < SHORTEST || word.length > LONGEST || isStopWord(word)) return null
  const stem = stemOf(word)
  const byStem = new Map<string, string>()
  for (const guess of oneEditFrom(word, alphabet)) {
    const guessed = stemOf(guess)
    if (guessed !== stem && !byStem.has(guessed)) byStem.set(guessed, guess)
  }
  return {
    word,
    guesses: [...byStem.values()],
    beginning: word.length < LONG ? '' : word.slice(0, BEGINNING),
    minLength: stem.length - 2,
    maxLength: stem.length + 2,
  }
}

/** Words to look for in place of one, nearest first, of what a store has. */
export function correctionsOf({ word, guesses }: WordGuesses, found: readonly string[]): string[] {
  const guessed = new Set(guesses)
  const near = found.filter((guess) => guessed.has(guess))
  if (near.length > 0) return near.sort(byLikeness(word)).slice(0, MAX_CORRECTIONS)
  const stem = stemOf(word)
  const words = found.flatMap((other) => (editDistance(stem, other) <= 2 ? wordsWithStem(other) : []))
  return words.sort(byLikeness(word)).slice(0, MAX_CORRECTIONS)
}

/** Words that differ from one by one letter, the likeliest kinds of mistakes first. */
function* oneEditFrom(word: string, alphabet: string): Generator<string, void, undefined> {
  for (let at = 1; at < word.length; at++)
    yield word.slice(0, at - 1) + word.charAt(at) + word.charAt(at - 1) + word.slice(at + 1)
  for (let at = 0; at < word.length; at++) yield word.slice(0, at) + word.slice(at + 1)
  for (let at = 0; at < word.length; at++)
    for (const letter of alphabet) yield word.slice(0, at) + letter + word.slice(at + 1)
  for (let at = 0; at <= word.length; at++)
    for (const letter of alphabet) yield word.slice(0, at) + letter + word.slice(at)
}

// A stem is looked for by a word that has it, and most stems are no such word: "agre" has the stem "agr".
const ENDINGS = ['', 'e', 's', 'y', 'ed', 'ing']
function wordsWithStem(stem: string): string[] {
  return ENDINGS.map((ending) => stem + ending)
    .filter((word) => stemOf(word) === stem)
    .slice(0, 1)
}

function byLikeness(word: string): (a: string, b: string) => number {
  const rank = (other: string): number =>
    editDistance(word, other) + Number(other.charAt(0) !== word.charAt(0)) / 2
  return (a, b) => rank(a) - rank(b) || Number(a > b) - Number(a < b)
}
