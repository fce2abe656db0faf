import type { NaiveEdge } from './naive-graph.js'

/** The nodes with edges so that each comes before those it points to, of those that may come next the least; as far as it goes. */
export function naiveTopologicalOrder(edges: readonly NaiveEdge[]): number[] {
  const before = new Map<number, Set<number>>()
  const behind = new Map<number, Set<number>>()
  for (const { from, to } of edges) {
    for (const node of [from, to]) {
      before.set(node, before.get(node) ?? new Set())
      behind.set(node, behind.get(node) ?? new Set())
    }
    before.get(to)?.add(from)
    behind.get(from)?.add(to)
  }
  const order: number[] = []
  const ready = new Set([...before].filter(([, some]) => some.size === 0).map(([node]) => node))
  while (ready.size > 0) {
    let least = Number.POSITIVE_INFINITY
    for (const node of ready) least = Math.min(least, node)
    ready.delete(least)
    order.push(least)
    for (const node of behind.get(least) ?? []) {
      before.get(node)?.delete(least)
      if (before.get(node)?.size === 0) ready.add(node)
    }
  }
  return order
}
