import assert from 'node:assert/strict'
import type { GraphBackend } from '../../backends/graph-backend.js'
import type { ScopeInput } from '../../model/scope.js'
import { assertFinds, collect, countMemories, idSetOf, idsOf, rejectsWith } from '../assertions.js'
import { type GraphBackendCase, scopeCasesOf } from '../graph-backend-case.js'
import { join, note, storeNotes } from '../samples.js'

const TASK = { label: 'Task', properties: { rank: 1 } }

/** Views of two tenants, each with two notes and a task; two more notes belong to nobody. */
async function twoTenants(backend: GraphBackend): Promise<{ a: GraphBackend; b: GraphBackend }> {
  const [a, b] = [backend.scoped({ tenantId: 'a' }), backend.scoped({ tenantId: 'b' })]
  await storeNotes(backend, 'n1', 'n2')
  for (const [view, name] of [
    [a, 'a'],
    [b, 'b'],
  ] as const) {
    await view.storeMemory(note(`${name}1`, { tags: ['kept'], importance: 0.9 }))
    await view.storeMemory(note(`${name}2`, { type: 'problem', importance: 0.1 }))
    await view.putNodes([{ id: `${name}t`, ...TASK }])
  }
  return { a, b }
}

/** What a view reads: never anything of another one. */
export const scopeCases: readonly GraphBackendCase[] = scopeCasesOf('scopes', {
  'scoped() reads by id what is inside, and the rest as if it were absent': async (backend) => {
    const { a } = await twoTenants(backend)
    const all = ['a1', 'a2', 'at', 'b1', 'b2', 'bt', 'n1']
    assert.equal((await a.getMemory('a1'))?.title, 'Note a1')
    for (const id of ['b1', 'n1', 'at', 'bt']) assert.equal(await a.getMemory(id), null, id)
    assert.deepEqual(idsOf(await a.getMemories(all)), ['a1', 'a2'])
    assert.deepEqual(idsOf(await a.getNodes(all)), ['a1', 'a2', 'at'])
    assert.deepEqual(idsOf(await backend.getNodes(all)), all)
  },

  'scoped() finds, counts and lists what is inside': async (backend) => {
    const { a } = await twoTenants(backend)
    await assertFinds(a, {}, ['a1', 'a2'])
    await assertFinds(a, { query: 'note' }, ['a1', 'a2'])
    await assertFinds(a, { query: '.' }, ['a1', 'a2'])
    await assertFinds(a, { query: 'b1' }, [])
    await assertFinds(a, { tags: ['kept'] }, ['a1'])
    await assertFinds(a, { memory_types: ['problem'], min_importance: 0.1 }, ['a2'])
    const { results, total_count: total, has_more: more } = await a.searchMemoriesPaginated({ limit: 1 })
    assert.deepEqual([idsOf(results), total, more], [['a1'], 2, true])
    assert.deepEqual(idsOf(await a.searchMemories({ limit: 1, offset: 1 })), ['a2'])
    assert.deepEqual(idSetOf(await a.recallMemories('which note is it')), ['a1', 'a2'])
    assert.deepEqual(idsOf(await collect(a.listMemories())), ['a1', 'a2'])
    assert.deepEqual(idsOf(await collect(backend.listMemories())), ['a1', 'a2', 'b1', 'b2', 'n1', 'n2'])
  },

  'findNodes() of a view has what is inside, and does not say what comes after something outside': async (
    backend,
  ) => {
    const { a } = await twoTenants(backend)
    assert.deepEqual(idsOf(await a.findNodes({ label: 'Task' })), ['at'])
    assert.deepEqual(idsOf(await a.findNodes({ label: 'Memory', where: { type: ['general', 'problem'] } })), [
      'a1',
      'a2',
    ])
    assert.deepEqual(idsOf(await a.findNodes({})), ['a1', 'a2', 'at'])
    assert.deepEqual(await a.findNodes({ label: 'Task', where: { context_tenant_id: 'b' } }), [])
    await backend.putNodes([{ id: 'early', label: 'Task', properties: { rank: 0 } }])
    for (const after of ['early', 'bt', 'absent'])
      assert.deepEqual(await a.findNodes({ label: 'Task', orderBy: 'rank', after }), [], after)
    await a.putNodes([{ id: 'later', label: 'Task', properties: { rank: 2 } }])
    assert.deepEqual(idsOf(await a.findNodes({ label: 'Task', orderBy: 'rank', after: 'at' })), ['later'])
  },

  'scoped() shows relationships both of whose ends are inside': async (backend) => {
    const { a } = await twoTenants(backend)
    await join(backend, 'inside', 'a1', 'a2')
    await join(backend, 'across', 'a1', 'b1')
    await join(backend, 'back', 'b1', 'a1')
    await join(backend, 'outside', 'b1', 'b2')
    assert.equal((await a.getRelationship('inside'))?.id, 'inside')
    for (const id of ['across', 'back', 'outside']) assert.equal(await a.getRelationship(id), null, id)
    assert.deepEqual(idsOf(await collect(a.listRelationships())), ['inside'])
    assert.deepEqual(idsOf(await collect(a.listRelationships({ memoryIds: ['a1', 'b1'] }))), ['inside'])
    assert.deepEqual(idsOf(await collect(a.listRelationships({ ids: ['inside', 'across'] }))), ['inside'])
    const { relationships } = (await a.getMemory('a1')) ?? {}
    assert.deepEqual(relationships, { related_to: ['Note a2'] })
  },

  'listRelationships() of a view goes on behind any number that are outside': async (backend) => {
    const { a } = await twoTenants(backend)
    const many = Array.from({ length: 1200 }, (_, at) => ({
      id: `r${String(at).padStart(4, '0')}`,
      from_memory_id: at % 400 === 399 ? 'a1' : 'b1',
      to_memory_id: at % 400 === 399 ? 'a2' : 'b2',
      type: 'RELATED_TO',
    }))
    await backend.createRelationships(many)
    assert.deepEqual(idsOf(await collect(a.listRelationships())), ['r0399', 'r0799', 'r1199'])
  },

  'getRelatedMemories() of a view does not walk through the outside': async (backend) => {
    const { a } = await twoTenants(backend)
    await a.storeMemory(note('a3'))
    await join(backend, 'out', 'a1', 'b1')
    await join(backend, 'in', 'b1', 'a2')
    await join(backend, 'inside', 'a1', 'a3')
    const related = async (on: GraphBackend, id: string) =>
      (await on.getRelatedMemories(id, { maxDepth: 4 })).map(([memory]) => memory.id)
    assert.deepEqual(await related(backend, 'a1'), ['b1', 'a3', 'a2'])
    assert.deepEqual(await related(a, 'a1'), ['a3'])
    assert.deepEqual(await related(a, 'b1'), [])
    const [nearest] = await a.getRelatedMemories('a1', { limit: 1 })
    assert.equal(nearest?.[0].id, 'a3')
    await a.deleteRelationship('inside')
    assert.deepEqual(await related(a, 'a1'), [])
  },

  'scoped() enriches with the strongest relationships to the inside': async (backend) => {
    const { a } = await twoTenants(backend)
    const others = Array.from({ length: 25 }, (_, at) => `o${at}`)
    await storeNotes(backend, ...others)
    await backend.createRelationships(
      others.map((id) => ({
        from_memory_id: 'a1',
        to_memory_id: id,
        type: 'SOLVES',
        properties: { strength: 1 },
      })),
    )
    await join(a, 'weak', 'a1', 'a2', { type: 'SOLVES', properties: { strength: 0.1 } })
    const [found] = await a.searchMemories({ query: 'a1' })
    assert.deepEqual(found?.relationships, { solves: ['Note a2'] })
    assert.equal(found?.context_summary, 'General solves Note a2')
    const early = await a.getMemory('a1')
    assert.deepEqual(early?.relationships, { solves: ['Note a2'] })
  },

  'searchMemories() of a view with relationship_filter asks for relationships to the inside': async (
    backend,
  ) => {
    const { a } = await twoTenants(backend)
    await join(backend, 'across', 'a1', 'b1', { type: 'SOLVES' })
    await assertFinds(backend, { relationship_filter: ['SOLVES'] }, ['a1', 'b1'])
    await assertFinds(a, { relationship_filter: ['SOLVES'] }, [])
    await join(a, 'inside', 'a1', 'a2', { type: 'SOLVES' })
    await assertFinds(a, { relationship_filter: ['SOLVES'] }, ['a1', 'a2'])
  },

  'getMemoryStatistics() and healthCheck() of a view count what is inside': async (backend) => {
    const { a } = await twoTenants(backend)
    await join(backend, 'inside', 'a1', 'a2')
    await join(backend, 'across', 'a1', 'b1')
    assert.deepEqual(await a.getMemoryStatistics(), {
      total_memories: { count: 2 },
      memories_by_type: { general: 1, problem: 1 },
      total_relationships: { count: 1 },
      avg_importance: { avg_importance: 0.5 },
      avg_confidence: { avg_confidence: (await a.getMemory('a1'))?.confidence },
    })
    const nobody = await backend.scoped({ tenantId: 'nobody' }).getMemoryStatistics()
    assert.deepEqual(
      [nobody.total_memories.count, nobody.memories_by_type, nobody.avg_importance.avg_importance],
      [0, {}, null],
    )
    const health = await a.healthCheck()
    assert.deepEqual(
      [health.status, health.statistics.memory_count, health.relationship_count, health.node_count],
      ['healthy', 2, 1, null],
    )
    assert.equal(health.database_size_bytes, null)
    assert.equal(await countMemories(backend), 6)
  },

  'getRecentActivity() of a view has its memories, and the problems that nothing inside solves': async (
    backend,
  ) => {
    const { a } = await twoTenants(backend)
    await join(backend, 'across', 'b1', 'a2', { type: 'SOLVES' })
    const activity = await a.getRecentActivity()
    assert.deepEqual([activity.total_count, activity.memories_by_type], [2, { general: 1, problem: 1 }])
    assert.deepEqual(idSetOf(activity.recent_memories), ['a1', 'a2'])
    assert.deepEqual(idsOf(activity.unresolved_problems), ['a2'])
    await join(a, 'inside', 'a1', 'a2', { type: 'SOLVES' })
    assert.deepEqual((await a.getRecentActivity()).unresolved_problems, [])
  },

  'scoped() compares to the letter, and nothing but text': async (backend) => {
    const put = (id: string, tenant: unknown) => ({
      id,
      label: 'Task',
      properties: { context_tenant_id: tenant },
    })
    await backend.putNodes([
      put('text', '5'),
      put('number', 5),
      put('upper', 'A'),
      put('space', 'a '),
      put('list', ['a']),
      put('listed', '["a"]'),
      put('flag', true),
      put('none', null),
    ])
    const found = async (tenantId: string) => {
      const view = backend.scoped({ tenantId })
      const ids = idsOf(await view.findNodes({ label: 'Task' }))
      const all = ['text', 'number', 'upper', 'space', 'list', 'listed', 'flag', 'none']
      assert.deepEqual(idsOf(await view.getNodes(all)), ids, tenantId)
      assert.equal(await view.deleteNodes(all.filter((id) => !ids.includes(id))), 0, tenantId)
      return ids
    }
    const expected = [
      ['5', 'text'],
      ['A', 'upper'],
      ['a ', 'space'],
      ['["a"]', 'listed'],
    ] as const
    for (const [tenant, id] of expected) assert.deepEqual(await found(tenant), [id], tenant)
    for (const tenant of ['a', '1', 'true', 'null', "' OR 1=1 --", '%'])
      assert.deepEqual(await found(tenant), [], tenant)
  },

  'scoped() is confined by each of its fields, and by all of them together': async (backend) => {
    const contexts = {
      shop: { project_path: '/srv/shop', created_by: 'ann', visibility: 'team', tenant_id: 'a' },
      other: { project_path: '/srv/shop/other', created_by: 'ann', visibility: 'private', tenant_id: 'a' },
      foreign: { project_path: '/srv/shop', created_by: 'ben', visibility: 'team', tenant_id: 'b' },
    } as const
    await backend.storeMemories(Object.entries(contexts).map(([id, context]) => note(id, { context })))
    const found = async (scope: ScopeInput) => idsOf(await collect(backend.scoped(scope).listMemories()))
    assert.deepEqual(await found({ projectPath: '/srv/shop' }), ['foreign', 'shop'])
    assert.deepEqual(await found({ createdBy: 'ann' }), ['other', 'shop'])
    assert.deepEqual(await found({ visibility: 'team' }), ['foreign', 'shop'])
    assert.deepEqual(await found({ tenantId: 'a' }), ['other', 'shop'])
    assert.deepEqual(await found({ tenantId: 'a', visibility: 'team' }), ['shop'])
    assert.deepEqual(await found({ tenantId: 'b', createdBy: 'ann' }), [])
    const ofA = backend.scoped({ tenantId: 'a' })
    assert.deepEqual(idsOf(await collect(ofA.scoped({ visibility: 'team' }).listMemories())), ['shop'])
    assert.deepEqual(idsOf(await collect(ofA.scoped({ tenantId: 'a' }).listMemories())), ['other', 'shop'])
    await rejectsWith('MG_VALIDATION', async () => ofA.scoped({ tenantId: 'b' }))
    await rejectsWith('MG_VALIDATION', async () => ofA.scoped({ createdBy: 'ann' }).scoped({ tenantId: 'b' }))
  },

  'scoped() refuses a scope that names nothing, or what it does not know': async (backend) => {
    const unfit: readonly unknown[] = [
      undefined,
      null,
      'a',
      [],
      {},
      { tenantId: '' },
      { tenantId: 5 },
      { tenantId: null },
      { tenantId: undefined },
      { tenantId: undefined, projectPath: '/srv/shop' },
      { tenantId: 'a\u0000' },
      { tenant_id: 'a' },
      { tenantId: 'a', unknown: 'b' },
      { visibility: 'secret' },
    ]
    for (const scope of unfit)
      await rejectsWith(
        'MG_VALIDATION',
        async () => backend.scoped(scope as ScopeInput),
        JSON.stringify(scope),
      )
  },

  'scoped() declares that it takes no raw queries, does not sync, and has neither change feed nor audit log':
    async (backend) => {
      const { a } = await twoTenants(backend)
      assert.deepEqual(a.capabilities, { ...backend.capabilities, queryLanguage: 'none', sync: false })
      assert.ok(Object.isFrozen(a.capabilities))
      assert.equal(a.backendName(), backend.backendName())
      const refused = [
        () => a.executeQuery('SELECT 1'),
        () => a.executeWriteQuery('DELETE FROM nodes'),
        () => a.sync(),
        () => collect(a.changes()),
        () => collect(a.auditEntries()),
      ]
      for (const call of refused) await rejectsWith('MG_NOT_SUPPORTED', call)
      assert.equal(a.syncStatus().enabled, false)
      assert.equal(await countMemories(backend), 6)
    },

  'scoped() lives as long as what it is a view of: disconnect() of the view does nothing': async (
    backend,
    { unconnected },
  ) => {
    const { a } = await twoTenants(backend)
    await a.disconnect()
    await a.close()
    await a[Symbol.asyncDispose]()
    assert.equal(await countMemories(a), 2)
    assert.equal(await countMemories(backend), 6)
    const [counted] = await Promise.all([countMemories(a), backend.disconnect()])
    assert.equal(counted, 2)
    await rejectsWith('MG_NOT_CONNECTED', () => a.getMemory('a1'))
    assert.equal((await a.healthCheck()).status, 'disconnected')
    if (unconnected === null) return
    const early = unconnected.scoped({ tenantId: 'a' })
    await rejectsWith('MG_NOT_CONNECTED', () => early.getMemory('a1'))
    assert.equal(await early.connect(), true)
    await early.initializeSchema()
    await early.storeMemory(note('early'))
    assert.equal((await unconnected.getMemory('early'))?.context?.tenant_id, 'a')
  },
})
