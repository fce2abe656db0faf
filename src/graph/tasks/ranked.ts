/** Nodes and their scores, the greatest first, then by number. */
export type RankedNodes = { nodes: Int32Array; scores: Float64Array }

/** The nodes by their scores, at most so many; `null` is all. */
export function ranked(scores: Float64Array, limit: number | null): RankedNodes {
  const count = Math.min(limit ?? scores.length, scores.length)
  const all = new Int32Array(scores.length).map((_, node) => node)
  const nodes = (count === all.length ? all : atLeast(scores, all, count))
    .sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b)
    .slice(0, count)
  return { nodes, scores: new Float64Array(count).map((_, at) => scores[nodes[at] as number] as number) }
}

/** The nodes whose scores are not less than the last of so many: to order a million for ten would take five times as long. */
function atLeast(scores: Float64Array, nodes: Int32Array, count: number): Int32Array {
  const least = scores.toSorted()[scores.length - count] as number
  return nodes.filter((node) => (scores[node] as number) >= least)
}
