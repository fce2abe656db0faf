import { breathe } from '../../breathe.js'
import type { GraphEdgeRow, GraphNodeRow } from '../../graph/graph-rows.js'
import { inTurns } from '../../graph/turns/in-turns.js'
import { throwIfAborted } from '../../graph/turns/throw-if-aborted.js'
import type { TurnWatch } from '../../graph/turns/turns.js'
import type { GraphReader } from '../graph-driver.js'

/** Rows that are asked for at a time. */
const ROWS_AT_A_TIME = 2_000
/** Rows that one answer should not have more of: some milliseconds of work. */
const MANY_ROWS = 4_000

/** Those of the nodes that exist. */
export function nodesById(reader: GraphReader, ids: readonly string[]): Promise<GraphNodeRow[]> {
  return inParts(ids, ROWS_AT_A_TIME, async (part) => {
    const page = { ids: part, after: null, limit: part.length }
    return (await reader.findGraphNodes(page, [])).rows
  })
}

/** Those of the relationships that exist. */
export function edgesById(reader: GraphReader, ids: readonly string[]): Promise<GraphEdgeRow[]> {
  return inParts(ids, ROWS_AT_A_TIME, async (part) => {
    const page = { ids: part, after: null, limit: part.length }
    return (await reader.findGraphEdges(page)).rows
  })
}

/** What is read of ids, `most` of them at a time. */
export async function inParts<Row>(
  ids: readonly string[],
  most: number,
  read: (part: readonly string[]) => Promise<Row[]>,
): Promise<Row[]> {
  const rows: Row[] = []
  await eachInParts(ids, most, read, (row) => rows.push(row))
  return rows
}

/** Takes each row that is read of ids, `most` of them at a time, or fewer where the last ones had many rows; in turns with others. */
export async function eachInParts<Row>(
  ids: readonly string[],
  most: number,
  read: (part: readonly string[]) => Promise<Row[]>,
  take: (row: Row) => void,
  watch: TurnWatch = {},
): Promise<void> {
  let size = most
  for (let start = 0; start < ids.length; ) {
    await breathe()
    throwIfAborted(watch.signal)
    const part = ids.slice(start, start + size)
    const rows = await read(part)
    await inTurns(rows.length, (at) => take(rows[at] as Row), watch)
    start += part.length
    size = Math.max(1, Math.min(most, Math.round((part.length * MANY_ROWS) / Math.max(rows.length, 1))))
  }
}
