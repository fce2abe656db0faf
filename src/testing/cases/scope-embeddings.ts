import assert from 'node:assert/strict'
import type { GraphBackend } from '../../backends/graph-backend.js'
import type { Embedding } from '../../model/embedding.js'
import { idsOf, rejectsWith } from '../assertions.js'
import { type GraphBackendCase, scopeCasesOf } from '../graph-backend-case.js'
import { note, storeNotes } from '../samples.js'

/** Views of two tenants, each with two notes, and one note that belongs to nobody; those of `b` are nearest to [1, 0]. */
async function twoTenants(backend: GraphBackend): Promise<{ a: GraphBackend; b: GraphBackend }> {
  const [a, b] = [backend.scoped({ tenantId: 'a' }), backend.scoped({ tenantId: 'b' })]
  await a.storeMemories([note('a1', { tags: ['kept'] }), note('a2')])
  await b.storeMemories([note('b1', { tags: ['kept'] }), note('b2')])
  await storeNotes(backend, 'n')
  await backend.setEmbeddings([
    { id: 'b1', model: 'm', vector: [1, 0] },
    { id: 'b2', model: 'm', vector: [1, 0.1] },
    { id: 'n', model: 'm', vector: [1, 0.2] },
    { id: 'a1', model: 'm', vector: [1, 1] },
    { id: 'a2', model: 'm', vector: [1, 2] },
    { id: 'b1', model: 'of b', vector: [1, 2, 3] },
  ])
  return { a, b }
}

function named({ id, model }: Embedding): string {
  return `${id} ${model}`
}

/** Vectors in a view: those of nodes inside. */
export const scopeEmbeddingCases: readonly GraphBackendCase[] = scopeCasesOf('scopes', {
  'getEmbeddings() of a view has vectors of what is inside, and searchByVector() k of them': async (
    backend,
  ) => {
    if (!backend.capabilities.vector)
      return rejectsWith('MG_NOT_SUPPORTED', () => backend.scoped({ tenantId: 'a' }).getEmbeddings(['a1']))
    const { a, b } = await twoTenants(backend)
    const all = ['b1', 'a1', 'n', 'a2', 'b2']
    assert.deepEqual((await a.getEmbeddings(all)).map(named), ['a1 m', 'a2 m'])
    assert.deepEqual((await b.getEmbeddings(all)).map(named), ['b1 m', 'b1 of b', 'b2 m'])
    assert.deepEqual(idsOf(await a.searchByVector([1, 0], { k: 1 })), ['a1'])
    assert.deepEqual(idsOf(await a.searchByVector([1, 0])), ['a1', 'a2'])
    assert.deepEqual(idsOf(await a.searchByVector([1, 0], { filter: { tags: ['kept'] } })), ['a1'])
    assert.deepEqual(idsOf(await a.searchByVector([1, 0], { filter: { label: null } })), ['a1', 'a2'])
    const narrow = a.scoped({ projectPath: '/srv/shop' })
    assert.deepEqual(await narrow.searchByVector([1, 0]), [])
    await backend.updateMemory({ id: 'a1', context: { tenant_id: 'b' } })
    assert.deepEqual(idsOf(await a.searchByVector([1, 0])), ['a2'])
  },

  'searchByVector() of a view knows no model that only what is outside has vectors of': async (backend) => {
    if (!backend.capabilities.vector)
      return rejectsWith('MG_NOT_SUPPORTED', () => backend.scoped({ tenantId: 'a' }).searchByVector([1, 0]))
    const { a, b } = await twoTenants(backend)
    await rejectsWith('MG_VALIDATION', () => b.searchByVector([1, 0]))
    await rejectsWith('MG_VALIDATION', () => a.searchByVector([1, 2, 3], { model: 'of b' }))
    assert.equal((await b.searchByVector([1, 2, 3], { model: 'of b' })).length, 1)
    assert.deepEqual(await backend.scoped({ tenantId: 'c' }).searchByVector([1, 2, 3]), [])
  },

  'hybridSearch() of a view ranks what is inside': async (backend) => {
    if (!backend.capabilities.vector)
      return rejectsWith('MG_NOT_SUPPORTED', () => backend.scoped({ tenantId: 'a' }).hybridSearch({}))
    const { a } = await twoTenants(backend)
    assert.deepEqual(idsOf(await a.hybridSearch({ text: 'note', vector: [1, 0] })), ['a1', 'a2'])
    assert.deepEqual(idsOf(await a.hybridSearch({ vector: [1, 0], k: 1 })), ['a1'])
  },

  'setEmbeddings() and deleteEmbeddings() of a view reach what is inside': async (backend) => {
    if (!backend.capabilities.vector)
      return rejectsWith('MG_NOT_SUPPORTED', () => backend.scoped({ tenantId: 'a' }).setEmbeddings([]))
    const { a } = await twoTenants(backend)
    await a.setEmbeddings([{ id: 'a1', model: 'm', vector: [3, 4] }])
    const outside = { id: 'b1', model: 'm', vector: [3, 4] }
    for (const id of ['b1', 'n', 'absent'])
      await rejectsWith('MG_NOT_FOUND', () =>
        a.setEmbeddings([
          { id: 'a2', model: 'm', vector: [3, 4] },
          { ...outside, id },
        ]),
      )
    // Vectors of one model have as many components wherever they are.
    await rejectsWith('MG_VALIDATION', () => a.setEmbeddings([{ id: 'a1', model: 'of b', vector: [1, 2] }]))
    assert.equal(await a.deleteEmbeddings(['b1', 'n', 'a2']), 1)
    const left = await backend.getEmbeddings(['a1', 'a2', 'b1', 'n'], 'm')
    assert.deepEqual(
      left.map(({ id, vector }) => [id, ...vector]),
      [
        ['a1', 3, 4],
        ['b1', 1, 0],
        ['n', 1, Math.fround(0.2)],
      ],
    )
  },
})
