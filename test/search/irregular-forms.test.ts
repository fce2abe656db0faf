import { describe, expect, it } from 'vitest'
import { withOtherForms } from '../../src/search/irregular-forms.js'

describe('irregular forms', () => {
  it('stand for each other', () => {
    expect(withOtherForms({ text: 'buy', match: 'words' }).alternatives).toEqual(['bought'])
    expect(withOtherForms({ text: 'Went', match: 'words' }).alternatives).toEqual(['go', 'gone'])
    expect(withOtherForms({ text: 'go', match: 'words', alternatives: ['leave'] }).alternatives).toEqual([
      'leave',
      'went',
      'gone',
    ])
  })

  it('are none of regular words, of phrases and of parts of words', () => {
    for (const term of [
      { text: 'deploy', match: 'words' },
      { text: 'go home', match: 'words' },
      { text: 'go', match: 'substring' },
    ] as const)
      expect(withOtherForms(term)).toBe(term)
  })
})
