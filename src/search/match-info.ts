import type { MatchInfo, Memory } from '../model/memory.js'
import type { TextMatch, TextTerm } from './text-match.js'
import { containsFolded, stemOf, wordsOf } from './words.js'

/** How much of a field is looked through for what matched; what lies beyond still counts for the search itself. */
const MAX_SCANNED_CHARACTERS = 20_000

type Field = { name: 'title' | 'content' | 'summary' | 'tags'; text: string; stems: string[] | null }

/** Which fields and terms made a memory a hit. */
export function matchInfoOf(memory: Memory, match: TextMatch | null): MatchInfo {
  if (match === null) return { matched_fields: [], matched_terms: [], match_quality: 'low' }
  const fields: Field[] = [
    { name: 'title', text: memory.title, stems: null },
    { name: 'content', text: memory.content.slice(0, MAX_SCANNED_CHARACTERS), stems: null },
    { name: 'summary', text: memory.summary ?? '', stems: null },
    { name: 'tags', text: memory.tags.join(' '), stems: null },
  ]
  const matchedFields = new Set<string>()
  const matchedTerms = new Set<string>()
  for (const term of match.terms) {
    for (const field of fields) {
      if (!holds(field, term)) continue
      matchedFields.add(field.name)
      matchedTerms.add(term.text)
    }
  }
  return {
    matched_fields: fields.map((field) => field.name).filter((name) => matchedFields.has(name)),
    matched_terms: [...matchedTerms],
    match_quality: qualityOf(matchedFields),
  }
}

function qualityOf(fields: ReadonlySet<string>): MatchInfo['match_quality'] {
  if (fields.has('title')) return 'high'
  return fields.has('content') || fields.has('summary') ? 'medium' : 'low'
}

function holds(field: Field, term: TextTerm): boolean {
  if (term.match === 'substring') return field.name !== 'tags' && containsFolded(field.text, term.text)
  field.stems ??= wordsOf(field.text).map(stemOf)
  return holdsPhrase(field.stems, wordsOf(term.text), term.match === 'prefix')
}

/** Whether stems hold the words one after the other; with `isPrefix` the last one may go on. */
export function holdsPhrase(stems: readonly string[], words: readonly string[], isPrefix: boolean): boolean {
  const wanted = words.map(stemOf)
  const last = wanted.length - 1
  if (last < 0) return false
  for (let at = 0; at + last < stems.length; at++) {
    const matches = wanted.every((stem, offset) => {
      const found = stems[at + offset] ?? ''
      return found === stem || (isPrefix && offset === last && found.startsWith(stem))
    })
    if (matches) return true
  }
  return false
}
