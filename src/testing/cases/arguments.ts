import assert from 'node:assert/strict'
import type { GraphTransaction } from '../../backends/graph-backend.js'
import { collect, idSetOf, present } from '../assertions.js'
import { casesOf, type GraphBackendCase } from '../graph-backend-case.js'
import { storeNotes } from '../samples.js'

/** A memory and what is inside it, all of which the caller may change. */
function changeable(id: string) {
  const metadata = { list: [1, 2], deep: { key: 'as given' } }
  const context = { files_involved: ['as-given.ts'], additional_metadata: metadata }
  return { id, type: 'general', title: 'As given', content: 'As given.', tags: ['as-given'], context }
}

function change(memory: ReturnType<typeof changeable>): void {
  memory.title = 'Changed'
  memory.tags.push('changed')
  memory.context.files_involved[0] = 'changed.ts'
  memory.context.additional_metadata.list.push(3)
  memory.context.additional_metadata.deep.key = 'changed'
}

async function assertAsGiven(on: GraphTransaction, id: string): Promise<void> {
  const { title, tags, context } = present(await on.getMemory(id))
  assert.deepEqual([title, tags, context?.files_involved], ['As given', ['as-given'], ['as-given.ts']])
  assert.deepEqual(context?.additional_metadata, { list: [1, 2], deep: { key: 'as given' } })
}

/** What is stored is what was given at the time of the call. */
export const argumentCases: readonly GraphBackendCase[] = casesOf('arguments', {
  'storeMemory() stores what was given when it was called': async (backend) => {
    const memory = changeable('a')
    const storing = backend.storeMemory(memory)
    change(memory)
    await storing
    await assertAsGiven(backend, 'a')
  },

  'storeMemories() stores what was given when it was called': async (backend) => {
    const memories = ['a', 'b', 'c'].map(changeable)
    const storing = backend.storeMemories(memories)
    memories.forEach(change)
    assert.deepEqual(await storing, ['a', 'b', 'c'])
    for (const id of ['a', 'b', 'c']) await assertAsGiven(backend, id)
  },

  'storeMemories(), putNodes() and createRelationships() keep a list that is emptied after the call': async (
    backend,
  ) => {
    await storeNotes(backend, 'one', 'two')
    const numbers = Array.from({ length: 500 }, (_, at) => at)
    const memories = numbers.map((at) => changeable(`memory-${at}`))
    const nodes = numbers.map((at) => ({ id: `node-${at}`, label: 'Task', properties: {} }))
    const ends = { from_memory_id: 'one', to_memory_id: 'two', type: 'SOLVES' }
    const relationships = numbers.map((at) => ({ ...ends, id: `relationship-${at}` }))
    const expected = [memories, nodes, relationships].map((list) => list.map(({ id }) => id))
    const storing = Promise.all([
      backend.storeMemories(memories),
      backend.putNodes(nodes),
      backend.createRelationships(relationships),
    ])
    for (const list of [memories, nodes, relationships]) list.length = 0
    assert.deepEqual(await storing, expected)
    assert.deepEqual(idSetOf(await collect(backend.listRelationships())), expected[2]?.sort())
    assert.equal((await backend.findNodes({ label: 'Task', limit: 1000 })).length, 500)
  },

  'updateMemory() patches with what was given when it was called': async (backend) => {
    await storeNotes(backend, 'a')
    const patch = changeable('a')
    const patching = backend.updateMemory(patch)
    change(patch)
    assert.equal(await patching, true)
    await assertAsGiven(backend, 'a')
  },

  'putNodes() stores what was given when it was called': async (backend) => {
    const properties = { list: [1], deep: { key: 'as given' } }
    const node = { id: 'a', label: 'Task', properties }
    const putting = backend.putNodes([node])
    properties.list.push(2)
    properties.deep.key = 'changed'
    node.label = 'Changed'
    await putting
    assert.deepEqual(await backend.getNodes(['a']), [
      { id: 'a', label: 'Task', properties: { list: [1], deep: { key: 'as given' } } },
    ])
  },

  'createRelationships() and updateRelationshipProperties() store what was given when they were called':
    async (backend) => {
      await storeNotes(backend, 'a', 'b')
      const properties = { strength: 0.25 }
      const relationship = { id: 'r', from_memory_id: 'a', to_memory_id: 'b', type: 'SOLVES', properties }
      const creating = backend.createRelationships([relationship])
      properties.strength = 1
      relationship.type = 'CAUSES'
      await creating
      const stored = present(await backend.getRelationship('r'))
      assert.deepEqual([stored.type, stored.properties.strength], ['SOLVES', 0.25])
      const patch = { strength: 0.75 }
      const patching = backend.updateRelationshipProperties('r', patch)
      patch.strength = 1
      await patching
      assert.equal((await backend.getRelationship('r'))?.properties.strength, 0.75)
    },

  'storeMemory() inside transaction() stores what was given when it was called': async (backend) => {
    const memory = changeable('a')
    const work = async (on: GraphTransaction): Promise<void> => {
      const storing = on.storeMemory(memory)
      change(memory)
      await storing
    }
    await (backend.capabilities.transactions ? backend.transaction(work) : work(backend))
    await assertAsGiven(backend, 'a')
  },

  'searchMemories() gives each caller objects of its own': async (backend) => {
    await backend.storeMemory(changeable('a'))
    change(present(await backend.getMemory('a')) as never)
    change(present((await backend.searchMemories({}))[0]) as never)
    const [node] = await backend.getNodes(['a'])
    present(node).properties['title'] = 'Changed'
    await assertAsGiven(backend, 'a')
  },
})
