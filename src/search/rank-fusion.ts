/** How little the first ranks stand out: the constant of the paper below. */
const RANK_OFFSET = 60

/** One ranking: ids, best first, and how much it counts. */
export type Ranking = { readonly ids: readonly string[]; readonly weight: number }

/**
 * Fuses rankings by reciprocal rank: each gives an id its weight, divided by 60 and the id's rank from 1. (Cormack, Clarke, Büttcher,
 * "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning Methods", 2009.) Returns the sums by id.
 */
export function fuseRankings(rankings: readonly Ranking[]): Map<string, number> {
  const scores = new Map<string, number>()
  for (const { ids, weight } of rankings) {
    if (weight === 0) continue
    ids.forEach((id, at) => {
      scores.set(id, (scores.get(id) ?? 0) + weight / (RANK_OFFSET + at + 1))
    })
  }
  return scores
}
