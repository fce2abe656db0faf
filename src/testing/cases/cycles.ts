import assert from 'node:assert/strict'
import type { GraphBackend } from '../../backends/graph-backend.js'
import { failureOf, rejectsWith } from '../assertions.js'
import { casesOf, type GraphBackendCase } from '../graph-backend-case.js'
import { join, storeNotes } from '../samples.js'

async function depends(backend: GraphBackend, ...steps: readonly string[]): Promise<void> {
  for (const step of steps) {
    const [from = '', to = ''] = step.split('-')
    await join(backend, step, from, to, { type: 'DEPENDS_ON' })
  }
}

/** Relationships that would lead in a circle. */
export const cycleCases: readonly GraphBackendCase[] = casesOf('cycles', {
  'createRelationship() refuses one that closes a cycle of its type, and names the way': async (backend) => {
    await storeNotes(backend, 'a', 'b', 'c', 'd')
    await depends(backend, 'a-b', 'b-c', 'c-d')
    const error = (await failureOf(() => depends(backend, 'd-a'))) as {
      code?: string
      message: string
      details?: { path?: unknown }
    }
    assert.equal(error?.code, 'MG_VALIDATION')
    assert.deepEqual(error.details?.path, ['d', 'a', 'b', 'c', 'd'])
    assert.match(error.message, /"d" → "a" → "b" → "c" → "d"/)
    assert.equal(await backend.getRelationship('d-a'), null)
    await rejectsWith('MG_VALIDATION', () => depends(backend, 'b-a'))
  },

  'createRelationship() lets types that hold both ways, other types and ended ones be': async (backend) => {
    await storeNotes(backend, 'a', 'b', 'c')
    await join(backend, 's1', 'a', 'b', { type: 'SIMILAR_TO' })
    await join(backend, 's2', 'b', 'a', { type: 'SIMILAR_TO' })
    await depends(backend, 'a-b', 'b-c')
    await join(backend, 'other', 'c', 'a', { type: 'CAUSES' })
    await join(backend, 'past', 'c', 'a', {
      type: 'DEPENDS_ON',
      properties: { valid_from: '2026-01-01', valid_until: '2026-02-01' },
    })
    await backend.deleteRelationship('b-c')
    await depends(backend, 'c-a')
    assert.notEqual(await backend.getRelationship('c-a'), null)
  },

  'createRelationship() lets what branches and joins again be, and refuses what leads back through it':
    async (backend) => {
      await storeNotes(backend, 'a', 'b', 'c', 'd', 'e')
      await depends(backend, 'a-b', 'a-c', 'b-d', 'c-d', 'a-d', 'c-e')
      await rejectsWith('MG_VALIDATION', () => depends(backend, 'd-a'))
      await depends(backend, 'd-e')
      await rejectsWith('MG_VALIDATION', () => depends(backend, 'e-b'))
    },

  'createRelationship() refuses what closes a circle of any length': async (backend) => {
    const ids = Array.from({ length: 151 }, (_, at) => `n${at}`)
    await storeNotes(backend, ...ids)
    const steps = ids.slice(1).map((to_memory_id, at) => ({ from_memory_id: `n${at}`, to_memory_id }))
    await backend.createRelationships(steps.map((step) => ({ ...step, type: 'FOLLOWS' })))
    const error = (await failureOf(() => backend.createRelationship('n150', 'n0', 'FOLLOWS'))) as {
      code?: string
      message: string
      details?: { path?: unknown }
    }
    assert.equal(error?.code, 'MG_VALIDATION')
    assert.match(error.message, /FOLLOWS/)
    assert.deepEqual(error.details?.path, ['n150', ...ids])
    await backend.createRelationship('n150', 'n0', 'CAUSES')
  },

  'createRelationships() finds a cycle that only some of them close together, and stores none': async (
    backend,
  ) => {
    await storeNotes(backend, 'a', 'b', 'c', 'd')
    await depends(backend, 'b-c')
    const step = (id: string) => {
      const [from_memory_id = '', to_memory_id = ''] = id.split('-')
      return { id, from_memory_id, to_memory_id, type: 'DEPENDS_ON' }
    }
    await rejectsWith('MG_VALIDATION', () =>
      backend.createRelationships([step('a-b'), step('d-b'), step('c-d')]),
    )
    assert.equal(await backend.getRelationship('a-b'), null)
    await backend.createRelationships([step('a-b'), step('c-d')])
  },

  'createRelationships() that may close cycles does': async (backend) => {
    await storeNotes(backend, 'a', 'b')
    await depends(backend, 'a-b')
    const back = { id: 'b-a', from_memory_id: 'b', to_memory_id: 'a', type: 'DEPENDS_ON' }
    await backend.createRelationships([back], { allowCycles: true })
    assert.notEqual(await backend.getRelationship('b-a'), null)
    const related = await backend.getRelatedMemories('a', { maxDepth: 10 })
    assert.deepEqual(
      related.map(([memory]) => memory.id),
      ['b', 'b'],
    )
  },

  'createRelationships() beside a cycle that is stored already closes no other': async (backend) => {
    await storeNotes(backend, 'a', 'b', 'c')
    const step = (from_memory_id: string, to_memory_id: string) => ({
      from_memory_id,
      to_memory_id,
      type: 'DEPENDS_ON',
    })
    await backend.createRelationships([step('a', 'b'), step('b', 'a')], { allowCycles: true })
    await backend.createRelationships([step('b', 'c')])
    await rejectsWith('MG_VALIDATION', () => backend.createRelationships([step('c', 'a')]))
  },
})
