import { query, type SqlSource } from '../sql-source.js'
import { type GraphTable, type StoredRow, storedRowOf } from './graph-table.js'
import { type RowFilter, selectRange, selectSizes } from './promote-statements.js'

/** How much is read at once: at most so many rows, and so many bytes unless the first row alone has more. */
export type PageLimits = { readonly rows: number; readonly bytes: number }

/** The rows that come after an id, in the order of their ids; none at the end. */
export async function readLocalRows(
  source: SqlSource,
  table: GraphTable,
  filter: RowFilter,
  after: string | null,
  limits: PageLimits,
): Promise<StoredRow[]> {
  const isFirst = after === null
  const [sizes = []] = await source.read([
    query(selectSizes(table, filter, isFirst), BigInt(limits.rows), ...(isFirst ? [] : [after])),
  ])
  const [first] = sizes
  if (first === undefined) return []
  let last = first
  let bytes = 0
  for (const size of sizes) {
    bytes += Number(size[1])
    if (size !== first && bytes > limits.bytes) break
    last = size
  }
  const [rows = []] = await source.read([
    query(selectRange(table, filter), String(first[0]), String(last[0])),
  ])
  return rows.map((values) => storedRowOf(table, values))
}
