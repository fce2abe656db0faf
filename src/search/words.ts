import { stemmer } from 'stemmer'

const WORD = /[\p{L}\p{N}\p{Co}]+/gu
const MARKS = /\p{M}+/gu
const WORD_WITH_MARKS = /[\p{L}\p{N}\p{Co}\p{M}]+/gu
/** Bytes beyond which FTS5 leaves a word as it is. */
const LONGEST_STEMMED_BYTES = 64

/** The words of a text as FTS5's `unicode61 remove_diacritics 2` sees them: letters and digits, lower case, without accents. */
export function wordsOf(text: string): string[] {
  return fold(text).match(WORD) ?? []
}

/** Whether a text has any letter or digit. */
export function hasWords(text: string): boolean {
  WORD.lastIndex = 0
  return WORD.test(text)
}

/** The words of a text as they are written, in lower case: with the accents and voicing marks that {@link wordsOf} takes off. */
export function spelledWordsOf(text: string): string[] {
  return text.normalize('NFC').toLowerCase().match(WORD_WITH_MARKS) ?? []
}

/** A word's stem by Porter's algorithm, as FTS5's `porter` makes it. */
export function stemOf(word: string): string {
  return word.length < 3 || Buffer.byteLength(word) > LONGEST_STEMMED_BYTES ? word : stemmer(word)
}

function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(MARKS, '')
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('\u00b5', '\u03bc')
}
