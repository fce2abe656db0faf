import type { SqlRow, SqlValue } from '../sql-source.js'
import { isNewerNode, isNewerRelationship } from './newer-row.js'

/** A row as it is stored. Properties are bytes, so that also what is no UTF-8 arrives as it was. */
export type StoredRow = { readonly id: string; readonly [column: string]: SqlValue }

/** A table of the graph, as far as copying its rows needs to know it. */
export type GraphTable = {
  readonly kind: 'node' | 'relationship'
  readonly name: 'nodes' | 'relationships'
  readonly columns: readonly string[]
  /** The columns that say what the row is, rather than when it was put there. */
  readonly content: readonly string[]
  /** Whether the first of two different versions is the newer one. */
  readonly isNewer: (row: StoredRow, other: StoredRow) => boolean
}

export const NODES: GraphTable = {
  kind: 'node',
  name: 'nodes',
  columns: ['id', 'label', 'properties', 'created_at', 'updated_at'],
  content: ['label', 'properties'],
  isNewer: isNewerNode,
}

const RELATIONSHIP_CONTENT = [
  'from_id',
  'to_id',
  'rel_type',
  'properties',
  'valid_from',
  'valid_until',
  'recorded_at',
]

export const RELATIONSHIPS: GraphTable = {
  kind: 'relationship',
  name: 'relationships',
  columns: ['id', ...RELATIONSHIP_CONTENT, 'created_at', 'invalidated_by'],
  content: [...RELATIONSHIP_CONTENT, 'invalidated_by'],
  isNewer: isNewerRelationship,
}

/** A row of the statements that select all columns of a table. */
export function storedRowOf(table: GraphTable, values: SqlRow): StoredRow {
  return Object.fromEntries(table.columns.map((column, at) => [column, values[at]])) as StoredRow
}

/** The rows of such a statement by their ids. */
export function byId(table: GraphTable, rows: readonly SqlRow[]): Map<string, StoredRow> {
  return new Map(rows.map((values) => [String(values[0]), storedRowOf(table, values)]))
}

/**
 * Whether the primary's version of a row is the local one. What invalidated a relationship may be missing there: it is set after all
 * relationships are stored.
 */
export function isSame(columns: readonly string[], local: StoredRow, primary: StoredRow): boolean {
  return columns.every((column) => {
    const value = primary[column] ?? null
    return isSameValue(local[column] ?? null, value) || (column === 'invalidated_by' && value === null)
  })
}

function isSameValue(one: SqlValue, other: SqlValue): boolean {
  return one instanceof Uint8Array && other instanceof Uint8Array
    ? Buffer.compare(one, other) === 0
    : one === other
}
