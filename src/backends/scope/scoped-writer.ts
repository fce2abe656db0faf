import { ConflictError, NotSupportedError, RelationshipError } from '../../errors.js'
import type { RelationshipRow } from '../../model/relationship-row.js'
import { isInScope, propertiesInScope, type Scope } from '../../model/scope.js'
import { now, type Timestamp } from '../../model/timestamp.js'
import { nodesNotFound, requireDimensions } from '../embeddings.js'
import type { AuditRow, EmbeddingRow, GraphWriter, NodeRow } from '../graph-driver.js'
import { ScopedReader } from './scoped-reader.js'

/** Writes what is inside a scope: nodes are stamped with it, and what is outside is neither changed nor joined to. */
export class ScopedWriter extends ScopedReader implements GraphWriter {
  readonly leastSlice: number
  readonly #inner: GraphWriter

  constructor(inner: GraphWriter, within: Scope) {
    super(inner, within)
    this.#inner = inner
    this.leastSlice = inner.leastSlice ?? 1
  }

  atomically<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#inner.atomically(work)
  }

  async putNodes(rows: readonly NodeRow[]): Promise<void> {
    const at = now()
    const stamped = rows.map((row) => this.#stamped(row, at))
    const stored = await this.#inner.getNodes(rows.map((row) => row.id))
    const outside = stored.find(({ properties }) => !isInScope(this.within, properties))
    if (outside) throw taken(outside.id)
    await this.#inner.putNodes(stamped)
  }

  async deleteNodes(ids: readonly string[]): Promise<number> {
    return this.#inner.deleteNodes(await this.selectWithin(ids, []))
  }

  async insertRelationships(rows: readonly RelationshipRow[]): Promise<void> {
    const [outside] = await this.#inner.getRelationships(rows.map((row) => row.id))
    if (outside) throw taken(outside.id)
    await this.#requireEnds(rows)
    await this.#inner.insertRelationships(rows)
  }

  /** What it was invalidated by stays where that is outside, and so was not seen. */
  async updateRelationship(before: RelationshipRow, after: RelationshipRow): Promise<void> {
    const [stored] = await this.#inner.getRelationships([before.id])
    if (!stored || (await this.getRelationships([before.id])).length === 0) return
    await this.#requireEnds([after])
    const isSameInvalidator = before.invalidated_by === after.invalidated_by
    const { invalidated_by } = isSameInvalidator ? stored : after
    await this.#inner.updateRelationship(stored, { ...after, invalidated_by })
  }

  async deleteRelationships(ids: readonly string[]): Promise<number> {
    const inside = await this.getRelationships(ids)
    return this.#inner.deleteRelationships(inside.map((row) => row.id))
  }

  /** Also of a model that only what is outside has embeddings of the components are those. */
  async putEmbeddings(rows: readonly EmbeddingRow[]): Promise<void> {
    const inside = new Set(await this.selectWithin([...new Set(rows.map(({ id }) => id))], []))
    const missing = rows.flatMap(({ id }) => (inside.has(id) ? [] : [id]))
    if (missing.length > 0) throw nodesNotFound(missing)
    const models = new Map((await this.#inner.getEmbeddingModels([])).map((row) => [row.model, row]))
    for (const row of rows) requireDimensions(row, models.get(row.model))
    await this.#inner.putEmbeddings(rows)
  }

  async deleteEmbeddings(ids: readonly string[], model: string | null): Promise<number> {
    return this.#inner.deleteEmbeddings(await this.selectWithin(ids, []), model)
  }

  async dropEmbeddingModel(): Promise<void> {
    throw ofTheWhole('dropping the vectors of a model')
  }

  async setRecallModel(): Promise<void> {
    throw ofTheWhole('choosing the model that recalls use')
  }

  /** The log is that of the whole store: who wrote what through a view is in it too. */
  recordAudit(rows: readonly AuditRow[]): Promise<void> {
    return this.#inner.recordAudit(rows)
  }

  #stamped(row: NodeRow, at: Timestamp): NodeRow {
    const { history, ...present } = row
    const inScope = (properties: string): string => propertiesInScope(this.within, { ...row, properties }, at)
    const earlier = history?.map((version) => ({ ...version, properties: inScope(version.properties) }))
    return { ...present, properties: inScope(row.properties), ...(earlier && { history: earlier }) }
  }

  async #requireEnds(rows: readonly RelationshipRow[]): Promise<void> {
    const ends = [...new Set(rows.flatMap((row) => [row.from_id, row.to_id]))]
    const inside = new Set(await this.selectWithin(ends, []))
    const missing = ends.find((id) => !inside.has(id))
    if (missing === undefined) return
    throw new RelationshipError(
      `Cannot store the relationship: no node with the id ${JSON.stringify(missing)}`,
      { details: { missing: [missing] } },
    )
  }
}

function ofTheWhole(what: string): NotSupportedError {
  return new NotSupportedError(
    `A view of a scope is no place for ${what}, which is about the whole store: use the backend that it is a view of`,
  )
}

function taken(id: string): ConflictError {
  return new ConflictError(`The id ${JSON.stringify(id)} is taken: use another`, { details: { id } })
}
