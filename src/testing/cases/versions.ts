import assert from 'node:assert/strict'
import { setTimeout as after } from 'node:timers/promises'
import { rejectsWith } from '../assertions.js'
import { type GraphBackendCase, historyCases } from '../graph-backend-case.js'
import { join, note, storeNotes } from '../samples.js'

/** Earlier versions of memories. */
export const versionCases: readonly GraphBackendCase[] = historyCases('versions', {
  'getMemoryHistory() has what updates replaced, oldest first, each with its version': async (backend) => {
    await backend.storeMemory(note('a', { title: 'First', tags: ['kept'] }))
    assert.deepEqual(await backend.getMemoryHistory('a'), [])
    assert.equal((await backend.getMemory('a'))?.version, 1)
    await backend.updateMemory({ id: 'a', title: 'Second' })
    await backend.storeMemory(note('a', { title: 'Third' }))
    const [node] = await backend.getNodes(['a'])
    await backend.putNodes([
      { id: 'a', label: 'Memory', properties: { ...node?.properties, title: 'Fourth' } },
    ])
    const history = await backend.getMemoryHistory('a')
    assert.deepEqual(
      history.map(({ version, title }) => [version, title]),
      [
        [1, 'First'],
        [2, 'Second'],
        [3, 'Third'],
      ],
    )
    assert.deepEqual(history[0]?.tags, ['kept'])
    assert.equal((await backend.getMemory('a'))?.version, 4)
    assert.equal((await backend.getMemories(['a']))[0]?.version, 4)
    assert.equal((await backend.searchMemories({ query: 'Fourth' }))[0]?.version, 4)
  },

  'putNodes() that only notes a use makes no new version, nor does getMemory()': async (backend) => {
    await backend.storeMemory(note('a'))
    const stored = await backend.getMemory('a')
    const [node] = await backend.getNodes(['a'])
    await backend.putNodes([
      {
        id: 'a',
        label: 'Memory',
        properties: { ...node?.properties, usage_count: 7, last_accessed: '2026-01-01' },
      },
    ])
    const read = await backend.getMemory('a')
    assert.equal(read?.usage_count, 7)
    assert.equal(read?.version, 1)
    assert.equal(read?.updated_at, stored?.updated_at)
    assert.deepEqual(await backend.getMemoryHistory('a'), [])
  },

  'getMemory() with asOf has the memory as it was, and null before it was created': async (backend) => {
    await storeNotes(backend, 'other')
    await backend.storeMemory(note('a', { title: 'First', created_at: '2026-01-01' }))
    await after(3)
    await backend.updateMemory({ id: 'a', title: 'Second' })
    const second = await backend.getMemory('a')
    await after(3)
    await backend.updateMemory({ id: 'a', title: 'Third' })
    await join(backend, 'r', 'a', 'other', { type: 'SOLVES', properties: { valid_from: '2026-01-01' } })
    const at = async (asOf: string | undefined) => (await backend.getMemory('a', { asOf }))?.title
    assert.equal(await at(undefined), 'Third')
    assert.equal(await at('9999-01-01'), 'Third')
    assert.equal(await at(second?.updated_at), 'Second')
    assert.equal(await at('2026-01-01'), 'First')
    assert.equal(await at('2025-12-31T23:59:59.999999Z'), undefined)
    assert.equal(await backend.getMemory('absent', { asOf: '2026-01-01' }), null)
    const early = await backend.getMemory('a', { asOf: '2026-01-01T09:00:00+09:00' })
    assert.equal(early?.version, 1)
    assert.deepEqual(early?.relationships, { solves: ['Note other'] })
  },

  'deleteMemory() deletes the versions, and a memory of the same id begins anew': async (backend) => {
    await backend.storeMemory(note('a', { title: 'First' }))
    await backend.updateMemory({ id: 'a', title: 'Second' })
    await backend.deleteMemory('a')
    assert.deepEqual(await backend.getMemoryHistory('a'), [])
    assert.equal(await backend.getMemory('a', { asOf: '9999-01-01' }), null)
    await backend.storeMemory(note('a'))
    assert.equal((await backend.getMemory('a'))?.version, 1)
    assert.deepEqual(await backend.getMemoryHistory('a'), [])
  },

  'updateMemory() with the version that was read changes it, with another is MG_CONFLICT': async (
    backend,
  ) => {
    await backend.storeMemory(note('a', { title: 'First' }))
    assert.equal(await backend.updateMemory({ id: 'a', title: 'Second' }, { expectedVersion: 1 }), true)
    await rejectsWith('MG_CONFLICT', () =>
      backend.updateMemory({ id: 'a', title: 'Lost' }, { expectedVersion: 1 }),
    )
    assert.equal((await backend.getMemory('a'))?.title, 'Second')
    assert.equal(await backend.updateMemory({ id: 'absent', title: 'x' }, { expectedVersion: 1 }), false)
    for (const expectedVersion of [0, 1.5, -1])
      await rejectsWith('MG_VALIDATION', () => backend.updateMemory({ id: 'a' }, { expectedVersion }))
  },

  'updateMemory() of many that expect the same version does exactly one': async (backend) => {
    await backend.storeMemory(note('a'))
    const attempts = Array.from({ length: 8 }, (_, at) =>
      backend.updateMemory({ id: 'a', title: `Title ${at}` }, { expectedVersion: 1 }).then(
        () => 'done',
        (error) => error.code,
      ),
    )
    const outcomes = (await Promise.all(attempts)).sort()
    assert.deepEqual(outcomes, [...Array.from({ length: 7 }, () => 'MG_CONFLICT'), 'done'])
    assert.equal((await backend.getMemory('a'))?.version, 2)
  },

  'transaction() that is undone leaves no version': async (backend) => {
    await backend.storeMemory(note('a', { title: 'First' }))
    const attempt = backend.transaction(async (tx) => {
      await tx.updateMemory({ id: 'a', title: 'Second' })
      assert.equal((await tx.getMemory('a'))?.version, 2)
      assert.equal((await tx.getMemoryHistory('a')).length, 1)
      throw new Error('undone')
    })
    await assert.rejects(attempt, /undone/)
    assert.equal((await backend.getMemory('a'))?.version, 1)
    assert.deepEqual(await backend.getMemoryHistory('a'), [])
  },

  'findNodes() with includeHistory has what putNodes() takes elsewhere, history and all': async (
    backend,
    { another },
  ) => {
    await storeNotes(backend, 'a', 'b')
    for (const title of ['Second', 'Third']) await backend.updateMemory({ id: 'a', title })
    const nodes = await backend.findNodes({ includeHistory: true })
    assert.deepEqual(
      nodes.map(({ id, version, history }) => [id, version, history?.map((earlier) => earlier.version)]),
      [
        ['a', 3, [1, 2]],
        ['b', undefined, undefined],
      ],
    )
    assert.equal((await backend.findNodes({ label: 'Memory' }))[0]?.history, undefined)
    const target = await another()
    await target.putNodes(nodes)
    assert.deepEqual(await target.findNodes({ includeHistory: true }), nodes)
    assert.deepEqual(await target.getMemoryHistory('a'), await backend.getMemoryHistory('a'))
    await target.updateMemory({ id: 'a', title: 'Fourth' })
    assert.deepEqual(
      (await target.getMemoryHistory('a')).map(({ version, title }) => [version, title]),
      [
        [1, 'Note a'],
        [2, 'Second'],
        [3, 'Third'],
      ],
    )
  },

  'putNodes() of a memory that is there goes on with its own history': async (backend) => {
    await backend.storeMemory(note('a', { title: 'First' }))
    const [node] = await backend.findNodes({ includeHistory: true })
    const properties = { ...node?.properties, title: 'Second' }
    const replaced_at = '2026-01-01T00:00:00Z'
    const history = [{ version: 7, properties: { ...properties, title: 'Elsewhere' }, replaced_at }]
    await backend.putNodes([{ id: 'a', label: 'Memory', properties, version: 8, history }])
    assert.deepEqual(
      (await backend.getMemoryHistory('a')).map(({ version, title }) => [version, title]),
      [[1, 'First']],
    )
    assert.equal((await backend.getMemory('a'))?.version, 2)
  },

  'putNodes() refuses a history that is none': async (backend) => {
    await backend.storeMemory(note('a'))
    const [node] = await backend.getNodes(['a'])
    const properties = { ...node?.properties, id: 'b' }
    const earlier = { version: 1, properties, replaced_at: '2026-01-01T00:00:00Z' }
    const unfit = [
      { version: 0 },
      { version: 1.5 },
      { version: 1, history: [earlier] },
      { history: [earlier] },
      { version: 3, history: [{ ...earlier, version: 2 }, earlier] },
      { version: 3, history: [earlier, earlier] },
      { version: 3, history: [{ ...earlier, properties: 'text' }] },
      { version: 3, history: [{ ...earlier, replaced_at: 'then' }] },
      { version: 3, history: [{ version: 1, properties }] },
      { version: 3, history: {} },
    ]
    for (const more of unfit) {
      const put = () => backend.putNodes([{ id: 'b', label: 'Memory', properties, ...more } as never])
      await rejectsWith('MG_VALIDATION', put, JSON.stringify(more))
    }
    const task = { id: 't', label: 'Task', properties: {}, version: 2 }
    await rejectsWith('MG_VALIDATION', () => backend.putNodes([task]))
    assert.deepEqual(
      (await backend.findNodes({})).map(({ id }) => id),
      ['a'],
    )
  },
})
