/** Two that are joined, by their numbers. */
export type Pair = readonly [from: number, to: number]

/** The parts of a graph that are not joined, largest first, then by their least number; the numbers in each ascending. */
export function componentsOf(order: number, links: readonly Pair[]): number[][] {
  const parent = Array.from({ length: order }, (_, number) => number)
  const rootOf = (number: number): number => {
    let root = number
    while (parent[root] !== root) root = parent[root] as number
    for (let at = number; parent[at] !== root; ) {
      const next = parent[at] as number
      parent[at] = root
      at = next
    }
    return root
  }
  for (const [from, to] of links) parent[rootOf(from)] = rootOf(to)
  const parts = new Map<number, number[]>()
  for (let number = 0; number < order; number++) {
    const root = rootOf(number)
    const part = parts.get(root)
    if (part) part.push(number)
    else parts.set(root, [number])
  }
  return [...parts.values()].sort((a, b) => b.length - a.length || (a[0] as number) - (b[0] as number))
}
