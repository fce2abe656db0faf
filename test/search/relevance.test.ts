import { describe, expect, it } from 'vitest'
import { relevanceOf, sharesOf, weightOf } from '../../src/search/relevance.js'

describe('relevance', () => {
  it('weighs a term by how few memories hold it, and never below nothing', () => {
    expect(weightOf(1, 1000)).toBeGreaterThan(weightOf(100, 1000))
    expect(weightOf(900, 1000)).toBeGreaterThan(0)
    expect(weightOf(5000, 1000)).toBe(weightOf(1000, 1000))
  })

  it('gives each further occurrence less, and those in a long memory less than in a short one', () => {
    const shares = sharesOf([
      { id: 'once', counts: [1], length: 10 },
      { id: 'twice', counts: [2], length: 10 },
      { id: 'thrice', counts: [3], length: 10 },
      { id: 'long', counts: [1], length: 100 },
      { id: 'none', counts: [0], length: 10 },
    ])
    const share = (id: string): number => shares.get(id)?.[0] as number
    expect(share('none')).toBe(0)
    expect(share('twice') - share('once')).toBeGreaterThan(share('thrice') - share('twice'))
    expect(share('long')).toBeLessThan(share('once'))
    expect(share('thrice')).toBeLessThan(1)
  })

  it('lends only what is missing', () => {
    expect(relevanceOf([2, 1], [0.5, 0], [])).toBe(1)
    expect(relevanceOf([2, 1], [0.5, 0], [0.5, 0.5])).toBe(2 * 0.75 + 0.5)
    expect(relevanceOf([2], [1], [1])).toBe(2)
    expect(relevanceOf([2], [], [0.25])).toBe(0.5)
  })

  it('has no shares of no memories', () => {
    expect(sharesOf([]).size).toBe(0)
  })
})
