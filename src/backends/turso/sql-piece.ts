import type { SqlValue } from './sql-source.js'

/** A piece of SQL and the values of its question marks. */
export type Piece = { readonly sql: string; readonly values: readonly SqlValue[] }

/** A piece and its values. */
export function piece(sql: string, ...values: SqlValue[]): Piece {
  return { sql, values }
}

/** Pieces in parentheses, joined. */
export function combined(pieces: readonly Piece[], by: ' AND ' | ' OR ' | ' UNION ALL '): Piece {
  return { sql: `(${pieces.map(({ sql }) => sql).join(by)})`, values: pieces.flatMap(({ values }) => values) }
}

/** A WHERE clause of conditions, all of which must hold; nothing where there are none. */
export function joined(conditions: readonly Piece[]): Piece {
  if (conditions.length === 0) return piece('')
  const all = combined(conditions, ' AND ')
  return { sql: ` WHERE ${all.sql}`, values: all.values }
}
