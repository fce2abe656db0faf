import { SchemaError } from '../../errors.js'
import type { Connection } from './connection.js'
import { MIN_READER_VERSION, SCHEMA_VERSION, SELECT_SETTING, TEMPORAL_COLUMNS } from './schema.js'

/**
 * What a file holds.
 * - `empty`: no tables
 * - `foreign-tables`: tables of another program, into which ours may be put when the caller adopts it
 * - `pre-temporal`: MemoryGraph for Python before relationships had times
 * - `python`: MemoryGraph for Python, without our tables
 * - `ours`: our tables, of version `version`
 */
export type Layout =
  | { readonly kind: 'empty' | 'foreign-tables' | 'pre-temporal' | 'python' }
  | { readonly kind: 'ours'; readonly version: number; readonly indexed: boolean }

const NODE_COLUMNS = ['id', 'label', 'properties']
const RELATIONSHIP_COLUMNS = ['id', 'from_id', 'to_id', 'rel_type', 'properties']

/**
 * Looks what a file holds; only reads.
 *
 * @throws `MG_SCHEMA_FOREIGN` a layout that cannot be worked with · `MG_SCHEMA_NEWER`
 */
export function recogniseLayout(connection: Connection, path: string, adopt: boolean): Layout {
  const tables = tablesOf(connection)
  if (tables.length === 0) return { kind: 'empty' }
  if (tables.includes('mg_schema')) return ourLayout(connection, path)
  const nodes = columnsOf(connection, 'nodes')
  const relationships = columnsOf(connection, 'relationships')
  if (nodes.length === 0 && columnsOf(connection, 'memories').includes('content')) {
    throw foreign(
      path,
      'MemoryGraph for TypeScript 0.13',
      'export it there with "memorygraph export --format json"',
    )
  }
  if (nodes.length === 0 && relationships.length === 0) {
    if (adopt) return { kind: 'foreign-tables' }
    throw notAdopted(path)
  }
  if (nodes.includes('type') && !nodes.includes('label')) {
    throw foreign(
      path,
      'the Turso layout of MemoryGraph for Python',
      'no released program can export it: keep it',
    )
  }
  const hasGraph = holdsAll(nodes, NODE_COLUMNS)
  if (!hasGraph || (relationships.length > 0 && !holdsAll(relationships, RELATIONSHIP_COLUMNS))) {
    throw foreign(
      path,
      'another program that also has tables named "nodes" or "relationships"',
      'keep it for that program',
    )
  }
  const isTemporal = relationships.length === 0 || holdsAll(relationships, Object.keys(TEMPORAL_COLUMNS))
  return { kind: isTemporal ? 'python' : 'pre-temporal' }
}

function ourLayout(connection: Connection, path: string): Layout {
  const version = Number(connection.value(SELECT_SETTING, ['version']) ?? 0)
  const minReader = Number(connection.value(SELECT_SETTING, ['min_reader']) ?? 0)
  if (minReader > SCHEMA_VERSION) {
    throw new SchemaError(
      `${path} was written by a newer version of memorygraph-turso (it needs a reader of schema ${minReader}, this one is ${SCHEMA_VERSION}): upgrade the package; the file was left as it is`,
      { code: 'MG_SCHEMA_NEWER', details: { path, min_reader: minReader, reader: SCHEMA_VERSION } },
    )
  }
  return { kind: 'ours', version, indexed: connection.value(SELECT_SETTING, ['indexed_up_to']) === undefined }
}

function foreign(path: string, layout: string, remedy: string): SchemaError {
  return new SchemaError(
    `${path} has the layout of ${layout}: ${remedy}, and choose another file here (then "memorygraph-turso import-json" takes a MemoryGraph JSON export); the file was left as it is`,
    { code: 'MG_SCHEMA_FOREIGN', details: { path, layout } },
  )
}

function notAdopted(path: string): SchemaError {
  return new SchemaError(
    `${path} holds tables of another program: choose another file, or give the option adopt to put a memory graph beside them; the file was left as it is`,
    { code: 'MG_SCHEMA_FOREIGN', details: { path, layout: 'unknown' } },
  )
}

/** Whether another program's marks show that MemoryGraph for Python uses this file too. */
export function isSharedWithPython(connection: Connection): boolean {
  return tablesOf(connection).includes('nodes_fts')
}

/** Whether a file has our tables. */
export function isOurs(connection: Connection): boolean {
  return connection.value(`SELECT 1 FROM sqlite_master WHERE name = 'mg_schema'`) === 1
}

function tablesOf(connection: Connection): string[] {
  return connection
    .all(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`)
    .map(([name]) => String(name))
}

/** The names of a table's columns; none when it does not exist. */
export function columnsOf(connection: Connection, table: string): string[] {
  return connection.all('SELECT name FROM pragma_table_info(?)', [table]).map(([name]) => String(name))
}

function holdsAll(columns: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((name) => columns.includes(name))
}

/** The least version that can read what this library writes; kept beside the version. */
export const WRITTEN_SETTINGS: readonly (readonly [string, number])[] = [
  ['version', SCHEMA_VERSION],
  ['min_reader', MIN_READER_VERSION],
]
