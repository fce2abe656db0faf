import type { NaiveSteps } from './naive-graph.js'
import { naiveDepths } from './naive-walks.js'

/** Components as numbers by node, in the order of their least ones. */
type Components = Map<number, number>

/** Of steps in both directions: what is reached from each node that is in none yet. */
export function naiveWeakComponents(steps: NaiveSteps): Components {
  const components: Components = new Map()
  let count = 0
  for (const root of steps.keys()) {
    if (components.has(root)) continue
    for (const node of naiveDepths(steps, root).keys()) components.set(node, count)
    count++
  }
  return components
}

/** Nodes that reach each other, by trying. */
export function naiveStrongComponents(steps: NaiveSteps): Components {
  const reached = new Map([...steps.keys()].map((node) => [node, naiveDepths(steps, node)]))
  const components: Components = new Map()
  let count = 0
  for (const root of steps.keys()) {
    if (components.has(root)) continue
    for (const node of steps.keys()) {
      if (reached.get(root)?.has(node) && reached.get(node)?.has(root)) components.set(node, count)
    }
    count++
  }
  return components
}

/** The same for large graphs: the last to be left goes first, back along the steps. Kosaraju's method. */
export function naiveStrongComponentsOfMany(steps: NaiveSteps, back: NaiveSteps): Components {
  const left: number[] = []
  const met = new Set<number>()
  for (const root of steps.keys()) {
    if (met.has(root)) continue
    met.add(root)
    const path = [{ node: root, next: 0 }]
    while (path.length > 0) {
      const here = path.at(-1) as { node: number; next: number }
      const step = steps.get(here.node)?.[here.next++]
      if (step === undefined) left.push((path.pop() as { node: number }).node)
      else if (!met.has(step.to)) {
        met.add(step.to)
        path.push({ node: step.to, next: 0 })
      }
    }
  }
  const leasts = new Map<number, number>()
  const roots: Components = new Map()
  for (const root of left.toReversed()) {
    if (roots.has(root)) continue
    const members = [root]
    roots.set(root, root)
    for (const node of members) {
      for (const { to } of back.get(node) ?? []) {
        if (roots.has(to)) continue
        roots.set(to, root)
        members.push(to)
      }
    }
    leasts.set(
      root,
      members.reduce((least, node) => Math.min(least, node)),
    )
  }
  const order = [...leasts.values()].sort((a, b) => a - b)
  const numbers = new Map(order.map((least, number) => [least, number]))
  return new Map(
    [...steps.keys()].map((node) => [
      node,
      numbers.get(leasts.get(roots.get(node) as number) as number) as number,
    ]),
  )
}
