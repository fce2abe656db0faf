import { SELECT_POSITION } from '../statements.js'
import type { GraphTable } from './graph-table.js'

/*
 * What promoting a file asks of it and of the primary. Only what holds in both is said of a table: a file that was upgraded can lack
 * times that a primary demands; what was created at some time was true and known then.
 */

function selected({ columns }: GraphTable): string {
  return columns
    .map((column) => {
      if (column === 'properties') return 'CAST(t.properties AS BLOB)'
      if (column === 'valid_from' || column === 'recorded_at') return `coalesce(t.${column}, t.created_at)`
      return `t.${column}`
    })
    .join(', ')
}

/** Which rows of a file are meant: all that have an id, or those that another relationship invalidated. */
export type RowFilter = 'all' | 'invalidated'

function isMeant(filter: RowFilter): string {
  return `typeof(t.id) = 'text' ${filter === 'invalidated' ? 'AND t.invalidated_by IS NOT NULL' : ''}`
}

/** Ids and sizes in the order of the ids, at most ?1, after the id ?2 if there is one. */
export function selectSizes({ name }: GraphTable, filter: RowFilter, isFirst: boolean): string {
  return `
SELECT t.id, octet_length(t.properties) FROM ${name} AS t
WHERE ${isMeant(filter)} ${isFirst ? '' : 'AND t.id > ?2'} ORDER BY t.id LIMIT ?1`
}

/** The rows from the id ?1 to the id ?2. */
export function selectRange(table: GraphTable, filter: RowFilter): string {
  return `
SELECT ${selected(table)} FROM ${table.name} AS t
WHERE ${isMeant(filter)} AND t.id >= ?1 AND t.id <= ?2 ORDER BY t.id`
}

/** The rows that have the ids in the list ?1. */
export function selectRows(table: GraphTable): string {
  return `SELECT ${selected(table)} FROM json_each(?1) AS wanted CROSS JOIN ${table.name} AS t ON t.id = wanted.value`
}

/** Those of the ids in the list ?1 that are there. */
export function selectPresent({ name }: GraphTable): string {
  return `SELECT t.id FROM json_each(?1) AS wanted CROSS JOIN ${name} AS t ON t.id = wanted.value`
}

/** Ids in their order, at most ?1, after the id ?2 if there is one. */
export function selectIds({ name }: GraphTable, isFirst: boolean): string {
  return `SELECT id FROM ${name} ${isFirst ? '' : 'WHERE id > ?2'} ORDER BY id LIMIT ?1`
}

/** How the ids that are no text are written in SQL. */
export function selectOddIds({ name }: GraphTable): string {
  return `SELECT quote(id) FROM ${name} WHERE typeof(id) <> 'text'`
}

/** Stores a row with the values of its columns, but never what invalidated it, which may not be there yet. */
export function upsertRow({ name, columns }: GraphTable): string {
  const stored = columns.filter((column) => column !== 'invalidated_by')
  const values = stored.map((column) => (column === 'properties' ? 'CAST(? AS TEXT)' : '?'))
  const updated = stored.slice(1).map((column) => `${column} = excluded.${column}`)
  if (stored.length < columns.length) updated.push('invalidated_by = NULL')
  return `
INSERT INTO ${name} (${stored.join(', ')}) VALUES (${values.join(', ')})
ON CONFLICT(id) DO UPDATE SET ${updated.join(', ')}`
}

/** Notes what invalidated the relationship ?1: the relationship ?2, if that is there. */
export const SET_INVALIDATOR: string = `
UPDATE relationships SET invalidated_by = ?2
WHERE id = ?1 AND invalidated_by IS NULL AND EXISTS (SELECT 1 FROM relationships WHERE id = ?2)`

export const DELETE_ROWS: Readonly<Record<GraphTable['name'], string>> = {
  nodes: `DELETE FROM nodes WHERE id IN (SELECT value FROM json_each(?))`,
  relationships: `DELETE FROM relationships WHERE id IN (SELECT value FROM json_each(?))`,
}

/** Tables that are neither MemoryGraph's nor the engine's. */
export const SELECT_OTHER_TABLES: string = `
SELECT name FROM sqlite_master
WHERE type = 'table' AND name NOT IN ('nodes', 'relationships') AND name NOT LIKE 'mg\\_%' ESCAPE '\\'
  AND name NOT LIKE 'nodes\\_fts%' ESCAPE '\\' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'libsql\\_%' ESCAPE '\\'`

/** What names what a file holds: its newest change, and its embeddings, which are no changes. */
export const SELECT_FILE_STATE: string = `
SELECT c.seq, c.id, c.op, (SELECT coalesce(sum(count), 0) FROM mg_model), (SELECT coalesce(sum(last), 0) FROM mg_model)
FROM (SELECT 1) LEFT JOIN (SELECT seq, id, op FROM mg_change ORDER BY seq DESC LIMIT 1) AS c`

/** The setting of a primary in which the note of a promotion is. */
export const NOTE_NAME = 'promoting'
/** Stores the note ?1, with the last change of the primary in it. */
export const PUT_NOTE: string = `
INSERT INTO mg_schema(name, value)
VALUES ('${NOTE_NAME}', json_set(?1, '$.change', (${SELECT_POSITION})))
ON CONFLICT(name) DO UPDATE SET value = excluded.value`
/** Removes the note of the run ?1. */
export const DELETE_NOTE: string = `DELETE FROM mg_schema WHERE name = '${NOTE_NAME}' AND json_extract(value, '$.run') = ?1`
