import assert from 'node:assert/strict'
import { setTimeout as after } from 'node:timers/promises'
import type { GraphBackend } from '../../backends/graph-backend.js'
import { idsOf, present, rejectsWith } from '../assertions.js'
import { type GraphBackendCase, scopeCasesOf } from '../graph-backend-case.js'
import { join, note } from '../samples.js'

const EARLY = { valid_from: '2026-01-01' }

/** Cases for backends that keep history; of others each asserts that a view refuses as they do. */
function historyOf(
  run: (backend: GraphBackend, view: GraphBackend) => Promise<void>,
): GraphBackendCase['run'] {
  return async (backend) => {
    const view = backend.scoped({ tenantId: 'a' })
    await view.storeMemories([note('a1'), note('a2')])
    await backend.scoped({ tenantId: 'b' }).storeMemories([note('b1'), note('b2')])
    if (backend.capabilities.history) return run(backend, view)
    await rejectsWith('MG_NOT_SUPPORTED', () => view.getMemoryHistory('a1'))
  }
}

/** What a view knows of the past: what was inside then, of what is inside now. */
export const scopeHistoryCases: readonly GraphBackendCase[] = scopeCasesOf('scopes', {
  'getMemoryHistory() and asOf of a view leave out versions that were of another scope': historyOf(
    async (backend, view) => {
      await view.updateMemory({ id: 'a1', title: 'Second' })
      const second = present(await view.getMemory('a1')).updated_at
      await after(3)
      await backend.updateMemory({ id: 'a1', title: 'Hidden', context: { tenant_id: 'b' } })
      const hidden = present(await backend.getMemory('a1')).updated_at
      assert.deepEqual(await view.getMemoryHistory('a1'), [])
      assert.equal(await view.getMemory('a1', { asOf: second }), null)
      await after(3)
      await backend.updateMemory({ id: 'a1', title: 'Back', context: { tenant_id: 'a' } })
      assert.deepEqual(
        (await view.getMemoryHistory('a1')).map(({ version, title }) => [version, title]),
        [
          [1, 'Note a1'],
          [2, 'Second'],
        ],
      )
      assert.equal((await backend.getMemoryHistory('a1')).length, 3)
      assert.equal((await view.getMemory('a1', { asOf: second }))?.title, 'Second')
      assert.equal((await view.getMemory('a1', { asOf: '9999-01-01' }))?.title, 'Back')
      await rejectsWith('MG_HISTORY_PRUNED', () => view.getMemory('a1', { asOf: hidden }))
      assert.deepEqual(await view.getMemoryHistory('b1'), [])
      const nodes = await view.findNodes({ includeHistory: true })
      assert.deepEqual(
        nodes.map(({ id, history = [] }) => [id, history.map(({ version }) => version)]),
        [
          ['a1', [1, 2]],
          ['a2', []],
        ],
      )
    },
  ),

  'putNodes() of a view stamps earlier versions too, and refuses those of another scope': historyOf(
    async (backend, view) => {
      const times = { created_at: '2026-01-01', updated_at: '2026-01-01' }
      const versionOf = (title: string, more = {}) => ({
        id: 'new',
        type: 'general',
        title,
        content: 'Text',
        ...times,
        ...more,
      })
      const nodeWith = (earlier: { [key: string]: unknown }) => ({
        id: 'new',
        label: 'Memory',
        properties: versionOf('Second'),
        version: 2,
        history: [{ version: 1, properties: earlier, replaced_at: '2026-01-02' }],
      })
      await rejectsWith('MG_VALIDATION', () =>
        view.putNodes([nodeWith(versionOf('First', { context_tenant_id: 'b' }))]),
      )
      assert.equal(await backend.getMemory('new'), null)
      await view.putNodes([nodeWith(versionOf('First'))])
      const [first] = await view.getMemoryHistory('new')
      assert.deepEqual([first?.title, first?.context?.tenant_id], ['First', 'a'])
    },
  ),

  'updateMemory() with expectedVersion of a view takes what is outside for absent': historyOf(
    async (_backend, view) => {
      assert.equal(await view.updateMemory({ id: 'b1', title: 'x' }, { expectedVersion: 7 }), false)
      await rejectsWith('MG_CONFLICT', () =>
        view.updateMemory({ id: 'a1', title: 'x' }, { expectedVersion: 7 }),
      )
    },
  ),

  'scoped() does not say by which relationship outside one was invalidated, and keeps that': historyOf(
    async (backend, view) => {
      await join(backend, 'outside', 'b1', 'b2')
      await join(backend, 'inside', 'a1', 'a2', { properties: { ...EARLY, invalidated_by: 'outside' } })
      const shown = async (on: GraphBackend) =>
        (await on.getRelationship('inside'))?.properties.invalidated_by
      assert.equal(await shown(view), null)
      assert.equal(await view.updateRelationshipProperties('inside', { strength: 0.9 }), true)
      assert.equal(await view.invalidateRelationship('inside'), true)
      assert.equal((await view.getRelationship('inside'))?.properties.strength, 0.9)
      assert.deepEqual([await shown(view), await shown(backend)], [null, 'outside'])
      await join(view, 'successor', 'a1', 'a2')
      await view.updateRelationshipProperties('inside', { invalidated_by: 'successor' })
      assert.deepEqual([await shown(view), await shown(backend)], ['successor', 'successor'])
      await rejectsWith('MG_RELATIONSHIP', () =>
        view.updateRelationshipProperties('successor', { invalidated_by: 'outside' }),
      )
    },
  ),

  'invalidateRelationship() and supersedeRelationship() of a view end what is inside alone': historyOf(
    async (backend, view) => {
      await join(backend, 'outside', 'b1', 'b2', { properties: EARLY })
      await join(backend, 'across', 'a1', 'b1', { properties: EARLY })
      await join(backend, 'inside', 'a1', 'a2', { properties: EARLY })
      for (const id of ['outside', 'across']) {
        await rejectsWith('MG_RELATIONSHIP', () => view.invalidateRelationship(id))
        await rejectsWith('MG_RELATIONSHIP', () => view.supersedeRelationship(id, {}))
        await rejectsWith('MG_RELATIONSHIP', () => view.invalidateRelationship('inside', id))
        assert.equal((await backend.getRelationship(id))?.properties.valid_until, null)
      }
      await rejectsWith('MG_RELATIONSHIP', () => view.supersedeRelationship('inside', { to_memory_id: 'b1' }))
      const id = await view.supersedeRelationship('inside', { type: 'CAUSES' })
      assert.equal((await view.getRelationship('inside'))?.properties.invalidated_by, id)
      assert.deepEqual(idsOf(await view.getRelationshipHistory('a1')), ['inside', id])
      const changes = await view.whatChanged('2026-01-01')
      assert.deepEqual(idsOf(changes.new_relationships).sort(), ['inside', id].sort())
      assert.deepEqual(idsOf(changes.invalidated_relationships), ['inside'])
      assert.deepEqual(await view.getRelationshipHistory('b1'), [])
    },
  ),

  'getRelationshipHistory() and searchRelationshipsByContext() of a view fill their pages': historyOf(
    async (backend, view) => {
      const many = Array.from({ length: 1110 }, (_, at) => ({
        id: `r${String(at).padStart(4, '0')}`,
        from_memory_id: 'a1',
        to_memory_id: at % 500 === 100 ? 'a2' : 'b1',
        type: 'RELATED_TO',
        properties: { ...EARLY, recorded_at: EARLY.valid_from, context: 'only in production' },
      }))
      await backend.createRelationships(many)
      const inside = ['r0100', 'r0600', 'r1100']
      assert.deepEqual(idsOf(await view.getRelationshipHistory('a1')), inside)
      assert.deepEqual(idsOf(await view.getRelationshipHistory('a1', { limit: 1, offset: 1 })), ['r0600'])
      assert.deepEqual(idsOf(await view.getRelationshipHistory('a1', { offset: 3 })), [])

      const words = { conditions: ['production'] }
      assert.deepEqual(idsOf(await view.searchRelationshipsByContext(words)), inside)
      assert.deepEqual(
        idsOf(await view.searchRelationshipsByContext({ ...words, limit: 2 })),
        inside.slice(0, 2),
      )
    },
  ),
})
