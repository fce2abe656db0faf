import { type CompleteTextBoosts, DEFAULT_TEXT_BOOSTS } from '../../model/text-boosts.js'
import { substringFinder } from '../../search/case-forms.js'
import { ALTERNATIVE_WEIGHT, alternativesOf, type TextMatch, type TextTerm } from '../../search/text-match.js'
import { wordsOf } from '../../search/words.js'
import type { GraphStore } from './graph-store.js'
import type { MemoryFacets } from './memory-facets.js'
import { unspacedHits } from './unspaced-hits.js'

/** Which memories hold a text, and how they rank by it. */
export type TextSelection = {
  /** Relevance of all that hold the text, by id; `null` when that is only known by looking at each memory. */
  readonly relevance: ReadonlyMap<string, number> | null
  holds(id: string, facets: MemoryFacets): boolean
  /** Whether a memory's title holds one of the substrings. */
  inTitle(facets: MemoryFacets): boolean
}

type TermTest = (id: string, facets: MemoryFacets) => boolean

/** The memories that hold a text. */
export function selectByText(store: GraphStore, match: TextMatch): TextSelection {
  const substrings = match.terms.filter((term) => term.match === 'substring')
  if (substrings.length === 0) {
    const relevance = relevanceOf(store, match)
    return { relevance, holds: (id) => relevance.has(id), inTitle: () => false }
  }
  const finders = substrings.map((term) => substringFinder(term.text))
  const inTitle = ({ title }: MemoryFacets): boolean => finders.some((finds) => finds(title))
  const tests = match.terms.map((term) => testOf(store, term))
  const holds: TermTest =
    match.mode === 'all'
      ? (id, facets) => tests.every((test) => test(id, facets))
      : (id, facets) => tests.some((test) => test(id, facets))
  return { relevance: null, inTitle, holds }
}

function relevanceOf(store: GraphStore, match: TextMatch): Map<string, number> {
  const [first = new Map<string, number>(), ...others] = match.terms.map((term) =>
    foundBy(store, term, match.boosts),
  )
  return others.reduce(match.mode === 'all' ? both : either, first)
}

/** Memories that hold a term, or, for half as much, what stands for it. */
function foundBy(
  store: GraphStore,
  term: TextTerm,
  boosts: CompleteTextBoosts = DEFAULT_TEXT_BOOSTS,
): Map<string, number> {
  if (term.match === 'unspaced') return unspacedHits(store.facets, term.text, boosts)
  const found = store.text.search(term, boosts)
  for (const other of alternativesOf([term])) {
    const weight = ALTERNATIVE_WEIGHT / wordsOf(other.text).length
    for (const [id, score] of store.text.search(other, boosts))
      found.set(id, (found.get(id) ?? 0) + score * weight)
  }
  return found
}

function both(a: Map<string, number>, b: Map<string, number>): Map<string, number> {
  const found = new Map<string, number>()
  for (const [id, score] of a) {
    const other = b.get(id)
    if (other !== undefined) found.set(id, score + other)
  }
  return found
}

function either(a: Map<string, number>, b: Map<string, number>): Map<string, number> {
  for (const [id, score] of b) a.set(id, (a.get(id) ?? 0) + score)
  return a
}

function testOf(store: GraphStore, term: TextTerm): TermTest {
  if (term.match === 'substring') {
    const finds = substringFinder(term.text)
    return (_id, { title, content, summary }) => [title, content, summary].some(finds)
  }
  const found = foundBy(store, term)
  return (id) => found.has(id)
}
