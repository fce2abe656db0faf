import type { GraphBackend, GraphTransaction } from '../backends/graph-backend.js'
import type { GraphNode } from '../model/node.js'
import type { Relationship } from '../model/relationship.js'
import { charactersOf } from './record-value.js'
import type { RecordSource, TransferRecord } from './transfer-record.js'

/** What a graph is read from. */
export type ReadableGraph = Pick<GraphTransaction, 'findNodes' | 'listRelationships'> &
  Pick<GraphBackend, 'capabilities'>

/** Nodes read at a time, with their earlier versions, at most: as many as were about so many characters the time before. */
const MAX_PAGE = 200
const PAGE_CHARACTERS = 2 * 1024 * 1024

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
async function* nodesOf(graph: ReadableGraph): AsyncGenerator<GraphNode, void, undefined> {
  const includeHistory = graph.capabilities.history
  let limit = 1
  for (let after: string | null = null; ; ) {
    const nodes: GraphNode[] = await graph.findNodes({ limit, after, includeHistory })
    yield* nodes
    after = nodes.at(-1)?.id ?? null
    if (nodes.length < limit) return
    const each = nodes.reduce((sum, node) => sum + charactersOf(node), 0) / nodes.length
    limit = Math.max(1, Math.min(limit * 4, MAX_PAGE, Math.floor(PAGE_CHARACTERS / Math.max(each, 1))))
  }
}

/** A relationship without what is worked out on reading. */
function bareRelationship({
  description: _description,
  bidirectional: _bidirectional,
  ...bare
}: Relationship): Omit<Relationship, 'description' | 'bidirectional'> {
  return bare
}
