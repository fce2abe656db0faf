import type { CompleteHybridQuery } from '../../model/hybrid-query.js'
import type { Memory } from '../../model/memory.js'
import type { CompleteRecallOptions, CompleteSearchQuery } from '../../model/search-query.js'
import { withOtherForms } from '../../search/irregular-forms.js'
import { type PreparedSynonyms, withSynonyms } from '../../search/synonyms.js'
import { type TextMatch, textMatchOf } from '../../search/text-match.js'
import type { GraphReader } from '../graph-driver.js'
import { criteriaOf } from '../memory-search.js'
import { modelFor } from '../vector-search.js'
import { answer } from './answer.js'
import type { QueryVector, VectorQuestion } from './vector-ranking.js'

/** A checked recall. */
export type Recall = Omit<CompleteRecallOptions, 'search'> & { readonly search: CompleteSearchQuery }

/** The page of memories that answer a question, by its terms and, where there is one, its vector. */
export async function recallMemories(
  reader: GraphReader,
  { search, expand, diversity, ranking }: Recall,
  vector: QueryVector | null,
  synonyms: PreparedSynonyms,
): Promise<Memory[]> {
  const text = textOf(search, synonyms)
  if (text.terms.length === 0) return []
  const question = {
    text,
    criteria: { ...criteriaOf(search), text: null },
    expansion: { closeness: expand ? 1 : 0, asOf: search.as_of },
    vector: vector && { ...vector, effort: 1 },
    weights: { text: 1, vector: vector?.weight ?? 1 },
  }
  return answer(reader, question, { ...search, diversity, ranking })
}

/** The memories that answer a hybrid query; `search` is what it says of its text, `embedded` the vector of that. */
export async function hybridSearch(
  reader: GraphReader,
  query: CompleteHybridQuery,
  search: CompleteSearchQuery,
  embedded: QueryVector | null,
  synonyms: PreparedSynonyms,
): Promise<Memory[]> {
  const { filter, weights, k: limit, includeRelationships: include_relationships } = query
  const vector = await vectorOf(reader, query, embedded)
  const text = textOf(search, synonyms)
  if (text.terms.length === 0 && vector === null) return []
  const question = {
    text,
    criteria: criteriaOf(filter),
    expansion: { closeness: query.expand ? weights.graph : 0, asOf: filter.as_of },
    vector,
    weights: { text: weights.text, vector: weights.vector ?? embedded?.weight ?? 1 },
  }
  const { snippets, diversity, ranking } = query
  return answer(reader, question, { limit, offset: 0, include_relationships, snippets, diversity, ranking })
}

async function vectorOf(
  reader: GraphReader,
  { vector, model, effort }: CompleteHybridQuery,
  embedded: QueryVector | null,
): Promise<VectorQuestion | null> {
  if (vector === null) return embedded && { ...embedded, effort }
  const known = await modelFor(reader, vector, model)
  return known === null ? null : { vector, model: known, effort }
}

/** What a text asks for, with synonyms and irregular forms; without terms where it asks for nothing. */
function textOf(search: CompleteSearchQuery, synonyms: PreparedSynonyms): TextMatch {
  const match = withSynonyms(textMatchOf(search), synonyms) ?? { terms: [], mode: 'any' }
  return { ...match, terms: match.terms.map(withOtherForms) }
}
