import assert from 'node:assert/strict'
import type { GraphBackend, GraphTransaction, Progress } from '../../backends/graph-backend.js'
import type { EmbeddingInput } from '../../model/embedding.js'
import { collect, failureOf, rejectsWith } from '../assertions.js'
import { type GraphBackendCase, vectorCasesOf } from '../graph-backend-case.js'
import { note, storeNotes } from '../samples.js'

const TASK = { id: 'task', label: 'Task', properties: { rank: 1 } }

function embedding(id: string, vector: readonly number[] | Float32Array, model = 'm'): EmbeddingInput {
  return { id, model, vector }
}

/** What is stored, as `id model: components`. */
async function stored(
  backend: GraphBackend | GraphTransaction,
  ids: readonly string[],
  model?: string | null,
): Promise<string[]> {
  const embeddings = await backend.getEmbeddings(ids, model)
  return embeddings.map((entry) => `${entry.id} ${entry.model}: ${entry.vector.join(' ')}`)
}

/** Vectors that are set, read and deleted. */
export const embeddingCases: readonly GraphBackendCase[] = vectorCasesOf('embeddings', {
  'setEmbeddings() keeps vectors of any node as 32-bit floats, and no later change of its argument': async (
    backend,
  ) => {
    await storeNotes(backend, 'a', 'Ünï " 🦉')
    await backend.putNodes([TASK])
    const vector = Float32Array.of(1.5, -2, 3)
    const wide = Array.from({ length: 1536 }, (_, at) => Math.sin(at))
    await backend.setEmbeddings(
      Object.freeze([
        embedding('a', vector),
        { ...embedding('task', [0.1, 1e-30, 3e8]), digest: '0123abcd' },
        embedding('Ünï " 🦉', wide, 'wide'),
      ]),
    )
    vector.fill(7)
    const [first, second, third] = await backend.getEmbeddings(['a', 'task', 'Ünï " 🦉'])
    assert.ok(first?.vector instanceof Float32Array)
    assert.deepEqual(first, { id: 'a', model: 'm', vector: Float32Array.of(1.5, -2, 3), digest: null })
    assert.deepEqual(second?.vector, Float32Array.of(0.1, 1e-30, 3e8))
    assert.equal(second.digest, '0123abcd')
    assert.deepEqual(third?.vector, Float32Array.from(wide))
    first.vector.fill(9)
    assert.deepEqual(await stored(backend, ['a']), ['a m: 1.5 -2 3'])
    await backend.setEmbeddings([])
  },

  'getEmbeddings() returns those of each id once, in the order given, then by model': async (backend) => {
    await storeNotes(backend, 'a', 'b', 'none')
    await backend.setEmbeddings([
      embedding('a', [1, 2], 'z'),
      embedding('b', [3, 4], 'm'),
      embedding('a', [5, 6], 'B'),
      embedding('a', [7, 8], 'm'),
    ])
    const ids = ['b', 'absent', 'a', 'none', 'b']
    assert.deepEqual(await stored(backend, ids), ['b m: 3 4', 'a B: 5 6', 'a m: 7 8', 'a z: 1 2'])
    assert.deepEqual(await stored(backend, ids, null), await stored(backend, ids))
    assert.deepEqual(await stored(backend, ids, 'm'), ['b m: 3 4', 'a m: 7 8'])
    assert.deepEqual(await stored(backend, ids, 'absent'), [])
    assert.deepEqual(await stored(backend, []), [])
  },

  'setEmbeddings() takes the place of the vector of its node and model; of two in one call the later counts':
    async (backend) => {
      await storeNotes(backend, 'a', 'b')
      await backend.setEmbeddings([embedding('a', [1, 1]), embedding('a', [2, 2], 'other')])
      await backend.setEmbeddings([embedding('a', [3, 3]), embedding('b', [4, 4]), embedding('a', [5, 5])])
      assert.deepEqual(await stored(backend, ['a', 'b']), ['a m: 5 5', 'a other: 2 2', 'b m: 4 4'])
      const near = await backend.searchByVector([1, 0], { model: 'm' })
      assert.equal(near.length, 2)
    },

  'setEmbeddings() refuses what is no vector of a node, and stores none': async (backend) => {
    await storeNotes(backend, 'a', 'b')
    const vectors: unknown[] = [
      [],
      [0, 0],
      [1e-46, 0],
      [1e-10, 0],
      [1e10, 0],
      [1, Number.NaN],
      [1, Infinity],
      [1, 1e39],
      ['1', 2],
      [1, null],
    ]
    const unfit: unknown[] = [
      ...vectors.map((vector) => ({ id: 'b', model: 'm', vector })),
      ...[null, 'text', { length: 2 }, new Uint8Array(2), new Array(16_001).fill(1)].map((vector) => ({
        id: 'b',
        model: 'm',
        vector,
      })),
      { id: 'b', model: '', vector: [1, 2] },
      { id: 'b', model: 'x'.repeat(256), vector: [1, 2] },
      { id: '', model: 'm', vector: [1, 2] },
      { id: 'b', vector: [1, 2] },
      { id: 'b', model: 'm', vector: [1, 2], digest: 7 },
      { id: 'b', model: 'm', vector: [1, 2], extra: 1 },
      null,
    ]
    for (const entry of unfit)
      await rejectsWith('MG_VALIDATION', () =>
        backend.setEmbeddings([embedding('a', [1, 2]), entry] as never),
      )
    for (const entries of [null, 'text', embedding('a', [1, 2])])
      await rejectsWith('MG_VALIDATION', () => backend.setEmbeddings(entries as never))
    await rejectsWith('MG_VALIDATION', () => backend.setEmbeddings([], { model: 'm' } as never))
    assert.deepEqual(await stored(backend, ['a', 'b']), [])
  },

  'setEmbeddings() refuses ids of no node, names them, and stores none': async (backend) => {
    await storeNotes(backend, 'a')
    const entries = [embedding('gone', [1, 2]), embedding('a', [1, 2]), embedding('lost', [1, 2])]
    await rejectsWith('MG_NOT_FOUND', () => backend.setEmbeddings(entries))
    const error = (await failureOf(() => backend.setEmbeddings(entries))) as {
      details?: { missing?: unknown }
    }
    assert.deepEqual(error.details?.missing, ['gone', 'lost'])
    assert.deepEqual(await stored(backend, ['a']), [])
  },

  'setEmbeddings() refuses another number of components than that of the model, while there are vectors of it':
    async (backend) => {
      await storeNotes(backend, 'a', 'b')
      await backend.setEmbeddings([embedding('a', [1, 2]), embedding('a', [1, 2, 3], 'other')])
      await rejectsWith('MG_VALIDATION', () =>
        backend.setEmbeddings([embedding('a', [9, 9]), embedding('b', [1, 2, 3])]),
      )
      await rejectsWith('MG_VALIDATION', () => backend.setEmbeddings([embedding('a', [1, 2, 3])]))
      await rejectsWith('MG_VALIDATION', () =>
        backend.setEmbeddings([embedding('a', [1], 'new'), embedding('b', [1, 2], 'new')]),
      )
      assert.deepEqual(await stored(backend, ['a', 'b']), ['a m: 1 2', 'a other: 1 2 3'])
      await backend.deleteEmbeddings(['a'], { model: 'm' })
      await backend.setEmbeddings([embedding('b', [1, 2, 3])])
      assert.deepEqual(await stored(backend, ['a', 'b']), ['a other: 1 2 3', 'b m: 1 2 3'])
      assert.equal((await backend.searchByVector([1, 2, 3], { model: 'm' })).length, 1)
    },

  'setEmbeddings() of many reports progress, and one that is stopped stores none': async (backend) => {
    const ids = Array.from({ length: 1200 }, (_, at) => `n${at}`)
    await backend.putNodes(ids.map((id) => ({ id, label: 'Task', properties: {} })))
    const entries = ids.map((id, at) => embedding(id, [Math.sin(at), Math.cos(at), 1]))
    const controller = new AbortController()
    const stop = (): void => controller.abort()
    await rejectsWith('MG_ABORTED', () =>
      backend.setEmbeddings(entries, { signal: controller.signal, onProgress: stop }),
    )
    assert.deepEqual(await stored(backend, ids), [])
    const progress: Progress[] = []
    await backend.setEmbeddings(entries, { onProgress: (step) => progress.push(step) })
    assert.deepEqual(progress.at(-1), { done: 1200, total: 1200, phase: 'storing' })
    assert.equal((await stored(backend, ids)).length, 1200)
    assert.equal(await backend.deleteEmbeddings(ids), 1200)
  },

  'deleteEmbeddings() deletes those of one model, or of all, and says how many there were': async (
    backend,
  ) => {
    await storeNotes(backend, 'a', 'b')
    for (const model of ['m', 'n', 'o'])
      await backend.setEmbeddings([embedding('a', [1, 2], model), embedding('b', [1, 2], model)])
    assert.equal(await backend.deleteEmbeddings(['a', 'a', 'absent'], { model: 'n' }), 1)
    assert.equal(await backend.deleteEmbeddings(['a'], { model: 'n' }), 0)
    assert.deepEqual(await stored(backend, ['a', 'b']), [
      'a m: 1 2',
      'a o: 1 2',
      'b m: 1 2',
      'b n: 1 2',
      'b o: 1 2',
    ])
    assert.equal(await backend.deleteEmbeddings(['a', 'b'], { model: null }), 5)
    assert.equal(await backend.deleteEmbeddings([]), 0)
    assert.deepEqual(await stored(backend, ['a', 'b']), [])
    assert.equal((await backend.getMemory('a'))?.id, 'a')
  },

  'getEmbeddings() and deleteEmbeddings() refuse what are no ids, models or options': async (backend) => {
    for (const ids of [null, 'a', [''], [5], ['x'.repeat(256)]]) {
      await rejectsWith('MG_VALIDATION', () => backend.getEmbeddings(ids as never))
      await rejectsWith('MG_VALIDATION', () => backend.deleteEmbeddings(ids as never))
    }
    for (const model of ['', 5, {}]) {
      await rejectsWith('MG_VALIDATION', () => backend.getEmbeddings(['a'], model as never))
      await rejectsWith('MG_VALIDATION', () => backend.deleteEmbeddings(['a'], { model: model as never }))
    }
    await rejectsWith('MG_VALIDATION', () => backend.deleteEmbeddings(['a'], { models: 'm' } as never))
  },

  'deleteMemory() and deleteNodes() delete vectors, and an id that is used again has none': async (
    backend,
  ) => {
    await storeNotes(backend, 'a', 'b')
    await backend.putNodes([TASK])
    await backend.setEmbeddings(['a', 'b', 'task'].map((id) => embedding(id, [1, 2])))
    await backend.deleteMemory('a')
    await backend.deleteNodes(['task'])
    await storeNotes(backend, 'a')
    await backend.putNodes([TASK])
    assert.deepEqual(await stored(backend, ['a', 'b', 'task']), ['b m: 1 2'])
    assert.deepEqual(
      (await backend.searchByVector([1, 2], { filter: { label: null } })).map(({ id }) => id),
      ['b'],
    )
    await backend.setEmbeddings([embedding('a', [2, 1])])
    assert.deepEqual(await stored(backend, ['a']), ['a m: 2 1'])
  },

  'setEmbeddings() is no change of a memory, and a memory that changes keeps its vector': async (backend) => {
    await storeNotes(backend, 'a')
    const before = await backend.getMemory('a')
    const changes = await collect(backend.changes())
    await backend.setEmbeddings([embedding('a', [1, 2])])
    assert.deepEqual(await backend.getMemory('a'), before)
    assert.deepEqual(await collect(backend.changes()), changes)
    await backend.updateMemory({ id: 'a', content: 'Something else.' })
    await backend.storeMemory(note('a', { title: 'Stored again' }))
    await backend.putNodes(await backend.getNodes(['a']))
    assert.deepEqual(await stored(backend, ['a']), ['a m: 1 2'])
  },

  'embedPending() and reembed() need an embedder': async (backend) => {
    await storeNotes(backend, 'a')
    await rejectsWith('MG_CONFIGURATION', () => backend.embedPending())
    await rejectsWith('MG_CONFIGURATION', () => backend.reembed())
    await rejectsWith('MG_CONFIGURATION', () => backend.reembed({ embedder: {} as never }))
    await rejectsWith('MG_VALIDATION', () => backend.embedPending({ model: 'm' } as never))
    assert.equal((await backend.healthCheck()).embedding, null)
  },

  'setEmbeddings() in a transaction() is seen by it, and undone with it': async (backend) => {
    await storeNotes(backend, 'a', 'b')
    await backend.setEmbeddings([embedding('a', [1, 0])])
    if (!backend.capabilities.transactions)
      return rejectsWith('MG_NOT_SUPPORTED', () => backend.transaction(async () => null))
    const undone = await failureOf(() =>
      backend.transaction(async (tx) => {
        await tx.storeMemory(note('c'))
        await tx.setEmbeddings([embedding('c', [1, 0]), embedding('b', [0, 1]), embedding('a', [0, 1])])
        assert.deepEqual(await stored(tx, ['a', 'b', 'c']), ['a m: 0 1', 'b m: 0 1', 'c m: 1 0'])
        const [nearest] = await tx.searchByVector([1, 0], { k: 1 })
        assert.equal(nearest?.id, 'c')
        await rejectsWith('MG_VALIDATION', () => tx.setEmbeddings([embedding('b', [1, 2, 3])]))
        assert.equal(await tx.deleteEmbeddings(['a']), 1)
        throw new Error('undone')
      }),
    )
    assert.match(String(undone), /undone/)
    assert.deepEqual(await stored(backend, ['a', 'b', 'c']), ['a m: 1 0'])
    await backend.transaction((tx) => tx.setEmbeddings([embedding('b', [0, 1])]))
    assert.deepEqual(await stored(backend, ['a', 'b']), ['a m: 1 0', 'b m: 0 1'])
    assert.equal((await backend.searchByVector([0, 1], { k: 1 }))[0]?.id, 'b')
  },
})
