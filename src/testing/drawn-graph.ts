import type { GraphBackend } from '../backends/graph-backend.js'
import type { GraphRunOptions, GraphView } from '../graph/graph-view.js'
import type { RelationshipType } from '../model/relationship-type.js'
import { storeNotes } from './samples.js'

/** A relationship as it can be drawn: `['ab', 'a', 'LEADS_TO', 'b', 0.9]`. */
export type DrawnEdge = readonly [
  id: string,
  from: string,
  type: RelationshipType,
  to: string,
  strength?: number,
]

/** Stores a note for each id that relationships name, and the relationships, which may lead in a circle. */
export async function draw(backend: GraphBackend, edges: readonly DrawnEdge[]): Promise<void> {
  await storeNotes(backend, ...new Set(edges.flatMap(([, from, , to]) => [from, to])))
  await link(backend, edges)
}

/** Joins nodes that are stored already. */
export async function link(backend: GraphBackend, edges: readonly DrawnEdge[]): Promise<void> {
  const relationships = edges.map(([id, from, type, to, strength]) => ({
    id,
    from_memory_id: from,
    to_memory_id: to,
    type,
    properties: { strength },
  }))
  await backend.createRelationships(relationships, { allowCycles: true })
}

/** Two groups of four that are each joined all to all, and joined to each other by `a1` and `b1` alone. */
export const TWO_GROUPS: readonly DrawnEdge[] = [
  ...['a', 'b'].flatMap((group) =>
    [12, 13, 14, 23, 24, 34].map((pair): DrawnEdge => {
      const [one, other] = [Math.floor(pair / 10), pair % 10]
      return [`${group}${pair}`, `${group}${one}`, 'RELATED_TO', `${group}${other}`]
    }),
  ),
  ['between', 'a1', 'LEADS_TO', 'b1'],
]

/** A method of a view with arguments that fit any graph which has the node `a`. */
export type ViewCall = {
  readonly method: Exclude<keyof GraphView, 'direction'>
  readonly call: (view: GraphView, options?: GraphRunOptions) => Promise<unknown>
}

/** Every method that answers by what is stored. */
export const VIEW_CALLS: readonly ViewCall[] = [
  { method: 'load', call: (view, options) => view.load(options) },
  { method: 'graphology', call: (view, options) => view.graphology(options) },
  { method: 'neighbors', call: (view, options) => view.neighbors('a', 2, options) },
  { method: 'breadthFirst', call: (view, options) => view.breadthFirst('a', () => undefined, options) },
  { method: 'depthFirst', call: (view, options) => view.depthFirst('a', () => undefined, options) },
  { method: 'shortestPath', call: (view, options) => view.shortestPath('a', 'b', options) },
  { method: 'allPaths', call: (view, options) => view.allPaths('a', 'b', options) },
  { method: 'components', call: (view, options) => view.components(options) },
  { method: 'communities', call: (view, options) => view.communities(options) },
  { method: 'centrality', call: (view, options) => view.centrality('betweenness', options) },
  { method: 'pageRank', call: (view, options) => view.pageRank(options) },
  { method: 'bridges', call: (view, options) => view.bridges(options) },
  { method: 'cycles', call: (view, options) => view.cycles(options) },
  { method: 'topologicalOrder', call: (view, options) => view.topologicalOrder(null, options) },
  { method: 'subgraph', call: async (view, options) => (await view.subgraph(['a'])).load(options) },
  { method: 'metrics', call: (view, options) => view.metrics(options) },
  { method: 'similarNodes', call: (view, options) => view.similarNodes('a', options) },
]
