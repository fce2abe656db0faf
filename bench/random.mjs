/*
 * Everything random in the benchmark comes from here, so that two runs work on the same data.
 */

const VOCABULARY_SIZE = 4000
const CONSONANTS = 'bcdfghklmnprstvz'
const VOWELS = 'aiou'

/**
 * A generator of numbers from 0 up to 1 (mulberry32).
 *
 * @param {number} seed
 * @returns {() => number}
 */
export function randomOf(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A whole number from 0 up to `end`. */
export function below(random, end) {
  return Math.floor(random() * end)
}

/** One of a list. */
export function oneOf(random, list) {
  return list[below(random, list.length)]
}

/** The vocabulary, most frequent word first; its words are made of syllables that stemming leaves alone or nearly so. */
export const VOCABULARY = vocabulary()

/** The index of an item of a list of `size`, the item at place n being n times rarer than the first (Zipf's law). */
export function zipf(random, size = VOCABULARY_SIZE) {
  return Math.min(size - 1, Math.floor((size + 1) ** random()) - 1)
}

/** So many words of text. */
export function words(random, count) {
  return Array.from({ length: count }, () => VOCABULARY[zipf(random)]).join(' ')
}

function vocabulary() {
  const random = randomOf(1)
  const found = new Set()
  while (found.size < VOCABULARY_SIZE) {
    const syllables = Array.from(
      { length: 2 + below(random, 3) },
      () => oneOf(random, CONSONANTS) + oneOf(random, VOWELS),
    )
    found.add(`${syllables.join('')}${oneOf(random, CONSONANTS)}`)
  }
  return [...found]
}
