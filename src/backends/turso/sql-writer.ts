import type { RelationshipRow } from '../../model/relationship-row.js'
import type { GraphWriter, NodeRow } from '../graph-driver.js'
import { SqlReader } from './sql-reader.js'
import {
  DELETE_NODE,
  DELETE_RELATIONSHIP,
  DELETE_RELATIONSHIPS_OF,
  UPSERT_NODE,
  UPSERT_RELATIONSHIP,
} from './statements.js'

/** Reading and writing by SQL inside one open transaction. */
export class SqlWriter extends SqlReader implements GraphWriter {
  putNodes(rows: readonly NodeRow[]): Promise<void> {
    return this.access((connection) => {
      for (const row of rows) connection.run(UPSERT_NODE, [row.id, row.label, row.properties])
    })
  }

  deleteNodes(ids: readonly string[]): Promise<number> {
    return this.access((connection) => {
      let deleted = 0
      for (const id of ids) {
        connection.run(DELETE_RELATIONSHIPS_OF, [id])
        deleted += connection.run(DELETE_NODE, [id])
      }
      return deleted
    })
  }

  putRelationships(rows: readonly RelationshipRow[]): Promise<void> {
    return this.access((connection) => {
      for (const row of rows) {
        connection.run(UPSERT_RELATIONSHIP, [
          row.id,
          row.from_id,
          row.to_id,
          row.rel_type,
          row.properties,
          row.valid_from,
          row.valid_until,
          row.recorded_at,
          row.invalidated_by,
        ])
      }
    })
  }

  deleteRelationships(ids: readonly string[]): Promise<number> {
    return this.access((connection) =>
      ids.reduce((deleted, id) => deleted + connection.run(DELETE_RELATIONSHIP, [id]), 0),
    )
  }
}
