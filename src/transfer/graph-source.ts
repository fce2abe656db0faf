import type { GraphBackend, GraphTransaction } from '../backends/graph-backend.js'
import type { GraphNode } from '../model/node.js'
import type { Relationship } from '../model/relationship.js'
import { charactersOf } from './record-value.js'
import type { RecordSource, TransferRecord } from './transfer-record.js'

/** What a graph is read from. */
export type ReadableGraph = Pick<GraphTransaction, 'findNodes' | 'listRelationships' | 'getEmbeddings'> &
  Pick<GraphBackend, 'capabilities'>

/** Nodes read at a time, with their earlier versions, at most: as many as were about so many characters the time before. */
const MAX_PAGE = 200
const PAGE_CHARACTERS = 2 * 1024 * 1024

/** All that a graph holds, as records: nodes by id, then relationships by id, and where they are asked for vectors by node and model. */
export function graphSource(
  graph: ReadableGraph,
  { includeEmbeddings = false }: { readonly includeEmbeddings?: boolean | undefined } = {},
): RecordSource {
  return {
    format: 'graph',
    async *records(): AsyncGenerator<TransferRecord, void, undefined> {
      for await (const nodes of nodePages(graph, graph.capabilities.history))
        for (const node of nodes)
          yield { kind: 'node', value: node, place: `node ${JSON.stringify(node.id)}` }
      for await (const relationship of graph.listRelationships()) {
        const place = `relationship ${JSON.stringify(relationship.id)}`
        yield { kind: 'relationship', value: bareRelationship(relationship), place }
      }
      if (!includeEmbeddings) return
      for await (const nodes of nodePages(graph, false)) {
        for (const value of await graph.getEmbeddings(nodes.map(({ id }) => id)))
          yield { kind: 'embedding', value, place: `embedding of ${JSON.stringify(value.id)}` }
      }
    },
  }
}

/** All nodes by id. */
async function* nodePages(
  graph: ReadableGraph,
  includeHistory: boolean,
): AsyncGenerator<GraphNode[], void, undefined> {
  let limit = 1
  for (let after: string | null = null; ; ) {
    const nodes: GraphNode[] = await graph.findNodes({ limit, after, includeHistory })
    yield nodes
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
