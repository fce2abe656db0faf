import { memoryOfEntity, relationshipOfRelation } from '../../../model/entity-memory.js'
import type { DatabaseLayout } from './database-layout.js'
import type { DatabaseRecord } from './database-source.js'
import type { TableReader, TableRow, TableValue } from './table-reader.js'

const SELECT_OBSERVATIONS = `
SELECT CAST(content AS BLOB) FROM observations WHERE entity_name = ? AND content IS NOT NULL ORDER BY rowid`
const IS_OF_NO_ENTITY = 'NOT EXISTS (SELECT 1 FROM entities AS e WHERE e.name = t.entity_name)'

/** Entities with observations, and relations between them, of all versions of mcp-memory-libsql. Embeddings are not read. */
export const ENTITY_LAYOUT: DatabaseLayout = {
  format: 'mcp-memory-libsql',
  fits: (reader) =>
    reader.has('entities', 'name', 'entity_type', 'created_at') &&
    reader.has('observations', 'entity_name', 'content') &&
    reader.has('relations', 'source', 'target', 'relation_type', 'created_at'),
  records: readEntities,
}

async function* readEntities(reader: TableReader): AsyncGenerator<DatabaseRecord> {
  const entities = {
    table: 'entities',
    names: ['name', 'entity_type'],
    columns: { created_at: 't.created_at' },
  }
  for await (const page of reader.pages(entities)) {
    for (const row of page) yield entityOf(reader, row)
  }
  const orphans = {
    table: 'observations',
    names: ['entity_name'],
    columns: { content: 't.content' },
    where: IS_OF_NO_ENTITY,
  }
  for await (const page of reader.pages(orphans)) {
    for (const { values, place } of page) yield { kind: 'memory', value: { id: null, ...values }, place }
  }
  const relations = {
    table: 'relations',
    names: ['source', 'target', 'relation_type'],
    columns: { created_at: 't.created_at' },
  }
  for await (const page of reader.pages(relations)) {
    for (const row of page) yield relationOf(row)
  }
}

function entityOf(reader: TableReader, { values, place }: TableRow): DatabaseRecord {
  const { name, entity_type: entityType } = values
  if (typeof name !== 'string') return { kind: 'memory', value: { id: null, ...values }, place }
  const observations = reader
    .read(SELECT_OBSERVATIONS, [name])
    .map(([content]) => String(reader.decode(content)))
  const entity = {
    name,
    entityType: String(entityType ?? ''),
    observations,
    createdAt: timeOf(values['created_at']),
  }
  return { kind: 'memory', value: memoryOfEntity(entity), place }
}

function relationOf({ values, place }: TableRow): DatabaseRecord {
  const { source: from, target: to, relation_type: relationType } = values
  if (typeof from !== 'string' || typeof to !== 'string' || typeof relationType !== 'string') {
    return {
      kind: 'relationship',
      value: { from_memory_id: from, to_memory_id: to, type: relationType },
      place,
    }
  }
  const relation = { from, to, relationType, createdAt: timeOf(values['created_at']) }
  return { kind: 'relationship', value: relationshipOfRelation(relation), place }
}

function timeOf(value: TableValue | undefined): string | undefined {
  return value === null || value === undefined ? undefined : String(value)
}
