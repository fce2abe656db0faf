import type { Memory } from '../model/memory.js'
import type { CompleteRanking } from '../model/ranking-options.js'

const DAY_MS = 86_400_000

/**
 * A relevance, the more the better, with what a memory gains by its age and importance: score × (1 + recency × 2^(−age ÷ half-life)) ×
 * (1 + weight × importance). A memory without a readable time of creation gains nothing by its age, one of the future all there is.
 */
export function boostedScore(
  score: number,
  memory: Pick<Memory, 'created_at' | 'importance'>,
  { recency, recencyHalfLifeDays, importance }: CompleteRanking,
  nowMs: number,
): number {
  const ageMs = Math.max(0, nowMs - Date.parse(memory.created_at))
  const freshness = Number.isNaN(ageMs) ? 0 : 2 ** (-ageMs / (recencyHalfLifeDays * DAY_MS))
  return score * (1 + recency * freshness) * (1 + importance * memory.importance)
}
