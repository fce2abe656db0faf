import { decodeRelationship, type RelationshipRow } from '../../../model/relationship-row.js'
import { TEMPORAL_COLUMNS } from '../schema.js'
import type { DatabaseLayout } from './database-layout.js'
import { type DatabaseRecord, NO_ID } from './database-source.js'
import { jsonOrText } from './json-or-text.js'
import type { TableReader, TableRow } from './table-reader.js'

const VERSIONS = 'mg_version'
const SELECT_VERSION = '(SELECT v.version FROM mg_revision AS v WHERE v.id = t.id)'
const SELECT_HISTORY = `
SELECT version, CAST(properties AS BLOB), CAST(replaced_at AS BLOB) FROM mg_version WHERE id = ? ORDER BY version`

/** The vectors of nodes that are there; as text, since that is what a reader gives. */
const EMBEDDINGS = {
  table: 'mg_embedding',
  names: ['id'],
  columns: {
    model: '(SELECT o.name FROM mg_model AS o WHERE o.key = t.model)',
    vector: '(SELECT hex(v.vector) FROM mg_vector AS v WHERE v.key = t.key)',
    digest: 't.digest',
  },
  where: 'EXISTS (SELECT 1 FROM nodes AS n WHERE n.id = t.id)',
}

const hasGraph = (reader: TableReader): boolean =>
  reader.has('nodes', 'id', 'label', 'properties') &&
  (!reader.tables.includes('relationships') ||
    reader.has('relationships', 'id', 'from_id', 'to_id', 'rel_type', 'properties', 'created_at'))
const isOurs = (reader: TableReader): boolean => reader.tables.includes('mg_schema')
const isTemporal = (reader: TableReader): boolean =>
  !reader.tables.includes('relationships') || reader.has('relationships', ...Object.keys(TEMPORAL_COLUMNS))

/** Nodes and relationships whose properties are JSON: what this library writes, and MemoryGraph for Python, early and late. */
export const GRAPH_LAYOUTS: readonly DatabaseLayout[] = [
  {
    format: 'memorygraph-turso',
    fits: (reader) => hasGraph(reader) && isOurs(reader),
    records: readGraph,
  },
  {
    format: 'MemoryGraph for Python',
    fits: (reader) => hasGraph(reader) && !isOurs(reader) && isTemporal(reader),
    records: readGraph,
  },
  {
    format: 'MemoryGraph for Python before 0.10',
    fits: (reader) => hasGraph(reader) && !isOurs(reader) && !isTemporal(reader),
    records: readGraph,
  },
]

async function* readGraph(reader: TableReader): AsyncGenerator<DatabaseRecord> {
  const hasVersions = reader.tables.includes(VERSIONS)
  const nodes = {
    table: 'nodes',
    names: ['id', 'label'],
    columns: { properties: 't.properties', version: hasVersions ? SELECT_VERSION : 'NULL' },
  }
  for await (const page of reader.pages(nodes)) {
    for (const row of page) yield nodeOf(reader, row)
  }
  if (reader.tables.includes('relationships')) {
    for await (const page of reader.pages(relationshipsOf(reader))) {
      for (const row of page) yield relationshipOf(row)
    }
  }
  if (!reader.tables.includes(EMBEDDINGS.table)) return
  for await (const page of reader.pages(EMBEDDINGS)) {
    for (const row of page) yield embeddingOf(row)
  }
}

function nodeOf(reader: TableReader, { values, place }: TableRow): DatabaseRecord {
  const { id, label, version } = values
  const node = { id, label, properties: jsonOrText(values['properties']) }
  if (typeof version !== 'number') return { kind: 'node', value: node, place }
  return { kind: 'node', value: { ...node, version, history: historyOf(reader, String(id)) }, place }
}

function historyOf(reader: TableReader, id: string): unknown[] {
  return reader.read(SELECT_HISTORY, [id]).map(([version, properties, replaced_at]) => ({
    version,
    properties: jsonOrText(reader.decode(properties)),
    replaced_at: reader.decode(replaced_at),
  }))
}

function embeddingOf({ values, place }: TableRow): DatabaseRecord {
  const { vector, ...rest } = values
  const bytes = Buffer.from(String(vector), 'hex')
  return { kind: 'embedding', value: { ...rest, vector: bytes.toString('base64') }, place }
}

// What was created at some time was true and known then, where nothing else is said.
function relationshipsOf(reader: TableReader): Parameters<TableReader['pages']>[0] {
  const present = reader.columns('relationships')
  const orElse = (column: string, otherwise: string): string =>
    present.includes(column) ? `coalesce(t.${column}, ${otherwise})` : otherwise
  return {
    table: 'relationships',
    names: ['id', 'from_id', 'to_id', 'rel_type'],
    columns: {
      properties: 't.properties',
      valid_from: orElse('valid_from', 't.created_at'),
      valid_until: orElse('valid_until', 'NULL'),
      recorded_at: orElse('recorded_at', 't.created_at'),
      invalidated_by: orElse('invalidated_by', 'NULL'),
    },
  }
}

function relationshipOf({ values, place }: TableRow): DatabaseRecord {
  const stored = jsonOrText(values['properties'])
  const isObject = typeof stored === 'object' && stored !== null && !Array.isArray(stored)
  const { id, from_memory_id, to_memory_id, type, properties } = decodeRelationship(values as RelationshipRow)
  return {
    kind: 'relationship',
    value: {
      id: id ?? NO_ID,
      from_memory_id,
      to_memory_id,
      type,
      properties: isObject ? properties : values['properties'],
    },
    place,
  }
}
