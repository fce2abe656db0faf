import type { MatchInfo, Memory } from '../model/memory.js'
import { substringFinder } from './case-forms.js'
import type { TextMatch, TextTerm } from './text-match.js'
import { stemOf, wordsOf } from './words.js'

/** How much of a field is looked through for what matched; what lies beyond still counts for the search itself. */
const MAX_SCANNED_CHARACTERS = 20_000

type FieldName = 'title' | 'content' | 'summary' | 'tags'
type Field = { readonly name: FieldName; readonly text: string; readonly stems: () => Stems }
type Stems = { readonly list: readonly string[]; readonly set: ReadonlySet<string> }
type Test = (field: Field) => boolean

/** Says which fields and terms made a memory a hit; the terms are prepared once for all hits. */
export function matchInfoFor(match: TextMatch | null): (memory: Memory) => MatchInfo {
  const tests = (match?.terms ?? []).map((term) => ({ term: term.text, holds: testOf(term) }))
  return (memory) => {
    const fields = tests.length > 0 ? fieldsOf(memory) : []
    const matchedTerms = new Set<string>()
    const matchedFields = fields.filter((field) => {
      const found = tests.filter(({ holds }) => holds(field))
      for (const { term } of found) matchedTerms.add(term)
      return found.length > 0
    })
    const names = matchedFields.map((field) => field.name)
    return { matched_fields: names, matched_terms: [...matchedTerms], match_quality: qualityOf(names) }
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
  let stems: Stems | null = null
  return {
    name,
    text,
    stems: () => {
      if (stems === null) {
        const list = wordsOf(text).map(stemOf)
        stems = { list, set: new Set(list) }
      }
      return stems
    },
  }
}

function qualityOf(names: readonly FieldName[]): MatchInfo['match_quality'] {
  if (names.includes('title')) return 'high'
  return names.includes('content') || names.includes('summary') ? 'medium' : 'low'
}

function testOf(term: TextTerm): Test {
  if (term.match === 'substring') {
    const find = substringFinder(term.text)
    return (field) => field.name !== 'tags' && find(field.text)
  }
  const words = wordsOf(term.text)
  const [stem] = words.map(stemOf)
  if (words.length === 1 && stem !== undefined && term.match === 'words')
    return (field) => field.stems().set.has(stem)
  return (field) => holdsPhrase(field.stems().list, words, term.match === 'prefix')
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
