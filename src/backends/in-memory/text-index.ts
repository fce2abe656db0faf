import MiniSearch, { type Query } from 'minisearch'
import { type CompleteTextBoosts, DEFAULT_TEXT_BOOSTS } from '../../model/text-boosts.js'
import type { TextTerm } from '../../search/text-match.js'
import { stemOf, wordsOf } from '../../search/words.js'
import type { MemoryFacets } from './memory-facets.js'

/** The text of a memory, field by field. */
type IndexedText = Pick<MemoryFacets, 'title' | 'summary' | 'tags' | 'content'>

/** The stems of each field in their order, with a space before and after each: a phrase is then a part of the text. */
type StemDocument = { id: string; title: string; summary: string; tags: string; content: string }

const FIELDS = ['title', 'summary', 'tags', 'content'] as const

/** Finds memories by the stems of their words, as FTS5 does with `porter unicode61 remove_diacritics 2`. */
export class TextIndex {
  readonly #documents = new Map<string, StemDocument>()
  /** How often each stem is in a field of a document. */
  readonly #vocabulary = new Map<string, number>()
  readonly #index = new MiniSearch<StemDocument>({
    fields: [...FIELDS],
    tokenize: (stems) => stems.split(' '),
    processTerm: (stem) => stem,
  })

  /** Takes in a memory's text in place of what it had; `null` takes it out. */
  set(id: string, text: IndexedText | null): void {
    const before = this.#documents.get(id)
    if (before) {
      this.#index.remove(before)
      this.#count(before, -1)
    }
    if (text === null) {
      this.#documents.delete(id)
      return
    }
    const document = stemDocument(id, text)
    this.#documents.set(id, document)
    this.#index.add(document)
    this.#count(document, 1)
  }

  /** The stems there are that begin so. */
  stemsBeginningWith(beginning: string): string[] {
    return [...this.#vocabulary.keys()].filter((stem) => stem.startsWith(beginning))
  }

  /** The relevance, by id, of the memories that hold a term's words one after the other within one field. */
  search(term: TextTerm, boosts: CompleteTextBoosts = DEFAULT_TEXT_BOOSTS): Map<string, number> {
    const stems = wordsOf(term.text).map(stemOf)
    const found = new Map<string, number>()
    if (stems.length === 0) return found
    const phrase = phraseOf(stems, term)
    for (const { id, score } of this.#index.search(queryOf(stems, term), { boost: positive(boosts) })) {
      if (stems.length === 1 || this.#holdsPhrase(id, phrase)) found.set(id, score)
    }
    return found
  }

  /** How many memories hold a stem. */
  holdersOf(stem: string): number {
    return this.#index.search(stem).length
  }

  #count(document: StemDocument, times: 1 | -1): void {
    for (const field of FIELDS) {
      for (const stem of new Set(document[field].split(' '))) {
        const count = (this.#vocabulary.get(stem) ?? 0) + times
        if (count > 0) this.#vocabulary.set(stem, count)
        else this.#vocabulary.delete(stem)
      }
    }
  }

  #holdsPhrase(id: string, phrase: string): boolean {
    const document = this.#documents.get(id)
    return document !== undefined && FIELDS.some((field) => document[field].includes(phrase))
  }
}

function stemDocument(id: string, { title, summary, tags, content }: IndexedText): StemDocument {
  return {
    id,
    title: stemsOf(title),
    summary: stemsOf(summary),
    tags: stemsOf(tags.join(' ')),
    content: stemsOf(content),
  }
}

// To minisearch a boost of 0 is none, which is 1.
function positive(boosts: CompleteTextBoosts): { [field: string]: number } {
  return Object.fromEntries(Object.entries(boosts).map(([field, boost]) => [field, boost || Number.EPSILON]))
}

function stemsOf(text: string): string {
  return ` ${wordsOf(text).map(stemOf).join(' ')} `
}

// FTS5 stems the last word of a prefix query too, and compares that stem alone with the beginnings of stored stems.
function phraseOf(stems: readonly string[], term: TextTerm): string {
  return ` ${stems.join(' ')}${term.match === 'prefix' ? '' : ' '}`
}

function queryOf(stems: readonly string[], term: TextTerm): Query {
  const isPrefix = (at: number): boolean => term.match === 'prefix' && at === stems.length - 1
  return { combineWith: 'AND', queries: stems.map((stem, at) => ({ queries: [stem], prefix: isPrefix(at) })) }
}
