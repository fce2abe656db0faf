/** The nodes that edges lead to from each node. */
export type Successors = ReadonlyMap<string, readonly string[]>

/**
 * Of each node the number of its strong component: the nodes that reach each other. Without recursion, so that a chain may be of any
 * length. Tarjan, Depth-first search and linear graph algorithms (1972).
 */
export function strongComponents(successors: Successors): Map<string, number> {
  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const components = new Map<string, number>()
  const open: string[] = []
  let count = 0

  const lower = (node: string, value: number): void => {
    if (value < (lowest.get(node) ?? Number.POSITIVE_INFINITY)) lowest.set(node, value)
  }
  const enter = (node: string): { node: string; next: number } => {
    lower(node, order.size)
    order.set(node, order.size)
    open.push(node)
    return { node, next: 0 }
  }
  const leave = (node: string): void => {
    if (lowest.get(node) !== order.get(node)) return
    for (let member: string | undefined; member !== node; ) {
      member = open.pop() as string
      components.set(member, count)
    }
    count++
  }

  for (const root of successors.keys()) {
    if (order.has(root)) continue
    const path = [enter(root)]
    for (let step = path.at(-1); step; step = path.at(-1)) {
      const to = successors.get(step.node)?.[step.next++]
      if (to === undefined) {
        path.pop()
        leave(step.node)
        const before = path.at(-1)
        if (before) lower(before.node, lowest.get(step.node) as number)
      } else if (!order.has(to)) path.push(enter(to))
      else if (!components.has(to)) lower(step.node, order.get(to) as number)
    }
  }
  return components
}
