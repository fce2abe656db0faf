import assert from 'node:assert/strict'
import type { GraphBackend } from '../../backends/graph-backend.js'
import type { VectorFilter, VectorHit, VectorSearchOptions } from '../../model/vector-search.js'
import { idsOf, rejectsWith } from '../assertions.js'
import { type GraphBackendCase, vectorCasesOf } from '../graph-backend-case.js'
import { SAMPLE_IDS, storeNotes, storeSamples } from '../samples.js'

/** Stores may work with 32 bits. */
const TOLERANCE = 1e-5

/** Gives nodes vectors in a plane, so many degrees from [1, 0]. */
async function setAngles(
  backend: GraphBackend,
  degrees: Readonly<Record<string, number>>,
  model = 'm',
): Promise<void> {
  const entries = Object.entries(degrees).map(([id, angle]) => ({ id, model, vector: atAngle(angle) }))
  await backend.setEmbeddings(entries)
}

function atAngle(degrees: number, length = 1): number[] {
  const radians = (degrees * Math.PI) / 180
  return [length * Math.cos(radians), length * Math.sin(radians)]
}

/** The sample notes, in the order of a search without text, 10 degrees apart. */
async function storeSamplesAround(backend: GraphBackend): Promise<void> {
  await storeSamples(backend)
  await setAngles(backend, Object.fromEntries(SAMPLE_IDS.map((id, at) => [id, at * 10])))
}

async function nearest(backend: GraphBackend, options?: VectorSearchOptions): Promise<string[]> {
  return idsOf(await backend.searchByVector([1, 0], options))
}

function assertScores(hits: readonly VectorHit[], expected: readonly number[]): void {
  assert.equal(hits.length, expected.length)
  hits.forEach(({ id, score }, at) => {
    const off = Math.abs(score - (expected[at] as number))
    assert.ok(off < TOLERANCE, `${id} has the score ${score}, not ${expected[at]}`)
  })
}

/** Nodes near a vector. */
export const vectorSearchCases: readonly GraphBackendCase[] = vectorCasesOf('vector search', {
  'searchByVector() finds the nearest by direction, whatever the length, with the cosine as the score':
    async (backend) => {
      await storeNotes(backend, 'a', 'b', 'c', 'd', 'e', 'none')
      await backend.setEmbeddings([
        { id: 'e', model: 'm', vector: atAngle(0, 9e8) },
        { id: 'b', model: 'm', vector: atAngle(60, 2e-9) },
        { id: 'c', model: 'm', vector: atAngle(90) },
        { id: 'd', model: 'm', vector: atAngle(-30, 5) },
        { id: 'a', model: 'm', vector: atAngle(180) },
      ])
      const hits = await backend.searchByVector(Float32Array.of(3, 0))
      assert.deepEqual(idsOf(hits), ['e', 'd', 'b', 'c', 'a'])
      assertScores(hits, [1, Math.sqrt(3) / 2, 0.5, 0, -1])
      for (const { score } of hits) assert.ok(score >= -1 && score <= 1)
    },

  'searchByVector() returns memories as getMemory() does, and nodes of other labels where they are asked for':
    async (backend) => {
      await storeNotes(backend, 'a', 'b')
      await backend.updateMemory({ id: 'a', title: 'Revised' })
      const task = { id: 'task', label: 'Task', properties: { rank: 1 } }
      await backend.putNodes([task, { ...task, id: 'agent', label: 'Agent' }])
      await setAngles(backend, { a: 20, task: 10, b: 30, agent: 0 })
      const memory = await backend.getMemory('a', false)
      const [first, second] = await backend.searchByVector([1, 0])
      assert.deepEqual(first, { id: 'a', label: 'Memory', score: first?.score, memory, node: null })
      assert.equal(second?.id, 'b')
      const [only, none] = await backend.searchByVector([1, 0], { filter: { label: 'Task' } })
      assert.deepEqual(only, { id: 'task', label: 'Task', score: only?.score, memory: null, node: task })
      assert.equal(none, undefined)
      assert.deepEqual(await nearest(backend, { filter: { label: null } }), ['agent', 'task', 'a', 'b'])
      const blank = { label: 'Task', tags: [], memory_types: [], project_path: null }
      assert.deepEqual(await nearest(backend, { filter: blank }), ['task'])
      assert.deepEqual(await nearest(backend, { filter: { label: 'Memory' } }), ['a', 'b'])
      assert.deepEqual(await nearest(backend, { filter: { label: 'absent' } }), [])
    },

  'searchByVector() returns k hits, 10 unless told otherwise, and of equal ones the least ids': async (
    backend,
  ) => {
    const ids = Array.from({ length: 15 }, (_, at) => `n${String(at).padStart(2, '0')}`)
    await storeNotes(backend, ...ids)
    await setAngles(backend, Object.fromEntries(ids.toReversed().map((id) => [id, 45])))
    assert.deepEqual(await nearest(backend), ids.slice(0, 10))
    assert.deepEqual(await nearest(backend, { k: 3 }), ids.slice(0, 3))
    assert.deepEqual(await nearest(backend, { k: 1000 }), ids)
    assert.deepEqual(await nearest(backend, { k: null, effort: null, filter: null }), ids.slice(0, 10))
  },

  'searchByVector() applies a filter before it counts to k': async (backend) => {
    await storeSamplesAround(backend)
    const found = (filter: VectorFilter, k = 2): Promise<string[]> => nearest(backend, { k, filter })
    assert.deepEqual(await nearest(backend), SAMPLE_IDS)
    assert.deepEqual(await found({ memory_types: ['problem'] }), ['gateway-timeout', 'slow-report'])
    assert.deepEqual(await found({ tags: ['database', 'deploy'] }), ['slow-report', 'connection-pool'])
    assert.deepEqual(await found({ project_path: '/srv/reports' }), ['slow-report', 'deploy-command'])
    assert.deepEqual(await found({ languages: ['python'] }, 1), ['slow-report'])
    assert.deepEqual(await found({ created_after: '2026-01-09T00:00:00Z' }), [
      'deploy-command',
      'river-names',
    ])
    assert.deepEqual(await found({ min_importance: 0.7, label: 'Memory' }, 9), [
      'gateway-timeout',
      'retry-backoff',
    ])
    assert.deepEqual(await found({ relationship_filter: ['ADDRESSES'] }), ['slow-report', 'connection-pool'])
    assert.deepEqual(await found({ memory_types: ['task'] }), [])
    assert.deepEqual(await found({ tags: [], memory_types: null, project_path: undefined }, 1), [
      'gateway-timeout',
    ])
  },

  'searchByVector() leaves out what is below minScore': async (backend) => {
    await storeSamplesAround(backend)
    const above = (degrees: number): number => Math.cos((degrees * Math.PI) / 180)
    assert.deepEqual(await nearest(backend, { minScore: above(25) }), SAMPLE_IDS.slice(0, 3))
    assert.deepEqual(await nearest(backend, { minScore: above(15), filter: { tags: ['database'] } }), [])
    assert.deepEqual(await nearest(backend, { minScore: -1 }), SAMPLE_IDS)
    assert.deepEqual(idsOf(await backend.searchByVector([-1, 0], { minScore: 0 })), [])
  },

  'searchByVector() compares vectors of one model alone: the one that is named, or the only one': async (
    backend,
  ) => {
    assert.deepEqual(await backend.searchByVector([1, 2, 3]), [])
    await rejectsWith('MG_VALIDATION', () => backend.searchByVector([1, 0], { model: 'm' }))
    await storeNotes(backend, 'a', 'b')
    await setAngles(backend, { a: 10 })
    assert.deepEqual(await nearest(backend), ['a'])
    await setAngles(backend, { b: 10, a: 80 }, 'other')
    await backend.setEmbeddings([{ id: 'a', model: 'wide', vector: [1, 2, 3] }])
    assert.deepEqual(await nearest(backend, { model: 'm' }), ['a'])
    assert.deepEqual(await nearest(backend, { model: 'other' }), ['b', 'a'])
    await rejectsWith('MG_VALIDATION', () => backend.searchByVector([1, 0]))
    await rejectsWith('MG_VALIDATION', () => backend.searchByVector([1, 0], { model: 'absent' }))
    await rejectsWith('MG_VALIDATION', () => backend.searchByVector([1, 0], { model: 'wide' }))
    await rejectsWith('MG_VALIDATION', () => backend.searchByVector([1, 2, 3], { model: 'm' }))
  },

  'searchByVector() refuses what does not fit': async (backend) => {
    await storeNotes(backend, 'a')
    await setAngles(backend, { a: 10 })
    for (const vector of [null, undefined, 'text', [], [0, 0], [1, Number.NaN], [1, Infinity], [1, '0'], [1]])
      await rejectsWith('MG_VALIDATION', () => backend.searchByVector(vector as never), String(vector))
    const unfit: unknown[] = [
      ...[0, -1, 1.5, 1001, 2 ** 31, 2 ** 31 - 1, Number.NaN, Infinity, '5'].map((k) => ({ k })),
      ...[-1.1, 1.1, Number.NaN, '0'].map((minScore) => ({ minScore })),
      ...[0, 101, Number.NaN].map((effort) => ({ effort })),
      ...['', 5].map((model) => ({ model })),
      { exact: 1 },
      { limit: 5 },
      { filter: { memory_types: ['unheard of'] } },
      { filter: { query: 'text' } },
      { filter: { limit: null } },
      { filter: { label: 'Task', tags: ['x'] } },
      { filter: 'text' },
    ]
    for (const options of unfit)
      await rejectsWith(
        'MG_VALIDATION',
        () => backend.searchByVector([1, 0], options as never),
        JSON.stringify(options),
      )
    assert.deepEqual(await nearest(backend), ['a'])
  },

  'searchByVector() finds one of two identical vectors when the other is deleted, and goes on after all were':
    async (backend) => {
      await storeNotes(backend, 'a', 'b', 'c')
      await setAngles(backend, { a: 30, b: 30, c: 90 })
      await backend.deleteMemory('a')
      assert.deepEqual(await nearest(backend), ['b', 'c'])
      await backend.deleteEmbeddings(['b'])
      assert.deepEqual(await nearest(backend), ['c'])
      await backend.deleteNodes(['b', 'c'])
      assert.deepEqual(await nearest(backend), [])
      await storeNotes(backend, 'b', 'd')
      await setAngles(backend, { b: 10, d: 20 })
      assert.deepEqual(await nearest(backend), ['b', 'd'])
      await setAngles(backend, { b: 40 })
      assert.deepEqual(await nearest(backend), ['d', 'b'])
    },

  'searchByVector() finds the best of hundreds, also when every vector is compared': async (backend) => {
    const components = 16
    const vectorOf = (at: number): number[] =>
      Array.from({ length: components }, (_, place) => Math.sin(1 + at * 7.3 + place * (at % 29)))
    const ids = Array.from({ length: 400 }, (_, at) => `n${String(at).padStart(3, '0')}`)
    await backend.putNodes(ids.map((id) => ({ id, label: 'Task', properties: {} })))
    await backend.setEmbeddings(ids.map((id, at) => ({ id, model: 'm', vector: vectorOf(at) })))
    const query = vectorOf(1000)
    const scores = ids.map((_id, at) => cosine(query, vectorOf(at)))
    const best = scores.toSorted((one, other) => other - one).slice(0, 10)
    for (const options of [{}, { exact: true }, { effort: 4 }]) {
      const hits = await backend.searchByVector(query, { ...options, filter: { label: 'Task' } })
      assertScores(hits, best)
      for (const { id, score } of hits)
        assert.ok(Math.abs(score - (scores[ids.indexOf(id)] as number)) < TOLERANCE, `the score of ${id}`)
    }
  },
})

function cosine(one: readonly number[], other: readonly number[]): number {
  const product = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, component, at) => sum + component * (b[at] as number), 0)
  return product(one, other) / Math.sqrt(product(one, one) * product(other, other))
}
