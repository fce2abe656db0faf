import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ValidationError } from '../../src/errors.js'
import {
  type Reinforcement,
  reinforced,
  relationshipStrength,
  type StrengthFactors,
} from '../../src/knowledge/relationship-strength.js'

describe('the strength of a relationship', () => {
  it.each<[string, StrengthFactors, number]>([
    ['is its base at first', { base: 0.5, evidenceCount: 1 }, 0.5],
    ['is its base without evidence', { base: 0.5, evidenceCount: 0 }, 0.5],
    ['grows with evidence', { base: 0.5, evidenceCount: 2 }, 0.55],
    ['grows by the root of the evidence', { base: 0.5, evidenceCount: 10 }, 0.65],
    ['grows by 0.2 at most', { base: 0.5, evidenceCount: 1_000 }, 0.7],
    ['is 1 at most', { base: 0.9, evidenceCount: Number.POSITIVE_INFINITY }, 1],
    ['is halved where nothing succeeds', { base: 0.8, evidenceCount: 1, successRate: 0 }, 0.4],
    ['is kept where all succeeds', { base: 0.8, evidenceCount: 1, successRate: 1, ageDays: 0 }, 0.8],
    ['fades by a hundredth a day', { base: 0.5, evidenceCount: 1, ageDays: 20 }, 0.4],
    ['fades as fast as told', { base: 0.5, evidenceCount: 1, ageDays: 20, decayPerDay: 0.02 }, 0.3],
    ['fades to half', { base: 0.5, evidenceCount: 1, ageDays: Number.POSITIVE_INFINITY }, 0.25],
    ['does not grow by an age in the future', { base: 0.5, evidenceCount: 1, ageDays: -100 }, 0.5],
    ['fades from 1, not from what the cap cut off', { base: 0.95, evidenceCount: 17, ageDays: 10 }, 0.9],
    ['takes all of it together', { base: 0.6, evidenceCount: 5, successRate: 0.5, ageDays: 10 }, 0.4725],
    ['takes nulls for unknown', { base: 0.6, evidenceCount: 1, successRate: null, ageDays: null }, 0.6],
    ['has no noise', { base: 0.1, evidenceCount: 17 }, 0.3],
    [
      'takes a stored base beyond its bounds for the bound',
      { base: 9.5, evidenceCount: 1, ageDays: 10 },
      0.9,
    ],
  ])('%s', (_, factors, strength) => {
    expect(relationshipStrength(factors)).toBe(strength)
  })

  it('is refused for what is no number', () => {
    expect(() => relationshipStrength({ base: Number.NaN, evidenceCount: 1 })).toThrow(ValidationError)
    expect(() => relationshipStrength({ base: 0.5, evidenceCount: Number.NaN })).toThrow(ValidationError)
  })

  it('lies within 0 and 1, whatever it is made of', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true })
    fc.assert(
      fc.property(
        number,
        number,
        fc.option(number),
        fc.option(number),
        (base, evidenceCount, successRate, ageDays) => {
          const strength = relationshipStrength({ base, evidenceCount, successRate, ageDays })
          expect(strength).toBeGreaterThanOrEqual(0)
          expect(strength).toBeLessThanOrEqual(1)
        },
      ),
    )
  })

  it('never falls by more evidence or more success, nor grows by age', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(share, fc.nat(50), share, fc.nat(400), (base, evidenceCount, successRate, ageDays) => {
        const strength = relationshipStrength({ base, evidenceCount, successRate, ageDays })
        const more = { base, evidenceCount: evidenceCount + 1, successRate, ageDays }
        expect(relationshipStrength(more)).toBeGreaterThanOrEqual(strength)
        expect(relationshipStrength({ ...more, evidenceCount, successRate: 1 })).toBeGreaterThanOrEqual(
          strength,
        )
        expect(relationshipStrength({ ...more, evidenceCount, ageDays: ageDays + 1 })).toBeLessThanOrEqual(
          strength,
        )
      }),
    )
  })
})

describe('reinforced properties', () => {
  const NEW: Reinforcement = {
    strength: 0.5,
    confidence: 0.8,
    evidence_count: 1,
    success_rate: null,
    validation_count: 0,
    counter_evidence_count: 0,
  }

  it('are stronger by a success', () => {
    expect(reinforced(NEW, true)).toEqual({
      strength: 0.55,
      confidence: 0.83,
      evidence_count: 2,
      success_rate: 1,
      validation_count: 1,
      counter_evidence_count: 0,
    })
  })

  it('are weaker by a failure, by half as much', () => {
    expect(reinforced(NEW, false)).toEqual({
      strength: 0.475,
      confidence: 0.785,
      evidence_count: 2,
      success_rate: 0,
      validation_count: 0,
      counter_evidence_count: 1,
    })
  })

  it.each<[string, number, boolean, number]>([
    ['end at 1', 0.98, true, 1],
    ['end at 0.1', 0.11, false, 0.1],
    ['are not raised by a failure below that', 0.05, false, 0.05],
    ['are brought within bounds where another program left them outside', 9.5, false, 0.975],
    ['have no noise', 0.7, true, 0.75],
  ])('%s', (_, strength, success, after) => {
    expect(reinforced({ ...NEW, strength }, success).strength).toBe(after)
  })

  it.each<[string, Partial<Reinforcement>, boolean, number]>([
    [
      'over all that was counted',
      { success_rate: 0.75, validation_count: 3, counter_evidence_count: 1 },
      false,
      0.6,
    ],
    [
      'from the counts where there is none yet',
      { validation_count: 1, counter_evidence_count: 1 },
      true,
      2 / 3,
    ],
    ['from a rate that was given, by its counts', { success_rate: 0.5, validation_count: 4 }, true, 0.6],
    ['from a rate without counts as if it were one', { success_rate: 0.8 }, false, 0.4],
  ])('have a success rate %s', (_, former, success, rate) => {
    expect(reinforced({ ...NEW, ...former }, success).success_rate).toBeCloseTo(rate, 9)
  })

  it('change only what they are about, in a copy', () => {
    const stored = { ...NEW, valid_from: '2026-01-01T00:00:00.000000+00:00', context: 'words' }
    const before = structuredClone(stored)
    expect(Object.keys(reinforced(stored, true)).sort()).toEqual(Object.keys(NEW).sort())
    expect(stored).toEqual(before)
  })

  it('stay within bounds and agree with their counts, however often', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 200 }), (outcomes) => {
        const last = outcomes.reduce(reinforced, NEW)
        const successes = outcomes.filter(Boolean).length
        expect(last.evidence_count).toBe(outcomes.length + 1)
        expect(last.validation_count).toBe(successes)
        expect(last.counter_evidence_count).toBe(outcomes.length - successes)
        expect(last.success_rate).toBeCloseTo(successes / outcomes.length, 6)
        for (const share of [last.strength, last.confidence]) {
          expect(share).toBeGreaterThanOrEqual(0.1)
          expect(share).toBeLessThanOrEqual(1)
          expect(share).toBe(Number(share.toFixed(9)))
        }
      }),
    )
  })
})
