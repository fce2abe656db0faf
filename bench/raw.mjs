import { copyFileSync } from 'node:fs'
import Database from 'libsql'

/*
 * The other side of the comparison: what someone writes who uses the engine alone, with prepared statements. Rows come as
 * arrays, which is the engine's fastest way. The settings of the connection are the library's.
 */

const SELECT_NODE = `SELECT properties FROM nodes WHERE id = ? AND label = 'Memory'`
const INSERT_NODE = `INSERT INTO nodes (id, label, properties, created_at, updated_at)
  VALUES (?, ?, ?, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)`

/** The engine on a file, without the library. */
export function openRaw(path) {
  const database = new Database(path, { timeout: 10 })
  database.exec('PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL')
  return database
}

/** Opens a copy of a file without the library. */
export function openRawCopy(path) {
  copyFileSync(path, `${path}.raw`)
  return openRaw(`${path}.raw`)
}

/** Reads a memory. */
export function memoryGetter(database) {
  const select = database.prepare(SELECT_NODE).raw()
  return (id) => JSON.parse(select.get(id)[0])
}

/** Reads the titles around memories: at most 20 for each, strongest relationship first. The ids come as one, or as a list. */
export function titlesGetter(database, { isList = false } = {}) {
  const select = database
    .prepare(selectTitles(isList ? 'IN (SELECT value FROM json_each(?1))' : '= ?1'))
    .raw()
  return (ids) =>
    select
      .all([isList ? JSON.stringify(ids) : ids])
      .map(([near, type, outgoing, title]) => ({ near, type, outgoing, title: JSON.parse(title) }))
}

function selectTitles(matching) {
  const ends = (near, far, outgoing) => `
    SELECT ${near} AS near, ${far} AS far, rel_type, ${outgoing} AS outgoing, id, json_extract(properties, '$.strength') AS strength
    FROM relationships WHERE ${near} ${matching} AND +valid_until IS NULL`
  return `
  SELECT best.near, best.rel_type, best.outgoing, n.properties -> '$.title'
  FROM (
    SELECT e.near, e.far, e.rel_type, e.outgoing,
      row_number() OVER (PARTITION BY e.near ORDER BY e.strength DESC, m.importance DESC, e.id) AS place
    FROM (${ends('from_id', 'to_id', 1)} UNION ALL ${ends('to_id', 'from_id', 0)}) AS e
    JOIN mg_memory AS m ON m.id = e.far
  ) AS best JOIN nodes AS n ON n.id = best.far
  WHERE best.place <= 20
  ORDER BY best.near, best.place`
}

/** Stores ready-made rows in one transaction. */
export function rowsInserter(database) {
  const insert = database.prepare(INSERT_NODE)
  return (rows) => {
    database.exec('BEGIN IMMEDIATE')
    for (const row of rows) insert.run(row)
    database.exec('COMMIT')
  }
}

/** Ready-made rows, as the library stored them in a file. */
export function storedRows(path) {
  const database = openRaw(path)
  const rows = database.prepare('SELECT id, label, properties FROM nodes ORDER BY id').raw().all()
  database.close()
  return rows
}
