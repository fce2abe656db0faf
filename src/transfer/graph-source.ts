import type { GraphBackend, GraphTransaction } from '../backends/graph-backend.js'
import type { GraphNode } from '../model/node.js'
import type { Relationship } from '../model/relationship.js'
import type { RecordSource, TransferRecord } from './transfer-record.js'

/** What a graph is read from. */
export type ReadableGraph = Pick<GraphTransaction, 'findNodes' | 'listRelationships'> &
  Pick<GraphBackend, 'capabilities'>

/** Nodes read at a time, with their earlier versions: few enough that contents of the greatest size fit in memory. */
const PAGE_SIZE = 100

/** All that a graph holds, as records: nodes by id, then relationships by id. */
export function graphSource(graph: ReadableGraph): RecordSource {
  return {
    format: 'graph',
    async *records(): AsyncGenerator<TransferRecord, void, undefined> {
      for await (const node of nodesOf(graph))
        yield { kind: 'node', value: node, place: `node ${JSON.stringify(node.id)}` }
      for await (const relationship of graph.listRelationships()) {
        const place = `relationship ${JSON.stringify(relationship.id)}`
        yield { kind: 'relationship', value: bareRelationship(relationship), place }
      }
    },
  }
}

/** All nodes by id, with their history where there is one. */
export async function* nodesOf(graph: ReadableGraph): AsyncGenerator<GraphNode, void, undefined> {
  const includeHistory = graph.capabilities.history
  for (let after: string | null = null; ; ) {
    const nodes: GraphNode[] = await graph.findNodes({ limit: PAGE_SIZE, after, includeHistory })
    yield* nodes
    after = nodes.at(-1)?.id ?? null
    if (nodes.length < PAGE_SIZE) return
  }
}

/** A relationship without what is worked out on reading. */
export function bareRelationship({
  description: _description,
  bidirectional: _bidirectional,
  ...bare
}: Relationship): Omit<Relationship, 'description' | 'bidirectional'> {
  return bare
}
