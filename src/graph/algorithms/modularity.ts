import type { WeightedPairs } from './weighted-pairs.js'

/**
 * How much more of the weight lies within communities than would if it fell on nodes by chance: from -0.5 to 1, and 0 without pairs.
 * Newman, Analysis of weighted networks (2004).
 */
export function modularity({ size, lesser, greater, weight }: WeightedPairs, community: Int32Array): number {
  const within = new Float64Array(community.length)
  const total = new Float64Array(community.length)
  let sum = 0
  for (let pair = 0; pair < size; pair++) {
    const [one, other] = [
      community[lesser[pair] as number] as number,
      community[greater[pair] as number] as number,
    ]
    const between = weight[pair] as number
    sum += between
    ;(total[one] as number) += between
    ;(total[other] as number) += between
    if (one === other) (within[one] as number) += between
  }
  if (sum === 0) return 0
  return within.reduce(
    (found, inside, at) => found + inside / sum - ((total[at] as number) / (2 * sum)) ** 2,
    0,
  )
}
