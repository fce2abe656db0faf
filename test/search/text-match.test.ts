import { describe, expect, it } from 'vitest'
import { searchQuerySchema } from '../../src/model/search-query.js'
import { validate } from '../../src/model/validation.js'
import { substringFinder } from '../../src/search/case-forms.js'
import { fts5Match, fts5Tags } from '../../src/search/fts5-query.js'
import { holdsPhrase } from '../../src/search/match-info.js'
import { substringPattern } from '../../src/search/substring-pattern.js'
import { recallTerms, textMatchOf } from '../../src/search/text-match.js'
import { stemOf, wordsOf } from '../../src/search/words.js'

describe('the terms of a recall', () => {
  it.each([
    ['Why do my uploads time out?', ['uploads', 'time']],
    ['what is it', ['what', 'is', 'it']],
    ['Café, café & CAFÉ', ['café']],
    ['データベース?', ['データベース']],
    ['???', ['???']],
    ['', []],
    ['   ', []],
  ])('of %j are %j', (text, terms) => {
    expect(recallTerms(text)).toEqual(terms)
  })

  it('are 64 at most', () => {
    expect(recallTerms(Array.from({ length: 500 }, (_, at) => `word${at}`).join(' '))).toHaveLength(64)
  })
})

describe('the text of a search', () => {
  const matchOf = (query: object): unknown => textMatchOf(validate(searchQuerySchema, query, 'query'))

  it('is split into words, but not when it is strict', () => {
    expect(matchOf({ query: 'cap retries' })).toEqual({
      mode: 'any',
      terms: [
        { text: 'cap', match: 'words' },
        { text: 'retries', match: 'words' },
      ],
    })
    expect(matchOf({ query: ' cap retries ', search_tolerance: 'strict' })).toEqual({
      mode: 'any',
      terms: [{ text: 'cap retries', match: 'substring' }],
    })
  })

  it('is looked for as it stands where there are no words', () => {
    expect(matchOf({ terms: ['%', '日本', 'a b'], match_mode: 'all', search_tolerance: 'fuzzy' })).toEqual({
      mode: 'all',
      terms: [
        { text: '%', match: 'substring' },
        { text: '日本', match: 'substring' },
        { text: 'a b', match: 'prefix' },
      ],
    })
    expect(matchOf({ query: '  ' })).toBeNull()
  })
})

describe('a MATCH expression', () => {
  it('quotes every word', () => {
    const terms = [
      { text: 'C++ "x" OR NEAR(', match: 'words' as const },
      { text: 'big retries', match: 'prefix' as const },
    ]
    expect(fts5Match(terms, 'all')).toBe('"c x or near" AND "big retries" *')
    expect(fts5Tags(['c++', 'a-b'])).toBe('tags : ("c" OR "a b")')
    expect(fts5Tags(['c', '++'])).toBeNull()
  })
})

describe('a substring pattern', () => {
  it('takes signs literally', () => {
    expect(substringPattern('50%_\\')).toEqual({ operator: 'LIKE', patterns: ['%50\\%\\_\\\\%'] })
    expect(substringPattern('é*[?')).toEqual({
      operator: 'GLOB',
      patterns: ['*[éÉ][*][[][?]*', '*[eE]\u0301[*][[][?]*'],
    })
    expect(substringPattern('日a')).toEqual({ operator: 'GLOB', patterns: ['*日[aA]*'] })
  })
})

describe('words', () => {
  it('are letters and digits without case and accents', () => {
    expect(wordsOf('Foo_bar, ÉCOLE naïve x2')).toEqual(['foo', 'bar', 'ecole', 'naive', 'x2'])
    expect(['retries', 'caching', 'as', '日本', 'x'.repeat(70)].map(stemOf)).toEqual([
      'retri',
      'cach',
      'as',
      '日本',
      'x'.repeat(70),
    ])
  })

  it('are found as phrases, and by their beginning', () => {
    const stems = wordsOf('the big retry loop').map(stemOf)
    expect(holdsPhrase(stems, ['big', 'retries'], false)).toBe(true)
    expect(holdsPhrase(stems, ['big', 'loop'], false)).toBe(false)
    expect(holdsPhrase(stems, ['ret'], false)).toBe(false)
    expect(holdsPhrase(stems, ['ret'], true)).toBe(true)
    expect(holdsPhrase(stems, [], true)).toBe(false)
  })

  it('are compared as substrings without case', () => {
    expect(substringFinder('école')('Straße ÉCOLE')).toBe(true)
    expect(substringFinder('ÉCOLE')('e\u0301cole')).toBe(true)
    expect(substringFinder('b')('ABC')).toBe(true)
    expect(substringFinder('d')('abc')).toBe(false)
  })
})
