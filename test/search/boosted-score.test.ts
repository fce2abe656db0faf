import { describe, expect, it } from 'vitest'
import type { Memory } from '../../src/model/memory.js'
import { rankingSchema } from '../../src/model/ranking-options.js'
import { validate } from '../../src/model/validation.js'
import { boostedScore } from '../../src/search/boosted-score.js'

const NOW = Date.parse('2026-03-01T00:00:00Z')

function scoreOf(created_at: string, importance: number, options: object): number {
  const ranking = validate(rankingSchema, options, 'ranking')
  if (ranking === null) throw new Error('nothing was asked for')
  return boostedScore(2, { created_at: created_at as Memory['created_at'], importance }, ranking, NOW)
}

describe('a boosted score', () => {
  it.each([
    ['2026-03-01T00:00:00.000000+00:00', 4],
    ['2026-01-30T00:00:00.000000+00:00', 3],
    ['2025-12-31T00:00:00.000000+00:00', 2.5],
    ['2026-04-01T00:00:00.000000+00:00', 4],
    ['some day', 2],
  ])('of what was created at %s goes by its age', (created, score) => {
    expect(scoreOf(created, 1, { recency: 1 })).toBeCloseTo(score)
  })

  it('goes by the weights and the half-life', () => {
    const created = '2026-02-27T00:00:00.000000+00:00'
    expect(scoreOf(created, 1, { recency: 0.5, recencyHalfLifeDays: 2 })).toBeCloseTo(2.5)
    expect(scoreOf(created, 0.5, { importance: 1 })).toBeCloseTo(3)
    expect(scoreOf(created, 0.5, { importance: 1, recency: 1, recencyHalfLifeDays: 2 })).toBeCloseTo(4.5)
  })
})

describe('ranking options', () => {
  it('change nothing unless they say so', () => {
    for (const options of [undefined, null, {}, { recency: 0, importance: null }, { recencyHalfLifeDays: 3 }])
      expect(validate(rankingSchema, options, 'ranking')).toBeNull()
  })

  it.each([
    { recency: 1.1 },
    { recency: -1 },
    { importance: Number.NaN },
    { recencyHalfLifeDays: 0 },
    { age: 1 },
    1,
  ])('are refused as %j', (options) => {
    expect(() => validate(rankingSchema, options, 'ranking')).toThrow('Invalid ranking')
  })
})
