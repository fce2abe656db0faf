import { allPaths } from '../algorithms/all-paths.js'
import { betweenness } from '../algorithms/betweenness.js'
import { bridges } from '../algorithms/bridges.js'
import { closeness } from '../algorithms/closeness.js'
import { communities } from '../algorithms/communities.js'
import { strongComponents, weakComponents } from '../algorithms/components.js'
import { cycles } from '../algorithms/cycles.js'
import { degree } from '../algorithms/degree.js'
import { metricsOf } from '../algorithms/metrics.js'
import { pageRank } from '../algorithms/page-rank.js'
import { shortestPath } from '../algorithms/shortest-path.js'
import { similarNodes } from '../algorithms/similar-nodes.js'
import { topologicalOrder } from '../algorithms/topological-order.js'
import { reversed } from '../snapshot/reversed.js'
import { stepsOf } from '../snapshot/steps.js'
import type { GraphTasks } from './graph-task.js'
import { grouped } from './grouped.js'
import { ranked } from './ranked.js'

/** What is done in each kind of work. Its results are new: their memory is handed over to another thread. */
export const GRAPH_TASKS: GraphTasks = {
  steps: (graph, { direction }) => {
    const { starts, far, edge } = stepsOf(graph, direction)
    return { starts: starts.slice(), far: far.slice(), edge: edge.slice() }
  },
  shortestPath: (graph, { from, to, ...options }) => shortestPath(graph, from, to, options),
  allPaths: (graph, { from, to, ...options }) => allPaths(graph, from, to, options),
  components: (graph, { strong }) => grouped(strong ? strongComponents(graph) : weakComponents(graph)),
  communities: (graph, options) => {
    const { community, modularity } = communities(graph, options)
    return { groups: grouped(community), modularity }
  },
  degree: (graph, { limit }) => ranked(degree(graph), limit),
  closeness: (graph, { limit, ...options }, report) => ranked(closeness(graph, options, report), limit),
  betweenness: (graph, { limit, ...options }, report) => ranked(betweenness(graph, options, report), limit),
  pageRank: (graph, { limit, ...options }, report) => ranked(pageRank(graph, options, report), limit),
  bridges: (graph) => bridges(graph),
  cycles: (graph, { direction, ...options }, report) => {
    if (direction !== 'incoming') return cycles(graph, options, report)
    const turned = reversed(graph)
    return cycles(turned.graph, options, report).map(({ nodes, edges }) => ({
      nodes,
      edges: edges.map((edge) => turned.edges[edge] as number),
    }))
  },
  topologicalOrder: (graph, options) => topologicalOrder(graph, options),
  similarNodes: (graph, { node, limit }) => similarNodes(graph, node, limit),
  metrics: (graph) => metricsOf(graph),
}
