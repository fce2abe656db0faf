import { byLengthThenNumbers, type NaiveStep, type NaiveSteps } from './naive-graph.js'

/** How many steps it is to each node that can be reached, the start among them. */
export function naiveDepths(
  steps: NaiveSteps,
  start: number,
  maxDepth: number = Number.POSITIVE_INFINITY,
): Map<number, number> {
  const depths = new Map([[start, 0]])
  for (const [node, depth] of depths) {
    if (depth === maxDepth) break
    for (const { to } of steps.get(node) ?? []) if (!depths.has(to)) depths.set(to, depth + 1)
  }
  return depths
}

/** The nodes along each way between two nodes that meets no node twice: shortest first, then by number. */
export function naivePaths(steps: NaiveSteps, from: number, to: number, maxDepth: number): number[][] {
  const paths: number[][] = []
  const goOn = (path: number[]): void => {
    const node = path.at(-1) as number
    if (node === to) {
      paths.push(path)
      return
    }
    if (path.length > maxDepth) return
    for (const next of new Set((steps.get(node) ?? []).map((step) => step.to))) {
      if (!path.includes(next)) goOn([...path, next])
    }
  }
  goOn([from])
  return paths.sort(byLengthThenNumbers)
}

/** The strongest step of each pair of nodes along a way. */
export function strongestSteps(steps: NaiveSteps, nodes: readonly number[]): NaiveStep[] {
  return nodes.slice(1).map((to, at) => {
    const step = steps.get(nodes[at] as number)?.find((one) => one.to === to)
    if (!step) throw new Error(`No step leads from ${nodes[at]} to ${to}`)
    return step
  })
}

export function strongestEdges(steps: NaiveSteps, nodes: readonly number[]): number[] {
  return strongestSteps(steps, nodes).map(({ edge }) => edge.number)
}

/** The nodes of the way of fewest steps that come first, by the steps from each node that lead one nearer to the goal. */
export function naiveShortestPath(
  steps: NaiveSteps,
  back: NaiveSteps,
  from: number,
  to: number,
): number[] | null {
  const depths = naiveDepths(back, to)
  if (!depths.has(from)) return null
  const path = [from]
  for (let node = from; node !== to; ) {
    const nearer = (depths.get(node) as number) - 1
    node = Math.min(
      ...(steps.get(node) ?? []).map((step) => step.to).filter((next) => depths.get(next) === nearer),
    )
    path.push(node)
  }
  return path
}

/** The greatest product of strengths along a way to each node, each tried again whenever one before it becomes better. */
export function naiveStrengths(steps: NaiveSteps, start: number): Map<number, number> {
  const strengths = new Map([[start, 1]])
  let changed = new Set([start])
  while (changed.size > 0) {
    const next = new Set<number>()
    for (const node of changed) {
      for (const { to, edge } of steps.get(node) ?? []) {
        const product = (strengths.get(node) as number) * edge.strength
        if (product <= (strengths.get(to) ?? 0)) continue
        strengths.set(to, product)
        next.add(to)
      }
    }
    changed = next
  }
  return strengths
}
