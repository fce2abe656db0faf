import assert from 'node:assert/strict'
import type { GraphPath, GraphView, ShortestPathOptions } from '../../graph/graph-view.js'
import { assertPlain, present, rejectsWith } from '../assertions.js'
import { type DrawnEdge, draw } from '../drawn-graph.js'
import { type GraphBackendCase, graphCasesOf } from '../graph-backend-case.js'

/** From `a` to `d`: a weak step, two ways of two steps, and a strong way of three. */
const WAYS: readonly DrawnEdge[] = [
  ['ad', 'a', 'LEADS_TO', 'd', 0.1],
  ['ab', 'a', 'LEADS_TO', 'b', 0.5],
  ['bd', 'b', 'LEADS_TO', 'd', 0.5],
  ['ac', 'a', 'LEADS_TO', 'c', 0.6],
  ['cd', 'c', 'LEADS_TO', 'd', 0.2],
  ['ae', 'a', 'LEADS_TO', 'e', 0.9],
  ['ef', 'e', 'LEADS_TO', 'f', 0.9],
  ['fd', 'f', 'LEADS_TO', 'd', 0.9],
  ['alone', 'y', 'LEADS_TO', 'z'],
]

/** A path as the nodes and relationships that it goes along. */
function along(path: GraphPath | null): string {
  return path === null ? 'none' : `${path.node_ids.join(' ')} by ${path.relationship_ids.join(' ')}`
}

async function shortest(
  view: GraphView,
  from: string,
  to: string,
  options?: ShortestPathOptions,
): Promise<string> {
  return along(await view.shortestPath(from, to, options))
}

/** Ways from one node to another. */
export const graphPathCases: readonly GraphBackendCase[] = graphCasesOf('graph paths', {
  'shortestPath() has the fewest steps, and of several such the one whose ids come first': async (
    backend,
  ) => {
    await draw(backend, WAYS)
    const view = await backend.graph()
    const path = present(await view.shortestPath('a', 'd'))
    assertPlain(path, 'a path')
    assert.deepEqual(path, { node_ids: ['a', 'd'], relationship_ids: ['ad'], strength: 0.1 })
    await backend.deleteRelationship('ad')
    assert.equal(await shortest(view, 'a', 'd'), 'a b d by ab bd')
    assert.equal(await shortest(view, 'd', 'a'), 'd b a by bd ab')
    assert.equal((await view.shortestPath('a', 'd'))?.strength, 0.25)
    assert.equal(await shortest(view, 'b', 'c'), 'b a c by ab ac')
  },

  'shortestPath() walks in the direction of the view, and symmetric types both ways': async (backend) => {
    await draw(backend, [...WAYS, ['sim', 'g', 'SIMILAR_TO', 'd']])
    const outgoing = await backend.graph({ direction: 'outgoing' })
    assert.equal(await shortest(outgoing, 'a', 'd'), 'a d by ad')
    assert.equal(await shortest(outgoing, 'd', 'a'), 'none')
    assert.equal(await shortest(outgoing, 'a', 'g'), 'a d g by ad sim')
    const incoming = await backend.graph({ direction: 'incoming' })
    assert.equal(await shortest(incoming, 'd', 'a'), 'd a by ad')
    assert.equal(await shortest(incoming, 'a', 'd'), 'none')
    assert.equal(await shortest(incoming, 'g', 'a'), 'g d a by sim ad')
  },

  'shortestPath() with weighted has the greatest product of strengths': async (backend) => {
    await draw(backend, [...WAYS, ['weak', 'e', 'LEADS_TO', 'f', 0.1]])
    const view = await backend.graph()
    const path = present(await view.shortestPath('a', 'd', { weighted: true }))
    assert.equal(along(path), 'a e f d by ae ef fd')
    assert.ok(Math.abs(path.strength - 0.729) < 1e-9, String(path.strength))
    assert.equal(await shortest(view, 'a', 'd', { weighted: false }), 'a d by ad')
    assert.equal(await shortest(view, 'a', 'd', { weighted: null }), 'a d by ad')
    await backend.updateRelationshipProperties('fd', { strength: 0.2 })
    assert.equal(await shortest(view, 'a', 'd', { weighted: true }), 'a b d by ab bd')
  },

  'shortestPath() with maxDepth is no longer than that': async (backend) => {
    await draw(backend, WAYS)
    const view = await backend.graph({ minStrength: 0.8 })
    assert.equal(await shortest(view, 'a', 'd'), 'a e f d by ae ef fd')
    assert.equal(await shortest(view, 'a', 'd', { maxDepth: 3 }), 'a e f d by ae ef fd')
    assert.equal(await shortest(view, 'a', 'd', { maxDepth: 2 }), 'none')
    assert.equal(await shortest(view, 'a', 'd', { maxDepth: null }), 'a e f d by ae ef fd')
  },

  'shortestPath() is null where no way leads, and where a node does not exist': async (backend) => {
    await draw(backend, WAYS)
    const view = await backend.graph()
    for (const options of [{}, { weighted: true }, { maxDepth: 5 }]) {
      assert.equal(await view.shortestPath('a', 'z', options), null)
      assert.equal(await view.shortestPath('a', 'absent', options), null)
      assert.equal(await view.shortestPath('absent', 'a', options), null)
    }
    assert.equal(await (await backend.graph({ start: 'y' })).shortestPath('a', 'd'), null)
  },

  'allPaths() has the ways that meet no node twice, shortest first, then by their ids': async (backend) => {
    await draw(backend, [...WAYS, ['back', 'd', 'LEADS_TO', 'a'], ['weak', 'a', 'LEADS_TO', 'b', 0.1]])
    const view = await backend.graph({ direction: 'outgoing' })
    const paths = await view.allPaths('a', 'd')
    assertPlain(paths, 'paths')
    assert.deepEqual(paths.map(along), [
      'a d by ad',
      'a b d by ab bd',
      'a c d by ac cd',
      'a e f d by ae ef fd',
    ])
    assert.deepEqual(paths[1], { node_ids: ['a', 'b', 'd'], relationship_ids: ['ab', 'bd'], strength: 0.25 })
    assert.deepEqual(await view.allPaths('a', 'a'), [])
    assert.deepEqual(await view.allPaths('a', 'z'), [])
    assert.deepEqual(await view.allPaths('a', 'absent'), [])
    assert.deepEqual(await view.allPaths('absent', 'a'), [])
    const both = await (await backend.graph()).allPaths('b', 'c')
    assert.deepEqual(both.slice(0, 2).map(along), ['b a c by ab ac', 'b d c by bd cd'])
  },

  'allPaths() keeps to maxDepth, four by default, and to limit, ten by default': async (backend) => {
    const many = Array.from({ length: 12 }, (_, at) => String.fromCharCode(98 + at))
    await draw(backend, [
      ...many.flatMap((id): DrawnEdge[] => [
        [`a${id}`, 'a', 'LEADS_TO', id],
        [`${id}z`, id, 'LEADS_TO', 'z'],
      ]),
      ['zy', 'z', 'LEADS_TO', 'y'],
      ['yx', 'y', 'LEADS_TO', 'x'],
      ['xw', 'x', 'LEADS_TO', 'w'],
    ])
    const view = await backend.graph({ direction: 'outgoing' })
    const count = async (to: string, options?: object): Promise<number> =>
      (await view.allPaths('a', to, options)).length
    assert.equal(await count('z'), 10)
    assert.equal(await count('z', { limit: 3 }), 3)
    assert.equal(await count('z', { limit: 100 }), 12)
    assert.equal(await count('z', { maxDepth: 1 }), 0)
    assert.equal(await count('x'), 10)
    assert.equal(await count('w'), 0)
    assert.equal(await count('w', { maxDepth: 5, limit: 100 }), 12)
    assert.equal(await count('w', { maxDepth: null, limit: null }), 0)
  },

  'shortestPath() and allPaths() refuse what does not fit': async (backend) => {
    await draw(backend, WAYS)
    const view = await backend.graph()
    const unfit: readonly (() => Promise<unknown>)[] = [
      () => view.shortestPath('a', ''),
      () => view.shortestPath(5 as never, 'a'),
      () => view.shortestPath('a', 'd', { maxDepth: 0 }),
      () => view.shortestPath('a', 'd', { maxDepth: 2, weighted: true }),
      () => view.shortestPath('a', 'd', { weighted: 'yes' as never }),
      () => view.shortestPath('a', 'd', { weigthed: true } as never),
      () => view.shortestPath('a', 'd', 'weighted' as never),
      () => view.allPaths('a', undefined as never),
      () => view.allPaths('a', 'd', { maxDepth: 0 }),
      () => view.allPaths('a', 'd', { maxDepth: 21 }),
      () => view.allPaths('a', 'd', { limit: 0 }),
      () => view.allPaths('a', 'd', { limit: 10_001 }),
      () => view.allPaths('a', 'd', { weighted: true } as never),
    ]
    for (const call of unfit) await rejectsWith('MG_VALIDATION', call, String(call))
  },
})
