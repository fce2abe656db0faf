import assert from 'node:assert/strict'
import type { GraphBackend } from '../../backends/graph-backend.js'
import { idsOf, rejectsWith } from '../assertions.js'
import { type GraphBackendCase, vectorCasesOf } from '../graph-backend-case.js'
import { note, storeNotes } from '../samples.js'

/** Two that words find, two that vectors find, one of them the same; `e` follows it. */
async function storeAnimals(backend: GraphBackend): Promise<void> {
  await backend.storeMemories([
    note('a', { content: 'The zebra drinks.', tags: ['plain'] }),
    note('b', { content: 'The zebra eats.', tags: ['plain', 'food'] }),
    note('c', { content: 'A striped horse.', tags: ['food'] }),
    note('d', { content: 'A river.' }),
    note('e', { content: 'Far away.' }),
  ])
  await backend.setEmbeddings([
    { id: 'b', model: 'm', vector: [1, 0.1] },
    { id: 'c', model: 'm', vector: [1, 0] },
    { id: 'd', model: 'm', vector: [-1, 0.2] },
  ])
  await backend.createRelationship('e', 'b', 'FOLLOWS')
}

const QUERY = { text: 'a zebra', vector: [1, 0] } as const

/** Text and vectors together. */
export const hybridSearchCases: readonly GraphBackendCase[] = vectorCasesOf('hybrid search', {
  'hybridSearch() puts what both rankings find before what one finds, and says why': async (backend) => {
    await storeAnimals(backend)
    const hits = await backend.hybridSearch(QUERY)
    assert.deepEqual(idsOf(hits)[0], 'b')
    assert.deepEqual(new Set(idsOf(hits)), new Set(['a', 'b', 'c', 'd', 'e']))
    const why = new Map(hits.map(({ id, match_info }) => [id, match_info]))
    assert.deepEqual(why.get('a')?.ranks?.vector, undefined)
    assert.deepEqual(why.get('b')?.ranks?.vector, 2)
    assert.deepEqual(why.get('c')?.ranks, { vector: 1 })
    assert.ok(Math.abs((why.get('c')?.similarity as number) - 1) < 1e-5)
    assert.deepEqual(why.get('b')?.matched_terms, ['zebra'])
    assert.deepEqual(why.get('e')?.path?.at(-1), 'e')
    const [near] = (await backend.hybridSearch({ vector: [1, 0] })).filter(({ id }) => id === 'e')
    assert.deepEqual(near?.match_info?.ranks, { graph: 1 })
  },

  'hybridSearch() takes a text or a vector alone': async (backend) => {
    await storeAnimals(backend)
    const [first, second] = await backend.hybridSearch({ text: 'a zebra', expand: false })
    assert.deepEqual([first?.id, second?.id].sort(), ['a', 'b'])
    const near = await backend.hybridSearch({ vector: Float32Array.of(1, 0), expand: false })
    assert.deepEqual(idsOf(near), ['c', 'b', 'd'])
    assert.deepEqual(await backend.hybridSearch({ text: ' ' }), [])
    await backend.setEmbeddings([{ id: 'e', model: 'other', vector: [0, 1] }])
    assert.deepEqual(idsOf(await backend.hybridSearch({ vector: [1, 0], model: 'other', expand: false })), [
      'e',
    ])
  },

  'hybridSearch() heeds weights, k, and a filter before it counts to k': async (backend) => {
    await storeAnimals(backend)
    const found = async (options: object): Promise<string[]> =>
      idsOf(await backend.hybridSearch({ ...QUERY, expand: false, ...options }))
    assert.deepEqual(await found({ weights: { text: 0 } }), ['c', 'b', 'd'])
    assert.deepEqual((await found({ weights: { vector: 0 } })).sort(), ['a', 'b'])
    assert.deepEqual(await found({ k: 1 }), ['b'])
    assert.deepEqual(await found({ filter: { tags: ['food'] }, k: 2 }), ['b', 'c'])
    assert.deepEqual(await found({ filter: { memory_types: ['problem'] } }), [])
  },

  'hybridSearch() returns k memories wherever so many are found, by the parts that count': async (
    backend,
  ) => {
    const ids = Array.from({ length: 150 }, (_, at) => `n${String(at).padStart(3, '0')}`)
    await storeNotes(backend, ...ids)
    const entries = ids.slice(0, 100).map((id, at) => ({ id, model: 'm', vector: [100, at] }))
    await backend.setEmbeddings(entries)
    const found = async (options: object): Promise<string[]> =>
      idsOf(await backend.hybridSearch({ ...QUERY, k: 140, includeRelationships: false, ...options }))
    assert.deepEqual(await found({ text: 'note', weights: { text: 0 } }), ids.slice(0, 100))
    assert.deepEqual(await found({ k: 80, text: '' }), ids.slice(0, 80))
    assert.equal(new Set(await found({ text: 'note' })).size, 140)
    assert.deepEqual((await found({ text: 'note', k: 1000 })).sort(), ids)
  },

  'hybridSearch() finds what is close unless told otherwise': async (backend) => {
    await storeAnimals(backend)
    assert.ok(idsOf(await backend.hybridSearch(QUERY)).includes('e'))
    for (const off of [{ expand: false }, { weights: { graph: 0 } }])
      assert.ok(!idsOf(await backend.hybridSearch({ ...QUERY, ...off })).includes('e'), JSON.stringify(off))
  },

  'hybridSearch() enriches unless told otherwise': async (backend) => {
    await storeAnimals(backend)
    const [hit] = await backend.hybridSearch(QUERY)
    assert.ok(hit?.relationships && hit.match_info && hit.context_summary)
    const [bare] = await backend.hybridSearch({ ...QUERY, includeRelationships: false })
    assert.deepEqual([bare?.relationships, bare?.match_info, bare?.context_summary], [null, null, null])
  },

  'hybridSearch() lets the text decide where there are no vectors': async (backend) => {
    await backend.storeMemories([note('a', { content: 'The zebra.' }), note('b')])
    assert.deepEqual(idsOf(await backend.hybridSearch(QUERY)), ['a'])
    assert.deepEqual(await backend.hybridSearch({ vector: [1, 0] }), [])
  },

  'hybridSearch() in a transaction() finds what was written so far': async (backend) => {
    if (!backend.capabilities.transactions) return
    await storeAnimals(backend)
    await backend.transaction(async (tx) => {
      await tx.deleteMemory('b')
      await tx.setEmbeddings([{ id: 'a', model: 'm', vector: [1, 0] }])
      assert.deepEqual(idsOf(await tx.hybridSearch({ ...QUERY, expand: false, k: 2 })), ['a', 'c'])
    })
  },

  'hybridSearch() refuses what does not fit': async (backend) => {
    await storeAnimals(backend)
    const unfit: unknown[] = [
      null,
      {},
      { text: null },
      { text: 5 },
      { vector: [] },
      { vector: [0, 0] },
      { vector: [1, 2, 3] },
      { vector: [1, 0], model: 'absent' },
      ...[0, -1, 2 ** 31, Number.NaN].map((k) => ({ ...QUERY, k })),
      { ...QUERY, weights: { text: 0, vector: 0 } },
      { ...QUERY, weights: { text: -1 } },
      { ...QUERY, weights: { graph: 2 } },
      { ...QUERY, filter: { label: 'Task' } },
      { ...QUERY, limit: 5 },
      { text: 'a zebra', model: 'm' },
    ]
    for (const query of unfit)
      await rejectsWith('MG_VALIDATION', () => backend.hybridSearch(query as never), JSON.stringify(query))
  },
})
