import type { NaiveSteps } from './naive-graph.js'

/** Gives what each node has along its steps, very many times. */
export function naivePageRank(
  steps: NaiveSteps,
  { damping, weighted, begin }: { damping: number; weighted: boolean; begin: Map<number, number> },
  rounds: number,
): Map<number, number> {
  const places = new Map(
    [...steps.keys()].map((node) => [node, { begin: begin.get(node) ?? 0, now: 0, next: 0 }]),
  )
  const nodes = [...steps].map(([node, some]) => {
    const place = places.get(node) as { begin: number; now: number; next: number }
    const out = some.map(({ to, edge }) => ({
      to: places.get(to) as { next: number },
      weight: weighted ? Math.max(0, edge.strength) : 1,
    }))
    return { place, out, total: out.reduce((sum, { weight }) => sum + weight, 0) }
  })
  for (const { place } of nodes) place.now = place.begin
  for (let round = 0; round < rounds; round++) {
    let anew = 1 - damping
    for (const { place, out, total } of nodes) {
      if (total === 0) anew += damping * place.now
      else for (const { to, weight } of out) to.next += (damping * place.now * weight) / total
    }
    for (const { place } of nodes) {
      place.now = place.next + anew * place.begin
      place.next = 0
    }
  }
  return new Map([...places].map(([node, { now }]) => [node, now]))
}
