/** An item, how good it is, and the stems it is compared by. */
export type Candidate = { readonly id: string; readonly score: number; readonly stems: ReadonlySet<string> }

/**
 * The best of candidates that are not too much alike, by maximal marginal relevance (Carbonell, Goldstein, 1998): each next one is
 * that whose score, as a share of the greatest, outweighs most its likeness to what was chosen before.
 *
 * @param diversity 0 is by score alone, 1 by unlikeness alone
 */
export function diversify(candidates: readonly Candidate[], count: number, diversity: number): string[] {
  const best = Math.max(...candidates.map(({ score }) => score), Number.MIN_VALUE)
  const left = candidates.map((candidate) => ({ candidate, likeness: 0 }))
  const chosen: string[] = []
  while (chosen.length < count && left.length > 0) {
    const worth = left.map(
      ({ candidate, likeness }) => (1 - diversity) * (candidate.score / best) - diversity * likeness,
    )
    const at = worth.indexOf(Math.max(...worth))
    const [next] = left.splice(at, 1)
    if (!next) break
    chosen.push(next.candidate.id)
    for (const other of left)
      other.likeness = Math.max(other.likeness, likenessOf(other.candidate, next.candidate))
  }
  return chosen
}

/** What two have in common of what they have in all (Jaccard). */
function likenessOf({ stems: a }: Candidate, { stems: b }: Candidate): number {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a]
  let common = 0
  for (const stem of small) if (large.has(stem)) common++
  return common === 0 ? 0 : common / (a.size + b.size - common)
}
