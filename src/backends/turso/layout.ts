import { SchemaError } from '../../errors.js'
import { SCHEMA_VERSION, SELECT_SETTINGS, TEMPORAL_COLUMNS } from './schema.js'
import { query, type SqlSource } from './sql-source.js'

/**
 * What a database holds.
 * - `empty`: no tables
 * - `foreign-tables`: tables of another program, into which ours may be put when the caller adopts it
 * - `pre-temporal`: MemoryGraph for Python before relationships had times
 * - `python`: MemoryGraph for Python, without our tables
 * - `ours`: our tables, of version `version`; `epoch` names the history they belong to
 */
export type Layout =
  | { readonly kind: 'empty' | 'foreign-tables' | 'pre-temporal' | 'python' }
  | {
      readonly kind: 'ours'
      readonly version: number
      readonly indexed: boolean
      readonly epoch: string | null
    }

const NODE_COLUMNS = ['id', 'label', 'properties']
const RELATIONSHIP_COLUMNS = ['id', 'from_id', 'to_id', 'rel_type', 'properties']

const SELECT_TABLES = `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`
const SELECT_COLUMNS = 'SELECT name FROM pragma_table_info(?)'

/**
 * Looks what a database holds; only reads. `name` is what errors call it.
 *
 * @throws `MG_SCHEMA_FOREIGN` a layout that cannot be worked with · `MG_SCHEMA_NEWER`
 */
export async function recogniseLayout(source: SqlSource, name: string, adopt: boolean): Promise<Layout> {
  const [tables, nodes, relationships, memories] = (
    await source.read([
      query(SELECT_TABLES),
      ...['nodes', 'relationships', 'memories'].map((table) => query(SELECT_COLUMNS, table)),
    ])
  ).map((rows) => rows.map(([name]) => String(name))) as [string[], string[], string[], string[]]
  if (tables.length === 0) return { kind: 'empty' }
  if (tables.includes('mg_schema')) return ourLayout(source, name)
  if (nodes.length === 0 && memories.includes('content')) {
    throw foreign(name, 'MemoryGraph for TypeScript 0.13')
  }
  if (nodes.length === 0 && relationships.length === 0) {
    if (adopt) return { kind: 'foreign-tables' }
    throw notAdopted(name)
  }
  if (nodes.includes('type') && !nodes.includes('label')) {
    throw foreign(name, 'the Turso layout of MemoryGraph for Python')
  }
  const hasGraph = holdsAll(nodes, NODE_COLUMNS)
  if (!hasGraph || (relationships.length > 0 && !holdsAll(relationships, RELATIONSHIP_COLUMNS))) {
    throw foreign(
      name,
      'another program that also has tables named "nodes" or "relationships"',
      'keep it for that program, and choose another file here',
    )
  }
  const isTemporal = relationships.length === 0 || holdsAll(relationships, Object.keys(TEMPORAL_COLUMNS))
  return { kind: isTemporal ? 'python' : 'pre-temporal' }
}

async function ourLayout(source: SqlSource, name: string): Promise<Layout> {
  const [rows = []] = await source.read([query(SELECT_SETTINGS)])
  const settings = new Map(rows as [string, unknown][])
  const minReader = Number(settings.get('min_reader') ?? 0)
  if (minReader > SCHEMA_VERSION) {
    throw new SchemaError(
      `${name} was written by a newer version of memorygraph-turso (it needs a reader of schema ${minReader}, this one is ${SCHEMA_VERSION}): upgrade the package; it was left as it is`,
      { code: 'MG_SCHEMA_NEWER', details: { path: name, min_reader: minReader, reader: SCHEMA_VERSION } },
    )
  }
  const epoch = settings.get('epoch')
  return {
    kind: 'ours',
    version: Number(settings.get('version') ?? 0),
    indexed: !settings.has('indexed_up_to') && !settings.has('trigrams_up_to'),
    epoch: typeof epoch === 'string' ? epoch : null,
  }
}

const IMPORT = 'choose another file here, and import this one with "memorygraph-turso import <this file>"'

function foreign(name: string, layout: string, remedy: string = IMPORT): SchemaError {
  return new SchemaError(`${name} has the layout of ${layout}: ${remedy}; it was left as it is`, {
    code: 'MG_SCHEMA_FOREIGN',
    details: { path: name, layout },
  })
}

function notAdopted(name: string): SchemaError {
  return new SchemaError(
    `${name} holds tables of another program: choose another database, or give the option adopt to put a memory graph beside them; it was left as it is`,
    { code: 'MG_SCHEMA_FOREIGN', details: { path: name, layout: 'unknown' } },
  )
}

function holdsAll(columns: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((name) => columns.includes(name))
}
