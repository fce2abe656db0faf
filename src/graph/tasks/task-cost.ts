import type { CompactGraph } from '../snapshot/compact-graph.js'
import type { GraphTaskName, GraphTaskOptions } from './graph-task.js'

type Cost<Name extends GraphTaskName> = (graph: CompactGraph, options: GraphTaskOptions<Name>) => number

/** How often work looks at each node and edge of a graph, roughly, with what it does before. */
const LOOKS: { [Name in GraphTaskName]: Cost<Name> } = {
  steps: () => 6,
  shortestPath: ({ order }, { weighted }) => 8 + (weighted ? Math.log2(order + 2) : 0),
  allPaths: (graph, { maxDepth }) => 10 + fanOut(graph, 2 * graph.size, maxDepth),
  components: () => 10,
  communities: () => 60,
  degree: ({ order }) => 1 + Math.log2(order + 2),
  closeness: ({ order }, { samples }) => 10 + (samples ?? order),
  betweenness: ({ order }, { samples }) => 10 + 4 * (samples ?? order),
  pageRank: (_, { damping }) => 10 + 10 / (1 - damping),
  bridges: () => 10,
  cycles: (graph, { maxLength }) => 16 + fanOut(graph, graph.size, maxLength),
  topologicalOrder: ({ order }) => 12 + Math.log2(order + 2),
  similarNodes: () => 10,
  metrics: () => 20,
}
/** What a look takes, in milliseconds, until the code is warm. */
const LOOK_MS = 30e-6

/** What work on a graph takes, in milliseconds: an estimate, rather too high than too low. */
export function taskCost<Name extends GraphTaskName>(
  name: Name,
  graph: CompactGraph,
  options: GraphTaskOptions<Name>,
): number {
  return (graph.order + graph.size) * LOOKS[name](graph, options) * LOOK_MS
}

/** How many ways of some length that meet no node twice begin at a node, roughly, where so many steps can be taken in all. */
function fanOut({ order }: CompactGraph, steps: number, length: number): number {
  const branches = Math.min(Math.max(1.5, steps / Math.max(order, 1)), order)
  return branches ** (Math.min(length, order) - 1)
}
