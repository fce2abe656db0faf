import { ValidationError } from '../errors.js'
import {
  deleteEmbeddingsSchema,
  type Embedding,
  type EmbeddingInput,
  embeddingModelSchema,
  vector as vectorSchema,
} from '../model/embedding.js'
import { type HybridQuery, hybridQuerySchema } from '../model/hybrid-query.js'
import type { Memory, MemoryInput, MemoryPatch } from '../model/memory.js'
import {
  bulkOptionsSchema,
  contextSearchSchema,
  createOptionsSchema,
  getMemoryOptionsSchema,
  relatedOptionsSchema,
  relationshipEndsSchema,
  relationshipFilterSchema,
  relationshipHistoryOptionsSchema,
  updateOptionsSchema,
} from '../model/method-options.js'
import {
  type GraphNode,
  type GraphNodeInput,
  idsSchema,
  MEMORY_LABEL,
  type NodeQuery,
  nodeQuerySchema,
} from '../model/node.js'
import {
  type Relationship,
  type RelationshipInput,
  type RelationshipPropertiesInput,
  type RelationshipReplacement,
  relationshipReplacementSchema,
} from '../model/relationship.js'
import { decodeRelationship, holdsAt, type RelationshipRow } from '../model/relationship-row.js'
import {
  type CompleteSearchQuery,
  memoryFilterSchema,
  type PaginatedResult,
  type RecallOptions,
  recallOptionsSchema,
  type SearchQuery,
  searchQuerySchema,
} from '../model/search-query.js'
import { now, type Timestamp } from '../model/timestamp.js'
import { requireId, text as textSchema, timestamp, validate } from '../model/validation.js'
import { type VectorHit, type VectorSearchOptions, vectorSearchSchema } from '../model/vector-search.js'
import type { PreparedSynonyms } from '../search/synonyms.js'
import { recallTerms } from '../search/text-match.js'
import { searchByContext } from './context-search.js'
import { checkEmbeddings, deleteEmbeddings, getEmbeddings, setEmbeddings } from './embeddings.js'
import { addRelationships } from './enrichment.js'
import type {
  BulkOptions,
  CreateRelationshipsOptions,
  GetMemoryOptions,
  GraphTransaction,
  MemoryFilter,
  RelatedOptions,
  RelationshipChanges,
  RelationshipContextSearch,
  RelationshipEnds,
  RelationshipFilter,
  RelationshipHistoryOptions,
} from './graph-backend.js'
import type { GraphReader, GraphWriter, MemoryPage, NodeRow } from './graph-driver.js'
import { memoryAt, memoryHistory, withHistory } from './memory-history.js'
import { memoryOf, nodeOf } from './memory-rows.js'
import { criteriaOf, searchMemories, searchMemoriesPaginated } from './memory-search.js'
import {
  checkMemories,
  checkMemory,
  checkNodes,
  checkPatch,
  deleteMemory,
  deleteNodes,
  putNodes,
  storeMemories,
  updateMemory,
} from './memory-writes.js'
import { affecting, idsOf, type Operation, returning, returningIds } from './operation.js'
import { hybridSearch, recallMemories } from './recall/recall.js'
import type { QueryVector } from './recall/vector-ranking.js'
import { type LevelReader, walkRelated } from './related-memories.js'
import { invalidateRelationship, supersedeRelationship } from './relationship-history.js'
import { relationshipPages } from './relationship-listing.js'
import {
  checkPropertiesPatch,
  checkRelationships,
  createRelationships,
  updateRelationship,
} from './relationship-writes.js'
import { searchByVector } from './vector-search.js'

/** How a session reaches the store: each piece of work, and what it is part of, as one read, or as one atomic write. */
export type StoreAccess = {
  read<Result>(work: (reader: GraphReader) => Promise<Result>, operation: Operation<Result>): Promise<Result>
  write<Result>(work: (writer: GraphWriter) => Promise<Result>, operation: Operation<Result>): Promise<Result>
  /** The vector of a question in the model that recalls use; absent, or `null`, where the text alone is to decide. */
  embedQuery?(text: string): Promise<QueryVector | null>
  /** What tells of levels of walks instead of the store; absent, or `null`, where that is to be asked. */
  levels?(): Promise<LevelReader | null>
}

/** Limits that a session keeps. */
export type SessionLimits = {
  readonly maxContentBytes: number
  readonly allowCycles: boolean
  readonly synonyms: PreparedSynonyms
  /** Throws what a call rejects with that needs the capability `history` where that is missing. */
  readonly requireHistory: (what: string) => void
  /** The same for the capability `vector`. */
  readonly requireVector: (what: string) => void
}

/** Rows a list reads at a time: few enough that a hundred contents of the greatest size fit in memory. */
const PAGE_SIZE = 100

const GET_MEMORY: Operation<Memory | null> = {
  name: 'getMemory',
  ids: (memory) => (memory ? [memory.id] : []),
}
const SEARCH_PAGINATED: Operation<PaginatedResult> = {
  name: 'searchMemoriesPaginated',
  ids: ({ results }) => idsOf(results),
}
const GET_RELATED: Operation<[Memory, Relationship][]> = {
  name: 'getRelatedMemories',
  ids: (related) => related.flatMap(idsOf),
}
const WHAT_CHANGED: Operation<Readonly<Record<'recorded' | 'ended', readonly RelationshipRow[]>>> = {
  name: 'whatChanged',
  ids: ({ recorded, ended }) => idsOf([...recorded, ...ended]),
}

/** The data methods of the contract over any way to reach a store: the backend's own, or that of one transaction. */
export class GraphSession implements GraphTransaction {
  readonly #store: StoreAccess
  readonly #limits: SessionLimits

  constructor(store: StoreAccess, limits: SessionLimits) {
    this.#store = store
    this.#limits = limits
  }

  async storeMemory(memory: MemoryInput): Promise<string> {
    const checked = checkMemory(memory, this.#limits.maxContentBytes)
    await this.#store.write((writer) => storeMemories(writer, [checked]), returningIds('storeMemory'))
    return checked.memory.id
  }

  async storeMemories(memories: readonly MemoryInput[], options?: BulkOptions): Promise<string[]> {
    checkBulkOptions(options)
    const inputs = requireList(memories, 'memories')
    const checked = await checkMemories(inputs, this.#limits.maxContentBytes, options)
    return this.#store.write(
      (writer) => storeMemories(writer, checked, options),
      returningIds('storeMemories'),
    )
  }

  async getMemory(id: string, options: boolean | GetMemoryOptions = true): Promise<Memory | null> {
    requireId(id)
    const { includeRelationships = true, asOf } = checkGetOptions(options)
    if (asOf !== null) this.#limits.requireHistory('getMemory() with asOf')
    return this.#store.read(async (reader) => {
      const memory = asOf === null ? await presentMemory(reader, id) : await memoryAt(reader, id, asOf)
      if (memory && includeRelationships) await addRelationships(reader, [memory], asOf)
      return memory
    }, GET_MEMORY)
  }

  async getMemoryHistory(id: string): Promise<Memory[]> {
    this.#limits.requireHistory('getMemoryHistory()')
    requireId(id)
    return this.#store.read((reader) => memoryHistory(reader, id), returning('getMemoryHistory'))
  }

  async getMemories(ids: readonly string[]): Promise<Memory[]> {
    const wanted = validate(idsSchema, ids, 'ids')
    return this.#mapNodes('getMemories', wanted, (row) => (row.label === MEMORY_LABEL ? [memoryOf(row)] : []))
  }

  async updateMemory(
    patch: MemoryPatch,
    options?: { readonly expectedVersion?: number | null | undefined },
  ): Promise<boolean> {
    const { expectedVersion } = validate(updateOptionsSchema, options ?? {}, 'update options')
    if (expectedVersion !== null) this.#limits.requireHistory('updateMemory() with expectedVersion')
    const checked = checkPatch(patch, this.#limits.maxContentBytes)
    return this.#store.write(
      (writer) => updateMemory(writer, checked, expectedVersion),
      affecting('updateMemory', [checked.id]),
    )
  }

  async deleteMemory(id: string): Promise<boolean> {
    requireId(id)
    return this.#store.write((writer) => deleteMemory(writer, id), affecting('deleteMemory', [id]))
  }

  async searchMemories(query: SearchQuery): Promise<Memory[]> {
    const search = checkSearch(query)
    return this.#store.read(
      (reader) => searchMemories(reader, search, this.#limits.synonyms),
      returning('searchMemories'),
    )
  }

  async searchMemoriesPaginated(query: SearchQuery): Promise<PaginatedResult> {
    const search = checkSearch(query)
    const asked = { ...search, include_relationships: query.include_relationships === true }
    return this.#store.read(
      (reader) => searchMemoriesPaginated(reader, asked, this.#limits.synonyms),
      SEARCH_PAGINATED,
    )
  }

  async recallMemories(text: string, options?: RecallOptions): Promise<Memory[]> {
    const terms = recallTerms(validate(textSchema, text, 'recall text'))
    const { search: given, ...how } = validate(recallOptionsSchema, options ?? {}, 'recall options')
    const search = checkSearch({ ...given, terms })
    const vector = terms.length > 0 ? await this.#embedded(text) : null
    return this.#store.read(
      (reader) => recallMemories(reader, { search, ...how }, vector, this.#limits.synonyms),
      returning('recallMemories'),
    )
  }

  async hybridSearch(query: HybridQuery): Promise<Memory[]> {
    this.#limits.requireVector('hybridSearch()')
    const checked = validate(hybridQuerySchema, query, 'hybrid query')
    const terms = recallTerms(checked.text)
    const search = checkSearch({ terms, boosts: checked.boosts })
    const wantsVector = checked.vector === null && checked.weights.vector !== 0 && terms.length > 0
    const vector = wantsVector ? await this.#embedded(checked.text) : null
    return this.#store.read(
      (reader) => hybridSearch(reader, checked, search, vector, this.#limits.synonyms),
      returning('hybridSearch'),
    )
  }

  /** The vector of a question, where something embeds questions. */
  async #embedded(text: string): Promise<QueryVector | null> {
    return (await this.#store.embedQuery?.(text)) ?? null
  }

  async *listMemories(filter: MemoryFilter = {}): AsyncGenerator<Memory, void, undefined> {
    const criteria = criteriaOf(validate(memoryFilterSchema, filter, 'memory filter'))
    for (let afterId: string | null = null; ; ) {
      const page: MemoryPage = { criteria, order: 'id', limit: PAGE_SIZE, offset: 0, afterId }
      const rows: NodeRow[] = await this.#store.read(
        (reader) => reader.findMemories(page),
        returning('listMemories'),
      )
      for (const row of rows) yield memoryOf(row)
      afterId = rows.at(-1)?.id ?? null
      if (rows.length < PAGE_SIZE) return
    }
  }

  async createRelationship(
    fromMemoryId: string,
    toMemoryId: string,
    type: string,
    properties?: RelationshipPropertiesInput | null,
  ): Promise<string> {
    const input = { from_memory_id: fromMemoryId, to_memory_id: toMemoryId, type, properties }
    const [id] = await this.#create('createRelationship', [input])
    return id as string
  }

  async createRelationships(
    relationships: readonly RelationshipInput[],
    options?: CreateRelationshipsOptions,
  ): Promise<string[]> {
    return this.#create('createRelationships', relationships, options)
  }

  async getRelationship(id: string): Promise<Relationship | null> {
    requireId(id)
    const [row] = await this.#store.read(
      (reader) => reader.getRelationships([id]),
      returning('getRelationship'),
    )
    return row ? decodeRelationship(row) : null
  }

  async updateRelationshipProperties(
    id: string,
    patch: RelationshipPropertiesInput,
    ends: RelationshipEnds = {},
  ): Promise<boolean> {
    requireId(id)
    const checked = checkPropertiesPatch(patch)
    const moved = validate(relationshipEndsSchema, ends, 'ends')
    const { allowCycles } = this.#limits
    return this.#store.write(
      (writer) => updateRelationship(writer, id, checked, moved, allowCycles),
      affecting('updateRelationshipProperties', [id]),
    )
  }

  async deleteRelationship(id: string): Promise<boolean> {
    requireId(id)
    const deleted = await this.#store.write(
      (writer) => writer.deleteRelationships([id]),
      affecting('deleteRelationship', [id]),
    )
    return deleted > 0
  }

  async getRelatedMemories(id: string, options: RelatedOptions = {}): Promise<[Memory, Relationship][]> {
    requireId(id)
    const walk = { start: id, ...validate(relatedOptionsSchema, options, 'related options') }
    return this.#store.read(
      async (reader) => walkRelated(reader, walk, (await this.#store.levels?.()) ?? reader),
      GET_RELATED,
    )
  }

  async invalidateRelationship(id: string, invalidatedBy?: string | null): Promise<boolean> {
    this.#limits.requireHistory('invalidateRelationship()')
    requireId(id)
    if (invalidatedBy !== undefined && invalidatedBy !== null) requireId(invalidatedBy)
    return this.#store.write(
      (writer) => invalidateRelationship(writer, id, invalidatedBy ?? null),
      affecting('invalidateRelationship', [id]),
    )
  }

  async supersedeRelationship(id: string, replacement: RelationshipReplacement): Promise<string> {
    this.#limits.requireHistory('supersedeRelationship()')
    requireId(id)
    const checked = validate(relationshipReplacementSchema, replacement, 'replacement')
    const { allowCycles } = this.#limits
    return this.#store.write((writer) => supersedeRelationship(writer, id, checked, allowCycles), {
      name: 'supersedeRelationship',
      ids: (newId) => [id, newId],
    })
  }

  async getRelationshipHistory(
    id: string,
    options: RelationshipHistoryOptions = {},
  ): Promise<Relationship[]> {
    this.#limits.requireHistory('getRelationshipHistory()')
    requireId(id)
    const page = { nodeId: id, ...validate(relationshipHistoryOptionsSchema, options, 'history options') }
    const rows = await this.#store.read(
      (reader) => reader.getRelationshipHistory(page),
      returning('getRelationshipHistory'),
    )
    return rows.map(decodeRelationship)
  }

  async whatChanged(since: string | Date): Promise<RelationshipChanges> {
    this.#limits.requireHistory('whatChanged()')
    const from = validate(timestamp, since, 'since')
    const { recorded, ended } = await this.#store.read(
      (reader) => reader.getRelationshipsSince(from, now()),
      WHAT_CHANGED,
    )
    return {
      new_relationships: recorded.map(decodeRelationship),
      invalidated_relationships: ended.map(decodeRelationship),
    }
  }

  async searchRelationshipsByContext(search: RelationshipContextSearch): Promise<Relationship[]> {
    this.#limits.requireHistory('searchRelationshipsByContext()')
    const checked = validate(contextSearchSchema, search, 'context search')
    return this.#store.read(
      (reader) => searchByContext(reader, checked),
      returning('searchRelationshipsByContext'),
    )
  }

  async *listRelationships(filter: RelationshipFilter = {}): AsyncGenerator<Relationship, void, undefined> {
    const { ids, asOf, ...page } = validate(relationshipFilterSchema, filter, 'relationship filter')
    const read = (look: (reader: GraphReader) => Promise<RelationshipRow[]>): Promise<RelationshipRow[]> =>
      this.#store.read(look, returning('listRelationships'))
    for await (const rows of relationshipPages(read, ids, page))
      for (const row of rows) if (asOf === null || holdsAt(row, asOf)) yield decodeRelationship(row)
  }

  async putNodes(nodes: readonly GraphNodeInput[], options?: BulkOptions): Promise<string[]> {
    checkBulkOptions(options)
    const inputs = requireList(nodes, 'nodes')
    const checked = await checkNodes(inputs, this.#limits.maxContentBytes, options)
    if (checked.some(({ version }) => version > 1)) this.#limits.requireHistory('putNodes() with versions')
    const ids = checked.map((node) => node.id)
    await this.#store.write((writer) => putNodes(writer, checked, options), {
      name: 'putNodes',
      ids: () => ids,
    })
    return ids
  }

  async getNodes(ids: readonly string[]): Promise<GraphNode[]> {
    return this.#mapNodes('getNodes', validate(idsSchema, ids, 'ids'), (row) => [nodeOf(row)])
  }

  async findNodes(query: NodeQuery): Promise<GraphNode[]> {
    const { page, includeHistory } = validate(nodeQuerySchema, query, 'node query')
    if (includeHistory) this.#limits.requireHistory('findNodes() with includeHistory')
    return this.#store.read(async (reader) => {
      const nodes = (await reader.findNodes(page)).map(nodeOf)
      return includeHistory ? withHistory(reader, nodes) : nodes
    }, returning('findNodes'))
  }

  async deleteNodes(ids: readonly string[]): Promise<number> {
    const wanted = [...new Set(validate(idsSchema, ids, 'ids'))]
    return this.#store.write((writer) => deleteNodes(writer, wanted), affecting('deleteNodes', wanted))
  }

  async setEmbeddings(entries: readonly EmbeddingInput[], options?: BulkOptions): Promise<void> {
    this.#limits.requireVector('setEmbeddings()')
    checkBulkOptions(options)
    const checked = await checkEmbeddings(requireList(entries, 'embeddings'), options)
    await this.#store.write((writer) => setEmbeddings(writer, checked, options), {
      name: 'setEmbeddings',
      ids: () => idsOf(checked),
    })
  }

  async getEmbeddings(ids: readonly string[], model?: string | null): Promise<Embedding[]> {
    this.#limits.requireVector('getEmbeddings()')
    const wanted = validate(idsSchema, ids, 'ids')
    const ofModel = validate(embeddingModelSchema, model, 'model')
    return this.#inPages('getEmbeddings', wanted, (reader, page) => getEmbeddings(reader, page, ofModel))
  }

  async deleteEmbeddings(
    ids: readonly string[],
    options?: { readonly model?: string | null | undefined },
  ): Promise<number> {
    this.#limits.requireVector('deleteEmbeddings()')
    const wanted = [...new Set(validate(idsSchema, ids, 'ids'))]
    const { model } = validate(deleteEmbeddingsSchema, options ?? {}, 'options')
    return this.#store.write(
      (writer) => deleteEmbeddings(writer, wanted, model),
      affecting('deleteEmbeddings', wanted),
    )
  }

  async searchByVector(
    vector: readonly number[] | Float32Array,
    options?: VectorSearchOptions,
  ): Promise<VectorHit[]> {
    this.#limits.requireVector('searchByVector()')
    const near = validate(vectorSchema, vector, 'vector')
    const search = validate(vectorSearchSchema, options ?? {}, 'vector search options')
    return this.#store.read((reader) => searchByVector(reader, near, search), returning('searchByVector'))
  }

  async #create(
    name: string,
    relationships: readonly RelationshipInput[],
    options: CreateRelationshipsOptions = {},
  ): Promise<string[]> {
    const { allowCycles = this.#limits.allowCycles } = validate(createOptionsSchema, options, 'options')
    const inputs = requireList(relationships, 'relationships')
    const rows = await checkRelationships(inputs, allowCycles, options)
    return this.#store.write(
      (writer) => createRelationships(writer, rows, allowCycles, options),
      returningIds(name),
    )
  }

  /** What is made of the nodes with these ids, in their order, each once. */
  async #mapNodes<Made extends { readonly id: string }>(
    name: string,
    ids: readonly string[],
    make: (row: NodeRow) => Made[],
  ): Promise<Made[]> {
    return this.#inPages(name, ids, async (reader, page) => {
      const byId = new Map((await reader.getNodes(page)).map((row) => [row.id, row]))
      return page.flatMap((id) => byId.get(id) ?? []).flatMap(make)
    })
  }

  /** What is read of these ids, each once, a page at a time. */
  async #inPages<Made extends { readonly id: string }>(
    name: string,
    ids: readonly string[],
    read: (reader: GraphReader, page: readonly string[]) => Promise<Made[]>,
  ): Promise<Made[]> {
    const wanted = [...new Set(ids)]
    const made: Made[] = []
    for (let start = 0; start < wanted.length; start += PAGE_SIZE) {
      const page = wanted.slice(start, start + PAGE_SIZE)
      made.push(...(await this.#store.read((reader) => read(reader, page), returning(name))))
    }
    return made
  }
}

function checkBulkOptions(options: BulkOptions | undefined): void {
  if (options !== undefined) validate(bulkOptionsSchema, options, 'options')
}

function checkSearch(query: SearchQuery): CompleteSearchQuery {
  return validate(searchQuerySchema, query, 'search query')
}

function checkGetOptions(options: boolean | GetMemoryOptions): {
  readonly includeRelationships?: boolean | undefined
  readonly asOf: Timestamp | null
} {
  if (typeof options === 'boolean') return { includeRelationships: options, asOf: null }
  return validate(getMemoryOptionsSchema, options, 'options')
}

async function presentMemory(reader: GraphReader, id: string): Promise<Memory | null> {
  const [row] = await reader.getNodes([id])
  return row?.label === MEMORY_LABEL ? memoryOf(row) : null
}

function requireList<Item>(value: readonly Item[], what: string): readonly Item[] {
  if (!Array.isArray(value)) throw new ValidationError(`Invalid ${what}: must be an array`)
  return [...value] // the caller may change its list while it is worked through
}
