import { query, type SqlSource } from '../sql-source.js'
import { type GraphTable, type StoredRow, storedRowOf } from './graph-table.js'
import { type RowFilter, selectRange, selectSizes } from './promote-statements.js'

/** How much is read at once: at most so many rows, and so many bytes unless the first row alone has more. */
export type PageLimits = { readonly rows: number; readonly bytes: number }

/** Rows of a file in an order in which each has a position that can be noted. */
export type Pages<Row> = {
  /** The rows that come after a position; none at the end. */
  read(after: string | null, limits: PageLimits): Promise<Row[]>
  positionOf(row: Row): string
}

/** The rows of a table in the order of their ids, which are their positions. */
export function rowPages(source: SqlSource, table: GraphTable, filter: RowFilter): Pages<StoredRow> {
  return {
    read: async (after, limits) => {
      const isFirst = after === null
      const [sizes = []] = await source.read([
        query(selectSizes(table, filter, isFirst), BigInt(limits.rows), ...(isFirst ? [] : [after])),
      ])
      const [first] = sizes
      const last = sizes[countFitting(sizes, limits) - 1]
      if (first === undefined || last === undefined) return []
      const [rows = []] = await source.read([
        query(selectRange(table, filter), String(first[0]), String(last[0])),
      ])
      return rows.map((values) => storedRowOf(table, values))
    },
    positionOf: ({ id }) => id,
  }
}

/** How many of the rows whose last value is their size are read at once. */
export function countFitting(sizes: readonly (readonly unknown[])[], { bytes }: PageLimits): number {
  let sum = 0
  const tooMany = sizes.findIndex((row, at) => {
    sum += Number(row.at(-1))
    return at > 0 && sum > bytes
  })
  return tooMany === -1 ? sizes.length : tooMany
}
