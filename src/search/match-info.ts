import type { MatchInfo, Memory } from '../model/memory.js'
import { IndexedWords, type Span, spanFinder } from './term-spans.js'
import { alternativesOf, type TextMatch, type TextTerm } from './text-match.js'

/** How much of a field is looked through for what matched; what lies beyond still counts for the search itself. */
const MAX_SCANNED_CHARACTERS = 20_000

type FieldName = 'title' | 'content' | 'summary' | 'tags'
type Field = { readonly name: FieldName; readonly words: IndexedWords }

/** How a term is looked for in a field: itself, and where it is not there, what stands for it. */
type Look = {
  readonly term: string
  readonly spansOf: (field: Field) => readonly Span[]
  readonly othersIn: (field: Field) => readonly string[]
}

/** Says which fields and terms made a memory a hit; the terms are prepared once for all hits. */
export function matchInfoFor(match: TextMatch | null): (memory: Memory) => MatchInfo {
  const looks = (match?.terms ?? []).map(lookFor)
  return (memory) => {
    const fields = looks.length > 0 ? fieldsOf(memory) : []
    const matchedTerms = new Set<string>()
    const foundAs = new Map<string, Set<string>>()
    const matchedFields = fields.filter((field) => {
      const found = looks.filter(({ term, spansOf, othersIn }) => {
        if (spansOf(field).length > 0) return true
        const others = othersIn(field)
        if (others.length > 0) foundAs.set(term, new Set([...(foundAs.get(term) ?? []), ...others]))
        return others.length > 0
      })
      for (const { term } of found) matchedTerms.add(term)
      return found.length > 0
    })
    const names = matchedFields.map((field) => field.name)
    return {
      matched_fields: names,
      matched_terms: [...matchedTerms],
      match_quality: qualityOf(names),
      ...(foundAs.size > 0 && {
        found_as: Object.fromEntries([...foundAs].map(([term, words]) => [term, [...words]])),
      }),
    }
  }
}

function fieldsOf(memory: Memory): Field[] {
  return [
    fieldOf('title', memory.title),
    fieldOf('content', memory.content.slice(0, MAX_SCANNED_CHARACTERS)),
    fieldOf('summary', memory.summary ?? ''),
    fieldOf('tags', memory.tags.join(' ').slice(0, MAX_SCANNED_CHARACTERS)),
  ]
}

function fieldOf(name: FieldName, text: string): Field {
  return { name, words: new IndexedWords(text) }
}

function qualityOf(names: readonly FieldName[]): MatchInfo['match_quality'] {
  if (names.includes('title')) return 'high'
  return names.includes('content') || names.includes('summary') ? 'medium' : 'low'
}

function lookFor(term: TextTerm): Look {
  const find = spanFinder(term)
  const findOthers = alternativesOf([term]).map(spanFinder)
  return {
    term: term.text,
    spansOf: ({ name, words }) => (term.match === 'substring' && name === 'tags' ? [] : find(words)),
    othersIn: ({ words }) => {
      const spans = findOthers.flatMap((findOther) => findOther(words))
      return [...new Set(spans.map(({ start, end }) => words.text.slice(start, end).toLowerCase()))]
    },
  }
}
