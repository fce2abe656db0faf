import type { GraphBackend } from '../../src/backends/graph-backend.js'
import { InMemoryBackend } from '../../src/backends/in-memory/in-memory-backend.js'
import type { Memory, MemoryInput, MemoryPatch } from '../../src/model/memory.js'
import type { SearchQuery } from '../../src/model/search-query.js'

type Overrides = { readonly [Name in keyof GraphBackend]?: GraphBackend[Name] }

/** A fault, and the group of cases that must notice it. */
export type BrokenBackend = {
  readonly fault: string
  readonly group: string
  readonly break: (real: GraphBackend) => Overrides
}

/** A working backend with some of its methods put in place of its own. */
export async function backendWith(overridesOf: BrokenBackend['break']): Promise<GraphBackend> {
  const real = await InMemoryBackend.create()
  const overrides = overridesOf(real)
  return new Proxy<GraphBackend>(real, {
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

function withoutNulls(patch: MemoryPatch): MemoryPatch {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== null))
}

function withZ(memory: Memory | null): Memory | null {
  return memory && { ...memory, created_at: memory.created_at.replace('+00:00', 'Z') }
}

/** Faults that were found in other implementations, or are easily made. */
export const BROKEN_BACKENDS: readonly BrokenBackend[] = [
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
    fault: 'does not undo a transaction',
    group: 'transactions',
    break: (real) => ({ transaction: (work) => work(real) }),
  },
  {
    fault: 'has transactions without a time limit',
    group: 'transactions',
    break: (real) => ({ transaction: (work) => real.transaction(work) }),
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
    fault: 'resolves methods it does not support',
    group: 'refusals',
    break: () => ({ searchByVector: async () => [] }),
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
]

const SHARED_STORE = InMemoryBackend.create()
const SHARED: Pick<GraphBackend, 'storeMemory' | 'storeMemories' | 'getMemory'> = {
  storeMemory: async (memory) => (await SHARED_STORE).storeMemory(memory),
  storeMemories: async (memories, options) => (await SHARED_STORE).storeMemories(memories, options),
  getMemory: async (id, options) => (await SHARED_STORE).getMemory(id, options),
}
