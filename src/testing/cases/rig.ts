import assert from 'node:assert/strict'
import { collect, countMemories, idsOf } from '../assertions.js'
import { casesOf, type GraphBackendCase } from '../graph-backend-case.js'
import { join, note, storeNotes } from '../samples.js'

/** What the other cases stand on: when one of these fails, no other says anything. */
export const rigCases: readonly GraphBackendCase[] = casesOf('rig', {
  'create() gives a connected backend whose schema is ready': async (backend) => {
    const health = await backend.healthCheck()
    assert.equal(health.connected, true)
    assert.equal(health.status, 'healthy', health.error ?? 'no error')
    assert.equal(await backend.storeMemory(note('first')), 'first')
    assert.equal((await backend.getMemory('first'))?.title, 'Note first')
  },

  'create() gives an empty store': async (backend) => {
    assert.deepEqual(await backend.searchMemories({}), [])
    assert.deepEqual(await collect(backend.listMemories()), [])
    assert.deepEqual(await collect(backend.listRelationships()), [])
    assert.deepEqual(await collect(backend.changes()), [])
    assert.deepEqual(await backend.findNodes({ label: 'Memory' }), [])
    assert.equal(await countMemories(backend), 0)
  },

  'create() gives a store of its own each time': async (one, { another }) => {
    const two = await another()
    await storeNotes(one, 'a', 'b')
    await join(one, 'a-b', 'a', 'b')
    await storeNotes(two, 'c')
    assert.deepEqual(idsOf(await one.searchMemories({})).sort(), ['a', 'b'])
    assert.deepEqual(idsOf(await two.searchMemories({})), ['c'])
    assert.equal(await two.getMemory('a'), null)
    assert.equal(await two.getRelationship('a-b'), null)
    await one.deleteMemory('a')
    assert.equal(await countMemories(two), 1)
  },
})
