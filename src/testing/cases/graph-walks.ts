import assert from 'node:assert/strict'
import type { GraphBackend } from '../../backends/graph-backend.js'
import type { GraphView, GraphVisit } from '../../graph/graph-view.js'
import { assertPlain, rejectsWith } from '../assertions.js'
import { type DrawnEdge, draw } from '../drawn-graph.js'
import { type GraphBackendCase, graphCasesOf } from '../graph-backend-case.js'

/** Two ways to `d`, of which one goes on to `e`, and a circle back. */
const DIAMOND: readonly DrawnEdge[] = [
  ['ab', 'a', 'LEADS_TO', 'b'],
  ['ac', 'a', 'LEADS_TO', 'c'],
  ['bd', 'b', 'LEADS_TO', 'd'],
  ['cd', 'c', 'LEADS_TO', 'd'],
  ['de', 'd', 'LEADS_TO', 'e'],
  ['ea', 'e', 'LEADS_TO', 'a'],
]

type Walk = 'breadthFirst' | 'depthFirst'

/** The ids that a walk comes to, and how often. */
async function visited(
  view: GraphView,
  walk: Walk,
  start: string,
  says: (visit: GraphVisit) => unknown = () => undefined,
): Promise<string> {
  const ids: string[] = []
  await view[walk](start, (visit) => {
    ids.push(visit.id)
    return says(visit)
  })
  return ids.join(' ')
}

async function diamond(backend: GraphBackend): Promise<GraphView> {
  await draw(backend, DIAMOND)
  return backend.graph({ direction: 'outgoing' })
}

/** Walks from node to node. */
export const graphWalkCases: readonly GraphBackendCase[] = graphCasesOf('graph walks', {
  'neighbors() has the nodes within so many steps, one by default, nearest first, then by id': async (
    backend,
  ) => {
    const view = await diamond(backend)
    const near = async (depth?: number): Promise<string> =>
      (await view.neighbors('a', depth)).map(({ id, depth: steps }) => `${id}${steps}`).join(' ')
    assert.equal(await near(), 'b1 c1')
    assert.equal(await near(1), 'b1 c1')
    assert.equal(await near(2), 'b1 c1 d2')
    assert.equal(await near(3), 'b1 c1 d2 e3')
    assert.equal(await near(100), 'b1 c1 d2 e3')
    assertPlain(await view.neighbors('a', 3), 'neighbours')
    assert.deepEqual(await view.neighbors('absent', 3), [])
  },

  'neighbors() answers the same before load() and after it': async (backend) => {
    await draw(backend, [...DIAMOND, ['ef', 'f', 'SIMILAR_TO', 'e', 0.2]])
    for (const direction of ['outgoing', 'incoming', 'both'] as const) {
      for (const relationshipTypes of [[], ['SIMILAR_TO', 'LEADS_TO'], ['LEADS_TO']]) {
        for (const minStrength of [null, 0.4]) {
          const view = await backend.graph({ direction, relationshipTypes, minStrength })
          const before = [await view.neighbors('a', 3), await view.neighbors('f', 2)]
          await view.load()
          assert.deepEqual([await view.neighbors('a', 3), await view.neighbors('f', 2)], before)
        }
      }
    }
  },

  'breadthFirst() tells of each node once, the nearest first, and how it came there': async (backend) => {
    const view = await diamond(backend)
    const visits: GraphVisit[] = []
    await view.breadthFirst('a', (visit) => visits.push({ ...visit }))
    assert.deepEqual(visits, [
      { id: 'a', depth: 0, relationship_id: null, from: null },
      { id: 'b', depth: 1, relationship_id: 'ab', from: 'a' },
      { id: 'c', depth: 1, relationship_id: 'ac', from: 'a' },
      { id: 'd', depth: 2, relationship_id: 'bd', from: 'b' },
      { id: 'e', depth: 3, relationship_id: 'de', from: 'd' },
    ])
  },

  'depthFirst() goes on from each node before the next neighbour of the one before': async (backend) => {
    const view = await diamond(backend)
    const visits: GraphVisit[] = []
    await view.depthFirst('a', (visit) => visits.push({ ...visit }))
    assert.deepEqual(visits, [
      { id: 'a', depth: 0, relationship_id: null, from: null },
      { id: 'b', depth: 1, relationship_id: 'ab', from: 'a' },
      { id: 'd', depth: 2, relationship_id: 'bd', from: 'b' },
      { id: 'e', depth: 3, relationship_id: 'de', from: 'd' },
      { id: 'c', depth: 1, relationship_id: 'ac', from: 'a' },
    ])
  },

  'breadthFirst() and depthFirst() walk in the direction of the view': async (backend) => {
    await draw(backend, DIAMOND)
    const walks = async (direction: GraphView['direction']): Promise<string[]> => {
      const view = await backend.graph({ direction })
      return [await visited(view, 'breadthFirst', 'd'), await visited(view, 'depthFirst', 'd')]
    }
    assert.deepEqual(await walks('outgoing'), ['d e a b c', 'd e a b c'])
    assert.deepEqual(await walks('incoming'), ['d b c a e', 'd b a e c'])
    assert.deepEqual(await walks('both'), ['d b c e a', 'd b a c e'])
  },

  'breadthFirst() and depthFirst() end where the visitor says stop': async (backend) => {
    const view = await diamond(backend)
    const stop = ({ id }: GraphVisit): unknown => (id === 'c' ? 'stop' : undefined)
    assert.equal(await visited(view, 'breadthFirst', 'a', stop), 'a b c')
    assert.equal(await visited(view, 'depthFirst', 'a', stop), 'a b d e c')
    const stopAtOnce = (): unknown => 'stop'
    assert.equal(await visited(view, 'breadthFirst', 'a', stopAtOnce), 'a')
    assert.equal(await visited(view, 'depthFirst', 'a', stopAtOnce), 'a')
  },

  'breadthFirst() and depthFirst() leave out what lies behind a node of which the visitor says prune': async (
    backend,
  ) => {
    const view = await diamond(backend)
    const prune =
      (...ids: string[]) =>
      ({ id }: GraphVisit): unknown =>
        ids.includes(id) ? 'prune' : undefined
    assert.equal(await visited(view, 'breadthFirst', 'a', prune('d')), 'a b c d')
    assert.equal(await visited(view, 'depthFirst', 'a', prune('b')), 'a b c d e')
    assert.equal(await visited(view, 'breadthFirst', 'a', prune('b', 'c')), 'a b c')
    assert.equal(await visited(view, 'depthFirst', 'a', prune('a')), 'a')
  },

  'breadthFirst() and depthFirst() go on whatever else the visitor returns, and fail with what it throws':
    async (backend) => {
      const view = await diamond(backend)
      for (const walk of ['breadthFirst', 'depthFirst'] as const) {
        for (const answer of [true, false, null, 0, 'on', {}])
          assert.equal((await visited(view, walk, 'a', () => answer)).length, 9, `${walk} ${String(answer)}`)
        const broken = new Error('the visitor failed')
        const fail = (): never => {
          throw broken
        }
        await assert.rejects(visited(view, walk, 'a', fail), broken)
        await rejectsWith(
          'MG_VALIDATION',
          () => visited(view, walk, 'a', async () => 'stop'),
          `${walk} later`,
        )
        assert.equal(await visited(view, walk, 'absent'), '')
      }
    },

  'neighbors(), breadthFirst() and depthFirst() refuse what does not fit': async (backend) => {
    const view = await diamond(backend)
    const unfit: readonly (() => Promise<unknown>)[] = [
      () => view.neighbors('', 1),
      () => view.neighbors(5 as never),
      () => view.neighbors('a', 0),
      () => view.neighbors('a', 101),
      () => view.neighbors('a', 1.5),
      () => view.neighbors('a', 'far' as never),
      () => view.neighbors('a', 1, { far: true } as never),
      () => view.breadthFirst('a', null as never),
      () => view.breadthFirst('', () => undefined),
      () => view.depthFirst('a', 'visit' as never),
      () => view.depthFirst(null as never, () => undefined),
      () => view.depthFirst('a', () => undefined, { depth: 2 } as never),
    ]
    for (const call of unfit) await rejectsWith('MG_VALIDATION', call, String(call))
  },
})
