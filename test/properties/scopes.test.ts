import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { GraphBackend } from '../../src/backends/graph-backend.js'
import { InMemoryBackend } from '../../src/backends/in-memory/in-memory-backend.js'
import { TursoBackend } from '../../src/backends/turso/turso-backend.js'
import { MemoryError } from '../../src/errors.js'

/* Two tenants and a backend without scope work on the same few ids. What each may see is what a model of plain maps says. */

type Tenant = 'a' | 'b'
/** Who does something: a tenant through its view, or the backend itself. */
type Actor = Tenant | null
type StoredNode = { readonly label: string; readonly owner: Tenant | null; readonly title: string }
type Model = {
  readonly nodes: Map<string, StoredNode>
  readonly relationships: Map<string, { readonly from: string; readonly to: string }>
}
type Operation =
  | { readonly kind: 'store' | 'update' | 'delete' | 'put' | 'remove' | 'part'; readonly id: string }
  | { readonly kind: 'give'; readonly id: string; readonly to: Tenant | null }
  | { readonly kind: 'join'; readonly id: string; readonly ends: readonly [string, string] }
type Step = { readonly actor: Actor; readonly operation: Operation }

const MEMORIES = ['m0', 'm1', 'm2', 'm3']
const TASKS = ['t0', 't1']
const RELATIONSHIPS = ['r0', 'r1', 'r2', 'r3']
const TENANTS: readonly Tenant[] = ['a', 'b']

const memory = fc.constantFrom(...MEMORIES)
const task = fc.constantFrom(...TASKS)
const anyNode = fc.oneof({ weight: 3, arbitrary: memory }, { weight: 1, arbitrary: task })
const relationship = fc.constantFrom(...RELATIONSHIPS)
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 4, arbitrary: anyNode.map((id) => ({ kind: 'store' as const, id })) },
  { weight: 2, arbitrary: memory.map((id) => ({ kind: 'update' as const, id })) },
  { weight: 1, arbitrary: anyNode.map((id) => ({ kind: 'delete' as const, id })) },
  { weight: 2, arbitrary: anyNode.map((id) => ({ kind: 'put' as const, id })) },
  { weight: 1, arbitrary: anyNode.map((id) => ({ kind: 'remove' as const, id })) },
  { weight: 1, arbitrary: relationship.map((id) => ({ kind: 'part' as const, id })) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(memory, fc.constantFrom('a' as const, 'b' as const, null))
      .map(([id, to]) => ({ kind: 'give' as const, id, to })),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(relationship, fc.tuple(anyNode, anyNode))
      .map(([id, ends]) => ({ kind: 'join' as const, id, ends })),
  },
)
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({ actor: fc.constantFrom('a' as const, 'b' as const, null), operation }),
  { minLength: 8, maxLength: 25, size: 'max' },
)

function sees(actor: Actor, node: StoredNode | undefined): boolean {
  return node !== undefined && (actor === null || node.owner === actor)
}

function seesJoined(model: Model, actor: Actor, id: string): boolean {
  const ends = model.relationships.get(id)
  return (
    ends !== undefined && sees(actor, model.nodes.get(ends.from)) && sees(actor, model.nodes.get(ends.to))
  )
}

function removeNode(model: Model, id: string): void {
  model.nodes.delete(id)
  for (const [key, { from, to }] of model.relationships)
    if (from === id || to === id) model.relationships.delete(key)
}

/** Does an operation on the model, and says what a backend must answer: a value, or the code of an error. */
function expected(model: Model, { actor, operation }: Step, title: string): unknown {
  const { kind, id } = operation
  const node = model.nodes.get(id)
  const isVisible = sees(actor, node)
  switch (kind) {
    case 'store':
    case 'put': {
      const label = kind === 'store' ? 'Memory' : 'Task'
      if (node && (!isVisible || node.label !== label)) return 'MG_CONFLICT'
      // Without a scope nobody is named, so that what takes a node's place is nobody's.
      model.nodes.set(id, { label, owner: actor, title })
      return id
    }
    case 'update':
      if (!node || !isVisible || node.label !== 'Memory') return false
      model.nodes.set(id, { ...node, title })
      return true
    case 'give':
      if (!node || !isVisible || node.label !== 'Memory') return false
      // Who has a view can neither give a memory away nor set it free.
      if (actor !== null && operation.to !== null && operation.to !== actor) return 'MG_VALIDATION'
      if (actor === null) model.nodes.set(id, { ...node, owner: operation.to })
      return true
    case 'delete':
      if (!node || !isVisible || node.label !== 'Memory') return false
      removeNode(model, id)
      return true
    case 'remove':
      if (!isVisible) return 0
      removeNode(model, id)
      return 1
    case 'part': {
      const isThere = seesJoined(model, actor, id)
      if (isThere) model.relationships.delete(id)
      return isThere
    }
    case 'join': {
      const [from, to] = operation.ends
      if (!sees(actor, model.nodes.get(from)) || !sees(actor, model.nodes.get(to))) return 'MG_RELATIONSHIP'
      if (model.relationships.has(id)) return 'MG_CONFLICT'
      model.relationships.set(id, { from, to })
      return id
    }
  }
}

async function done(on: GraphBackend, operation: Operation, title: string): Promise<unknown> {
  const { kind, id } = operation
  switch (kind) {
    case 'store':
      return on.storeMemory({ id, type: 'general', title, content: 'A note.' })
    case 'put':
      return (await on.putNodes([{ id, label: 'Task', properties: { title } }]))[0]
    case 'update':
      return on.updateMemory({ id, title })
    case 'give':
      return on.updateMemory({ id, context: { tenant_id: operation.to } })
    case 'delete':
      return on.deleteMemory(id)
    case 'remove':
      return on.deleteNodes([id])
    case 'part':
      return on.deleteRelationship(id)
    case 'join': {
      const [from_memory_id, to_memory_id] = operation.ends
      const relationship = { id, from_memory_id, to_memory_id, type: 'RELATED_TO' }
      return (await on.createRelationships([relationship]))[0]
    }
  }
}

async function answerOf(work: Promise<unknown>): Promise<unknown> {
  try {
    return await work
  } catch (error) {
    if (MemoryError.is(error)) return error.code
    throw error
  }
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = []
  for await (const item of items) list.push(item)
  return list
}

const idsOf = (items: readonly { id: string }[]): string[] => items.map(({ id }) => id).sort()

/** All that a view tells, in whatever way. */
async function lookAround(on: GraphBackend) {
  const ids = [...MEMORIES, ...TASKS]
  return {
    memories: await all(on.listMemories()),
    byId: await Promise.all(ids.map((id) => on.getMemory(id))),
    nodes: await on.getNodes(ids),
    tasks: await on.findNodes({ label: 'Task', orderBy: '-title' }),
    found: await on.searchMemoriesPaginated({ query: 'note', include_relationships: true }),
    joined: await on.searchMemories({ relationship_filter: ['RELATED_TO'] }),
    recent: await on.getRecentActivity(),
    relationships: await all(on.listRelationships()),
    related: await Promise.all(ids.map((id) => on.getRelatedMemories(id, { maxDepth: 4 }))),
    histories: await Promise.all(ids.map((id) => on.getMemoryHistory(id))),
    pasts: await Promise.all(ids.map((id) => on.getRelationshipHistory(id))),
    changed: await on.whatChanged('2020-01-01'),
    statistics: await on.getMemoryStatistics(),
    health: await on.healthCheck(),
  }
}

/** Memories that a walk from a node meets, itself left out. */
function reachable(model: Model, tenant: Tenant, start: string): string[] {
  if (!sees(tenant, model.nodes.get(start))) return []
  const met = new Set([start])
  for (const id of met)
    for (const [key, { from, to }] of model.relationships)
      if ((from === id || to === id) && seesJoined(model, tenant, key)) met.add(from === id ? to : from)
  return [...met].filter((id) => id !== start && model.nodes.get(id)?.label === 'Memory').sort()
}

async function check(model: Model, tenant: Tenant, view: GraphBackend, titles: Map<string, Set<Actor>>) {
  const seen = await lookAround(view)
  const nodes = [...model.nodes].filter(([, node]) => sees(tenant, node))
  const memories = nodes.flatMap(([id, { label, title }]) => (label === 'Memory' ? [{ id, title }] : []))
  const relationships = [...model.relationships.keys()].filter((id) => seesJoined(model, tenant, id)).sort()
  const ids = idsOf(memories)
  expect(seen.memories.map(({ id, title }) => ({ id, title }))).toEqual(
    memories.toSorted((one, other) => (one.id < other.id ? -1 : 1)),
  )
  expect(idsOf(seen.byId.flatMap((memory) => memory ?? []))).toEqual(ids)
  expect(idsOf(seen.nodes)).toEqual(nodes.map(([id]) => id).sort())
  expect(idsOf(seen.tasks)).toEqual(idsOf(seen.nodes).filter((id) => !ids.includes(id)))
  expect(idsOf(seen.found.results)).toEqual(ids)
  expect(idsOf(seen.recent.recent_memories)).toEqual(ids)
  expect(idsOf(seen.relationships)).toEqual(relationships)
  expect(idsOf(seen.changed.new_relationships)).toEqual(relationships)
  const joined = relationships.flatMap((id) => {
    const { from, to } = model.relationships.get(id) ?? { from: '', to: '' }
    return from === to ? [] : [from, to]
  })
  expect(idsOf(seen.joined)).toEqual(ids.filter((id) => joined.includes(id)))
  for (const [at, id] of [...MEMORIES, ...TASKS].entries()) {
    const met = new Set(seen.related[at]?.map(([memory]) => memory.id))
    expect([...met].sort()).toEqual(reachable(model, tenant, id))
  }
  expect([
    seen.found.total_count,
    seen.recent.total_count,
    seen.statistics.total_memories.count,
    seen.health.statistics.memory_count,
  ]).toEqual([ids.length, ids.length, ids.length, ids.length])
  expect(seen.statistics.total_relationships.count).toBe(relationships.length)
  // Titles are never used twice, so that whatever is told shows whose it is, or was.
  for (const [title] of JSON.stringify(seen).matchAll(/title-\d+-/g))
    expect(titles.get(title)?.has(tenant), title).toBe(true)
}

it.each([
  ['TursoBackend', () => TursoBackend.create({ path: ':memory:', allowCycles: true })],
  ['InMemoryBackend', () => InMemoryBackend.create({ allowCycles: true })],
] as const)(
  'Views of %s show what a model says, and nothing of each other',
  { timeout: 60_000 },
  async (_name, create) => {
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const backend: GraphBackend = await create()
        const views = { a: backend.scoped({ tenantId: 'a' }), b: backend.scoped({ tenantId: 'b' }) }
        const model: Model = { nodes: new Map(), relationships: new Map() }
        const titles = new Map<string, Set<Actor>>()
        try {
          for (const [at, step] of sequence.entries()) {
            const title = `title-${at}-`
            const answer = expected(model, step, title)
            const on = step.actor === null ? backend : views[step.actor]
            expect(await answerOf(done(on, step.operation, title)), JSON.stringify(step)).toEqual(answer)
            for (const { title: kept, owner } of model.nodes.values())
              titles.set(kept, (titles.get(kept) ?? new Set<Actor>()).add(owner))
            for (const tenant of TENANTS) await check(model, tenant, views[tenant], titles)
          }
        } finally {
          await backend.disconnect()
        }
      }),
      { numRuns: 15, interruptAfterTimeLimit: 30_000, markInterruptAsFailure: false },
    )
  },
)
