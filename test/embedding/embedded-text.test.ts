import { describe, expect, it } from 'vitest'
import { digestOf, embeddedTextOf } from '../../src/embedding/embedded-text.js'

const MEMORY = { title: 'Title', summary: null, content: 'Content', tags: [] }

describe('embeddedTextOf()', () => {
  it('joins what there is of title, summary, content and tags', () => {
    expect(embeddedTextOf(MEMORY)).toBe('Title\nContent')
    expect(embeddedTextOf({ ...MEMORY, summary: 'Summary', tags: ['a', 'b'] })).toBe(
      'Title\nSummary\nContent\na, b',
    )
  })

  it('cuts what is long, the content first, and leaves text', () => {
    const long = embeddedTextOf({ ...MEMORY, content: '🙂'.repeat(9000), tags: ['tag'] })
    expect(long.length).toBeLessThanOrEqual(8000)
    expect(long.length).toBeGreaterThan(7990)
    expect(long).toMatch(/^Title\n🙂.*\ntag$/su)
    expect(long.isWellFormed()).toBe(true)
    const tags = Array.from({ length: 3000 }, (_, at) => `tag ${at}`)
    expect(embeddedTextOf({ ...MEMORY, tags })).toHaveLength(8000)
  })

  it('has a digest that stays the same', () => {
    expect(digestOf('Title\nContent')).toBe('e5779344e0be87cb')
  })
})
