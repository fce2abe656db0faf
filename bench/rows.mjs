import { median } from './measure.mjs'

/**
 * A line of the result.
 *
 * @typedef {object} Row
 * @property {string} name
 * @property {string} unit of `ours` and `raw`
 * @property {number | null} ours
 * @property {number | null} raw the same job by prepared statements of the engine; `null` where there is nothing to compare with
 * @property {number | null} ratio `ours` / `raw`
 * @property {Target | null} target `null` for information
 * @property {'ok' | 'short' | 'absent' | null} verdict
 */

/** @typedef {{ of: 'ours' | 'ratio', atLeast?: number, atMost?: number }} Target */

/**
 * A row that compares how much each side does a second; the ratio is the median of the rounds' ratios.
 *
 * @param {{ ours: number[], raw: number[] }} times milliseconds of each round
 * @returns {Row}
 */
export function throughputRow(name, countPerRound, times, atLeast) {
  const rates = (list) => median(list.map((taken) => (countPerRound / taken) * 1000))
  const ratio = median(times.ours.map((taken, round) => times.raw[round] / taken))
  const target = atLeast === undefined ? null : { of: 'ratio', atLeast }
  return judged({ name, unit: '/s', ours: rates(times.ours), raw: rates(times.raw), ratio, target })
}

/** A row that compares how long each side takes. @returns {Row} */
export function durationRow(name, ours, raw, atMost) {
  return judged({
    name,
    unit: 'ms',
    ours,
    raw,
    ratio: ours / raw,
    target: atMost === undefined ? null : { of: 'ratio', atMost },
  })
}

/** A row of one figure with an upper limit, and perhaps the same of something that is there to tell what the machine adds. @returns {Row} */
export function limitRow(name, unit, ours, atMost, raw = null) {
  return judged({ name, unit, ours, raw, ratio: null, target: { of: 'ours', atMost } })
}

/** A row of one figure with a lower limit. @returns {Row} */
export function leastRow(name, unit, ours, atLeast) {
  return judged({ name, unit, ours, raw: null, ratio: null, target: { of: 'ours', atLeast } })
}

/** A row of one figure that has no target. @returns {Row} */
export function factRow(name, unit, ours, raw = null) {
  return judged({ name, unit, ours, raw, ratio: null, target: null })
}

/** A row that says only how long the other side takes. @returns {Row} */
export function rawDurationRow(name, raw) {
  return judged({ name, unit: 'ms', ours: null, raw, ratio: null, target: null })
}

function judged(row) {
  return { ...row, verdict: verdictOf(row) }
}

function verdictOf({ target, ...figures }) {
  if (target === null) return null
  const figure = figures[target.of]
  if (figure === null) return 'absent'
  const { atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY } = target
  return figure >= atLeast && figure <= atMost ? 'ok' : 'short'
}
