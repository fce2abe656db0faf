import { setImmediate as nextTurn } from 'node:timers/promises'
import type {
  AuditEntry,
  BulkOptions,
  GraphBackend,
  GraphTransaction,
} from '../../src/backends/graph-backend.js'
import { InMemoryBackend } from '../../src/backends/in-memory/in-memory-backend.js'
import { DatabaseConnectionError } from '../../src/errors.js'
import type { EmbeddingInput } from '../../src/model/embedding.js'
import type { Memory, MemoryInput, MemoryPatch } from '../../src/model/memory.js'
import type { GraphNodeInput } from '../../src/model/node.js'
import type { SearchQuery } from '../../src/model/search-query.js'
import type { RecordOptions } from '../../src/testing/index.js'
import { BROKEN_VIEWS } from './broken-views.js'

type Overrides = { readonly [Name in keyof GraphBackend]?: GraphBackend[Name] }

/** A fault, and the group of cases that must notice it. */
export type BrokenBackend = {
  readonly fault: string
  readonly group: string
  /** How the name of the one case begins that must notice it; any of the group where this is left out. */
  readonly noticedBy?: string
  readonly break: (real: GraphBackend) => Overrides
}

/** A working backend with some of its methods put in place of its own. */
export async function backendWith(
  overridesOf: BrokenBackend['break'],
  options?: RecordOptions,
): Promise<GraphBackend> {
  const real = await InMemoryBackend.create(options)
  return overridden<GraphBackend>(real, overridesOf(real))
}

function overridden<Real extends object>(real: Real, overrides: Overrides): Real {
  return new Proxy(real, {
    get(target, name) {
      if (Object.hasOwn(overrides, name)) return overrides[name as keyof GraphBackend]
      const member: unknown = Reflect.get(target, name, target)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}

/** Searches that check their argument and then look for something else. */
function searching(change: (query: SearchQuery) => SearchQuery): BrokenBackend['break'] {
  return (real) => ({
    searchMemories: async (query) => {
      await real.searchMemories(query)
      return real.searchMemories(change(query))
    },
    searchMemoriesPaginated: async (query) => {
      await real.searchMemoriesPaginated(query)
      return real.searchMemoriesPaginated(change(query))
    },
  })
}

const IGNORED_IN_SEARCH: readonly (keyof SearchQuery)[] = [
  'offset',
  'limit',
  'terms',
  'match_mode',
  'search_tolerance',
  'memory_types',
  'tags',
  'project_path',
  'languages',
  'frameworks',
  'min_importance',
  'min_confidence',
  'min_effectiveness',
  'created_after',
  'created_before',
  'include_relationships',
  'relationship_filter',
]

const IGNORED_IN_WALKS = ['relationshipTypes', 'maxDepth', 'direction', 'asOf', 'limit'] as const

const IGNORED_IN_VECTOR_SEARCH = ['model', 'k', 'filter', 'minScore'] as const

const IGNORED_IN_RECALL = [
  'limit',
  'offset',
  'memoryTypes',
  'projectPath',
  'tags',
  'minImportance',
  'includeRelationships',
  'boosts',
  'snippets',
  'asOf',
  'expand',
  'diversity',
  'ranking',
] as const

const IGNORED_IN_HYBRID_SEARCH = [
  'model',
  'k',
  'weights',
  'expand',
  'filter',
  'includeRelationships',
  'snippets',
  'diversity',
  'ranking',
  'boosts',
] as const

/** Methods that in a view see, or touch, less than in the backend. */
const CONFINED = [
  'getMemory',
  'getMemories',
  'searchMemories',
  'searchMemoriesPaginated',
  'recallMemories',
  'listMemories',
  'storeMemory',
  'storeMemories',
  'updateMemory',
  'deleteMemory',
  'getMemoryHistory',
  'getNodes',
  'findNodes',
  'putNodes',
  'deleteNodes',
  'createRelationship',
  'createRelationships',
  'getRelationship',
  'updateRelationshipProperties',
  'deleteRelationship',
  'listRelationships',
  'getRelatedMemories',
  'invalidateRelationship',
  'supersedeRelationship',
  'getRelationshipHistory',
  'whatChanged',
  'searchRelationshipsByContext',
  'setEmbeddings',
  'getEmbeddings',
  'deleteEmbeddings',
  'searchByVector',
  'hybridSearch',
  'getMemoryStatistics',
  'getRecentActivity',
  'healthCheck',
  'changes',
  'auditEntries',
  'transaction',
  'disconnect',
  'scoped',
] as const

function withoutNulls(patch: MemoryPatch): MemoryPatch {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== null))
}

function withZ(memory: Memory | null): Memory | null {
  return memory && { ...memory, created_at: memory.created_at.replace('+00:00', 'Z') }
}

/** Transactions whose handle has some of its methods put in place of its own. */
function withHandle(
  overridesOf: (tx: GraphTransaction) => Partial<GraphTransaction>,
): BrokenBackend['break'] {
  return (real) => ({
    transaction: (work, options) =>
      real.transaction(
        typeof work === 'function' ? (tx) => work(overridden(tx, overridesOf(tx) as Overrides)) : work,
        options,
      ),
  })
}

/** A handle whose bulks are stored slice by slice, each slice for itself. */
const bulksInSlices = withHandle((tx) => {
  const inSlices =
    <Item>(store: (items: readonly Item[], options?: BulkOptions) => Promise<string[]>) =>
    async (items: readonly Item[], options?: BulkOptions): Promise<string[]> => {
      const ids: string[] = []
      for (let at = 0; at < items.length; at += 100) {
        ids.push(...(await store(items.slice(at, at + 100), { signal: options?.signal })))
        options?.onProgress?.({
          done: Math.min(at + 100, items.length),
          total: items.length,
          phase: 'storing',
        })
      }
      return ids
    }
  return {
    storeMemories: inSlices((items: readonly MemoryInput[], options) => tx.storeMemories(items, options)),
    putNodes: inSlices((items: readonly GraphNodeInput[], options) => tx.putNodes(items, options)),
  }
})

/** Resolves without ever letting a timer have its turn. */
function withoutTurns<Result>(value: Result): () => Promise<Result> {
  return async () => value
}

/** Entries of an audit log with these fields, after some others. */
async function* entriesLike(
  entries: readonly Partial<AuditEntry>[],
  others: AsyncIterable<AuditEntry> | readonly AuditEntry[] = [],
): AsyncGenerator<AuditEntry> {
  yield* others
  for (const entry of entries) yield { seq: 9, at: '', actor: '', operation: '', ids: [], count: 0, ...entry }
}

function idsOf(items: readonly { readonly id: string }[]): string[] {
  return items.map(({ id }) => id)
}

function foldAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

/** Faults that were found in other implementations, or are easily made. */
export const BROKEN_BACKENDS: readonly BrokenBackend[] = [
  ...CONFINED.map(
    (method): BrokenBackend => ({
      fault: `does not confine ${method}() to the scope of a view`,
      group: 'scopes',
      break: (real) => ({
        scoped: (scope) => overridden(real.scoped(scope), { [method]: real[method].bind(real) }),
      }),
    }),
  ),
  ...IGNORED_IN_SEARCH.map(
    (field): BrokenBackend => ({
      fault: `ignores ${field} in searches`,
      group: 'search',
      break: searching((query) => ({ ...query, [field]: undefined })),
    }),
  ),
  ...IGNORED_IN_WALKS.map(
    (option): BrokenBackend => ({
      fault: `ignores ${option} in getRelatedMemories()`,
      group: 'related',
      break: (real) => ({
        getRelatedMemories: async (id, options) => {
          await real.getRelatedMemories(id, options)
          return real.getRelatedMemories(id, { ...options, [option]: undefined })
        },
      }),
    }),
  ),
  ...IGNORED_IN_VECTOR_SEARCH.map(
    (option): BrokenBackend => ({
      fault: `ignores ${option} in searchByVector()`,
      group: 'vector search',
      break: (real) => ({
        searchByVector: async (vector, options) => {
          await real.searchByVector(vector, options)
          return real.searchByVector(vector, { ...options, [option]: undefined })
        },
      }),
    }),
  ),
  ...IGNORED_IN_RECALL.map(
    (option): BrokenBackend => ({
      fault: `ignores ${option} in recallMemories()`,
      group: 'recall',
      break: (real) => ({
        recallMemories: async (text, options) => {
          await real.recallMemories(text, options)
          return real.recallMemories(text, { ...options, [option]: undefined })
        },
      }),
    }),
  ),
  ...IGNORED_IN_HYBRID_SEARCH.map(
    (option): BrokenBackend => ({
      fault: `ignores ${option} in hybridSearch()`,
      group: 'hybrid search',
      break: (real) => ({
        hybridSearch: async (query) => {
          await real.hybridSearch(query)
          return real.hybridSearch({ ...query, [option]: undefined })
        },
      }),
    }),
  ),
  {
    fault: 'fills a hybrid search up with what its text finds',
    group: 'hybrid search',
    noticedBy: 'hybridSearch() returns k memories',
    break: (real) => ({
      hybridSearch: async (query) => {
        const hits = await real.hybridSearch({ ...query, k: Math.min(query.k ?? 10, 64) })
        const more = query.text && hits.length === 64 ? await real.recallMemories(query.text) : []
        return [...hits, ...more.filter(({ id }) => !hits.some((hit) => hit.id === id))]
      },
    }),
  },
  {
    fault: 'says what closeness found was found by its words',
    group: 'recall',
    noticedBy: 'recallMemories() finds what is related to a good hit',
    break: (real) => ({
      recallMemories: async (text, options) =>
        (await real.recallMemories(text, options)).map((hit, at) => {
          if (hit.match_info) Object.assign(hit.match_info, { ranks: { text: at + 1 }, path: undefined })
          return hit
        }),
    }),
  },
  {
    fault: 'gives every store the same data',
    group: 'rig',
    break: () => {
      const { storeMemory, storeMemories, getMemory } = SHARED
      return { storeMemory, storeMemories, getMemory }
    },
  },
  {
    fault: 'drops relationships when a memory is stored again',
    group: 'memories',
    break: (real) => ({
      storeMemory: async (memory) => {
        if (memory.id) await real.deleteMemory(memory.id)
        return real.storeMemory(memory)
      },
    }),
  },
  {
    fault: 'changes its argument',
    group: 'memories',
    break: (real) => ({
      storeMemory: async (memory) => {
        const id = await real.storeMemory(memory)
        ;(memory as { id: string }).id = id
        return id
      },
    }),
  },
  {
    fault: 'keeps tags as they are written',
    group: 'memories',
    break: (real) => {
      const tags = new Map<string, string[]>()
      return {
        storeMemory: async (memory) => {
          const id = await real.storeMemory(memory)
          tags.set(id, [...(memory.tags ?? [])])
          return id
        },
        getMemory: async (id, options) => {
          const memory = await real.getMemory(id, options)
          return memory && { ...memory, tags: tags.get(id) ?? memory.tags }
        },
      }
    },
  },
  {
    fault: 'says that a memory was deleted that was not there',
    group: 'memories',
    break: (real) => ({ deleteMemory: async (id) => (await real.deleteMemory(id)) || true }),
  },
  {
    fault: 'returns text times with Z',
    group: 'timestamps',
    break: (real) => ({ getMemory: async (id, options) => withZ(await real.getMemory(id, options)) }),
  },
  {
    fault: 'replaces where it should patch',
    group: 'updates',
    break: (real) => ({
      updateMemory: async (patch) => {
        const stored = patch.id ? await real.getMemory(patch.id) : null
        if (!stored) return real.updateMemory(patch)
        const { id, type, title, content } = stored
        await real.storeMemory({ id, type, title, content, ...patch } as MemoryInput)
        return true
      },
    }),
  },
  {
    fault: 'does not clear with null',
    group: 'updates',
    break: (real) => ({ updateMemory: (patch) => real.updateMemory(withoutNulls(patch)) }),
  },
  {
    fault: 'replaces the whole context',
    group: 'updates',
    break: (real) => ({
      updateMemory: async (patch) => {
        if (patch.id && patch.context) await real.updateMemory({ id: patch.id, context: null })
        return real.updateMemory(patch)
      },
    }),
  },
  {
    fault: 'stores the good ones of a bulk and swallows the errors of the others',
    group: 'bulk',
    break: (real) => ({
      storeMemories: async (memories) => {
        const stored = await Promise.allSettled(memories.map((memory) => real.storeMemory(memory)))
        return stored.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
      },
    }),
  },
  {
    fault: 'never reports progress',
    group: 'bulk',
    break: (real) => ({ storeMemories: (memories) => real.storeMemories(memories) }),
  },
  {
    fault: 'corrects values that are out of range',
    group: 'validation',
    break: (real) => ({
      storeMemory: (memory) =>
        real.storeMemory({
          ...memory,
          importance: Math.min(1, Math.max(0, Number(memory.importance ?? 0.5))),
        }),
    }),
  },
  {
    fault: 'throws plain errors',
    group: 'validation',
    break: (real) => ({
      storeMemory: (memory) =>
        real.storeMemory(memory).catch((error: unknown) => {
          throw new Error(String(error))
        }),
    }),
  },
  {
    fault: 'takes % for a wildcard',
    group: 'search',
    break: searching((query) => (query.query === '%' ? { ...query, query: '' } : query)),
  },
  {
    fault: 'counts the page for the whole',
    group: 'search',
    break: (real) => ({
      searchMemoriesPaginated: async (query) => {
        const page = await real.searchMemoriesPaginated(query)
        return { ...page, total_count: page.results.length, has_more: false, next_offset: null }
      },
    }),
  },
  {
    fault: 'promises a page after the last',
    group: 'search',
    break: (real) => ({
      searchMemoriesPaginated: async (query) => {
        const page = await real.searchMemoriesPaginated(query)
        const isFull = page.results.length === page.limit
        return { ...page, has_more: isFull, next_offset: isFull ? page.offset + page.limit : null }
      },
    }),
  },
  {
    fault: 'passes over relationships without a context',
    group: 'context search',
    break: (real) => ({
      searchRelationshipsByContext: async (search) =>
        (await real.searchRelationshipsByContext(search)).filter(({ properties }) => properties.context),
    }),
  },
  {
    fault: 'orders by id alone',
    group: 'search',
    break: (real) => ({
      searchMemories: async (query) =>
        (await real.searchMemories(query)).toSorted((one, other) => (one.id < other.id ? -1 : 1)),
    }),
  },
  {
    fault: 'takes a question for a search',
    group: 'recall',
    break: (real) => ({ recallMemories: (query) => real.searchMemories({ query }) }),
  },
  {
    fault: 'lists the first page alone',
    group: 'listing',
    break: (real) => ({
      listMemories: async function* (filter) {
        yield* await real.searchMemories({ ...filter, limit: 1000, include_relationships: false })
      },
    }),
  },
  {
    fault: 'joins memories that do not exist',
    group: 'relationships',
    break: (real) => ({
      createRelationship: (from, to, type, properties) =>
        real.createRelationship(from, to, type, properties).catch(() => 'created'),
    }),
  },
  {
    fault: 'loses properties of relationships',
    group: 'relationships',
    break: (real) => ({
      createRelationship: (from, to, type, properties) =>
        real.createRelationship(from, to, type, properties && { ...properties, success_rate: undefined }),
    }),
  },
  {
    fault: 'returns relationships the wrong way round',
    group: 'related',
    break: (real) => ({
      getRelatedMemories: async (id, options) =>
        (await real.getRelatedMemories(id, options)).map(([memory, relationship]) => [
          memory,
          {
            ...relationship,
            from_memory_id: relationship.to_memory_id,
            to_memory_id: relationship.from_memory_id,
          },
        ]),
    }),
  },
  {
    fault: 'loses parallel relationships',
    group: 'related',
    break: (real) => ({
      getRelatedMemories: async (id, options) => {
        const related = await real.getRelatedMemories(id, options)
        const ids = related.map(([memory]) => memory.id)
        return related.filter(([memory], at) => ids.indexOf(memory.id) === at)
      },
    }),
  },
  {
    fault: 'lets a node of one label take the place of another',
    group: 'nodes',
    break: (real) => ({
      putNodes: async (nodes, options) => {
        await real.deleteNodes(nodes.map(({ id }) => id))
        return real.putNodes(nodes, options)
      },
    }),
  },
  {
    fault: 'ignores where in findNodes()',
    group: 'nodes',
    break: (real) => ({ findNodes: (query) => real.findNodes({ ...query, where: null }) }),
  },
  {
    fault: 'keeps vectors of nodes that were deleted',
    group: 'embeddings',
    noticedBy: 'deleteMemory()',
    break: (real) => {
      const kept = new Map<string, EmbeddingInput>()
      return {
        setEmbeddings: async (entries, options) => {
          await real.setEmbeddings(entries, options)
          for (const entry of entries) kept.set(entry.id, entry)
        },
        storeMemories: async (memories, options) => {
          const ids = await real.storeMemories(memories, options)
          await real.setEmbeddings(ids.flatMap((id) => kept.get(id) ?? []))
          return ids
        },
      }
    },
  },
  {
    fault: 'stores the good ones of some vectors, and swallows the errors of the others',
    group: 'embeddings',
    break: (real) => ({
      setEmbeddings: async (entries) =>
        void (await Promise.allSettled(entries.map((entry) => real.setEmbeddings([entry])))),
    }),
  },
  {
    fault: 'returns vectors by id',
    group: 'embeddings',
    break: (real) => ({
      getEmbeddings: async (ids, model) =>
        real.getEmbeddings(Array.isArray(ids) ? ids.toSorted() : ids, model),
    }),
  },
  {
    fault: 'loses the vectors of a transaction',
    group: 'embeddings',
    noticedBy: 'setEmbeddings() in a transaction()',
    break: withHandle(() => ({ setEmbeddings: async () => undefined })),
  },
  {
    fault: 'filters the nearest k instead of finding k that pass',
    group: 'vector search',
    noticedBy: 'searchByVector() applies a filter before it counts to k',
    break: (real) => ({
      searchByVector: async (vector, options) => {
        const all = await real.searchByVector(vector, { ...options, k: 1000 })
        const nearest = await real.searchByVector(vector, { ...options, filter: { label: null } })
        return all.filter(({ id }) => nearest.some((hit) => hit.id === id))
      },
    }),
  },
  {
    fault: 'scores by the length of vectors too',
    group: 'vector search',
    break: (real) => ({
      searchByVector: async (vector, options) => {
        const hits = await real.searchByVector(vector, options)
        const stored = await real.getEmbeddings(idsOf(hits))
        const lengthOf = (id: string): number =>
          Math.hypot(...(stored.find((entry) => entry.id === id)?.vector ?? []))
        return hits.map((hit) => ({ ...hit, score: hit.score * lengthOf(hit.id) }))
      },
    }),
  },
  {
    fault: 'does not undo a transaction',
    group: 'transactions',
    noticedBy: 'transaction() undoes all when its work throws',
    break: (real) => ({ transaction: (work) => work(real) }),
  },
  {
    fault: 'has transactions without a time limit',
    group: 'transactions',
    noticedBy: 'transaction() that takes longer than timeoutMs',
    break: (real) => ({ transaction: (work) => real.transaction(work) }),
  },
  {
    fault: 'stores a part of a bulk that fails inside a transaction',
    group: 'transactions',
    noticedBy: 'storeMemories() inside transaction() that is refused at its end',
    break: bulksInSlices,
  },
  {
    fault: 'looks at the time limit of a transaction only when timers have their turn',
    group: 'transactions',
    noticedBy: 'transaction() whose work calls tx over and over rejects with MG_TIMEOUT',
    break: withHandle(() => ({ storeMemory: withoutTurns('a') })),
  },
  {
    fault: 'lets calls made over and over keep timers waiting',
    group: 'bulk',
    noticedBy: 'getMemory() called over and over',
    break: () => ({ getMemory: withoutTurns(null) }),
  },
  {
    fault: 'drops what is running when it is disconnected',
    group: 'lifecycle',
    noticedBy: 'disconnect() waits for bulks',
    break: (real) => {
      let isClosing = false
      return {
        disconnect: () => {
          isClosing = true
          return real.disconnect()
        },
        storeMemories: async (memories, options) => {
          await nextTurn() // still being checked
          if (isClosing) throw new DatabaseConnectionError('gone', { code: 'MG_NOT_CONNECTED' })
          return real.storeMemories(memories, options)
        },
      }
    },
  },
  {
    fault: 'serves calls while it is being disconnected',
    group: 'lifecycle',
    noticedBy: 'disconnect() refuses calls from when it begins',
    break: (real) => {
      let closing: Promise<void> | null = null
      return {
        disconnect: async () => {
          closing = nextTurn()
            .then(nextTurn)
            .then(() => real.disconnect())
          await closing
        },
      }
    },
  },
  {
    fault: 'initializes its schema although that was aborted',
    group: 'lifecycle',
    noticedBy: 'initializeSchema() that was aborted',
    break: (real) => ({ initializeSchema: () => real.initializeSchema() }),
  },
  {
    fault: 'takes its arguments when their turn comes',
    group: 'arguments',
    noticedBy: 'storeMemory() stores what was given when it was called',
    break: (real) => ({
      storeMemory: async (memory) => {
        await nextTurn()
        return real.storeMemory(memory)
      },
    }),
  },
  {
    fault: 'keeps no order among relationships that invalidate each other',
    group: 'bulk',
    noticedBy: 'createRelationships() takes invalidated_by that names another',
    break: (real) => ({
      createRelationships: async (relationships, options) => {
        const ids: string[] = []
        if (relationships.length < 2) return real.createRelationships(relationships, options)
        for (const one of relationships) ids.push(...(await real.createRelationships([one])))
        options?.onProgress?.({ done: ids.length, total: ids.length, phase: 'joining' })
        return ids
      },
    }),
  },
  {
    fault: 'lets the later of two labels in one call count',
    group: 'nodes',
    noticedBy: 'putNodes() refuses one id under two labels',
    break: (real) => ({
      putNodes: async (nodes, options) => {
        const last = new Map(nodes.map((node) => [node?.id, node]))
        await real.putNodes([...last.values()], options)
        return nodes.map(({ id }) => id)
      },
    }),
  },
  {
    fault: 'folds the case of ASCII alone',
    group: 'search',
    noticedBy: 'searchMemories() with strict knows the cases',
    break: (real) => ({
      searchMemories: async (query) => {
        const hits = await real.searchMemories(query)
        const part = foldAscii(query?.query ?? '')
        return query?.search_tolerance === 'strict'
          ? hits.filter((hit) => foldAscii(`${hit.title} ${hit.content} ${hit.summary}`).includes(part))
          : hits
      },
    }),
  },
  {
    fault: 'averages nothing to 0',
    group: 'statistics',
    break: (real) => ({
      getMemoryStatistics: async () => {
        const statistics = await real.getMemoryStatistics()
        return {
          ...statistics,
          avg_importance: { avg_importance: statistics.avg_importance.avg_importance ?? 0 },
        }
      },
    }),
  },
  {
    fault: 'takes every problem for unresolved',
    group: 'statistics',
    break: (real) => ({
      getRecentActivity: async (days, project) => {
        const activity = await real.getRecentActivity(days, project)
        return {
          ...activity,
          unresolved_problems: activity.recent_memories.filter(({ type }) => type === 'problem'),
        }
      },
    }),
  },
  {
    fault: 'tells of writes that were undone',
    group: 'transactions',
    noticedBy: 'storeMemories() inside transaction() that is refused at its end',
    break: (real) => {
      let undone = 0
      return {
        transaction: (work, options) =>
          real.transaction((tx) => {
            const storeMemories: GraphTransaction['storeMemories'] = (memories, settings) =>
              tx.storeMemories(memories, settings).catch((error: unknown) => {
                undone++
                throw error
              })
            return work(overridden(tx, { storeMemories }))
          }, options),
        changes: async function* (options) {
          yield* real.changes(options)
          for (let at = 0; at < undone; at++)
            yield { seq: 1e6 + at, kind: 'node', id: 'undone', op: 'insert' }
        },
      }
    },
  },
  {
    fault: 'has an empty change feed',
    group: 'changes',
    break: () => ({ changes: async function* () {} }),
  },
  {
    fault: 'repeats the change at the position given',
    group: 'changes',
    break: (real) => ({
      changes: (options) => real.changes(options?.after ? { after: options.after - 1 } : options),
    }),
  },
  {
    fault: 'keeps an audit log that it was not asked for',
    group: 'audit log',
    noticedBy: 'auditEntries() yields nothing',
    break: () => ({ auditEntries: () => entriesLike([{}]) }),
  },
  {
    fault: 'ignores the position of entries',
    group: 'audit log',
    noticedBy: 'auditEntries() says who',
    break: (real) => ({ auditEntries: () => real.auditEntries() }),
  },
  {
    fault: 'counts the ids that it names',
    group: 'audit log',
    noticedBy: 'auditEntries() names a hundred ids',
    break: (real) => ({
      auditEntries: async function* (options) {
        for await (const entry of real.auditEntries(options)) yield { ...entry, count: entry.ids.length }
      },
    }),
  },
  {
    fault: 'records what was undone',
    group: 'audit log',
    noticedBy: 'auditEntries() tells of a transaction',
    break: (real) => ({
      auditEntries: (options) => entriesLike([{ operation: 'storeMemory' }], real.auditEntries(options)),
    }),
  },
  {
    fault: 'keeps no record of reads',
    group: 'audit log',
    noticedBy: 'auditEntries() tells of every method',
    break: (real) => ({
      auditEntries: async function* (options) {
        for await (const entry of real.auditEntries(options))
          if (!/^(get|list|find|search|recall)/.test(entry.operation)) yield entry
      },
    }),
  },
  {
    fault: 'counts uses that it was not asked to count',
    group: 'usage',
    noticedBy: 'getMemory() and what else',
    break: (real) => ({
      getMemory: async (id, options) => {
        const memory = await real.getMemory(id, options)
        if (memory) await real.updateMemory({ id, usage_count: memory.usage_count + 1 })
        return memory
      },
    }),
  },
  {
    fault: 'counts what a list returns as used',
    group: 'usage',
    noticedBy: 'getMemory(), getMemories()',
    break: (real) => ({
      listMemories: async function* (filter) {
        for await (const { id } of real.listMemories(filter)) yield (await real.getMemory(id)) as Memory
      },
    }),
  },
  {
    fault: 'counts uses of a transaction that was undone',
    group: 'usage',
    noticedBy: 'getMemory() in a transaction',
    break: (real) => ({
      transaction: (work, options) =>
        real.transaction(
          (tx) => work(overridden(tx, { getMemory: (id, only) => real.getMemory(id, only) })),
          options,
        ),
    }),
  },
  {
    fault: 'answers after disconnect()',
    group: 'lifecycle',
    break: (real) => ({ getMemory: (id, options) => real.getMemory(id, options).catch(() => null) }),
  },
  {
    fault: 'resolves connect() to false',
    group: 'lifecycle',
    break: (real) => ({ connect: async () => !(await real.connect()) }),
  },
  {
    fault: 'rejects healthCheck() without a connection',
    group: 'identity',
    break: (real) => ({
      healthCheck: async () => {
        const report = await real.healthCheck()
        if (!report.connected) throw new Error('not connected')
        return report
      },
    }),
  },
  {
    fault: 'pretends to synchronise',
    group: 'refusals',
    break: () => ({ sync: async () => ({ frames_synced: 0, frame_no: null, duration_ms: 0 }) }),
  },
  {
    fault: 'resolves raw queries it cannot run',
    group: 'raw query',
    break: () => ({ executeQuery: async () => [] }),
  },
  ...BROKEN_VIEWS,
]

const SHARED_STORE = InMemoryBackend.create()
const SHARED: Pick<GraphBackend, 'storeMemory' | 'storeMemories' | 'getMemory'> = {
  storeMemory: async (memory) => (await SHARED_STORE).storeMemory(memory),
  storeMemories: async (memories, options) => (await SHARED_STORE).storeMemories(memories, options),
  getMemory: async (id, options) => (await SHARED_STORE).getMemory(id, options),
}
