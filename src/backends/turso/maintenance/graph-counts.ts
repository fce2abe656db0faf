import type { Connection } from '../local/connection.js'
import { COUNT_MEMORY_NODES, SELECT_SETTING } from '../schema.js'
import { COUNT_NODES, COUNT_RELATIONSHIPS, SELECT_POSITION } from '../statements.js'
import type { GraphCounts } from './maintenance-messages.js'

/** Counts what a connection reads. */
export function graphCountsOf(connection: Connection): GraphCounts {
  const count = (sql: string, ...values: string[]): number => Number(connection.value(sql, values))
  return {
    nodes: count(COUNT_NODES),
    relationships: count(COUNT_RELATIONSHIPS),
    memories: count(COUNT_MEMORY_NODES),
    position: count(SELECT_POSITION),
    schemaVersion: count(SELECT_SETTING, 'version'),
  }
}
