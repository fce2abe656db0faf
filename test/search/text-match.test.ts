import { describe, expect, it } from 'vitest'
import { searchQuerySchema } from '../../src/model/search-query.js'
import { validate } from '../../src/model/validation.js'
import { substringFinder } from '../../src/search/case-forms.js'
import { fts5Match, fts5Tags } from '../../src/search/fts5-query.js'
import { substringPattern } from '../../src/search/substring-pattern.js'
import { IndexedWords, spanFinder } from '../../src/search/term-spans.js'
import { recallTerms, textMatchOf } from '../../src/search/text-match.js'
import { stemOf, wordsOf } from '../../src/search/words.js'
import { computingTimeOf } from '../support/patience.js'

describe('the terms of a recall', () => {
  it.each([
    ['Why do my uploads time out?', ['uploads', 'time']],
    ['what is it', ['what', 'is', 'it']],
    ['Café, café & CAFÉ', ['café']],
    ['データベース?', ['データ', 'ータベ', 'タベー', 'ベース']],
    ['本番のデータが遅い理由は?', ['本番', 'データ', '理由']],
    ['DB接続プール', ['db', '接続', 'プール']],
    ['数据库为什么慢', ['数据', '据库', '库为', '么慢']],
    ['怎么优化索引?', ['么优', '优化', '化索', '索引']],
    ['ありがとう', ['ありが', 'りがと', 'がとう']],
    ['車は?', ['車']],
    ['ข้อมูล', ['ข้อ', '้อม', 'อมู', 'มูล']],
    ['???', ['???']],
    ['is "the connection pool" slow, or the "pool"?', ['the connection pool', 'connection', 'pool', 'slow']],
    ['', []],
    ['   ', []],
  ])('of %j are %j', (text, terms) => {
    expect(recallTerms(text)).toEqual(terms)
  })

  it('are found in long texts as fast as in short ones', () => {
    const text = `"${'(a '.repeat(100_000)}${'("'.repeat(50_000)}${'("a'.repeat(50_000)}`
    const took = computingTimeOf(() => expect(recallTerms(text)).toEqual(['a']))
    expect(took).toBeLessThan(3_000)
  })

  it('are 64 at most', () => {
    expect(recallTerms(Array.from({ length: 500 }, (_, at) => `word${at}`).join(' '))).toHaveLength(64)
  })
})

describe('the text of a search', () => {
  const matchOf = (query: object): unknown => {
    const match = textMatchOf(validate(searchQuerySchema, query, 'query'))
    return match && { mode: match.mode, terms: match.terms }
  }

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

  it.each([
    ['"connection pool" timeout', ['connection pool', 'timeout']],
    ['timeout "connection pool", "connection pool"!', ['connection pool', 'timeout']],
    ['“connection pool”', ['connection pool']],
    ['say "hello there', ['say', '"hello', 'there']],
    ['5" disk 3"', ['5"', 'disk', '3"']],
    ['"" "?" "', ['""', '"?"', '"']],
    ['"+1" "a"', ['+1', 'a']],
  ])('of %j has the terms %j', (query, texts) => {
    const match = textMatchOf(validate(searchQuerySchema, { query }, 'query'))
    expect(match?.terms.map((term) => term.text)).toEqual(texts)
  })

  it('takes phrases to the letter where words may go on', () => {
    expect(matchOf({ query: '"time out" gate', search_tolerance: 'fuzzy' })).toEqual({
      mode: 'any',
      terms: [
        { text: 'time out', match: 'words' },
        { text: 'gate', match: 'prefix' },
      ],
    })
  })

  it('is looked for as it stands where there are no words', () => {
    expect(matchOf({ terms: ['%', '日本', 'a b'], match_mode: 'all', search_tolerance: 'fuzzy' })).toEqual({
      mode: 'all',
      terms: [
        { text: '%', match: 'substring' },
        { text: '日本', match: 'unspaced' },
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
    const words = new IndexedWords('The Big Rétry loop: a retry')
    const places = (text: string, match: 'words' | 'prefix'): string[] =>
      spanFinder({ text, match })(words).map(({ start, end }) => words.text.slice(start, end))
    expect(places('big retries', 'words')).toEqual(['Big Rétry'])
    expect(places('big loop', 'words')).toEqual([])
    expect(places('ret', 'words')).toEqual([])
    expect(places('ret', 'prefix')).toEqual(['Rétry', 'retry'])
    expect(places('big ret', 'prefix')).toEqual(['Big Rétry'])
    expect(places('?', 'prefix')).toEqual([])
  })

  it('are compared as substrings without case', () => {
    expect(substringFinder('école')('Straße ÉCOLE')).toBe(true)
    expect(substringFinder('ÉCOLE')('e\u0301cole')).toBe(true)
    expect(substringFinder('b')('ABC')).toBe(true)
    expect(substringFinder('d')('abc')).toBe(false)
  })
})
