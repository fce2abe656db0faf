import { breathe } from '../../breathe.js'
import { NotSupportedError } from '../../errors.js'
import type { GraphEdgeRow, GraphNodeRow, NeighbourRow } from '../../graph/graph-rows.js'
import type { GraphNeighbor } from '../../graph/graph-view.js'
import type { CompleteNodeQuery } from '../../model/node.js'
import type { RelationshipRow } from '../../model/relationship-row.js'
import { isInScope, type Scope } from '../../model/scope.js'
import type { Timestamp } from '../../model/timestamp.js'
import type { FoundWord, WordGuesses } from '../../search/corrections.js'
import type { AuditEntry, Change, Direction } from '../graph-backend.js'
import type {
  ContextPage,
  EmbeddingModelRow,
  EmbeddingRow,
  GraphLevel,
  GraphPage,
  GraphPart,
  GraphReader,
  LinkLimits,
  LinkRow,
  MemoryCriteria,
  MemoryPage,
  NodeRow,
  RelatedTitle,
  RelationshipHistoryPage,
  RelationshipPage,
  StatisticsRow,
  UnembeddedPage,
  VectorHitRow,
  VectorPage,
  VersionRow,
  WordCounts,
} from '../graph-driver.js'
import { reachByLevels } from '../reach-by-levels.js'

/** Ids that are looked up, and rows that are read to fill a page, at a time. */
const ROWS_AT_A_TIME = 500

/** Reads what is inside a scope, as if there were nothing else: relationships are inside where both of their ends are. */
export class ScopedReader implements GraphReader {
  readonly within: Scope
  readonly #inner: GraphReader

  constructor(inner: GraphReader, within: Scope) {
    this.#inner = inner
    this.within = within
  }

  async selectWithin(ids: readonly string[], within: Scope): Promise<string[]> {
    const all = this.#narrowed(within)
    const inside: string[] = []
    for (let start = 0; start < ids.length; start += ROWS_AT_A_TIME) {
      await breathe()
      inside.push(...(await this.#inner.selectWithin(ids.slice(start, start + ROWS_AT_A_TIME), all)))
    }
    return inside
  }

  /** By what the rows themselves say, so that none is returned that was moved out of the scope meanwhile. */
  async getNodes(ids: readonly string[]): Promise<NodeRow[]> {
    return (await this.#inner.getNodes(ids)).filter(({ properties }) => isInScope(this.within, properties))
  }

  async findNodes(query: CompleteNodeQuery): Promise<NodeRow[]> {
    // Which nodes come after one by a property would tell of the property.
    if (query.orderBy && query.after !== null && !(await this.#inside([query.after])).has(query.after))
      return []
    const conditions = this.within.map(({ property, value }) => ({ property, anyOf: [value] }))
    return this.#inner.findNodes({ ...query, where: [...query.where, ...conditions] })
  }

  findMemories(page: MemoryPage): Promise<NodeRow[]> {
    return this.#inner.findMemories({ ...page, criteria: this.#confined(page.criteria) })
  }

  findWords(guesses: readonly WordGuesses[], within: Scope): Promise<FoundWord[]> {
    return this.#inner.findWords(guesses, [...this.within, ...within])
  }

  countMemories(criteria: MemoryCriteria): Promise<number> {
    return this.#inner.countMemories(this.#confined(criteria))
  }

  countMemoriesByType(criteria: MemoryCriteria): Promise<{ [type: string]: number }> {
    return this.#inner.countMemoriesByType(this.#confined(criteria))
  }

  async getRelationships(ids: readonly string[]): Promise<RelationshipRow[]> {
    return this.#visible(await this.#inner.getRelationships(ids))
  }

  async findRelationships(page: RelationshipPage): Promise<RelationshipRow[]> {
    const found: RelationshipRow[] = []
    const limit = Math.max(page.limit, ROWS_AT_A_TIME)
    for (let afterId = page.afterId; found.length < page.limit; ) {
      await breathe()
      const rows: RelationshipRow[] = await this.#inner.findRelationships({ ...page, afterId, limit })
      found.push(...(await this.#visible(rows)))
      afterId = rows.at(-1)?.id ?? null
      if (rows.length < limit) break
    }
    return found.slice(0, page.limit)
  }

  async getNeighbours(
    ids: readonly string[],
    options: { direction: Direction; types: readonly string[]; currentOnly: boolean },
  ): Promise<NeighbourRow[]> {
    const rows = await this.#inner.getNeighbours(ids, options)
    const inside = await this.#inside(rows.flatMap(({ near, far }) => [near, far]))
    return rows.filter(({ near, far }) => inside.has(near) && inside.has(far))
  }

  countGraph(within: Scope): Promise<{ nodes: number; relationships: number }> {
    return this.#inner.countGraph(this.#narrowed(within))
  }

  findGraphNodes(page: GraphPage, within: Scope): Promise<GraphPart<GraphNodeRow>> {
    return this.#inner.findGraphNodes(page, this.#narrowed(within))
  }

  async findGraphEdges(page: GraphPage): Promise<GraphPart<GraphEdgeRow>> {
    const { rows, next } = await this.#inner.findGraphEdges(page)
    return { rows: await this.#joinedInside(rows), next }
  }

  async getGraphEdges(ids: readonly string[], level: GraphLevel): Promise<GraphEdgeRow[]> {
    return this.#joinedInside(await this.#inner.getGraphEdges(ids, level))
  }

  /** Level by level, since a walk of the store's own would go on through the outside. */
  async getReach(
    ids: readonly string[],
    depth: number,
    ways: readonly GraphLevel[],
    signal?: AbortSignal,
  ): Promise<GraphNeighbor[]> {
    const farIdsOf = async (nodes: readonly string[]): Promise<string[]> => {
      const far = await this.#inner.getReach(nodes, 1, ways, signal)
      return this.selectWithin(
        far.map(({ id }) => id),
        [],
      )
    }
    const starts = await this.selectWithin([...new Set(ids)], [])
    return reachByLevels(starts, depth, farIdsOf, ROWS_AT_A_TIME, signal)
  }

  async getLinks(
    ids: readonly string[],
    limits: LinkLimits,
    asOf: Timestamp | null,
    within: Scope,
  ): Promise<LinkRow[]> {
    const [inside, links] = await Promise.all([
      this.#inside(ids),
      this.#inner.getLinks(ids, limits, asOf, this.#narrowed(within)),
    ])
    return links.filter(({ near }) => inside.has(near))
  }

  /** Of the whole store, as the relevance of text is. */
  countWords(stems: readonly string[]): Promise<WordCounts> {
    return this.#inner.countWords(stems)
  }

  async leadsTo(start: string, goal: string, type: string): Promise<boolean> {
    if (start === goal) return true
    return (await this.getReachable([start], type)).some(({ to }) => to === goal)
  }

  /** Level by level, since a walk of the store's own would go on through the outside. */
  async getReachable(starts: readonly string[], type: string): Promise<{ from: string; to: string }[]> {
    const options = { direction: 'outgoing', types: [type], currentOnly: true } as const
    const met = new Set(starts)
    const found: { from: string; to: string }[] = []
    for (let frontier = [...met]; frontier.length > 0; ) {
      const level = await this.getNeighbours(frontier, options)
      found.push(...level.map(({ near, far }) => ({ from: near, to: far })))
      frontier = [...new Set(level.map(({ far }) => far))].filter((id) => !met.has(id))
      for (const id of frontier) met.add(id)
    }
    return found
  }

  async getRelatedTitles(
    ids: readonly string[],
    limitEach: number,
    asOf: Timestamp | null,
    within: Scope,
  ): Promise<RelatedTitle[]> {
    const [inside, titles] = await Promise.all([
      this.#inside(ids),
      this.#inner.getRelatedTitles(ids, limitEach, asOf, this.#narrowed(within)),
    ])
    return titles.filter(({ near }) => inside.has(near))
  }

  getRelationshipHistory(page: RelationshipHistoryPage): Promise<RelationshipRow[]> {
    return this.#filled(page, (part) => this.#inner.getRelationshipHistory({ ...page, ...part }))
  }

  findRelationshipsByContext(page: ContextPage): Promise<RelationshipRow[]> {
    return this.#filled(page, (part) => this.#inner.findRelationshipsByContext({ ...page, ...part }))
  }

  async getRelationshipsSince(
    since: Timestamp,
    until: Timestamp,
  ): Promise<{ recorded: RelationshipRow[]; ended: RelationshipRow[] }> {
    const { recorded, ended } = await this.#inner.getRelationshipsSince(since, until)
    return { recorded: await this.#visible(recorded), ended: await this.#visible(ended) }
  }

  /** Those that were of the scope then, of memories that are now. */
  async getVersions(ids: readonly string[]): Promise<VersionRow[]> {
    const inside = (await this.getNodes(ids)).map((row) => row.id)
    const versions = await this.#inner.getVersions(inside)
    return versions.filter(({ properties }) => isInScope(this.within, properties))
  }

  getStatistics(within: Scope): Promise<StatisticsRow> {
    return this.#inner.getStatistics(this.#narrowed(within))
  }

  async getEmbeddings(ids: readonly string[], model: string | null): Promise<EmbeddingRow[]> {
    return this.#inner.getEmbeddings(await this.selectWithin(ids, []), model)
  }

  findByVector(page: VectorPage): Promise<VectorHitRow[]> {
    const criteria = page.criteria && this.#confined(page.criteria)
    return this.#inner.findByVector({ ...page, criteria, within: this.#narrowed(page.within) })
  }

  getEmbeddingModels(within: Scope): Promise<EmbeddingModelRow[]> {
    return this.#inner.getEmbeddingModels(this.#narrowed(within))
  }

  findUnembedded(page: UnembeddedPage): Promise<NodeRow[]> {
    return this.#inner.findUnembedded({ ...page, within: this.#narrowed(page.within) })
  }

  countUnembedded(model: string, within: Scope): Promise<number> {
    return this.#inner.countUnembedded(model, this.#narrowed(within))
  }

  /** That of the whole store, since there is one. */
  getRecallModel(): Promise<string | null> {
    return this.#inner.getRecallModel()
  }

  async getChanges(): Promise<{ changes: Change[]; oldest: number }> {
    throw ofTheWhole('changes()', 'change feed')
  }

  async getLatestChange(): Promise<Change | null> {
    throw ofTheWhole('changes()', 'change feed')
  }

  async getAuditEntries(): Promise<AuditEntry[]> {
    throw ofTheWhole('auditEntries()', 'audit log')
  }

  #confined(criteria: MemoryCriteria): MemoryCriteria {
    return { ...criteria, within: this.#narrowed(criteria.within) }
  }

  #narrowed(within: Scope): Scope {
    return [...this.within, ...within]
  }

  async #inside(ids: readonly string[]): Promise<Set<string>> {
    return new Set(await this.selectWithin([...new Set(ids)], []))
  }

  async #joinedInside(rows: readonly GraphEdgeRow[]): Promise<GraphEdgeRow[]> {
    const inside = await this.#inside(rows.flatMap(({ from, to }) => [from, to]))
    return rows.filter(({ from, to }) => inside.has(from) && inside.has(to))
  }

  /** Those of the rows that are inside; what they were invalidated by is left out where that is not. */
  async #visible(rows: readonly RelationshipRow[]): Promise<RelationshipRow[]> {
    const kept = await this.#bothEndsInside(rows)
    const known = new Set(kept.map((row) => row.id))
    const named = kept.flatMap(({ invalidated_by: by }) => (by === null || known.has(by) ? [] : [by]))
    if (named.length === 0) return kept
    const invalidators = await this.#inner.getRelationships([...new Set(named)])
    for (const row of await this.#bothEndsInside(invalidators)) known.add(row.id)
    return kept.map((row) =>
      row.invalidated_by === null || known.has(row.invalidated_by) ? row : { ...row, invalidated_by: null },
    )
  }

  async #bothEndsInside(rows: readonly RelationshipRow[]): Promise<RelationshipRow[]> {
    const inside = await this.#inside(rows.flatMap((row) => [row.from_id, row.to_id]))
    return rows.filter((row) => inside.has(row.from_id) && inside.has(row.to_id))
  }

  /** A page that is as long as it can be, however much of what the store has is outside. */
  async #filled(
    { limit, offset }: { readonly limit: number; readonly offset: number },
    read: (part: { limit: number; offset: number }) => Promise<RelationshipRow[]>,
  ): Promise<RelationshipRow[]> {
    const found: RelationshipRow[] = []
    for (let at = 0; found.length < offset + limit; at += ROWS_AT_A_TIME) {
      await breathe()
      const rows = await read({ limit: ROWS_AT_A_TIME, offset: at })
      found.push(...(await this.#visible(rows)))
      if (rows.length < ROWS_AT_A_TIME) break
    }
    return found.slice(offset, offset + limit)
  }
}

function ofTheWhole(method: string, what: string): NotSupportedError {
  return new NotSupportedError(
    `A view of a scope has no ${what}, which is of the whole store: ask the backend that it is a view of`,
    { details: { method } },
  )
}
