import type { RelationshipPropertiesInput } from '../../../model/relationship.js'
import type { DatabaseLayout } from './database-layout.js'
import { type DatabaseRecord, NO_ID } from './database-source.js'
import { jsonOrText } from './json-or-text.js'
import { columnOf, type TableReader, type TableRow } from './table-reader.js'

/** Memories and relationships with a column for each field: MemoryGraph for Python over Turso, and MemoryGraph for TypeScript. */
export const COLUMN_LAYOUTS: readonly DatabaseLayout[] = [
  columnLayout('MemoryGraph for Python, Turso layout', 'nodes', 'type'),
  columnLayout('MemoryGraph for TypeScript 0.13', 'memories', 'rel_type'),
]

const JSON_COLUMNS: ReadonlySet<string> = new Set(['tags', 'context'])
const PROPERTY_COLUMNS = [
  'strength',
  'confidence',
  'context',
  'evidence_count',
  'success_rate',
  'created_at',
  'last_validated',
  'validation_count',
  'counter_evidence_count',
  'valid_from',
  'valid_until',
  'recorded_at',
  'invalidated_by',
] satisfies (keyof RelationshipPropertiesInput)[]

/** The layout with the memories in a table of this name, and the types of relationships in a column of this name. */
function columnLayout(format: string, memories: string, type: string): DatabaseLayout {
  return {
    format,
    fits: (reader) =>
      reader.has(memories, 'id', 'type', 'title', 'content', 'context', 'importance', 'created_at', 'tags') &&
      (!reader.tables.includes('relationships') ||
        reader.has('relationships', 'id', 'from_id', 'to_id', type, 'strength', 'created_at')),
    records: async function* (reader) {
      yield* readMemories(reader, memories)
      if (reader.tables.includes('relationships')) yield* readRelationships(reader, type)
    },
  }
}

/** All columns, also those that no memory has a field for. */
async function* readMemories(reader: TableReader, table: string): AsyncGenerator<DatabaseRecord> {
  const others = reader.columns(table).filter((column) => column !== 'id')
  const columns = Object.fromEntries(others.map((column) => [column, textOrNumber(columnOf(column))]))
  for await (const page of reader.pages({ table, names: ['id'], columns })) {
    for (const row of page) yield memoryOf(row)
  }
}

// No JSON can hold bytes as they are.
function textOrNumber(column: string): string {
  return `CASE typeof(${column}) WHEN 'blob' THEN hex(${column}) ELSE ${column} END`
}

function memoryOf({ values, place }: TableRow): DatabaseRecord {
  const fields = Object.entries(values)
    .filter(([name, value]) => value !== null || name === 'id')
    .map(([name, value]) => [name, JSON_COLUMNS.has(name) ? jsonOrText(value) : value])
  const { title } = values
  // A memory must have a content, and theirs need not.
  return { kind: 'memory', value: { content: title, ...Object.fromEntries(fields) }, place }
}

async function* readRelationships(reader: TableReader, type: string): AsyncGenerator<DatabaseRecord> {
  const present = reader.columns('relationships')
  const properties = PROPERTY_COLUMNS.filter((column) => present.includes(column))
  const reading = {
    table: 'relationships',
    names: ['id', 'from_id', 'to_id', type],
    columns: Object.fromEntries(properties.map((column) => [column, columnOf(column)])),
  }
  for await (const page of reader.pages(reading)) {
    for (const row of page) yield relationshipOf(row, type)
  }
}

function relationshipOf({ values, place }: TableRow, typeColumn: string): DatabaseRecord {
  const { id, from_id: from_memory_id, to_id: to_memory_id, [typeColumn]: type, ...properties } = values
  const { created_at } = properties
  return {
    kind: 'relationship',
    value: {
      id: id ?? NO_ID,
      from_memory_id,
      to_memory_id,
      type,
      // What was created at some time was true and known then, where nothing else is said.
      properties: { valid_from: created_at, recorded_at: created_at, ...properties },
    },
    place,
  }
}
