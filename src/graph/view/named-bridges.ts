import { compareText } from '../../model/text-order.js'
import type { GraphBridges } from '../graph-view.js'
import type { GraphSnapshot } from '../snapshot/graph-snapshot.js'
import { inTurns } from '../turns/in-turns.js'
import { sortInTurns } from '../turns/sort-in-turns.js'
import type { TurnWatch } from '../turns/turns.js'
import { idsOf } from './spelled-out.js'

/** Bridges and articulation points of a snapshot, with the ids of what they are. */
export async function namedBridges(
  snapshot: GraphSnapshot,
  { edges, nodes }: { readonly edges: Int32Array; readonly nodes: Int32Array },
  { signal }: TurnWatch,
): Promise<GraphBridges> {
  const { from, to } = snapshot.graph
  const bridges: GraphBridges['bridges'] = []
  await inTurns(
    edges.length,
    (at) => {
      const edge = edges[at] as number
      bridges.push({
        relationship_id: snapshot.edgeId(edge),
        from: snapshot.nodeIds[from[edge] as number] as string,
        to: snapshot.nodeIds[to[edge] as number] as string,
      })
    },
    { signal },
  )
  return {
    bridges: await sortInTurns(bridges, (a, b) => compareText(a.relationship_id, b.relationship_id), {
      signal,
    }),
    articulation_points: await idsOf(snapshot, nodes, { signal }),
  }
}
