import type { CompleteNodeQuery } from '../../model/node.js'
import type { RelationshipRow } from '../../model/relationship-row.js'
import type { Change, Direction } from '../graph-backend.js'
import type {
  GraphReader,
  MemoryCriteria,
  MemoryPage,
  NeighbourRow,
  NodeRow,
  RelatedTitle,
  RelationshipPage,
  StatisticsRow,
} from '../graph-driver.js'
import type { GraphStore } from './graph-store.js'
import { countMemories, memoryPage } from './memory-query.js'
import { neighboursOf, relatedTitlesOf, relationshipPage } from './neighbourhood.js'
import { nodePage } from './node-query.js'
import { statisticsOf } from './store-overview.js'

/** Reads a store, each time after `settled` resolves and then all at once. */
export class InMemoryReader implements GraphReader {
  readonly #store: () => GraphStore
  readonly #settled: () => Promise<void>

  constructor(store: () => GraphStore, settled: () => Promise<void>) {
    this.#store = store
    this.#settled = settled
  }

  getNodes(ids: readonly string[]): Promise<NodeRow[]> {
    return this.#read((store) =>
      [...new Set(ids)].flatMap((id) => {
        const row = store.node(id)?.row
        return row ? [{ ...row }] : []
      }),
    )
  }

  findNodes(query: CompleteNodeQuery): Promise<NodeRow[]> {
    return this.#read((store) => nodePage(store, query))
  }

  findMemories(page: MemoryPage): Promise<NodeRow[]> {
    return this.#read((store) => memoryPage(store, page))
  }

  countMemories(criteria: MemoryCriteria): Promise<{ [type: string]: number }> {
    return this.#read((store) => countMemories(store, criteria))
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

  getRelatedTitles(ids: readonly string[], limitEach: number): Promise<RelatedTitle[]> {
    return this.#read((store) => relatedTitlesOf(store, ids, limitEach))
  }

  getStatistics(): Promise<StatisticsRow> {
    return this.#read(statisticsOf)
  }

  getChanges(after: number, limit: number): Promise<{ changes: Change[]; oldest: number }> {
    return this.#read((store) => store.changes.after(after, limit))
  }

  // The store is that of the time of the call: a disconnect meanwhile must not look like "no data". Nothing may be awaited
  // between `settled` and the look, or a write could begin there.
  async #read<Result>(look: (store: GraphStore) => Result): Promise<Result> {
    const store = this.#store()
    await this.#settled()
    return look(store)
  }
}
