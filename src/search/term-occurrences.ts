import type { Memory } from '../model/memory.js'
import { type CompleteTextBoosts, DEFAULT_TEXT_BOOSTS } from '../model/text-boosts.js'
import { substringFinder } from './case-forms.js'
import type { Occurrences } from './relevance.js'
import { ALTERNATIVE_WEIGHT, type TextMatch, type TextTerm } from './text-match.js'
import { stemOf, wordsOf } from './words.js'

/** How much of a content is looked through. */
const MAX_COUNTED_CHARACTERS = 20_000

/** Stems that stand for a term: each with how much an occurrence counts. */
export type WeightedStem = { readonly stem: string; readonly factor: number }

/** The stems of a term that is one word, and of what stands for it; `null` for any other term. */
export function stemsOfWord({ text, match, alternatives = [] }: TextTerm): WeightedStem[] | null {
  const stem = match === 'words' ? stemOfOne(text) : null
  if (stem === null) return null
  const factors = new Map<string, number>([[stem, 1]])
  for (const alternative of alternatives) {
    const other = stemOfOne(alternative)
    if (other !== null && !factors.has(other)) factors.set(other, ALTERNATIVE_WEIGHT)
  }
  return [...factors].map(([each, factor]) => ({ stem: each, factor }))
}

function stemOfOne(text: string): string | null {
  const [word, ...more] = wordsOf(text)
  return word === undefined || more.length > 0 ? null : stemOf(word)
}

/** Counts how often each of some terms occurs in a memory, and the memory's words; the terms are prepared once for all memories. */
export function occurrenceCounter({
  terms,
  boosts = DEFAULT_TEXT_BOOSTS,
}: TextMatch): (memory: Memory) => Occurrences {
  const byStem = new Map<string, { readonly at: number; readonly factor: number }[]>()
  const others: {
    readonly at: number
    readonly count: (text: string, stems: readonly string[]) => number
  }[] = []
  terms.forEach((term, at) => {
    const stems = stemsOfWord(term)
    if (stems === null) others.push({ at, count: counterOf(term) })
    else for (const { stem, factor } of stems) byStem.set(stem, [...(byStem.get(stem) ?? []), { at, factor }])
  })
  return (memory) => {
    const counts = terms.map(() => 0)
    let length = 0
    for (const [text, boost] of fieldsOf(memory, boosts)) {
      const stems = wordsOf(text).map(stemOf)
      length += stems.length
      for (const stem of stems)
        for (const { at, factor } of byStem.get(stem) ?? []) counts[at] = (counts[at] ?? 0) + boost * factor
      for (const { at, count } of others) counts[at] = (counts[at] ?? 0) + boost * count(text, stems)
    }
    return { id: memory.id, counts, length }
  }
}

function fieldsOf(memory: Memory, boosts: CompleteTextBoosts): [string, number][] {
  return [
    [memory.title, boosts.title],
    [memory.summary ?? '', boosts.summary],
    [memory.tags.join(' '), boosts.tags],
    [memory.content.slice(0, MAX_COUNTED_CHARACTERS), boosts.content],
  ]
}

/** For terms that are no single word: whether a text holds a substring; how often stems stand one after the other. */
function counterOf({ text, match }: TextTerm): (text: string, stems: readonly string[]) => number {
  if (match === 'substring' || match === 'unspaced') {
    const finds = substringFinder(text)
    return (field) => Number(finds(field))
  }
  const wanted = wordsOf(text).map(stemOf)
  const last = wanted.length - 1
  return (_text, stems) => {
    let count = 0
    for (let at = 0; at + last < stems.length; at++) {
      const isHere = wanted.every((stem, offset) => {
        const found = stems[at + offset] ?? ''
        return found === stem || (match === 'prefix' && offset === last && found.startsWith(stem))
      })
      if (isHere) count++
    }
    return count
  }
}
