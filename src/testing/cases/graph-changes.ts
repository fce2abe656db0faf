import assert from 'node:assert/strict'
import type { GraphBackend } from '../../backends/graph-backend.js'
import type { GraphView } from '../../graph/graph-view.js'
import { collect, countMemories, rejectsWith } from '../assertions.js'
import { type DrawnEdge, draw, link } from '../drawn-graph.js'
import { type GraphBackendCase, graphCasesOf } from '../graph-backend-case.js'
import { note, storeNotes } from '../samples.js'

const CHAIN: readonly DrawnEdge[] = [
  ['ab', 'a', 'LEADS_TO', 'b', 0.9],
  ['bc', 'b', 'LEADS_TO', 'c', 0.9],
]

/** Views of different parts that have all been used. */
async function usedViews(backend: GraphBackend): Promise<GraphView[]> {
  const all = [
    {},
    { direction: 'outgoing' as const },
    { relationshipTypes: ['LEADS_TO', 'SIMILAR_TO'] },
    { minStrength: 0.5 },
    { start: 'a', maxDepth: 10 },
    { asOf: '9999-12-31T00:00:00Z' },
  ]
  const views = await Promise.all(all.map((options) => backend.graph(options)))
  const first = views[0] as GraphView
  views.push(await first.subgraph(['a', 'b', 'c', 'd', 'e', 'f']))
  for (const view of views) {
    await view.load()
    await reached(view)
  }
  return views
}

/** The ids of what can be reached from `a`, in order of nearness, by each way of asking. */
async function reached(view: GraphView): Promise<string> {
  const near = (await view.neighbors('a', 100)).map(({ id }) => id)
  const walked: string[] = []
  await view.breadthFirst('a', ({ id }) => void walked.push(id))
  assert.deepEqual(walked.slice(1), near, 'a walk and neighbors() agree')
  for (const id of near) assert.equal((await view.shortestPath('a', id))?.node_ids.at(-1), id)
  return near.join(' ')
}

async function allReach(views: readonly GraphView[], expected: string, about: string): Promise<void> {
  for (const [at, view] of views.entries())
    assert.equal(await reached(view), expected, `${about}: view ${at}`)
}

/** What was read for a view is kept true: the next call sees what has been written. */
export const graphChangeCases: readonly GraphBackendCase[] = graphCasesOf('graph changes', {
  'graph() sees what was stored, joined, moved, parted and deleted since it was used': async (backend) => {
    await draw(backend, CHAIN)
    const views = await usedViews(backend)
    await allReach(views, 'b c', 'before')
    await backend.storeMemory(note('d'))
    await allReach(views, 'b c', 'a memory')
    await link(backend, [['cd', 'c', 'LEADS_TO', 'd', 0.9]])
    await allReach(views, 'b c d', 'a relationship')
    await backend.putNodes([{ id: 'e', label: 'Topic', properties: {} }])
    await link(backend, [['ae', 'a', 'SIMILAR_TO', 'e', 0.9]])
    await allReach(views, 'b e c d', 'a node of another label')
    await backend.updateRelationshipProperties('cd', {}, { from_memory_id: 'a' })
    await allReach(views, 'b d e c', 'a relationship that was moved')
    await backend.deleteRelationship('bc')
    await allReach(views, 'b d e', 'a relationship that was deleted')
    await backend.deleteMemory('d')
    await allReach(views, 'b e', 'a memory that was deleted')
    await backend.deleteNodes(['e'])
    await allReach(views, 'b', 'a node that was deleted')
    await draw(backend, [['bd', 'b', 'LEADS_TO', 'd', 0.9]])
    await allReach(views, 'b d', 'a node that is there again')
  },

  'graph() with minStrength sees a strength that was changed since it was used': async (backend) => {
    await draw(backend, CHAIN)
    const strong = await backend.graph({ minStrength: 0.5 })
    const around = await backend.graph({ minStrength: 0.5, start: 'a' })
    const any = await backend.graph()
    assert.deepEqual([await reached(strong), await reached(around)], ['b c', 'b c'])
    assert.equal((await any.shortestPath('a', 'c'))?.strength, 0.81)
    await backend.updateRelationshipProperties('bc', { strength: 0.4 })
    assert.deepEqual([await reached(strong), await reached(around)], ['b', 'b'])
    assert.equal((await any.shortestPath('a', 'c'))?.strength.toFixed(4), '0.3600')
    await backend.updateRelationshipProperties('bc', { strength: 0.5 })
    assert.deepEqual([await reached(strong), await reached(around)], ['b c', 'b c'])
  },

  'graph() sees that a relationship has ended, and still what held before': async (backend) => {
    if (!backend.capabilities.history) return
    await storeNotes(backend, 'a', 'b', 'c')
    const times = { valid_from: '2026-01-01T00:00:00Z' }
    await backend.createRelationships([
      { id: 'ab', from_memory_id: 'a', to_memory_id: 'b', type: 'LEADS_TO', properties: times },
      { id: 'bc', from_memory_id: 'b', to_memory_id: 'c', type: 'LEADS_TO', properties: times },
    ])
    const present = await backend.graph()
    const around = await backend.graph({ start: 'a', maxDepth: 10 })
    const before = await backend.graph({ asOf: '2026-01-02T00:00:00Z' })
    for (const view of [present, around, before]) assert.equal(await reached(view), 'b c')
    await backend.invalidateRelationship('bc')
    assert.deepEqual([await reached(present), await reached(around)], ['b', 'b'])
    assert.equal(await reached(before), 'b c')
    const id = await backend.supersedeRelationship('ab', { to_memory_id: 'c' })
    assert.deepEqual([await reached(present), await reached(around)], ['c', 'c'])
    assert.deepEqual((await present.shortestPath('a', 'c'))?.relationship_ids, [id])
    assert.equal(await reached(before), 'b c')
    const { valid_from } = (await present.graphology()).getEdgeAttributes(id)
    assert.equal(valid_from, (await backend.getRelationship(id))?.properties.valid_from)
  },

  'graph() sees what a transaction() stored when it has ended, and nothing of one that was undone': async (
    backend,
  ) => {
    if (!backend.capabilities.transactions) return
    await draw(backend, CHAIN)
    const views = await usedViews(backend)
    const write = async (fails: boolean): Promise<void> =>
      backend.transaction(async (tx) => {
        await tx.storeMemory(note('d'))
        await tx.createRelationship('a', 'd', 'LEADS_TO', { strength: 0.9 })
        await tx.deleteRelationship('bc')
        if (fails) throw new Error('undone')
      })
    await assert.rejects(write(true), /undone/)
    await allReach(views, 'b c', 'undone')
    await write(false)
    await allReach(views, 'b d', 'stored')
  },

  'graph() sees all that one transaction() stored, or nothing of it, also while it is stored': async (
    backend,
  ) => {
    if (!backend.capabilities.transactions) return
    await draw(backend, CHAIN)
    const views = [await backend.graph(), await backend.graph({ start: 'a', maxDepth: 10 })]
    let isDone = false
    const swap = async (): Promise<void> => {
      for (let at = 0; at < 20; at++) {
        const [last, next] = [at === 0 ? 'bc' : `r${at - 1}`, `r${at}`]
        await backend.transaction(async (tx) => {
          await tx.deleteRelationship(last)
          await tx.createRelationships([
            {
              id: next,
              from_memory_id: 'b',
              to_memory_id: 'c',
              type: 'LEADS_TO',
              properties: { strength: 0.9 },
            },
          ])
        })
      }
      isDone = true
    }
    const look = async (): Promise<void> => {
      while (!isDone)
        for (const view of views) {
          assert.equal((await view.load()).relationships, 2)
          assert.equal((await view.shortestPath('a', 'c'))?.node_ids.length, 3)
        }
    }
    await Promise.all([swap(), look()])
    for (const view of views)
      assert.deepEqual((await view.shortestPath('a', 'c'))?.relationship_ids, ['ab', 'r19'])
  },

  'getRelatedMemories() in transaction() sees what was written in it, also once graph() was loaded': async (
    backend,
  ) => {
    if (!backend.capabilities.transactions) return
    await draw(backend, CHAIN)
    const view = await backend.graph()
    await view.load()
    const related = async (on: Pick<GraphBackend, 'getRelatedMemories'>): Promise<string[]> =>
      (await on.getRelatedMemories('a')).map(([{ id }]) => id)
    assert.deepEqual(await related(backend), ['b', 'c'])
    const undone = backend.transaction(async (tx) => {
      await tx.storeMemory(note('d'))
      await tx.createRelationship('a', 'd', 'LEADS_TO', { strength: 1 })
      await tx.deleteRelationship('bc')
      assert.deepEqual(await related(tx), ['d', 'b'])
      throw new Error('undone')
    })
    await assert.rejects(undone, /undone/)
    assert.deepEqual(await related(backend), ['b', 'c'])
  },

  'graph() sees what another backend on the same store wrote': async (backend, { sameStore }) => {
    await draw(backend, CHAIN)
    const other = sameStore ? await sameStore() : backend
    const views = await usedViews(backend)
    await draw(other, [['cd', 'c', 'LEADS_TO', 'd', 0.9]])
    await allReach(views, 'b c d', 'joined elsewhere')
    await other.updateRelationshipProperties('bc', {}, { from_memory_id: 'a' })
    await allReach(views, 'b c d', 'moved elsewhere')
    assert.equal((await (views[0] as GraphView).neighbors('a')).length, 2)
    await other.deleteMemory('c')
    await allReach(views, 'b', 'deleted elsewhere')
  },

  'graph() sees many changes at once': async (backend) => {
    await draw(backend, CHAIN)
    const view = await backend.graph()
    await view.load()
    const many = Array.from({ length: 3000 }, (_, at) => `n${at}`)
    await storeNotes(backend, ...many)
    await link(
      backend,
      many.map((id, at): DrawnEdge => [`r${at}`, 'a', 'LEADS_TO', id]),
    )
    assert.deepEqual(await view.load(), { nodes: 3003, relationships: 3002 })
    assert.equal((await view.neighbors('a')).length, 3001)
    await backend.deleteNodes(many.slice(10))
    assert.deepEqual(await view.load(), { nodes: 13, relationships: 12 })
    assert.equal((await view.centrality('degree', { limit: 1 }))[0]?.id, 'a')
  },

  'getRelatedMemories() answers the same before load() of graph() and after it': async (backend) => {
    await draw(backend, [
      ...CHAIN,
      ['ac', 'a', 'SIMILAR_TO', 'c', 0.3],
      ['dc', 'd', 'CAUSES', 'c', 0.7],
      ['two', 'd', 'LEADS_TO', 'c', 0.7],
      ['ed', 'e', 'SIMILAR_TO', 'd', 0.1],
      ['loop', 'a', 'LEADS_TO', 'a', 1],
    ])
    await backend.putNodes([{ id: 'topic', label: 'Topic', properties: {} }])
    await link(backend, [
      ['at', 'a', 'OCCURS_IN', 'topic'],
      ['et', 'e', 'OCCURS_IN', 'topic'],
    ])
    const times = { valid_from: '2026-01-01', valid_until: '2026-02-01' }
    await backend.createRelationship('a', 'e', 'BLOCKS', times)
    const asked = ['both', 'outgoing', 'incoming'].flatMap((direction) =>
      [1, 2, 3].flatMap((maxDepth) => [
        { direction, maxDepth },
        { direction, maxDepth, relationshipTypes: ['LEADS_TO', 'SIMILAR_TO'] },
        { direction, maxDepth, limit: 2 },
        { direction, maxDepth, asOf: '2026-01-15T00:00:00Z' },
      ]),
    )
    const answers = async (): Promise<unknown[]> => {
      const all: unknown[] = []
      for (const id of ['a', 'c', 'topic', 'absent'])
        for (const options of asked) all.push(await backend.getRelatedMemories(id, options as never))
      return all
    }
    const before = await answers()
    await (await backend.graph()).load()
    assert.deepEqual(await answers(), before)
    await backend.deleteRelationship('bc')
    await (await backend.graph()).load()
    const after = await answers()
    assert.notDeepEqual(after, before)
    await backend.disconnect()
    await backend.connect()
    await backend.initializeSchema()
    if (backend.capabilities.persistent) assert.deepEqual(await answers(), after)
  },

  'graph() gives views that go on when the backend is connected again': async (backend) => {
    await draw(backend, CHAIN)
    const view = await backend.graph()
    await view.load()
    await backend.disconnect()
    await rejectsWith('MG_NOT_CONNECTED', () => view.load())
    await backend.connect()
    await backend.initializeSchema()
    await draw(backend, [['new', 'a', 'LEADS_TO', 'd']])
    const nodes = await countMemories(backend)
    const relationships = (await collect(backend.listRelationships())).length
    assert.deepEqual(await view.load(), { nodes, relationships })
    assert.deepEqual(await (await backend.graph()).load(), { nodes, relationships })
    assert.deepEqual((await view.shortestPath('a', 'd'))?.relationship_ids, ['new'])
  },
})
