import assert from 'node:assert/strict'
import type { GraphBackend, GraphOptions } from '../../backends/graph-backend.js'
import { idSetOf, rejectsWith } from '../assertions.js'
import { type DrawnEdge, draw, link, VIEW_CALLS } from '../drawn-graph.js'
import { type GraphBackendCase, graphCasesOf } from '../graph-backend-case.js'
import { join, storeNotes } from '../samples.js'

const CHAIN: readonly DrawnEdge[] = [
  ['ab', 'a', 'LEADS_TO', 'b', 0.9],
  ['bc', 'b', 'CAUSES', 'c', 0.8],
  ['cd', 'c', 'LEADS_TO', 'd', 0.4],
  ['de', 'd', 'LEADS_TO', 'e', 0.5],
]

/** The ids of all that a view sees: of nodes, and of relationships. */
async function seen(backend: GraphBackend, options?: GraphOptions): Promise<[string, string]> {
  const graph = await (await backend.graph(options)).graphology()
  return [graph.nodes().sort().join(' '), graph.edges().sort().join(' ')]
}

/** What is near a node, as `id depth`. */
async function near(
  backend: GraphBackend,
  id: string,
  options?: GraphOptions,
  depth?: number,
): Promise<string> {
  const found = await (await backend.graph(options)).neighbors(id, depth)
  return found.map((neighbor) => `${neighbor.id} ${neighbor.depth}`).join(', ')
}

/** Which part of what is stored a view sees. */
export const graphPartCases: readonly GraphBackendCase[] = graphCasesOf('graph parts', {
  'graph() sees every node, whatever its label, and the relationships without an end': async (backend) => {
    await draw(backend, CHAIN)
    await storeNotes(backend, 'alone')
    await backend.putNodes([{ id: 'topic', label: 'Topic', properties: {} }])
    await join(backend, 'topical', 'a', 'topic')
    await join(backend, 'ended', 'a', 'alone', {
      properties: { valid_from: '2025-01-01', valid_until: '2025-02-01' },
    })
    const view = await backend.graph()
    assert.deepEqual(await view.load(), { nodes: 7, relationships: 5 })
    assert.deepEqual(await seen(backend), ['a alone b c d e topic', 'ab bc cd de topical'])
    assert.equal(await near(backend, 'topic', {}, 2), 'a 1, b 2')
    assert.deepEqual(await seen(backend, { relationshipTypes: [], minStrength: 0 }), await seen(backend))
  },

  'graph() of an empty store is empty, and everything can be asked of it': async (backend) => {
    const view = await backend.graph()
    assert.deepEqual(await view.load(), { nodes: 0, relationships: 0 })
    for (const { call } of VIEW_CALLS) await call(view)
    assert.deepEqual(await view.components(), [])
    assert.deepEqual(await view.communities(), { communities: [], modularity: 0 })
    assert.deepEqual(await view.pageRank(), [])
    assert.deepEqual(await view.topologicalOrder(), [])
  },

  'graph() with relationshipTypes sees relationships of these types alone': async (backend) => {
    await draw(backend, CHAIN)
    assert.deepEqual(await seen(backend, { relationshipTypes: ['LEADS_TO'] }), ['a b c d e', 'ab cd de'])
    assert.deepEqual(await seen(backend, { relationshipTypes: ['CAUSES', 'SOLVES'] }), ['a b c d e', 'bc'])
    assert.equal(await near(backend, 'c', { relationshipTypes: ['LEADS_TO'] }, 5), 'd 1, e 2')
  },

  'graph() with asOf sees relationships that held at that instant': async (backend) => {
    await draw(backend, CHAIN)
    const times = { valid_from: '2026-01-01', valid_until: '2026-02-01' }
    await join(backend, 'ended', 'a', 'e', { properties: times })
    await join(backend, 'later', 'b', 'e', { properties: { valid_from: '9999-01-01' } })
    const held = async (asOf: string): Promise<string> => (await seen(backend, { asOf }))[1]
    assert.equal(await held('2025-12-31T23:59:59.999999Z'), '')
    assert.equal(await held('2026-01-01T00:00:00Z'), 'ended')
    assert.equal(await held('2026-01-31T23:59:59.999999Z'), 'ended')
    assert.equal(await held('2026-02-01T00:00:00Z'), '')
    assert.equal(await held('9999-12-31T00:00:00Z'), 'ab bc cd de later')
    assert.deepEqual(await seen(backend, { asOf: null }), ['a b c d e', 'ab bc cd de later'])
    const whenever = { asOf: new Date('2026-01-15T00:00:00Z') }
    assert.equal(await near(backend, 'a', whenever, 3), 'e 1')
    assert.deepEqual(await seen(backend, { ...whenever, start: 'a' }), ['a e', 'ended'])
  },

  'graph() with minStrength sees relationships at least so strong': async (backend) => {
    await draw(backend, CHAIN)
    assert.deepEqual(await seen(backend, { minStrength: 0.5 }), ['a b c d e', 'ab bc de'])
    assert.deepEqual(await seen(backend, { minStrength: 1 }), ['a b c d e', ''])
    assert.equal(await near(backend, 'a', { minStrength: 0.8 }, 9), 'b 1, c 2')
    assert.deepEqual(await seen(backend, { start: 'b', minStrength: 0.85 }), ['a b', 'ab'])
  },

  'graph() with direction walks relationships that way, and types that hold in both directions both ways':
    async (backend) => {
      await draw(backend, [
        ['ab', 'a', 'LEADS_TO', 'b'],
        ['cb', 'c', 'LEADS_TO', 'b'],
        ['db', 'd', 'SIMILAR_TO', 'b'],
        ['de', 'd', 'LEADS_TO', 'e'],
      ])
      assert.equal(await near(backend, 'b', { direction: 'outgoing' }, 2), 'd 1, e 2')
      assert.equal(await near(backend, 'b', { direction: 'incoming' }, 2), 'a 1, c 1, d 1')
      assert.equal(await near(backend, 'b', { direction: 'both' }, 2), 'a 1, c 1, d 1, e 2')
      assert.equal(await near(backend, 'b', {}, 2), 'a 1, c 1, d 1, e 2')
      assert.equal(await near(backend, 'a', { direction: 'outgoing' }, 9), 'b 1, d 2, e 3')
      assert.equal(await near(backend, 'e', { direction: 'incoming' }, 9), 'd 1, b 2, a 3, c 3')
      const symmetric = { direction: 'outgoing', relationshipTypes: ['SIMILAR_TO'] } as const
      assert.equal(await near(backend, 'b', symmetric, 9), 'd 1')
      for (const direction of ['outgoing', 'incoming', 'both'] as const) {
        assert.equal((await backend.graph({ direction })).direction, direction)
        assert.deepEqual(await seen(backend, { direction }), ['a b c d e', 'ab cb db de'])
      }
      assert.equal((await backend.graph({ direction: null })).direction, 'both')
    },

  'graph() with start sees what lies within maxDepth steps, two by default, and what leads there': async (
    backend,
  ) => {
    await draw(backend, [...CHAIN, ['xe', 'x', 'LEADS_TO', 'e'], ['ec', 'e', 'LEADS_TO', 'c']])
    assert.deepEqual(await seen(backend, { start: 'a' }), ['a b c', 'ab bc'])
    assert.deepEqual(await seen(backend, { start: 'a', maxDepth: 1 }), ['a b', 'ab'])
    assert.deepEqual(await seen(backend, { start: 'a', maxDepth: 3 }), ['a b c d e', 'ab bc cd ec'])
    const all = ['a b c d e x', 'ab bc cd de ec xe']
    assert.deepEqual(await seen(backend, { start: 'a', maxDepth: 10 }), all)
    assert.deepEqual(await seen(backend, { start: ['a', 'x'], maxDepth: 1 }), ['a b e x', 'ab xe'])
    assert.deepEqual(await seen(backend, { start: ['a', 'absent'], maxDepth: 1 }), ['a b', 'ab'])
    assert.deepEqual(await seen(backend, { start: 'absent' }), ['', ''])
    assert.deepEqual(await seen(backend, { start: null }), all)
    const inwards = { start: 'e', maxDepth: 1, direction: 'incoming' } as const
    assert.deepEqual(await seen(backend, inwards), ['d e x', 'de xe'])
    const typed = { start: 'a', maxDepth: 10, relationshipTypes: ['LEADS_TO'] }
    assert.deepEqual(await seen(backend, typed), ['a b', 'ab'])
    assert.equal(await near(backend, 'b', { start: 'a' }, 9), 'a 1, c 1')
    assert.equal(await near(backend, 'd', { start: 'a' }, 9), '')
  },

  'graph() refuses more than its budget with MG_GRAPH_TOO_LARGE, and says what to raise': async (backend) => {
    await draw(backend, CHAIN)
    const refused = [
      [{ maxNodes: 4 }, 'maxNodes'],
      [{ maxEdges: 3 }, 'maxEdges'],
      [{ start: 'c', maxNodes: 4 }, 'maxNodes'],
      [{ start: 'c', maxEdges: 3 }, 'maxEdges'],
    ] as const
    for (const [options, named] of refused) {
      const view = await backend.graph(options)
      for (const { method, call } of VIEW_CALLS) {
        if (method === 'neighbors') continue // may answer without reading more than it needs
        await assert.rejects(
          () => call(view),
          ({ code, message }: { code: string; message: string }) => {
            assert.deepEqual([code, message.includes(named)], ['MG_GRAPH_TOO_LARGE', true], `${method}()`)
            return true
          },
        )
      }
    }
    const exact = await backend.graph({ maxNodes: 5, maxEdges: 4 })
    assert.deepEqual(await exact.load(), { nodes: 5, relationships: 4 })
    const small = await backend.graph({ start: 'a', maxDepth: 1, maxNodes: 2, maxEdges: 1 })
    assert.deepEqual(await small.load(), { nodes: 2, relationships: 1 })
    await link(backend, [['more', 'a', 'LEADS_TO', 'c']])
    await rejectsWith('MG_GRAPH_TOO_LARGE', () => exact.load(), 'a graph that has grown')
    await backend.deleteRelationship('more')
    assert.deepEqual(await exact.load(), { nodes: 5, relationships: 4 })
  },

  'graph() knows self-loops, and several relationships between the same two nodes': async (backend) => {
    await draw(backend, [
      ['loop', 'a', 'LEADS_TO', 'a'],
      ['one', 'a', 'LEADS_TO', 'b', 0.2],
      ['two', 'a', 'LEADS_TO', 'b', 0.7],
      ['back', 'b', 'CAUSES', 'a', 0.9],
    ])
    const view = await backend.graph({ direction: 'outgoing' })
    assert.deepEqual(await view.load(), { nodes: 2, relationships: 4 })
    assert.deepEqual(await view.neighbors('a', 3), [{ id: 'b', depth: 1 }])
    assert.deepEqual((await view.shortestPath('a', 'b'))?.relationship_ids, ['two'])
    assert.deepEqual((await (await backend.graph()).shortestPath('a', 'b'))?.relationship_ids, ['back'])
    assert.deepEqual((await view.metrics()).self_loops, 1)
    assert.deepEqual(await view.components(), [['a', 'b']])
  },

  'graph() takes ids of every kind, in the order of their code points': async (backend) => {
    const ids = ['10', '9', '__proto__', 'constructor', 'it\'s "quoted"', 'ｚ', '🦉', 'a b\tc']
    await storeNotes(backend, ...ids)
    const sorted = ['10', '9', '__proto__', 'a b\tc', 'constructor', 'it\'s "quoted"', 'ｚ', '🦉']
    const circle = sorted.map((id, at): DrawnEdge => [`r${at}`, id, 'RELATED_TO', sorted[at - 1] ?? '🦉'])
    await link(backend, circle)
    const view = await backend.graph()
    assert.deepEqual(await view.components(), [sorted])
    assert.deepEqual(
      (await view.neighbors('10', 9)).map(({ id }) => id),
      ['9', '🦉', '__proto__', 'ｚ', 'a b\tc', 'it\'s "quoted"', 'constructor'],
    )
    assert.equal((await view.shortestPath('9', 'ｚ'))?.node_ids.length, 4)
    assert.deepEqual(idSetOf(await view.pageRank()), [...ids].sort())
  },

  'graph() refuses options that it does not know or that do not fit': async (backend) => {
    await storeNotes(backend, 'a')
    const unfit: readonly unknown[] = [
      null,
      'all',
      [],
      { depth: 2 },
      { start: '' },
      { start: [] },
      { start: 5 },
      { start: ['a', null] },
      { start: 'a', maxDepth: 0 },
      { start: 'a', maxDepth: 11 },
      { start: 'a', maxDepth: 1.5 },
      { maxDepth: 2 },
      { relationshipTypes: 'SOLVES' },
      { relationshipTypes: ['KNOWS'] },
      { direction: 'sideways' },
      { asOf: 'then' },
      { minStrength: 2 },
      { minStrength: '0.5' },
      { maxNodes: 0 },
      { maxEdges: -1 },
      { maxNodes: Number.POSITIVE_INFINITY },
    ]
    for (const options of unfit)
      await rejectsWith('MG_VALIDATION', () => backend.graph(options as never), JSON.stringify(options))
  },
})
