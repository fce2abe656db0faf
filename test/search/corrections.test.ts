import { describe, expect, it } from 'vitest'
import { correctionsOf, guessesFor, type WordGuesses } from '../../src/search/corrections.js'
import { editDistance } from '../../src/search/edit-distance.js'
import { stemOf } from '../../src/search/words.js'

describe('the distance of two words', () => {
  it.each([
    ['', '', 0],
    ['retries', 'retries', 0],
    ['retreis', 'retries', 1],
    ['retris', 'retries', 1],
    ['rretries', 'retries', 1],
    ['retrias', 'retries', 1],
    ['erteris', 'retries', 3],
    ['', 'abc', 3],
    ['ab', 'ba', 1],
  ])('of %j and %j is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance)
    expect(editDistance(b, a)).toBe(distance)
  })
})

describe('corrections', () => {
  /** What is left of the guesses where a store has just these words. */
  const corrected = (word: string, ...words: readonly string[]): string[] | null => {
    const asked = guessesFor(word)
    if (asked === null) return null
    const stems = new Set(words.map(stemOf))
    const { guesses, beginning, minLength, maxLength } = asked as WordGuesses
    const begin = [...stems].filter(
      (stem) =>
        beginning !== '' &&
        stem.startsWith(beginning) &&
        stem.length >= minLength &&
        stem.length <= maxLength,
    )
    return correctionsOf(asked, [...guesses.filter((guess) => stems.has(stemOf(guess))), ...begin])
  }

  it.each([
    ['retreis', ['retries'], ['retries']],
    ['authenticaiton', ['authenticate'], ['authentication']],
    ['databse', ['database', 'date'], ['database']],
    ['exponnetal', ['exponential'], ['exponenti']],
    ['exponnetal', ['explain', 'zebra'], []],
    ['kubrenets', ['kubernetes'], ['kubernets']],
    ['сервр', ['сервер'], ['сервер']],
  ])('of %j where there are %j are %j', (word, words, expected) => {
    expect(corrected(word, ...words)).toEqual(expected)
  })

  it('are not made of short words, stop words, numbers and names with digits', () => {
    for (const word of ['cat', 'which', '2024', 'k8sx', 'データベース', 'x'.repeat(25)])
      expect(corrected(word, 'cats')).toBeNull()
  })

  it('are the nearest five', () => {
    const words = ['bold', 'cold', 'fold', 'gold', 'hold', 'mold', 'told', 'zolder']
    expect(corrected('zold', ...words)).toEqual(['bold', 'cold', 'fold', 'gold', 'hold'])
  })
})
