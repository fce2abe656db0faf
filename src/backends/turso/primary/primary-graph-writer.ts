import type { RelationshipRow } from '../../../model/relationship-row.js'
import type { EmbeddingRow, NodeRow } from '../../graph-driver.js'
import { SqlWriter } from '../sql-writer.js'

/** A writer that remembers which ids it wrote, so that they can be named when nobody knows what became of them. */
export class PrimaryGraphWriter extends SqlWriter {
  readonly touched: Set<string> = new Set()

  override putNodes(rows: readonly NodeRow[]): Promise<void> {
    for (const { id } of rows) this.touched.add(id)
    return super.putNodes(rows)
  }

  override deleteNodes(ids: readonly string[]): Promise<number> {
    for (const id of ids) this.touched.add(id)
    return super.deleteNodes(ids)
  }

  override insertRelationships(rows: readonly RelationshipRow[]): Promise<void> {
    for (const { id } of rows) this.touched.add(id)
    return super.insertRelationships(rows)
  }

  override updateRelationship(before: RelationshipRow, after: RelationshipRow): Promise<void> {
    this.touched.add(after.id)
    return super.updateRelationship(before, after)
  }

  override deleteRelationships(ids: readonly string[]): Promise<number> {
    for (const id of ids) this.touched.add(id)
    return super.deleteRelationships(ids)
  }

  override putEmbeddings(rows: readonly EmbeddingRow[]): Promise<void> {
    for (const { id } of rows) this.touched.add(id)
    return super.putEmbeddings(rows)
  }

  override deleteEmbeddings(ids: readonly string[], model: string | null): Promise<number> {
    for (const id of ids) this.touched.add(id)
    return super.deleteEmbeddings(ids, model)
  }
}
