import { DatabaseConnectionError } from '../../../errors.js'
import type { Row } from '../../graph-backend.js'
import { queryFailure, type RawQuery, rowsAsObjects, wouldWrite } from '../raw-query.js'
import type { Connection } from './connection.js'

/** Runs a checked statement and returns its rows as objects. */
export function runRawQuery(connection: Connection, { sql, values }: RawQuery): Row[] {
  try {
    const statement = connection.prepareOnce(sql)
    if (!statement.reader) {
      statement.run(values)
      return []
    }
    const names = statement.columns().map((column) => column.name)
    return rowsAsObjects(names, statement.safeIntegers(true).all(values) as unknown[][])
  } catch (error) {
    throw queryFailure(error)
  }
}

/** Runs a checked statement that must not write, on a connection that may otherwise write, or never. */
export function runReadOnly(connection: Connection, query: RawQuery, neverWrites = false): Row[] {
  // Set before each query, since nothing else may rely on it; synchronous, so nothing else runs meanwhile.
  connection.exec('PRAGMA query_only = ON')
  try {
    return runRawQuery(connection, query)
  } catch (error) {
    throw isReadOnlyFailure(error) ? wouldWrite(error) : error
  } finally {
    if (!neverWrites) connection.exec('PRAGMA query_only = OFF')
  }
}

function isReadOnlyFailure(error: unknown): boolean {
  return error instanceof DatabaseConnectionError && error.code === 'MG_READ_ONLY'
}
