import { everySubstring, isAscii } from './case-forms.js'
import type { TextTerm } from './text-match.js'
import { stemOf, wordsOf } from './words.js'

/** Where something of a text is, in UTF-16 units: from `start` up to `end`. */
export type Span = { readonly start: number; readonly end: number }

type Word = Span & { readonly stem: string }

const WORD = /[\p{L}\p{N}\p{Co}\p{M}]+/gu

/** Finds where a term is in texts, each time in their order. */
export function spanFinder({ text, match }: TextTerm): (text: IndexedWords) => Span[] {
  if (match === 'substring' || match === 'unspaced') {
    const pattern = everySubstring(text)
    return (words) => words.spansOf(pattern)
  }
  const stems = wordsOf(text).map(stemOf)
  return (words) => words.spansOfStems(stems, match === 'prefix')
}

/** A text and its words, by their stems; worked out when they are first asked for. */
export class IndexedWords {
  readonly text: string
  #words: readonly Word[] | null = null
  readonly #byStem = new Map<string, number[]>()

  constructor(text: string) {
    this.text = text
  }

  /** Where a pattern matches. */
  spansOf(pattern: RegExp): Span[] {
    return [...this.text.matchAll(pattern)].map(({ index, 0: found }) => ({
      start: index,
      end: index + found.length,
    }))
  }

  /** Where words with these stems follow each other; with `isPrefix` the last one may go on. */
  spansOfStems(stems: readonly string[], isPrefix: boolean): Span[] {
    const [first] = stems
    if (first === undefined) return []
    const words = this.#indexed()
    const last = stems.length - 1
    const isHere = (start: number): boolean =>
      stems.every((stem, offset) => {
        const found = words[start + offset]?.stem ?? ''
        return found === stem || (isPrefix && offset === last && found.startsWith(stem))
      })
    const starts = isPrefix && last === 0 ? [...words.keys()] : (this.#byStem.get(first) ?? [])
    return starts.filter(isHere).map((start) => ({
      start: (words[start] as Word).start,
      end: (words[start + last] as Word).end,
    }))
  }

  #indexed(): readonly Word[] {
    if (this.#words) return this.#words
    const words: Word[] = []
    const isPlain = isAscii(this.text)
    for (const { index, 0: written } of this.text.matchAll(WORD)) {
      const word = isPlain ? written.toLowerCase() : wordsOf(written)[0]
      if (word === undefined) continue
      const stem = stemOf(word)
      const places = this.#byStem.get(stem)
      if (places) places.push(words.length)
      else this.#byStem.set(stem, [words.length])
      words.push({ start: index, end: index + written.length, stem })
    }
    this.#words = words
    return words
  }
}
