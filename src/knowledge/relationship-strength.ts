import { ValidationError } from '../errors.js'
import type { RelationshipProperties } from '../model/relationship.js'

/** What {@link relationshipStrength} reckons with. */
export type StrengthFactors = {
  /** Strength to begin with, 0..1. */
  readonly base: number
  /** How often the relationship was observed. */
  readonly evidenceCount: number
  /** Share of the times that it held, 0..1; absent or `null` counts as unknown. */
  readonly successRate?: number | null | undefined
  /** Days since it was last known to hold; absent or `null` counts as none. */
  readonly ageDays?: number | null | undefined
  /** What is lost each day, as a share of the strength. Default is 0.01. */
  readonly decayPerDay?: number | undefined
}

/** The properties that {@link reinforced} reads and gives anew: a patch for `updateRelationshipProperties`. */
export type Reinforcement = Pick<
  RelationshipProperties,
  | 'strength'
  | 'confidence'
  | 'evidence_count'
  | 'success_rate'
  | 'validation_count'
  | 'counter_evidence_count'
>

const MAX_EVIDENCE_BOOST = 0.2
const EVIDENCE_BOOST = 0.05
/** The share of its strength that age leaves to any relationship. */
const LEAST_LEFT_BY_AGE = 0.5

const STRENGTH_STEP = 0.05
const CONFIDENCE_STEP = 0.03
/** A failure takes this share of what a success gives. */
const FAILURE_SHARE = 0.5
/** Below this no failure takes anything. */
const LEAST_LEFT_BY_FAILURE = 0.1

/**
 * Works out how strong a relationship is now, 0..1: more evidence adds up to 0.2, failures take up to half, age takes up to
 * half. The formula is MemoryGraph's: (base + 0.05·√(evidence − 1)) · (0.5 + 0.5·rate) · (1 − decay·days), where evidence adds 0.2
 * at most, the strength so far is 1 at most and the last factor is 0.5 at least. Throws a `ValidationError` for what is no number.
 */
export function relationshipStrength(factors: StrengthFactors): number {
  const { base, evidenceCount, successRate, ageDays, decayPerDay = 0.01 } = factors
  const boost = Math.min(MAX_EVIDENCE_BOOST, EVIDENCE_BOOST * Math.sqrt(Math.max(0, evidenceCount - 1)))
  const reliability = 0.5 + 0.5 * withinBounds(successRate ?? 1)
  const freshness = Math.max(LEAST_LEFT_BY_AGE, 1 - decayPerDay * Math.max(0, ageDays ?? 0))
  const strength = withinBounds(withinBounds(base) + boost) * reliability * freshness
  if (!Number.isNaN(strength)) return withinBounds(strength)
  throw new ValidationError('Invalid relationship strength: each of the factors must be a number', {
    details: { factors },
  })
}

/**
 * What becomes of a relationship's properties when it held once more, or failed to: strength 0.05 and confidence 0.03 up, or half
 * of that down (not below 0.1); one more piece of evidence, and one more validation or piece of counter-evidence; the success
 * rate over all of these. A rate that was given without counts weighs as one of them. Changes no other property and not its
 * argument; `last_validated` is the caller's to set.
 */
export function reinforced(properties: Readonly<Reinforcement>, success: boolean): Reinforcement {
  const { strength, confidence, evidence_count, success_rate, validation_count, counter_evidence_count } =
    properties
  const counted = validation_count + counter_evidence_count
  const observed = Math.max(counted, success_rate === null ? 0 : 1)
  const successes = success_rate === null ? validation_count : success_rate * observed
  return {
    strength: stepped(strength, STRENGTH_STEP, success),
    confidence: stepped(confidence, CONFIDENCE_STEP, success),
    evidence_count: evidence_count + 1,
    success_rate: withinBounds((successes + (success ? 1 : 0)) / (observed + 1)),
    validation_count: validation_count + (success ? 1 : 0),
    counter_evidence_count: counter_evidence_count + (success ? 0 : 1),
  }
}

function stepped(value: number, step: number, success: boolean): number {
  if (success) return withinBounds(value + step)
  const lowest = Math.min(value, LEAST_LEFT_BY_FAILURE)
  return withinBounds(Math.max(lowest, withinBounds(value) - step * FAILURE_SHARE))
}

/** A number made to lie within 0..1 and freed of the noise of binary fractions. */
function withinBounds(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 1e9) / 1e9
}
