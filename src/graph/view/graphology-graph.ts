import type { GraphEdgeAttributes, GraphNodeAttributes, ReadonlyGraph } from '../graph-view.js'
import type { GraphSnapshot } from '../snapshot/graph-snapshot.js'
import { inTurns } from '../turns/in-turns.js'
import { throwIfAborted } from '../turns/throw-if-aborted.js'
import type { TurnWatch } from '../turns/turns.js'
import { nodeKey } from './node-key.js'

const made = new WeakMap<GraphSnapshot, ReadonlyGraph>()

/** A snapshot as a graphology graph, the same one for the same snapshot. Lets others have their turn while it is made. */
export async function graphologyGraph(snapshot: GraphSnapshot, watch: TurnWatch): Promise<ReadonlyGraph> {
  const known = made.get(snapshot)
  if (known) return known
  const graph = await makeGraph(snapshot, watch)
  const other = made.get(snapshot)
  if (other) return other
  made.set(snapshot, graph)
  return graph
}

async function makeGraph(snapshot: GraphSnapshot, { signal, report }: TurnWatch): Promise<ReadonlyGraph> {
  const { MultiDirectedGraph } = await import('graphology')
  throwIfAborted(signal)
  const { order, size, from, to, type, strength } = snapshot.graph
  const graph = new MultiDirectedGraph<GraphNodeAttributes, GraphEdgeAttributes>({ allowSelfLoops: true })
  const keys: string[] = []
  await inTurns(
    order,
    (node) => {
      const id = snapshot.nodeIds[node] as string
      const key = nodeKey(id, (other) => snapshot.numberOf(other) !== undefined)
      keys.push(key)
      graph.addNode(key, { id, label: snapshot.labelOf(node) })
    },
    { signal, report: report && ((done) => report(done, order + size)) },
  )
  await inTurns(
    size,
    (edge) =>
      graph.addDirectedEdgeWithKey(
        snapshot.edgeId(edge),
        keys[from[edge] as number] as string,
        keys[to[edge] as number] as string,
        {
          type: snapshot.types[type[edge] as number] as string,
          strength: strength[edge] as number,
          valid_from: snapshot.validFromOf(edge),
          valid_until: snapshot.validUntilOf(edge),
        },
      ),
    { signal, report: report && ((done) => report(order + done, order + size)) },
  )
  return graph as unknown as ReadonlyGraph
}
