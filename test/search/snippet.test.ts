import { describe, expect, it } from 'vitest'
import { decodeMemory } from '../../src/model/memory-properties.js'
import { snippetFor } from '../../src/search/snippet.js'
import type { TextTerm } from '../../src/search/text-match.js'
import { computingTimeOf } from '../support/patience.js'

function snippetOf(
  content: string,
  terms: readonly TextTerm[],
  { length = 40, summary = null as string | null } = {},
): string {
  const memory = decodeMemory('a', JSON.stringify({ type: 'general', title: 'T', content, summary }))
  return snippetFor({ terms, mode: 'any' }, { length, before: '[', after: ']' })(memory)
}

const words = (...texts: readonly string[]): TextTerm[] => texts.map((text) => ({ text, match: 'words' }))

describe('a snippet', () => {
  it('is the passage with the most terms, cut between words', () => {
    const text =
      'A pool here. Some words in between, and more of them to be left out. The pool has ten connections, no more.'
    expect(snippetOf(text, words('pool', 'connection'))).toBe('…out. The [pool] has ten [connections], no…')
    expect(snippetOf(text, words('pool'))).toBe('A [pool] here. Some words in between, and…')
  })

  it('is of the summary where that holds more', () => {
    expect(snippetOf('One pool.', words('pool', 'ten'), { summary: 'A pool of ten.' })).toBe(
      'A [pool] of [ten].',
    )
    expect(snippetOf('One pool.', words('pool'), { summary: 'A pool of ten.' })).toBe('One [pool].')
  })

  it('is the beginning of the content where nothing was found', () => {
    expect(snippetOf(`Line one\n\n\tline two${' more'.repeat(20)}`, words('none'))).toBe(
      'Line one line two more more more more…',
    )
    expect(snippetOf('Short.', [])).toBe('Short.')
  })

  it('marks phrases, beginnings, substrings and what stands for a word', () => {
    const text = 'Exponential backoff, retried.'
    expect(snippetOf(text, words('exponential backoff'))).toBe('[Exponential backoff], retried.')
    expect(snippetOf(text, [{ text: 'expon', match: 'prefix' }])).toBe('[Exponential] backoff, retried.')
    expect(snippetOf(text, [{ text: 'ntial back', match: 'substring' }])).toBe(
      'Expone[ntial back]off, retried.',
    )
    expect(snippetOf(text, [{ text: 'retreis', match: 'prefix', alternatives: ['retries'] }])).toBe(
      'Exponential backoff, [retried].',
    )
    expect(snippetOf(text, words('backoff', 'exponential backoff'))).toBe('[Exponential backoff], retried.')
  })

  it('never cuts through a character', () => {
    const family = '👨‍👩‍👧‍👦'
    for (let length = 20; length < 45; length++) {
      const shown = snippetOf(`${family.repeat(9)} gateway ${family.repeat(9)}`, words('gateway'), { length })
      expect(shown.replaceAll(family, '').replaceAll('…', '').trim()).toBe('[gateway]')
    }
    const thai = snippetOf('ฐานข้อมูลทำงานช้า'.repeat(10), [{ text: 'ข้อมูล', match: 'unspaced' }], { length: 20 })
    expect(thai).toBe('ฐาน[ข้อมูล]ทำงานช้าฐาน…')
  })

  it('is found in texts of any size', () => {
    const text = `${'word '.repeat(200_000)}`
    let shown = ''
    const took = computingTimeOf(() => {
      shown = snippetOf(text, words('word'))
    })
    expect(shown).toMatch(/^\[word\] \[word\]/)
    expect(took).toBeLessThan(3_000)
  })
})
