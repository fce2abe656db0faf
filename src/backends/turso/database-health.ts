import { MAX_TITLE_CHARACTERS } from '../../model/memory.js'
import { MEMORY_TYPES } from '../../model/memory-type.js'
import type { DriverHealth } from '../graph-driver.js'
import { outsideLimitsWarning, unreadableWarning } from '../health-warnings.js'
import { COUNT_MEMORY_NODES, SELECT_SETTING } from './schema.js'
import { query, readValues, type SqlSource } from './sql-source.js'
import {
  COUNT_MEMORIES_OUTSIDE_LIMITS,
  COUNT_NODES,
  COUNT_READABLE_MEMORIES,
  COUNT_RELATIONSHIPS,
  SELECT_DATABASE_SIZE,
  SELECT_ENGINE_VERSION,
  SELECT_IS_OURS,
  SELECT_IS_PYTHONS,
} from './statements.js'

/** What a database says of itself. */
export async function healthOfDatabase(source: SqlSource): Promise<DriverHealth> {
  const [version, size, isOurs] = await readValues(
    source,
    query(SELECT_ENGINE_VERSION),
    query(SELECT_DATABASE_SIZE),
    query(SELECT_IS_OURS),
  )
  const engine = { version: String(version), database_size_bytes: Number(size) }
  return isOurs === 1 ? { ...engine, ...(await countsOf(source)) } : { ...engine, ...INCOMPLETE }
}

const INCOMPLETE = {
  schema_version: null,
  node_count: null,
  relationship_count: null,
  memory_count: null,
  degraded: true,
  warnings: ['The schema is not complete: call initializeSchema()'],
}

async function countsOf(source: SqlSource): Promise<Omit<DriverHealth, 'version' | 'database_size_bytes'>> {
  const [schema, nodes, relationships, memories, readable, outside, isPythons] = await readValues(
    source,
    query(SELECT_SETTING, 'version'),
    query(COUNT_NODES),
    query(COUNT_RELATIONSHIPS),
    query(COUNT_MEMORY_NODES),
    query(COUNT_READABLE_MEMORIES),
    query(COUNT_MEMORIES_OUTSIDE_LIMITS, MAX_TITLE_CHARACTERS, JSON.stringify(MEMORY_TYPES)),
    query(SELECT_IS_PYTHONS),
  )
  const unreadable = Number(memories) - Number(readable)
  return {
    schema_version: Number(schema),
    node_count: Number(nodes),
    relationship_count: Number(relationships),
    memory_count: Number(memories),
    degraded: unreadable > 0,
    warnings: [
      ...(unreadable > 0 ? [unreadableWarning(unreadable)] : []),
      ...(Number(outside) > 0 ? [outsideLimitsWarning(Number(outside))] : []),
      ...(isPythons === 1 ? [SHARED_WITH_PYTHON] : []),
    ],
  }
}

const SHARED_WITH_PYTHON =
  'MemoryGraph for Python uses this file too: the tables, indexes and triggers whose names begin with "mg_" were added to it'
