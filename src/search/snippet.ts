import type { Memory } from '../model/memory.js'
import type { CompleteSnippetOptions } from '../model/snippet-options.js'
import { IndexedWords, type Span, spanFinder } from './term-spans.js'
import { alternativesOf, type TextMatch } from './text-match.js'

/** How much of a content is looked through for the best passage, in UTF-16 units. */
const MAX_SCANNED = 20_000
/** The part of a passage that is left before what was found. */
const LEAD = 0.25
const segmenters = new Map<string, Intl.Segmenter>()

/** Cuts texts of any script. What it knows of languages takes long to load, so that is left until it is needed. */
function segmenterOf(granularity: 'word' | 'grapheme'): Intl.Segmenter {
  const segmenter = segmenters.get(granularity) ?? new Intl.Segmenter(undefined, { granularity })
  segmenters.set(granularity, segmenter)
  return segmenter
}

/** A place of a text where a term is. */
type Place = Span & { readonly term: number }
/** A passage of a text that holds so many terms, at so many places. */
type Passage = Span & { readonly terms: number; readonly places: number }

/**
 * Shows of each memory the passage of its content or summary that holds the most terms, with what was found marked; where there is
 * nothing of them, the beginning of the content. White space becomes a space each, and what is left out an ellipsis.
 */
export function snippetFor(
  match: TextMatch | null,
  { length, before, after }: CompleteSnippetOptions,
): (memory: Memory) => string {
  const finders = (match?.terms ?? []).map((term) => [term, ...alternativesOf([term])].map(spanFinder))
  return ({ content, summary }) => {
    const fields = [content, summary ?? ''].map((text) => {
      const words = new IndexedWords(beginningOf(text))
      const places = finders.flatMap((find, term) =>
        find.flatMap((spansIn) => spansIn(words)).map((span) => ({ ...span, term })),
      )
      places.sort((a, b) => a.start - b.start || b.end - a.end)
      return { text, scanned: words.text, places, best: bestPassage(words.text, places, length) }
    })
    const [inContent, inSummary] = fields as [(typeof fields)[0], (typeof fields)[0]]
    const isBetter = (a: Passage, b: Passage): boolean =>
      a.terms > b.terms || (a.terms === b.terms && a.places > b.places)
    const shown = isBetter(inSummary.best, inContent.best) ? inSummary : inContent
    const { start, end } = wholeWords(shown.scanned, shown.best)
    const passage = marked(shown.scanned, { start, end }, shown.places, before, after)
    return `${start > 0 ? '…' : ''}${passage}${end < shown.text.length ? '…' : ''}`
  }
}

function beginningOf(text: string): string {
  return text.slice(0, MAX_SCANNED).replace(/[\ud800-\udbff]$/, '')
}

function bestPassage(text: string, places: readonly Place[], length: number): Passage {
  let best: Passage = { start: 0, end: Math.min(text.length, length), terms: 0, places: 0 }
  for (const [first, place] of places.entries()) {
    const start = Math.max(0, Math.min(place.start - Math.round(length * LEAD), text.length - length))
    const end = Math.max(Math.min(text.length, start + length), Math.min(place.end, start + length))
    const terms = new Set<number>()
    let count = 0
    for (let at = first; at < places.length; at++) {
      const other = places[at] as Place
      if (other.start >= end) break
      if (other.end > end) continue
      terms.add(other.term)
      count++
    }
    if (terms.size > best.terms || (terms.size === best.terms && count > best.places))
      best = { start, end, terms: terms.size, places: count }
  }
  return best
}

/** A passage without the words at its ends that it holds a part of, unless there would be nothing left. */
function wholeWords(text: string, { start, end }: Span): Span {
  const segments = segmenterOf('word').segment(text)
  const startOfWord = (at: number): number => segments.containing(at)?.index ?? at
  const first = startOfWord(start)
  const from = first === start ? start : first + (segments.containing(start)?.segment.length ?? 0)
  const to = end < text.length ? startOfWord(end) : end
  return from < to ? { start: from, end: to } : { start: graphemeAt(text, start), end: graphemeAt(text, end) }
}

function graphemeAt(text: string, at: number): number {
  return segmenterOf('grapheme').segment(text).containing(at)?.index ?? at
}

function marked(
  text: string,
  { start, end }: Span,
  places: readonly Place[],
  before: string,
  after: string,
): string {
  const plain = (from: number, to: number): string => text.slice(from, to).replace(/\s+/g, ' ')
  let shown = ''
  let at = start
  for (const place of merged(places)) {
    if (place.end <= start || place.start >= end) continue
    const from = Math.max(place.start, at)
    const to = Math.min(place.end, end)
    shown += `${plain(at, from)}${before}${plain(from, to)}${after}`
    at = to
  }
  return `${shown}${plain(at, end)}`.trim()
}

/** Places in their order, those that overlap as one. */
function merged(places: readonly Span[]): Span[] {
  const all: Span[] = []
  for (const { start, end } of places) {
    const last = all.at(-1)
    if (last && start <= last.end) all[all.length - 1] = { start: last.start, end: Math.max(last.end, end) }
    else all.push({ start, end })
  }
  return all
}
