import type { CompactGraph } from '../snapshot/compact-graph.js'
import { type Steps, stepsOf } from '../snapshot/steps.js'
import { strongComponents } from './components.js'
import type { NumberedPath } from './numbered-path.js'
import { type GraphPart, partOf } from './part-of.js'
import type { ReportProgress } from './report-progress.js'
import { SimplePathSearch } from './simple-path-search.js'

const STARTS_PER_REPORT = 1024

/**
 * The cycles of at most `maxLength` edges that meet no node twice, shortest first, then by the numbers of their nodes: the first `limit`.
 * Each begins at its least node. Edges of symmetric types are left out; of several between two nodes the strongest stands for all.
 */
export function cycles(
  graph: CompactGraph,
  { maxLength, limit }: { maxLength: number; limit: number },
  report?: ReportProgress,
): NumberedPath[] {
  const found = selfLoops(graph)
  const part = cyclicPart(graph)
  const steps = stepsOf(part.graph, 'outgoing')
  const back = stepsOf(part.graph, 'incoming')
  const search = new SimplePathSearch(graph.order, steps, back)
  const starts: number[] = []
  for (let node = 0; node < graph.order; node++) {
    if (greatestNear(steps, node) > node && greatestNear(back, node) > node) starts.push(node)
  }
  const total = starts.length * (maxLength - 1)
  let done = 0
  for (let length = 2; length <= maxLength && found.length < limit; length++) {
    for (const start of starts) {
      if (found.length === limit) break
      if (++done % STARTS_PER_REPORT === 0) report?.(done, total)
      search.aim(start, length >> 1, start)
      for (const { nodes, edges } of search.ofLength(start, length)) {
        found.push({ nodes, edges: edges.map((edge) => part.edges[edge] as number) })
        if (found.length === limit) break
      }
    }
  }
  report?.(total, total)
  return found.slice(0, limit)
}

/** The greatest node that a step leads to from one, or -1. */
function greatestNear({ starts, far }: Steps, node: number): number {
  const end = starts[node + 1] as number
  return end === starts[node] ? -1 : (far[end - 1] as number)
}

function isOneWay({ symmetric, type }: CompactGraph, edge: number): boolean {
  return symmetric[type[edge] as number] === 0
}

function selfLoops(graph: CompactGraph): NumberedPath[] {
  const loops: NumberedPath[] = []
  for (let edge = 0; edge < graph.size; edge++) {
    const node = graph.from[edge] as number
    if (graph.to[edge] !== node || !isOneWay(graph, edge)) continue
    if (loops.at(-1)?.nodes[0] !== node) loops.push({ nodes: [node, node], edges: [edge] })
  }
  return loops
}

/** The edges that are part of longer cycles. */
function cyclicPart(graph: CompactGraph): GraphPart {
  const components = strongComponents(partOf(graph, (edge) => isOneWay(graph, edge)).graph)
  return partOf(graph, (edge) => {
    const [from, to] = [graph.from[edge] as number, graph.to[edge] as number]
    return isOneWay(graph, edge) && from !== to && components[from] === components[to]
  })
}
