import { MemoryError } from '../../errors.js'
import type { GraphSize } from '../../graph/graph-view.js'

/** How much of a graph may be read into memory. */
export type GraphBudget = { readonly maxNodes: number; readonly maxEdges: number }

/** Throws `MG_GRAPH_TOO_LARGE` where there is more than a budget allows. */
export function requireWithin(
  budget: GraphBudget,
  { nodes, relationships }: GraphSize,
  what = 'The graph',
): void {
  const isOver = nodes > budget.maxNodes || relationships > budget.maxEdges
  if (!isOver) return
  const [option, flag, limit] =
    nodes > budget.maxNodes
      ? ['maxNodes', 'max-nodes', budget.maxNodes]
      : ['maxEdges', 'max-edges', budget.maxEdges]
  throw new MemoryError(
    `${what} has ${nodes} nodes and ${relationships} relationships, and ${option} is ${limit}: raise the option ${option} (--${flag} on the command line), which takes about 300 bytes of memory for a node and 200 for a relationship, twice that for algorithms, or see less of it by "start", "maxDepth" or "scope"`,
    { code: 'MG_GRAPH_TOO_LARGE', details: { nodes, relationships, ...budget } },
  )
}
