import fc from 'fast-check'
import type {
  Change,
  GraphBackend,
  GraphOptions,
  GraphTransaction,
  RelatedOptions,
  RelationshipFilter,
} from '../../src/backends/graph-backend.js'
import type { MemoryInput, MemoryPatch } from '../../src/model/memory.js'
import type { NodeQuery } from '../../src/model/node.js'
import type { RelationshipInput, RelationshipPropertiesInput } from '../../src/model/relationship.js'
import type { RecallOptions, SearchQuery } from '../../src/model/search-query.js'

/** Work on data, as a backend and a transaction alike take it. */
type DataOperation =
  | { kind: 'storeMemory'; memory: MemoryInput }
  | { kind: 'storeMemories'; memories: MemoryInput[] }
  | { kind: 'updateMemory'; patch: MemoryPatch }
  | { kind: 'deleteMemory'; id: string }
  | { kind: 'createRelationships'; relationships: RelationshipInput[] }
  | { kind: 'updateRelationship'; id: string; patch: RelationshipPropertiesInput }
  | { kind: 'deleteRelationship'; id: string }
  | { kind: 'putNodes'; nodes: { id: string; label: string; properties: { [key: string]: unknown } }[] }
  | { kind: 'deleteNodes'; ids: string[] }
  | { kind: 'getNodes'; ids: string[] }
  | { kind: 'getMemory'; id: string }
  | { kind: 'search'; query: SearchQuery }
  | { kind: 'searchText'; query: SearchQuery }
  | { kind: 'recall'; text: string; options: RecallOptions }
  | { kind: 'related'; id: string; options: RelatedOptions }
  | { kind: 'findNodes'; query: NodeQuery }
  | { kind: 'listRelationships'; filter: RelationshipFilter }

/** One step of a random sequence. */
type Operation =
  | DataOperation
  | { kind: 'transaction'; steps: DataOperation[]; fails: boolean }
  | { kind: 'statistics' }
  | { kind: 'changes' }

const WORDS = [
  'retry',
  'retries',
  'Pool',
  'pools',
  'cafe',
  'Café',
  'naïve',
  'over',
  'Overlay',
  'x1',
  'a',
  '100%',
  'b_c',
]
const TYPES = ['task', 'problem', 'solution']
const RELATIONSHIP_TYPES = ['SOLVES', 'CAUSES', 'RELATED_TO']
const INSTANTS = [
  '2026-01-01T00:00:00Z',
  '2026-01-02T00:00:00+02:00',
  '2026-01-02T00:00:00.000001Z',
  '2026-01-03',
]
/** The instants of {@link INSTANTS} and near them, as other programs write them. */
const FOREIGN_INSTANTS = [
  '2026-01-01T00:00:00Z',
  '2026-01-01T00:00:00',
  '2026-01-01T09:00:00+09:00',
  '2025-12-31T19:00:00.0-05:00',
  '2026-01-01 00:00:00',
  '2026-01-02T00:00:00.000001Z',
  '2026-01-02T09:00:00.000001+09:00',
  '2026-01-02T00:00:00.0005+00:00',
  '2026-01-01T22:00:00.000000+00:00',
  '2026-01-02',
  '2026-01-03',
  '2026-01-03T00:00+00:00',
]
const FRACTIONS = [0, 0.25, 0.5, 0.75, 1]

const oneOf = <Value>(...values: readonly Value[]): fc.Arbitrary<Value> => fc.constantFrom(...values)
const sometimes = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 1 })
const rarely = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary })
const orNull = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> =>
  fc.option(arbitrary, { freq: 4 })
const someOf = <Value>(...values: readonly Value[]): fc.Arbitrary<Value[]> =>
  fc.uniqueArray(oneOf(...values), { maxLength: 2 })

const MEMORY_IDS = ['m0', 'm1', 'm2', 'm3', 'm4', 'm5']
const NODE_IDS = ['t0', 't1', 't2']
const memoryId = oneOf(...MEMORY_IDS)
const nodeId = oneOf(...NODE_IDS)
/** An id that operations are about. */
export const startId: fc.Arbitrary<string> = oneOf(...MEMORY_IDS, ...NODE_IDS)
const anyId = fc.oneof({ weight: 8, arbitrary: memoryId }, { weight: 1, arbitrary: nodeId })

const relationshipId = oneOf(...Array.from({ length: 12 }, (_, at) => `r${at}`))
const prose = fc.array(oneOf(...WORDS), { minLength: 1, maxLength: 4 }).map((words) => words.join(' '))
const tags = fc.array(oneOf('red', 'Red ', 'GREEN', 'it"s', 'b_c'), { maxLength: 3 })
const fraction = oneOf(...FRACTIONS)
const instant = oneOf(...INSTANTS)

const context = fc.record(
  {
    project_path: orNull(oneOf('/p', '/q', 'C:\\p')),
    languages: orNull(someOf('TypeScript', 'typescript', 'SQL')),
    frameworks: orNull(someOf('Vite', 'Fastify')),
    git_branch: orNull(oneOf('main', 'next')),
    additional_metadata: orNull(fc.constant({ a: [1, 'two', null] })),
  },
  { requiredKeys: [] },
)
// Times that a backend would fill in by itself are given, so that two backends can be compared.
const timedContext = context.map((fields) => ({ ...fields, timestamp: '2026-01-01T00:00:00Z' }))

const optionalFields = {
  summary: orNull(prose),
  tags: orNull(tags),
  context: orNull(timedContext),
  importance: orNull(fraction),
  confidence: orNull(fraction),
  effectiveness: orNull(fraction),
  usage_count: orNull(fc.nat(3)),
  last_accessed: orNull(instant),
  updated_by: orNull(prose),
}

const memoryFields = fc.record(
  { type: oneOf(...TYPES), title: prose, content: prose, created_at: instant, ...optionalFields },
  { requiredKeys: ['type', 'title', 'content', 'created_at'] },
)
const memory: fc.Arbitrary<MemoryInput> = memoryFields.chain((fields) =>
  fc.oneof(
    { weight: 12, arbitrary: memoryId.map((id) => ({ ...fields, id })) },
    { weight: 1, arbitrary: nodeId.map((id) => ({ ...fields, id })) },
    { weight: 1, arbitrary: fc.constant(fields) },
    { weight: 1, arbitrary: memoryId.map((id) => ({ ...fields, id, importance: 7 })) },
  ),
)

const patch: fc.Arbitrary<MemoryPatch> = fc.record(
  { id: anyId, type: oneOf(...TYPES), title: prose, content: prose, created_at: instant, ...optionalFields },
  { requiredKeys: ['id'] },
)

const optionalProperties = {
  strength: orNull(fraction),
  confidence: orNull(fraction),
  context: orNull(prose),
  evidence_count: orNull(fc.nat(3)),
  success_rate: orNull(fraction),
  invalidated_by: rarely(orNull(relationshipId)),
}
const times = fc.record({
  created_at: instant,
  last_validated: instant,
  recorded_at: instant,
  valid_from: oneOf('2026-01-01', '2026-01-02'),
  valid_until: rarely(oneOf('2026-01-02', '2026-01-03')),
})
const properties = fc
  .tuple(fc.record(optionalProperties, { requiredKeys: [] }), times)
  .map(([given, moments]) => ({ ...given, ...moments }))

const ends = fc.oneof(
  { weight: 10, arbitrary: fc.shuffledSubarray([...MEMORY_IDS, 't0'], { minLength: 2, maxLength: 2 }) },
  { weight: 1, arbitrary: fc.tuple(anyId, anyId) },
)
const relationship: fc.Arbitrary<RelationshipInput> = fc
  .tuple(relationshipId, ends, oneOf(...RELATIONSHIP_TYPES), properties)
  .map(([id, [from = '', to = ''], type, properties]) => ({
    id,
    from_memory_id: from,
    to_memory_id: to,
    type,
    properties,
  }))

const propertiesPatch: fc.Arbitrary<RelationshipPropertiesInput> = fc.record(
  { ...optionalProperties, valid_until: orNull(oneOf('2026-01-02', '2026-01-03')) },
  { requiredKeys: [] },
)

const nodeProperties = fc.record(
  {
    name: oneOf('one', 'two', 'it"s'),
    rank: oneOf(1, 2, 10, 1.5),
    done: fc.boolean(),
    owner: orNull(oneOf('ann')),
  },
  { requiredKeys: [] },
)
const node = fc.record({
  id: fc.oneof({ weight: 6, arbitrary: nodeId }, { weight: 1, arbitrary: memoryId }),
  label: fc.oneof({ weight: 6, arbitrary: oneOf('Task') }, { weight: 1, arbitrary: oneOf('Agent') }),
  properties: nodeProperties,
})

/** Memories as other programs write them: any way to tell a time, tags that are not trimmed, fields that are not there. */
const memoryNode = fc
  .tuple(
    memoryId,
    fc.record(
      {
        type: oneOf(...TYPES),
        title: prose,
        content: prose,
        tags: orNull(
          fc.array(oneOf('red\t', '\tGREEN', ' Red\n', '\u00a0red', 'b_c', 'it"s'), { maxLength: 2 }),
        ),
        importance: orNull(oneOf<unknown>(...FRACTIONS, '0.75', true)),
        confidence: orNull(oneOf<unknown>(...FRACTIONS, '0.75')),
        effectiveness: orNull(oneOf<unknown>(...FRACTIONS, '0.75', false)),
        created_at: oneOf(...FOREIGN_INSTANTS),
        last_accessed: oneOf(...FOREIGN_INSTANTS),
        summary: orNull(prose),
        context_project_path: orNull(oneOf('/p', '/q')),
        context_languages: orNull(oneOf<unknown>(['TypeScript'], '["typescript", "SQL"]', '[]', 'SQL')),
        context_frameworks: orNull(oneOf<unknown>(['Vite'], '["Fastify"]')),
        context_timestamp: fc.constant('2026-01-01T00:00:00Z'),
        foreign: oneOf<unknown>(1, { any: ['thing'] }),
      },
      { requiredKeys: ['type', 'title', 'content', 'created_at', 'context_timestamp'] },
    ),
  )
  .map(([id, properties]) => ({ id, label: 'Memory', properties: { id, ...properties } }))

const filters = {
  memory_types: sometimes(someOf(...TYPES)),
  tags: rarely(someOf('RED', 'green', 'it"s', 'bxc')),
  project_path: rarely(oneOf('/p', 'C:\\p', '/%')),
  languages: rarely(someOf('TYPESCRIPT', 'sql')),
  frameworks: rarely(someOf('vite', 'fastify')),
  min_importance: rarely(fraction),
  min_confidence: rarely(fraction),
  min_effectiveness: rarely(fraction),
  created_after: rarely(instant),
  created_before: rarely(instant),
  relationship_filter: rarely(someOf(...RELATIONSHIP_TYPES)),
  include_relationships: sometimes(fc.boolean()),
}

const search: fc.Arbitrary<SearchQuery> = fc.record({
  ...filters,
  limit: sometimes(fc.integer({ min: 1, max: 4 })),
  offset: sometimes(fc.nat(3)),
})

const searchText: fc.Arbitrary<SearchQuery> = fc.record({
  ...filters,
  query: sometimes(
    fc.oneof(prose, oneOf('ret', 'ool', 'RETRY', 'cafe', '%', '_', 'é', 'CAFÉ', 'retries pool', 'x')),
  ),
  terms: rarely(fc.array(prose, { maxLength: 2 })),
  match_mode: sometimes(oneOf('any' as const, 'all' as const)),
  search_tolerance: sometimes(oneOf('strict' as const, 'normal' as const, 'fuzzy' as const)),
})

const recallOptions: fc.Arbitrary<RecallOptions> = fc.record({
  limit: fc.constant(100),
  memoryTypes: rarely(someOf(...TYPES)),
  projectPath: rarely(oneOf('/p')),
  tags: rarely(someOf('red', 'green')),
  minImportance: rarely(fraction),
  includeRelationships: sometimes(fc.boolean()),
})

/** How a walk goes. */
export const relatedOptions: fc.Arbitrary<RelatedOptions> = fc.record({
  relationshipTypes: rarely(someOf(...RELATIONSHIP_TYPES)),
  maxDepth: sometimes(fc.integer({ min: 0, max: 5 })),
  direction: sometimes(oneOf('outgoing' as const, 'incoming' as const, 'both' as const)),
  asOf: rarely(instant),
  limit: rarely(orNull(fc.integer({ min: 1, max: 3 }))),
})

/** Which part of a graph a view sees. */
export const graphOptions: fc.Arbitrary<GraphOptions> = fc.record({
  relationshipTypes: rarely(someOf(...RELATIONSHIP_TYPES)),
  direction: sometimes(oneOf('outgoing' as const, 'incoming' as const, 'both' as const)),
  asOf: rarely(instant),
  minStrength: rarely(fraction),
})

const nodeQuery: fc.Arbitrary<NodeQuery> = fc.record({
  label: oneOf('Task', 'Agent'),
  where: rarely(
    fc.oneof(
      oneOf<NodeQuery['where']>(
        { done: true },
        { owner: null },
        { rank: [1, 10] },
        { name: 'it"s', done: false },
      ),
    ),
  ),
  orderBy: rarely(oneOf('rank', '-rank', 'name', '-name')),
  limit: rarely(fc.integer({ min: 1, max: 2 })),
})

const relationshipFilter: fc.Arbitrary<RelationshipFilter> = fc.record({
  relationshipTypes: rarely(someOf(...RELATIONSHIP_TYPES)),
  memoryIds: rarely(someOf('m0', 'm1', 't0')),
  asOf: rarely(instant),
  includeInvalidated: sometimes(fc.boolean()),
})

const dataOperation: fc.Arbitrary<DataOperation> = fc.oneof(
  { weight: 4, arbitrary: memory.map((memory) => ({ kind: 'storeMemory' as const, memory })) },
  {
    weight: 1,
    arbitrary: fc
      .array(memory, { maxLength: 3 })
      .map((memories) => ({ kind: 'storeMemories' as const, memories })),
  },
  { weight: 3, arbitrary: patch.map((patch) => ({ kind: 'updateMemory' as const, patch })) },
  { weight: 1, arbitrary: anyId.map((id) => ({ kind: 'deleteMemory' as const, id })) },
  {
    weight: 5,
    arbitrary: fc
      .array(relationship, { minLength: 1, maxLength: 2 })
      .map((relationships) => ({ kind: 'createRelationships' as const, relationships })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(relationshipId, propertiesPatch)
      .map(([id, patch]) => ({ kind: 'updateRelationship' as const, id, patch })),
  },
  { weight: 1, arbitrary: relationshipId.map((id) => ({ kind: 'deleteRelationship' as const, id })) },
  {
    weight: 2,
    arbitrary: fc
      .array(node, { minLength: 1, maxLength: 3 })
      .map((nodes) => ({ kind: 'putNodes' as const, nodes })),
  },
  {
    weight: 3,
    arbitrary: fc
      .array(memoryNode, { minLength: 1, maxLength: 3 })
      .map((nodes) => ({ kind: 'putNodes' as const, nodes })),
  },
  {
    weight: 1,
    arbitrary: fc.array(anyId, { maxLength: 2 }).map((ids) => ({ kind: 'getNodes' as const, ids })),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({
        created_after: sometimes(instant),
        created_before: sometimes(instant),
        tags: rarely(someOf('red')),
      })
      .map((query) => ({ kind: 'search' as const, query })),
  },
  {
    weight: 1,
    arbitrary: fc.array(anyId, { maxLength: 2 }).map((ids) => ({ kind: 'deleteNodes' as const, ids })),
  },
  { weight: 2, arbitrary: anyId.map((id) => ({ kind: 'getMemory' as const, id })) },
  { weight: 3, arbitrary: search.map((query) => ({ kind: 'search' as const, query })) },
  { weight: 4, arbitrary: searchText.map((query) => ({ kind: 'searchText' as const, query })) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.oneof(prose, oneOf('', 'the', 'what is a retry over')), recallOptions)
      .map(([text, options]) => ({ kind: 'recall' as const, text, options })),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(anyId, relatedOptions)
      .map(([id, options]) => ({ kind: 'related' as const, id, options })),
  },
  { weight: 1, arbitrary: nodeQuery.map((query) => ({ kind: 'findNodes' as const, query })) },
  {
    weight: 1,
    arbitrary: relationshipFilter.map((filter) => ({ kind: 'listRelationships' as const, filter })),
  },
)

/** Any step; all work on a handful of ids, so that they meet. */
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 20, arbitrary: dataOperation },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.array(dataOperation, { maxLength: 4 }), fc.boolean())
      .map(([steps, fails]) => ({ kind: 'transaction' as const, steps, fails })),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'statistics' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'changes' as const }) },
)

/** What is there before the first random step: all memories and nodes, and some relationships. */
const population: fc.Arbitrary<DataOperation[]> = fc
  .tuple(
    fc.tuple(...MEMORY_IDS.map((id) => memoryFields.map((fields) => ({ ...fields, id })))),
    fc.tuple(
      ...NODE_IDS.map((id) => nodeProperties.map((properties) => ({ id, label: 'Task', properties }))),
    ),
    fc.array(memoryNode, { maxLength: 3 }),
    fc.array(relationship, { maxLength: 12, size: 'max' }),
  )
  .map(([memories, nodes, memoryNodes, relationships]) => [
    { kind: 'storeMemories', memories },
    { kind: 'putNodes', nodes },
    { kind: 'putNodes', nodes: memoryNodes },
    ...relationships.map((one) => ({ kind: 'createRelationships' as const, relationships: [one] })),
  ])

/** A random sequence of steps over a store that is empty, or has something in it. */
export const operations: fc.Arbitrary<Operation[]> = fc
  .tuple(
    fc.oneof({ weight: 6, arbitrary: population }, { weight: 1, arbitrary: fc.constant([]) }),
    fc.array(operation, { minLength: 5, maxLength: 30, size: 'max' }),
  )
  .map(([before, steps]) => [...before, ...steps])

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = []
  for await (const item of items) list.push(item)
  return list
}

function byId<Item extends { id: string }>(items: readonly Item[]): Item[] {
  return items.toSorted((one, other) => (one.id < other.id ? -1 : 1))
}

/** Does one step on a backend or transaction. Where the order is not promised, what it resolves to is sorted. */
async function perform(on: GraphTransaction, step: DataOperation): Promise<unknown> {
  switch (step.kind) {
    case 'storeMemory':
      return on.storeMemory(step.memory)
    case 'storeMemories':
      return on.storeMemories(step.memories)
    case 'updateMemory':
      return on.updateMemory(step.patch)
    case 'deleteMemory':
      return on.deleteMemory(step.id)
    case 'createRelationships':
      return on.createRelationships(step.relationships)
    case 'updateRelationship':
      return on.updateRelationshipProperties(step.id, step.patch)
    case 'deleteRelationship':
      return on.deleteRelationship(step.id)
    case 'putNodes':
      return on.putNodes(step.nodes)
    case 'deleteNodes':
      return on.deleteNodes(step.ids)
    case 'getNodes':
      return on.getNodes(step.ids)
    case 'getMemory':
      return on.getMemory(step.id)
    case 'search':
      return [await on.searchMemories(step.query), await on.searchMemoriesPaginated(step.query)]
    case 'searchText': {
      const { results, ...page } = await on.searchMemoriesPaginated(step.query)
      return [byId(await on.searchMemories(step.query)), byId(results), page]
    }
    case 'recall':
      return byId(await on.recallMemories(step.text, step.options))
    case 'related':
      return on.getRelatedMemories(step.id, step.options)
    case 'findNodes':
      return on.findNodes(step.query)
    case 'listRelationships':
      return all(on.listRelationships(step.filter))
  }
}

/** Does one step and resolves to what came of it: a value, or the code of an error. */
async function outcome(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return { value: await work() }
  } catch (error) {
    return { code: (error as { code?: unknown }).code ?? String(error) }
  }
}

/**
 * Changes without their order. When a node goes, and with it a relationship and the one it was invalidated by, either may go
 * first: whether the other is told to have lost its `invalidated_by` before it goes too is not promised.
 */
function changesOf(changes: readonly Change[]): string[] {
  const gone = new Set(
    changes.flatMap(({ op, kind, id }) => (op === 'delete' && kind === 'relationship' ? [id] : [])),
  )
  return changes
    .filter(({ op, kind, id }) => !(op === 'update' && kind === 'relationship' && gone.has(id)))
    .map(({ op, kind, id }) => `${op} ${kind} ${id}`)
    .sort()
}

/** Does a step of any kind. */
export function performOn(backend: GraphBackend, step: Operation): Promise<unknown> {
  return outcome(async () => {
    switch (step.kind) {
      case 'transaction': {
        const outcomes: unknown[] = []
        const result = await outcome(() =>
          backend.transaction(async (tx) => {
            for (const inner of step.steps) outcomes.push(await outcome(() => perform(tx, inner)))
            if (step.fails) throw new Error('undone')
          }),
        )
        return { outcomes, result }
      }
      case 'statistics':
        return backend.getMemoryStatistics()
      case 'changes':
        return changesOf(await all(backend.changes()))
      default:
        return perform(backend, step)
    }
  })
}
