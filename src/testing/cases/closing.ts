import assert from 'node:assert/strict'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { collect, countMemories, idsOf, rejectsWith } from '../assertions.js'
import { casesOf, type GraphBackendCase } from '../graph-backend-case.js'
import { note, storeNotes } from '../samples.js'

const MANY = 2000
const numbers = Array.from({ length: MANY }, (_, at) => at)

/** What disconnect() does to operations that were called before it, and to those after. */
export const closingCases: readonly GraphBackendCase[] = casesOf('lifecycle', {
  'disconnect() waits for bulks that were called before it, also for those still being checked': async (
    backend,
  ) => {
    await storeNotes(backend, 'one', 'two')
    const memories = numbers.map((at) => note(`note-${at}`))
    const nodes = numbers.map((at) => ({ id: `node-${at}`, label: 'Task', properties: { at } }))
    const ends = { from_memory_id: 'one', to_memory_id: 'two', type: 'SOLVES' }
    const relationships = numbers.map((at) => ({ ...ends, id: `relationship-${at}` }))
    const bulks = Promise.all([
      backend.storeMemories(memories),
      backend.putNodes(nodes),
      backend.createRelationships(relationships),
    ])
    const [stored] = await Promise.all([bulks, backend.disconnect()])
    assert.deepEqual(stored, [idsOf(memories), idsOf(nodes), idsOf(relationships)])
    await backend.connect()
    await backend.initializeSchema()
    if (!backend.capabilities.persistent) return
    assert.equal(await countMemories(backend), MANY + 2)
    assert.equal((await backend.findNodes({ label: 'Task', limit: 10_000 })).length, MANY)
    assert.equal((await collect(backend.listRelationships())).length, MANY)
  },

  'disconnect() refuses calls from when it begins': async (backend) => {
    const bulk = backend.storeMemories(numbers.map((at) => note(`note-${at}`)))
    const closing = Promise.all([bulk, backend.disconnect()])
    closing.catch(() => undefined) // what it rejects with is looked at below
    await nextTurn()
    await rejectsWith('MG_NOT_CONNECTED', () => backend.getMemory('note-0'), 'getMemory()')
    await rejectsWith('MG_NOT_CONNECTED', () => backend.storeMemory(note('late')), 'storeMemory()')
    await rejectsWith('MG_NOT_CONNECTED', () => backend.storeMemories([]), 'storeMemories()')
    await rejectsWith('MG_NOT_CONNECTED', () => collect(backend.listMemories()), 'listMemories()')
    await rejectsWith('MG_NOT_CONNECTED', () => backend.initializeSchema(), 'initializeSchema()')
    const [stored] = await closing
    assert.equal(stored.length, MANY)
    assert.equal((await backend.healthCheck()).connected, false)
  },

  'connect() called while disconnect() waits connects again afterwards': async (backend) => {
    const bulk = backend.storeMemories(numbers.map((at) => note(`note-${at}`)))
    const [stored, , isOpen] = await Promise.all([
      bulk,
      backend.disconnect(),
      backend.connect(),
      backend.initializeSchema(),
    ])
    assert.equal(stored.length, MANY)
    assert.equal(isOpen, true)
    await storeNotes(backend, 'after')
    assert.equal(await countMemories(backend), backend.capabilities.persistent ? MANY + 1 : 1)
  },
})
