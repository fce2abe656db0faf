import type { GraphEdgeRow, GraphNodeRow } from '../../graph/graph-rows.js'
import type { GraphRunOptions } from '../../graph/graph-view.js'
import { Projection } from '../../graph/projection/projection.js'
import type { CompleteGraphOptions } from '../../model/graph-options.js'
import { holdsAt } from '../../model/relationship-row.js'
import type { GraphLevel } from '../graph-driver.js'
import { waysOf } from '../walk-ways.js'
import { requireWithin } from './graph-budget.js'
import { eachInParts } from './rows-by-id.js'

/** What a graph grows from: a store, or what was read of it. */
export type GraphSoil = {
  nodesOf(ids: readonly string[]): Promise<GraphNodeRow[]>
  edgesAt(ids: readonly string[], level: GraphLevel): Promise<GraphEdgeRow[]>
}

/** Nodes whose relationships one query asks for: a level of fewer is one query. */
export const NODES_AT_A_TIME = 500

/**
 * What lies within some steps of the start, and the relationships that lead there: level by level, over nodes that exist.
 *
 * @throws `MG_GRAPH_TOO_LARGE` as soon as it is more than its budget · `MG_ABORTED`
 */
export async function growGraph(
  soil: GraphSoil,
  options: CompleteGraphOptions & { readonly start: readonly string[] },
  { signal }: GraphRunOptions,
): Promise<Projection> {
  const { start, maxDepth, asOf, minStrength } = options
  const ways = waysOf(options).map((way) => ({ ...way, currentOnly: asOf === null }))
  const passes = ({ strength, valid_from, valid_until }: GraphEdgeRow): boolean =>
    (minStrength === null || strength >= minStrength) &&
    (asOf === null || holdsAt({ valid_from, valid_until }, asOf))
  const grown = new Projection()
  const add = async (ids: readonly string[]): Promise<string[]> => {
    const existing: string[] = []
    await eachInParts(
      ids,
      NODES_AT_A_TIME,
      soil.nodesOf,
      (row) => {
        grown.setNode(row)
        existing.push(row.id)
      },
      { signal },
    )
    const size = { nodes: grown.nodeCount, relationships: grown.edgeCount }
    requireWithin(options, size, 'What lies around the start')
    return existing
  }
  let frontier = await add([...new Set(start)])
  for (let depth = 1; depth <= maxDepth && frontier.length > 0; depth++) {
    const met = new Set<string>()
    for (const way of ways) {
      const edgesAt = (ids: readonly string[]): Promise<GraphEdgeRow[]> => soil.edgesAt(ids, way)
      await eachInParts(
        frontier,
        NODES_AT_A_TIME,
        edgesAt,
        (row) => {
          if (grown.hasEdge(row.id) || !passes(row)) return
          grown.setEdge(row)
          for (const id of [row.from, row.to]) if (!grown.hasNode(id)) met.add(id)
        },
        { signal },
      )
    }
    frontier = await add([...met])
  }
  return grown
}
