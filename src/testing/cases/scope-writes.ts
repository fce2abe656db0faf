import assert from 'node:assert/strict'
import type { GraphBackend } from '../../backends/graph-backend.js'
import type { MemoryPatch } from '../../model/memory.js'
import { collect, failureOf, idsOf, present, rejectsWith } from '../assertions.js'
import { type GraphBackendCase, scopeCasesOf } from '../graph-backend-case.js'
import { join, note, storeNotes } from '../samples.js'

/** A view of one tenant, with a note `a`; the note `b` is another's. */
async function viewOfA(backend: GraphBackend): Promise<GraphBackend> {
  const view = backend.scoped({ tenantId: 'a' })
  await view.storeMemories([note('a'), note('a2')])
  await backend.scoped({ tenantId: 'b' }).storeMemories([note('b'), note('b2')])
  return view
}

/** Everything that is stored, to compare before and after. */
async function everything(backend: GraphBackend): Promise<unknown> {
  return [
    await collect(backend.listMemories()),
    await backend.findNodes({ label: 'Task' }),
    await collect(backend.listRelationships()),
  ]
}

/** What a view writes: never anything of another one. */
export const scopeWriteCases: readonly GraphBackendCase[] = scopeCasesOf('scopes', {
  'storeMemory() of a view stamps what is stored, whatever of a context is given': async (backend) => {
    const view = backend.scoped({ tenantId: 'a', visibility: 'team', projectPath: '/srv/shop' })
    const given = [undefined, null, {}, { languages: ['SQL'] }, { tenant_id: 'a', visibility: null }]
    for (const [at, context] of given.entries()) {
      const id = `m${at}`
      await view.storeMemory(note(id, { context }))
      const stored = present((await backend.getMemory(id))?.context, id)
      assert.deepEqual(
        [stored.tenant_id, stored.visibility, stored.project_path, stored.created_by],
        ['a', 'team', '/srv/shop', null],
      )
      assert.deepEqual(stored.languages, context?.languages ?? [])
    }
    assert.deepEqual(idsOf(await collect(view.listMemories())), ['m0', 'm1', 'm2', 'm3', 'm4'])
    await backend.scoped({ tenantId: 'b' }).storeMemory(note('other'))
    const { context } = present(await backend.getMemory('other'))
    assert.deepEqual([context?.tenant_id, context?.visibility], ['b', 'project'])
  },

  'putNodes() of a view stamps nodes of any label': async (backend) => {
    const view = backend.scoped({ tenantId: 'a', createdBy: 'ann' })
    const times = { created_at: '2026-01-01', updated_at: '2026-01-01' }
    const memory = { id: 'm', type: 'general', title: 'Title', content: 'Text', extra: [1], ...times }
    await view.putNodes([
      { id: 'm', label: 'Memory', properties: memory },
      { id: 't', label: 'Task', properties: { done: true, context_tenant_id: null } },
    ])
    const [stored, task] = await backend.getNodes(['m', 't'])
    assert.deepEqual(task?.properties, { done: true, context_tenant_id: 'a', context_created_by: 'ann' })
    const { context_tenant_id: tenant, context_created_by: creator, extra } = stored?.properties ?? {}
    assert.deepEqual([tenant, creator, extra], ['a', 'ann', [1]])
    assert.equal((await view.getMemory('m'))?.context?.visibility, 'project')
    const again = await view.getNodes(['m', 't'])
    await view.putNodes(again)
    assert.deepEqual(await view.getNodes(['m', 't']), again)
  },

  'scoped() refuses what says that it belongs elsewhere, and stores nothing of it': async (backend) => {
    const view = backend.scoped({ tenantId: 'a', visibility: 'team' })
    await view.storeMemory(note('a'))
    const before = await everything(backend)
    const refused: readonly (() => Promise<unknown>)[] = [
      () => view.storeMemory(note('x', { context: { tenant_id: 'b' } })),
      () => view.storeMemory(note('x', { context: { visibility: 'project' } })),
      () => view.storeMemories([note('y'), note('x', { context: { tenant_id: 'A' } })]),
      () => view.updateMemory({ id: 'a', context: { tenant_id: 'b' } }),
      () => view.updateMemory({ id: 'a', context: { visibility: 'public' } }),
      () => view.putNodes([{ id: 'x', label: 'Task', properties: { context_tenant_id: 'b' } }]),
      () => view.putNodes([{ id: 'x', label: 'Task', properties: { context_tenant_id: ['a'] } }]),
    ]
    for (const [at, call] of refused.entries()) {
      await rejectsWith('MG_VALIDATION', call, `call ${at}`)
      assert.match(String(await failureOf(call)), /tenant_id|visibility/)
    }
    assert.deepEqual(await everything(backend), before)
  },

  'updateMemory() of a view cannot take a memory out of it': async (backend) => {
    const view = await viewOfA(backend)
    const patches: readonly Partial<MemoryPatch>[] = [
      { title: 'New' },
      { context: null },
      { context: { tenant_id: null } },
      { context: { project_path: '/srv/shop', tenant_id: 'a' } },
    ]
    for (const patch of patches) {
      assert.equal(await view.updateMemory({ id: 'a', ...patch }), true)
      assert.equal((await backend.getMemory('a'))?.context?.tenant_id, 'a', JSON.stringify(patch))
    }
    await view.storeMemory(note('a', { title: 'Stored again' }))
    assert.deepEqual(
      [(await view.getMemory('a'))?.title, (await view.getMemory('a'))?.context?.tenant_id],
      ['Stored again', 'a'],
    )
  },

  'scoped() neither updates nor deletes what is outside': async (backend) => {
    const view = await viewOfA(backend)
    await backend.putNodes([{ id: 't', label: 'Task', properties: {} }])
    await join(backend, 'outside', 'b', 'b2')
    await join(backend, 'across', 'a', 'b')
    const before = await everything(backend)
    assert.equal(await view.updateMemory({ id: 'b', title: 'Changed' }), false)
    assert.equal(await view.deleteMemory('b'), false)
    assert.equal(await view.deleteNodes(['b', 't', 'absent']), 0)
    for (const id of ['outside', 'across']) {
      assert.equal(await view.updateRelationshipProperties(id, { strength: 0.9 }), false)
      assert.equal(await view.deleteRelationship(id), false)
    }
    assert.deepEqual(await everything(backend), before)
  },

  'deleteNodes() of a view deletes what is inside, with its relationships to the outside': async (
    backend,
  ) => {
    const view = await viewOfA(backend)
    await join(backend, 'across', 'a', 'b')
    await join(backend, 'outside', 'b', 'b2')
    assert.equal(await view.deleteNodes(['a', 'b']), 1)
    assert.deepEqual(idsOf(await collect(backend.listMemories())), ['a2', 'b', 'b2'])
    assert.deepEqual(idsOf(await collect(backend.listRelationships())), ['outside'])
  },

  'scoped() says of an id that is taken outside that it is taken, and no more': async (backend) => {
    const view = await viewOfA(backend)
    await backend.putNodes([{ id: 't', label: 'Secret', properties: { name: 'hidden' } }])
    await join(backend, 'outside', 'b', 'b2', { type: 'CAUSES' })
    const before = await everything(backend)
    const refused: readonly (() => Promise<unknown>)[] = [
      () => view.storeMemory(note('b')),
      () => view.storeMemories([note('new'), note('b')]),
      () => view.storeMemory(note('t')),
      () => view.putNodes([{ id: 't', label: 'Secret', properties: {} }]),
      () => view.putNodes([{ id: 'b', label: 'Task', properties: {} }]),
      () => join(view, 'outside', 'a', 'a2'),
    ]
    for (const [at, call] of refused.entries()) {
      await rejectsWith('MG_CONFLICT', call, `call ${at}`)
      const { message, details } = (await failureOf(call)) as { message: string; details: object }
      const told = message + JSON.stringify(details)
      assert.doesNotMatch(told, /hidden|Secret|Note b|CAUSES|tenant/)
    }
    assert.deepEqual(await everything(backend), before)
  },

  'createRelationship() of a view joins nothing to the outside': async (backend) => {
    const view = await viewOfA(backend)
    await storeNotes(backend, 'nobody')
    for (const [from, to] of [
      ['a', 'b'],
      ['b', 'a'],
      ['nobody', 'a'],
      ['b', 'b2'],
    ] as const)
      await rejectsWith('MG_RELATIONSHIP', () => view.createRelationship(from, to, 'RELATED_TO'))
    const id = await view.createRelationship('a', 'a2', 'RELATED_TO')
    for (const ends of [{ to_memory_id: 'b' }, { from_memory_id: 'nobody' }])
      await rejectsWith('MG_RELATIONSHIP', () => view.updateRelationshipProperties(id, {}, ends))
    assert.deepEqual((await backend.getRelationship(id))?.to_memory_id, 'a2')
    assert.deepEqual(idsOf(await collect(backend.listRelationships())), [id])
  },

  'createRelationship() of a view sees circles of the inside alone': async (backend) => {
    const view = await viewOfA(backend)
    await join(backend, 'out', 'a', 'b', { type: 'DEPENDS_ON' })
    await join(backend, 'in', 'b', 'a2', { type: 'DEPENDS_ON' })
    await join(view, 'inside', 'a2', 'a', { type: 'DEPENDS_ON' })
    await view.storeMemory(note('a3'))
    await join(view, 'on', 'a', 'a3', { type: 'DEPENDS_ON' })
    for (const inputs of [
      [['a3', 'a2']],
      [
        ['a3', 'a2'],
        ['a3', 'a'],
      ],
    ]) {
      const error = await failureOf(() =>
        view.createRelationships(
          inputs.map(([from = '', to = '']) => ({
            from_memory_id: from,
            to_memory_id: to,
            type: 'DEPENDS_ON',
          })),
        ),
      )
      assert.equal((error as { code?: unknown }).code, 'MG_VALIDATION')
      assert.doesNotMatch(String(error), /"b"/)
    }
  },

  'transaction() of a view is all or nothing, and confined': async (backend) => {
    const view = await viewOfA(backend)
    if (!backend.capabilities.transactions) {
      await rejectsWith('MG_NOT_SUPPORTED', () => view.transaction(async () => null))
      return
    }
    const before = await everything(backend)
    const undone = view.transaction(async (tx) => {
      await tx.storeMemory(note('new'))
      assert.deepEqual(idsOf(await collect(tx.listMemories())), ['a', 'a2', 'new'])
      assert.equal(await tx.deleteMemory('b'), false)
      assert.equal(await tx.getMemory('b'), null)
      await rejectsWith('MG_CONFLICT', () => tx.storeMemories([note('more'), note('b')]))
      assert.equal(await tx.getMemory('more'), null)
      for (const outer of [backend, view, backend.scoped({ tenantId: 'b' })])
        await rejectsWith('MG_IN_TRANSACTION', () => outer.getMemory('a'))
      await rejectsWith('MG_IN_TRANSACTION', () => backend.disconnect())
      assert.equal((await view.healthCheck()).connected, true)
      throw new Error('undone')
    })
    await assert.rejects(undone, /undone/)
    assert.deepEqual(await everything(backend), before)
    await view.transaction((tx) => tx.storeMemory(note('kept')))
    assert.equal((await backend.getMemory('kept'))?.context?.tenant_id, 'a')
  },
})
