import type { GraphEdgeRow, GraphNodeRow, NeighbourRow } from '../../graph/graph-rows.js'
import type { GraphNeighbor } from '../../graph/graph-view.js'
import type { CompleteNodeQuery } from '../../model/node.js'
import type { RelationshipRow } from '../../model/relationship-row.js'
import type { Scope } from '../../model/scope.js'
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
import { countGraph, farIdsOf, graphEdgePage, graphEdgesOf, graphNodePage } from './graph-rows.js'
import type { GraphStore } from './graph-store.js'
import { countMemories, countMemoriesByType, memoryPage } from './memory-query.js'
import { linksOf, neighboursOf, reachableFrom, relatedTitlesOf, relationshipPage } from './neighbourhood.js'
import { nodePage } from './node-query.js'
import { relationshipHistory, relationshipsByContext, relationshipsSince } from './relationship-history.js'
import { scopeTest } from './scope-test.js'
import { statisticsOf } from './store-overview.js'
import { countUnembedded, unembeddedPage } from './unembedded.js'
import { embeddingModels, vectorPage } from './vector-query.js'
import { foundWords } from './word-query.js'

/** Nodes whose neighbours one look asks for: a few milliseconds of work where they have thousands. */
const NODES_AT_A_TIME = 16

/** Lets a look at a store have its turn among the writes. */
export type Turn = <Result>(look: () => Promise<Result>) => Promise<Result>

/** Reads a store, each time all at once and in its turn. */
export class InMemoryReader implements GraphReader {
  readonly #store: () => GraphStore
  readonly #turn: Turn

  constructor(store: () => GraphStore, turn: Turn) {
    this.#store = store
    this.#turn = turn
  }

  selectWithin(ids: readonly string[], within: Scope): Promise<string[]> {
    return this.#read((store) => {
      const isInside = scopeTest(store, within) ?? ((id: string) => store.node(id) !== undefined)
      return [...new Set(ids)].filter(isInside)
    })
  }

  getNodes(ids: readonly string[]): Promise<NodeRow[]> {
    return this.#read((store) =>
      [...new Set(ids)].flatMap((id) => {
        const row = store.nodeRow(id)
        return row ? [row] : []
      }),
    )
  }

  findNodes(query: CompleteNodeQuery): Promise<NodeRow[]> {
    return this.#read((store) => nodePage(store, query))
  }

  findMemories(page: MemoryPage): Promise<NodeRow[]> {
    return this.#read((store) => memoryPage(store, page))
  }

  findWords(guesses: readonly WordGuesses[], within: Scope): Promise<FoundWord[]> {
    return this.#read((store) => {
      const isInside = scopeTest(store, within)
      return guesses.flatMap((asked) => foundWords(store.text, asked, isInside))
    })
  }

  countMemories(criteria: MemoryCriteria): Promise<number> {
    return this.#read((store) => countMemories(store, criteria))
  }

  countMemoriesByType(criteria: MemoryCriteria): Promise<{ [type: string]: number }> {
    return this.#read((store) => countMemoriesByType(store, criteria))
  }

  getRelationships(ids: readonly string[]): Promise<RelationshipRow[]> {
    return this.#read((store) =>
      [...new Set(ids)].flatMap((id) => {
        const row = store.relationship(id)?.row
        return row ? [{ ...row }] : []
      }),
    )
  }

  findRelationships(page: RelationshipPage): Promise<RelationshipRow[]> {
    return this.#read((store) => relationshipPage(store, page))
  }

  getNeighbours(
    ids: readonly string[],
    options: { direction: Direction; types: readonly string[]; currentOnly: boolean },
  ): Promise<NeighbourRow[]> {
    return this.#read((store) => neighboursOf(store, ids, options))
  }

  countGraph(within: Scope): Promise<{ nodes: number; relationships: number }> {
    return this.#read((store) => countGraph(store, scopeTest(store, within)))
  }

  findGraphNodes(page: GraphPage, within: Scope): Promise<GraphPart<GraphNodeRow>> {
    return this.#read((store) => graphNodePage(store, page, scopeTest(store, within)))
  }

  findGraphEdges(page: GraphPage): Promise<GraphPart<GraphEdgeRow>> {
    return this.#read((store) => graphEdgePage(store, page))
  }

  getGraphEdges(ids: readonly string[], level: GraphLevel): Promise<GraphEdgeRow[]> {
    return this.#read((store) => graphEdgesOf(store, ids, level))
  }

  getReach(
    ids: readonly string[],
    depth: number,
    ways: readonly GraphLevel[],
    signal?: AbortSignal,
  ): Promise<GraphNeighbor[]> {
    const farIds = (nodes: readonly string[]): Promise<string[]> =>
      this.#read((store) => [...farIdsOf(store, nodes, ways)])
    return reachByLevels(ids, depth, farIds, NODES_AT_A_TIME, signal)
  }

  getLinks(
    ids: readonly string[],
    limits: LinkLimits,
    asOf: Timestamp | null,
    within: Scope,
  ): Promise<LinkRow[]> {
    return this.#read((store) => linksOf(store, ids, limits, asOf, scopeTest(store, within)))
  }

  countWords(stems: readonly string[]): Promise<WordCounts> {
    return this.#read((store) => ({
      memories: store.facets.size,
      holders: new Map(stems.map((stem) => [stem, store.text.holdersOf(stem)])),
    }))
  }

  async leadsTo(start: string, goal: string, type: string): Promise<boolean> {
    if (start === goal) return true
    const met = await this.getReachable([start], type)
    return met.some(({ to }) => to === goal)
  }

  getReachable(starts: readonly string[], type: string): Promise<{ from: string; to: string }[]> {
    return this.#read((store) => reachableFrom(store, starts, type))
  }

  getRelatedTitles(
    ids: readonly string[],
    limitEach: number,
    asOf: Timestamp | null,
    within: Scope,
  ): Promise<RelatedTitle[]> {
    return this.#read((store) => relatedTitlesOf(store, ids, limitEach, asOf, scopeTest(store, within)))
  }

  getRelationshipHistory(page: RelationshipHistoryPage): Promise<RelationshipRow[]> {
    return this.#read((store) => relationshipHistory(store, page))
  }

  findRelationshipsByContext(page: ContextPage): Promise<RelationshipRow[]> {
    return this.#read((store) => relationshipsByContext(store, page))
  }

  getRelationshipsSince(
    since: Timestamp,
    until: Timestamp,
  ): Promise<{ recorded: RelationshipRow[]; ended: RelationshipRow[] }> {
    return this.#read((store) => relationshipsSince(store, since, until))
  }

  getVersions(ids: readonly string[]): Promise<VersionRow[]> {
    return this.#read((store) =>
      ids.flatMap((id) => (store.versions.get(id)?.kept ?? []).map((row) => ({ ...row }))),
    )
  }

  getStatistics(within: Scope): Promise<StatisticsRow> {
    return this.#read((store) => statisticsOf(store, scopeTest(store, within)))
  }

  getChanges(after: number, limit: number): Promise<{ changes: Change[]; oldest: number }> {
    return this.#read((store) => {
      const { entries, oldest } = store.changes.after(after, limit)
      return { changes: entries, oldest }
    })
  }

  getLatestChange(): Promise<Change | null> {
    return this.#read((store) => store.changes.latest)
  }

  getEmbeddings(ids: readonly string[], model: string | null): Promise<EmbeddingRow[]> {
    return this.#read((store) =>
      [...new Set(ids)].flatMap((id) =>
        store.embeddings
          .of(id)
          .filter((row) => model === null || row.model === model)
          .map(({ length: _length, ...row }) => ({ ...row, vector: row.vector.slice() })),
      ),
    )
  }

  findByVector(page: VectorPage): Promise<VectorHitRow[]> {
    return this.#read((store) => vectorPage(store, page))
  }

  getEmbeddingModels(within: Scope): Promise<EmbeddingModelRow[]> {
    return this.#read((store) => embeddingModels(store, scopeTest(store, within)))
  }

  findUnembedded(page: UnembeddedPage): Promise<NodeRow[]> {
    return this.#read((store) => unembeddedPage(store, page))
  }

  countUnembedded(model: string, within: Scope): Promise<number> {
    return this.#read((store) => countUnembedded(store, model, within))
  }

  getRecallModel(): Promise<string | null> {
    return this.#read((store) => store.recallModel)
  }

  getAuditEntries(after: number, limit: number): Promise<AuditEntry[]> {
    return this.#read((store) =>
      store.audit.after(after, limit).entries.map((entry) => ({ ...entry, ids: [...entry.ids] })),
    )
  }

  // The store is that of the time of the call: a disconnect meanwhile must not look like "no data".
  async #read<Result>(look: (store: GraphStore) => Result): Promise<Result> {
    const store = this.#store()
    return this.#turn(async () => look(store))
  }
}
