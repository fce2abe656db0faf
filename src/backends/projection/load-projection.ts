import { breathe } from '../../breathe.js'
import type { GraphRunOptions } from '../../graph/graph-view.js'
import { Projection } from '../../graph/projection/projection.js'
import { throwIfAborted } from '../../graph/turns/throw-if-aborted.js'
import type { GraphPart, GraphReader } from '../graph-driver.js'
import { type GraphBudget, requireWithin } from './graph-budget.js'

/** Rows that are read at a time: some milliseconds of work. */
const ROWS_AT_A_TIME = 2_000

/** Reads all nodes and relationships, in pages: what is written meanwhile may be in it or not. */
export async function loadProjection(
  reader: GraphReader,
  budget: GraphBudget,
  { signal, onProgress }: GraphRunOptions,
): Promise<Projection> {
  const size = await reader.countGraph([])
  requireWithin(budget, size)
  const projection = new Projection()
  const total = size.nodes + size.relationships
  const load = async <Row>(
    read: (after: string | null) => Promise<GraphPart<Row>>,
    put: (row: Row) => void,
  ): Promise<void> => {
    let after: string | null = null
    do {
      throwIfAborted(signal)
      await breathe()
      const part: GraphPart<Row> = await read(after)
      await breathe()
      for (const row of part.rows) put(row)
      const done = projection.nodeCount + projection.edgeCount
      onProgress?.({ done: Math.min(done, total), total, phase: 'loading' })
      after = part.next
    } while (after !== null)
  }
  const page = { ids: null, limit: ROWS_AT_A_TIME }
  await load(
    (after) => reader.findGraphNodes({ ...page, after }, []),
    (row) => projection.setNode(row),
  )
  await load(
    (after) => reader.findGraphEdges({ ...page, after }),
    (row) => projection.setEdge(row),
  )
  requireWithin(budget, { nodes: projection.nodeCount, relationships: projection.edgeCount })
  return projection
}
