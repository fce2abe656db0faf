import { describe, expect, it } from 'vitest'
import { diversify } from '../../src/search/diversity.js'
import { fuseRankings } from '../../src/search/rank-fusion.js'

describe('the fusion of rankings', () => {
  it('adds up weights by the reciprocal of the rank', () => {
    const scores = fuseRankings([
      { ids: ['a', 'b'], weight: 1 },
      { ids: ['b', 'c'], weight: 0.5 },
      { ids: ['z'], weight: 0 },
    ])
    expect(scores.get('a')).toBeCloseTo(1 / 61)
    expect(scores.get('b')).toBeCloseTo(1 / 62 + 0.5 / 61)
    expect(scores.get('c')).toBeCloseTo(0.5 / 62)
    expect(scores.has('z')).toBe(false)
  })
})

describe('diversity', () => {
  const candidate = (id: string, score: number, text: string): Parameters<typeof diversify>[0][number] => ({
    id,
    score,
    stems: new Set(text.split(' ')),
  })
  const candidates = [
    candidate('a', 1, 'retry the payment gateway'),
    candidate('a again', 0.95, 'retry the payment gateway'),
    candidate('b', 0.8, 'index the orders table'),
    candidate('c', 0.1, 'lunch on friday'),
  ]

  it('of nothing keeps the order of the scores', () => {
    expect(diversify(candidates, 3, 0)).toEqual(['a', 'a again', 'b'])
  })

  it('puts what is like a better one after what is not', () => {
    expect(diversify(candidates, 3, 0.6)).toEqual(['a', 'b', 'c'])
    expect(diversify(candidates, 10, 1)).toHaveLength(4)
    expect(diversify([], 10, 0.5)).toEqual([])
  })
})
