import { MAX_TITLE_CHARACTERS } from '../../model/memory.js'
import { MEMORY_TYPES } from '../../model/memory-type.js'
import type { DriverHealth } from '../graph-driver.js'
import { outsideLimitsWarning, unreadableWarning } from '../health-warnings.js'
import type { Connection } from './connection.js'
import { isOurs, isSharedWithPython } from './layout.js'
import { COUNT_MEMORY_NODES, SELECT_SETTING } from './schema.js'
import {
  COUNT_MEMORIES_OUTSIDE_LIMITS,
  COUNT_NODES,
  COUNT_READABLE_MEMORIES,
  COUNT_RELATIONSHIPS,
} from './statements.js'

/** What a file says of itself. */
export function healthOfFile(connection: Connection): DriverHealth {
  const version = String(connection.value('SELECT sqlite_version()'))
  const pages = connection.value('PRAGMA page_count') as number
  const size = pages * (connection.value('PRAGMA page_size') as number)
  if (!isOurs(connection)) {
    return {
      version,
      schema_version: null,
      node_count: null,
      relationship_count: null,
      memory_count: null,
      database_size_bytes: size,
      degraded: true,
      warnings: ['The schema is not complete: call initializeSchema()'],
    }
  }
  const memories = connection.value(COUNT_MEMORY_NODES) as number
  const unreadable = memories - (connection.value(COUNT_READABLE_MEMORIES) as number)
  return {
    version,
    schema_version: Number(connection.value(SELECT_SETTING, ['version'])),
    node_count: connection.value(COUNT_NODES) as number,
    relationship_count: connection.value(COUNT_RELATIONSHIPS) as number,
    memory_count: memories,
    database_size_bytes: size,
    degraded: unreadable > 0,
    warnings: warningsOf(connection, unreadable),
  }
}

function warningsOf(connection: Connection, unreadable: number): string[] {
  const warnings: string[] = []
  const limits = [MAX_TITLE_CHARACTERS, JSON.stringify(MEMORY_TYPES)]
  const outside = connection.value(COUNT_MEMORIES_OUTSIDE_LIMITS, limits) as number
  if (unreadable > 0) warnings.push(unreadableWarning(unreadable))
  if (outside > 0) warnings.push(outsideLimitsWarning(outside))
  if (isSharedWithPython(connection)) {
    warnings.push(
      'MemoryGraph for Python uses this file too: the tables, indexes and triggers whose names begin with "mg_" were added to it',
    )
  }
  return warnings
}
