import assert from 'node:assert/strict'
import { collect, idsOf, rejectsWith } from '../assertions.js'
import { casesOf, type GraphBackendCase } from '../graph-backend-case.js'
import { COMPLETE_MEMORY, join, note, storeNotes, storeSamples } from '../samples.js'

/** Takes everything out of a value. */
function emptyOut(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  for (const member of Object.values(value)) emptyOut(member)
  for (const key of Object.keys(value)) Reflect.deleteProperty(value, key)
}

/** Reading and deleting memories. */
export const readingCases: readonly GraphBackendCase[] = casesOf('memories', {
  'getMemory() resolves to null for an unknown id and for nodes of other labels': async (backend) => {
    await backend.putNodes([{ id: 'task', label: 'Task', properties: {} }])
    assert.equal(await backend.getMemory('unknown'), null)
    assert.equal(await backend.getMemory('task'), null)
  },

  'getMemory() has titles of current relationships by lower-cased type, or null where told so': async (
    backend,
  ) => {
    await storeSamples(backend)
    const related = { solves: ['Retry with exponential backoff'] }
    const read = async (options?: boolean | { includeRelationships?: boolean }): Promise<unknown> =>
      (await backend.getMemory('gateway-timeout', options))?.relationships
    assert.deepEqual([await read(), await read(true), await read({})], [related, related, related])
    assert.deepEqual([await read(false), await read({ includeRelationships: false })], [null, null])
    assert.deepEqual((await backend.getMemory('river-names'))?.relationships, {})
  },

  'getMemory() does not change what it reads': async (backend) => {
    await backend.storeMemory(COMPLETE_MEMORY)
    const first = await backend.getMemory('complete')
    assert.deepEqual(await backend.getMemory('complete'), first)
    await backend.searchMemories({ query: 'everything' })
    assert.deepEqual(await backend.getMemory('complete'), first)
  },

  'getMemory(), getNodes() and getRelationship() read copies, which the caller may change': async (
    backend,
  ) => {
    await backend.storeMemory(COMPLETE_MEMORY)
    await backend.putNodes([{ id: 'task', label: 'Task', properties: { list: [1] } }])
    await join(backend, 'r', 'complete', 'task')
    const read = async (): Promise<unknown[]> => [
      await backend.getMemory('complete'),
      await backend.getRelationship('r'),
      ...(await backend.getNodes(['task'])),
      ...(await backend.searchMemories({})),
    ]
    const before = structuredClone(await read())
    for (const value of await read()) emptyOut(value)
    assert.deepEqual(await read(), before)
  },

  'storeMemory() and putNodes() keep copies of what they are given': async (backend) => {
    const tags = ['kept']
    const files_involved = ['kept.ts']
    const metadata = { list: ['kept'] }
    const context = { files_involved, additional_metadata: metadata }
    const properties = { list: ['kept'] }
    await backend.storeMemory({ ...note('a'), tags, context })
    await backend.putNodes([{ id: 'task', label: 'Task', properties }])
    for (const list of [tags, files_involved, metadata.list, properties.list]) list.push('added later')
    const memory = await backend.getMemory('a')
    assert.deepEqual([memory?.tags, memory?.context?.files_involved], [['kept'], ['kept.ts']])
    assert.deepEqual(memory?.context?.additional_metadata, { list: ['kept'] })
    assert.deepEqual((await backend.getNodes(['task']))[0]?.properties, { list: ['kept'] })
  },

  'getMemories() gives those that exist, in the order asked for, without relationships': async (backend) => {
    await storeSamples(backend)
    await backend.putNodes([{ id: 'task', label: 'Task', properties: {} }])
    const found = await backend.getMemories(['slow-report', 'unknown', 'task', 'gateway-timeout'])
    assert.deepEqual(idsOf(found), ['slow-report', 'gateway-timeout'])
    assert.deepEqual(found[1], await backend.getMemory('gateway-timeout', false))
    assert.deepEqual(await backend.getMemories([]), [])
  },

  'deleteMemory() resolves to true, then to false': async (backend) => {
    await storeNotes(backend, 'a', 'b')
    assert.equal(await backend.deleteMemory('a'), true)
    assert.equal(await backend.getMemory('a'), null)
    assert.equal(await backend.deleteMemory('a'), false)
    assert.deepEqual(idsOf(await collect(backend.listMemories())), ['b'])
  },

  "deleteMemory() removes the memory's relationships": async (backend) => {
    await storeSamples(backend)
    await backend.deleteMemory('retry-backoff')
    assert.equal(await backend.getRelationship('backoff-solves-timeout'), null)
    assert.deepEqual((await backend.getMemory('gateway-timeout'))?.relationships, {})
    assert.deepEqual(await backend.getRelatedMemories('gateway-timeout'), [])
    assert.equal((await backend.getMemoryStatistics()).total_relationships.count, 2)
    await backend.storeMemory(note('retry-backoff'))
    assert.deepEqual((await backend.getMemory('retry-backoff'))?.relationships, {})
  },

  "deleteMemory() removes the memory's text": async (backend) => {
    await storeSamples(backend)
    await backend.deleteMemory('retry-backoff')
    for (const search_tolerance of ['strict', 'normal', 'fuzzy'] as const) {
      assert.deepEqual(await backend.searchMemories({ query: 'exponential', search_tolerance }), [])
    }
    assert.deepEqual(await backend.recallMemories('exponential'), [])
  },

  'getMemory(), getMemories() and deleteMemory() refuse what are no ids and no options': async (backend) => {
    await storeNotes(backend, 'a')
    for (const id of [5, null, undefined, {}, ['a'], '', 'x'.repeat(256), 'a\u0000', '\ud83e']) {
      await rejectsWith('MG_VALIDATION', () => backend.getMemory(id as never), `getMemory(${String(id)})`)
      await rejectsWith(
        'MG_VALIDATION',
        () => backend.getMemories([id] as never),
        `getMemories([${String(id)}])`,
      )
      await rejectsWith(
        'MG_VALIDATION',
        () => backend.deleteMemory(id as never),
        `deleteMemory(${String(id)})`,
      )
    }
    for (const ids of ['a', null, undefined, { 0: 'a' }]) {
      await rejectsWith(
        'MG_VALIDATION',
        () => backend.getMemories(ids as never),
        `getMemories(${String(ids)})`,
      )
    }
    for (const options of ['yes', 5, { includeRelationships: 'yes' }, { asof: '2026-01-01' }]) {
      await rejectsWith(
        'MG_VALIDATION',
        () => backend.getMemory('a', options as never),
        JSON.stringify(options),
      )
    }
    assert.equal((await backend.getMemory('a'))?.id, 'a')
  },

  'deleteMemory() leaves nodes of other labels alone': async (backend) => {
    await backend.putNodes([{ id: 'task', label: 'Task', properties: {} }])
    assert.equal(await backend.deleteMemory('task'), false)
    assert.equal((await backend.getNodes(['task'])).length, 1)
  },
})
