import assert from 'node:assert/strict'
import type { GraphPath } from '../../graph/graph-view.js'
import { assertPlain, failureOf, rejectsWith } from '../assertions.js'
import { type DrawnEdge, draw } from '../drawn-graph.js'
import { type GraphBackendCase, graphCasesOf } from '../graph-backend-case.js'
import { storeNotes } from '../samples.js'

/** A circle of three that leads to a chain, and two more nodes. */
const PARTS: readonly DrawnEdge[] = [
  ['ab', 'a', 'LEADS_TO', 'b'],
  ['bc', 'b', 'LEADS_TO', 'c'],
  ['ca', 'c', 'LEADS_TO', 'a'],
  ['cd', 'c', 'LEADS_TO', 'd'],
  ['de', 'd', 'LEADS_TO', 'e'],
  ['xy', 'x', 'SIMILAR_TO', 'y'],
]

const TASKS: readonly DrawnEdge[] = [
  ['r1', 'deploy', 'DEPENDS_ON', 'test'],
  ['r2', 'test', 'DEPENDS_ON', 'build'],
  ['r3', 'deploy', 'DEPENDS_ON', 'approve'],
  ['r4', 'notes', 'FOLLOWS', 'deploy'],
  ['r5', 'build', 'RELATED_TO', 'deploy'],
]

function along({ node_ids, relationship_ids }: GraphPath): string {
  return `${node_ids.join(' ')} by ${relationship_ids.join(' ')}`
}

/** How a graph hangs together. */
export const graphStructureCases: readonly GraphBackendCase[] = graphCasesOf('graph structure', {
  'components() has what is joined in whichever direction, the greatest first': async (backend) => {
    await draw(backend, PARTS)
    await storeNotes(backend, 'alone')
    const expected = [['a', 'b', 'c', 'd', 'e'], ['x', 'y'], ['alone']]
    for (const direction of ['both', 'outgoing', 'incoming'] as const) {
      const view = await backend.graph({ direction })
      assert.deepEqual(await view.components(), expected)
      assert.deepEqual(await view.components({ strong: false }), expected)
    }
  },

  'components() with strong has what reaches each other along relationships as they point': async (
    backend,
  ) => {
    await draw(backend, PARTS)
    const expected = [['a', 'b', 'c'], ['x', 'y'], ['d'], ['e']]
    for (const direction of ['both', 'outgoing', 'incoming'] as const)
      assert.deepEqual(await (await backend.graph({ direction })).components({ strong: true }), expected)
    const view = await backend.graph({ relationshipTypes: ['LEADS_TO'] })
    assert.deepEqual(await view.components({ strong: true }), [['a', 'b', 'c'], ['d'], ['e'], ['x'], ['y']])
  },

  'bridges() has the relationships and nodes that alone link parts': async (backend) => {
    await draw(backend, [...PARTS, ['loop', 'd', 'LEADS_TO', 'd']])
    const view = await backend.graph()
    const bridges = await view.bridges()
    assertPlain(bridges, 'bridges')
    assert.deepEqual(bridges, {
      bridges: [
        { relationship_id: 'cd', from: 'c', to: 'd' },
        { relationship_id: 'de', from: 'd', to: 'e' },
        { relationship_id: 'xy', from: 'x', to: 'y' },
      ],
      articulation_points: ['c', 'd'],
    })
    await backend.createRelationship('e', 'd', 'BLOCKS')
    await backend.createRelationship('e', 'a', 'BLOCKS')
    const outgoing = await backend.graph({ direction: 'outgoing' })
    assert.deepEqual(await outgoing.bridges(), {
      bridges: [{ relationship_id: 'xy', from: 'x', to: 'y' }],
      articulation_points: [],
    })
  },

  'cycles() has each circle once, shortest first, along relationships that hold in one direction': async (
    backend,
  ) => {
    await draw(backend, [
      ...PARTS,
      ['ec', 'e', 'BLOCKS', 'c'],
      ['loop', 'd', 'CAUSES', 'd'],
      ['yx', 'y', 'SIMILAR_TO', 'x'],
      ['weak', 'a', 'LEADS_TO', 'b', 0.1],
    ])
    const view = await backend.graph()
    const cycles = await view.cycles()
    assertPlain(cycles, 'cycles')
    assert.deepEqual(cycles.map(along), ['d d by loop', 'a b c a by ab bc ca', 'c d e c by cd de ec'])
    assert.deepEqual(cycles[1]?.strength, 0.125)
    assert.deepEqual((await view.cycles({ limit: 1 })).map(along), ['d d by loop'])
    assert.deepEqual((await view.cycles({ maxLength: 2 })).map(along), ['d d by loop'])
    const typed = await backend.graph({ relationshipTypes: ['LEADS_TO'] })
    assert.deepEqual((await typed.cycles()).map(along), ['a b c a by ab bc ca'])
  },

  'topologicalOrder() puts each node before those that it points to, and the least id first': async (
    backend,
  ) => {
    await draw(backend, TASKS)
    const view = await backend.graph()
    assert.deepEqual(await view.topologicalOrder(), ['notes', 'deploy', 'approve', 'test', 'build'])
    assert.deepEqual(await view.topologicalOrder(null), await view.topologicalOrder())
    assert.deepEqual(await view.topologicalOrder('DEPENDS_ON'), ['deploy', 'approve', 'test', 'build'])
    assert.deepEqual(await view.topologicalOrder('FOLLOWS'), ['notes', 'deploy'])
    assert.deepEqual(await view.topologicalOrder('BLOCKS'), [])
    const incoming = await backend.graph({ direction: 'incoming' })
    assert.deepEqual(await incoming.topologicalOrder('DEPENDS_ON'), ['approve', 'build', 'test', 'deploy'])
  },

  'topologicalOrder() rejects with MG_CYCLE and the way round where relationships lead in a circle': async (
    backend,
  ) => {
    await draw(backend, [...TASKS, ['r6', 'build', 'FOLLOWS', 'deploy']])
    const view = await backend.graph()
    await rejectsWith('MG_CYCLE', () => view.topologicalOrder())
    const failure = (await failureOf(() => view.topologicalOrder())) as { details: { path: string[] } }
    const { path } = failure.details
    assert.deepEqual([path.length, path[0]], [4, path.at(-1)])
    assert.deepEqual([...new Set(path)].sort(), ['build', 'deploy', 'test'])
    assert.deepEqual(await view.topologicalOrder('DEPENDS_ON'), ['deploy', 'approve', 'test', 'build'])
  },

  'subgraph() sees those of the nodes that exist, and the relationships among them': async (backend) => {
    await draw(backend, PARTS)
    const view = await backend.graph({ direction: 'outgoing', relationshipTypes: ['LEADS_TO'] })
    const part = await view.subgraph(['c', 'd', 'a', 'x', 'y', 'absent', 'c'])
    assert.deepEqual(await part.load(), { nodes: 5, relationships: 2 })
    assert.equal(part.direction, 'outgoing')
    assert.deepEqual(await part.neighbors('c', 9), [
      { id: 'a', depth: 1 },
      { id: 'd', depth: 1 },
    ])
    assert.deepEqual(await part.neighbors('a', 9), [])
    assert.deepEqual(await part.neighbors('b', 9), [])
    assert.equal(await part.shortestPath('a', 'd'), null)
    assert.deepEqual(await part.components(), [['a', 'c', 'd'], ['x'], ['y']])
    const less = await part.subgraph(['a', 'b', 'c'])
    assert.deepEqual((await less.graphology()).nodes().sort(), ['a', 'c'])
    assert.deepEqual(await (await view.subgraph([])).load(), { nodes: 0, relationships: 0 })
    await backend.createRelationship('a', 'd', 'LEADS_TO')
    assert.deepEqual((await part.shortestPath('a', 'd'))?.node_ids, ['a', 'd'])
  },

  'metrics() counts nodes, relationships and how they hang together': async (backend) => {
    await draw(backend, [
      ['ab', 'a', 'LEADS_TO', 'b', 0.9],
      ['ba', 'b', 'CAUSES', 'a', 0.7],
      ['bc', 'b', 'LEADS_TO', 'c', 0.5],
      ['loop', 'c', 'LEADS_TO', 'c', 0.4],
      ['de', 'd', 'SIMILAR_TO', 'e', 0.5],
    ])
    await backend.putNodes([{ id: 'topic', label: 'Topic', properties: {} }])
    const { average_strength: strength, ...metrics } = await (await backend.graph()).metrics()
    assert.ok(Math.abs((strength ?? 0) - 0.6) < 1e-9, String(strength))
    assertPlain(metrics, 'metrics')
    assert.deepEqual(metrics, {
      nodes: 6,
      relationships: 5,
      density: 5 / 30,
      average_degree: 10 / 6,
      greatest_degree: { id: 'b', degree: 3 },
      isolated: 1,
      self_loops: 1,
      reciprocity: 3 / 4,
      components: 3,
      largest_component: 3,
      strong_components: 4,
      relationships_by_type: { LEADS_TO: 3, CAUSES: 1, SIMILAR_TO: 1 },
      nodes_by_label: { Memory: 5, Topic: 1 },
    })
  },

  'metrics() of an empty store divides by nothing': async (backend) => {
    assert.deepEqual(await (await backend.graph()).metrics(), {
      nodes: 0,
      relationships: 0,
      density: 0,
      average_degree: 0,
      greatest_degree: null,
      isolated: 0,
      self_loops: 0,
      reciprocity: 0,
      average_strength: null,
      components: 0,
      largest_component: 0,
      strong_components: 0,
      relationships_by_type: {},
      nodes_by_label: {},
    })
  },

  'components(), cycles(), topologicalOrder() and subgraph() refuse what does not fit': async (backend) => {
    await draw(backend, PARTS)
    const view = await backend.graph()
    const unfit: readonly (() => Promise<unknown>)[] = [
      () => view.components({ strong: 'yes' as never }),
      () => view.components({ weak: true } as never),
      () => view.bridges({ limit: 5 } as never),
      () => view.cycles({ maxLength: 0 }),
      () => view.cycles({ maxLength: 51 }),
      () => view.cycles({ limit: 0 }),
      () => view.cycles({ limit: 10_001 }),
      () => view.topologicalOrder('KNOWS'),
      () => view.topologicalOrder('RELATED_TO'),
      () => view.topologicalOrder(5 as never),
      () => view.subgraph('a' as never),
      () => view.subgraph(['a', '']),
      () => view.subgraph(null as never),
      () => view.metrics({ exact: true } as never),
      () => view.load('now' as never),
    ]
    for (const call of unfit) await rejectsWith('MG_VALIDATION', call, String(call))
  },
})
