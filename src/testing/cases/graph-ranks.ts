import assert from 'node:assert/strict'
import type { CentralityScore } from '../../graph/graph-view.js'
import { assertPlain, rejectsWith } from '../assertions.js'
import { type DrawnEdge, draw, TWO_GROUPS } from '../drawn-graph.js'
import { type GraphBackendCase, graphCasesOf } from '../graph-backend-case.js'
import { storeNotes } from '../samples.js'

const CHAIN: readonly DrawnEdge[] = [
  ['ab', 'a', 'LEADS_TO', 'b'],
  ['bc', 'b', 'LEADS_TO', 'c'],
  ['cd', 'c', 'LEADS_TO', 'd'],
]

/** `hub` is what all others lead to; it leads to `a` alone. */
const STAR: readonly DrawnEdge[] = [
  ...['a', 'b', 'c'].map((id): DrawnEdge => [`${id}h`, id, 'LEADS_TO', 'hub']),
  ['ha', 'hub', 'LEADS_TO', 'a'],
]

/** Scores to four digits, in their order. */
function shown(scores: readonly CentralityScore[]): string {
  return scores.map(({ id, score }) => `${id} ${score.toFixed(4)}`).join(', ')
}

/** What is central, and what belongs together. */
export const graphRankCases: readonly GraphBackendCase[] = graphCasesOf('graph ranks', {
  'communities() finds what is joined more densely, the greatest first, and puts every node in one': async (
    backend,
  ) => {
    await draw(backend, TWO_GROUPS)
    await storeNotes(backend, 'alone', 'b5')
    await backend.createRelationship('b5', 'b2', 'RELATED_TO')
    const view = await backend.graph()
    const found = await view.communities()
    assertPlain(found, 'communities')
    assert.deepEqual(found.communities, [['b1', 'b2', 'b3', 'b4', 'b5'], ['a1', 'a2', 'a3', 'a4'], ['alone']])
    // By hand: 14 relationships of one strength, 7 and 6 of them within; 15 and 13 ends of 28.
    const expected = 13 / 14 - (15 / 28) ** 2 - (13 / 28) ** 2
    assert.ok(Math.abs(found.modularity - expected) < 1e-6, `modularity ${found.modularity}, not ${expected}`)
    assert.deepEqual(await view.communities({ seed: 1 }), found)
    assert.deepEqual(await view.communities({ seed: 7, resolution: 1 }), found)
    const fine = await view.communities({ resolution: 20 })
    assert.ok(fine.communities.length > 3, `${fine.communities.length} communities`)
  },

  'communities() weighs relationships by their strength': async (backend) => {
    const weak = TWO_GROUPS.map(([id, from, type, to]): DrawnEdge => {
      const isAcross = id === 'between'
      return [id, from, type, to, isAcross ? 1 : 0.02]
    })
    await draw(backend, weak)
    const { communities } = await (await backend.graph()).communities()
    assert.ok(
      communities.some((ids) => ids.includes('a1') && ids.includes('b1')),
      'the two that are joined strongly belong together',
    )
  },

  'centrality() by degree counts relationships at a node, by other nodes there are': async (backend) => {
    await draw(backend, [...CHAIN, ['two', 'a', 'CAUSES', 'b'], ['loop', 'd', 'LEADS_TO', 'd']])
    const scores = await (await backend.graph()).centrality('degree')
    assertPlain(scores, 'scores')
    assert.equal(shown(scores), 'b 1.0000, d 1.0000, a 0.6667, c 0.6667')
  },

  'centrality() by closeness knows how near all is that a node reaches, and how many that are': async (
    backend,
  ) => {
    await draw(backend, CHAIN)
    const both = await (await backend.graph()).centrality('closeness')
    assert.equal(shown(both), 'b 0.7500, c 0.7500, a 0.5000, d 0.5000')
    const outgoing = await (await backend.graph({ direction: 'outgoing' })).centrality('closeness')
    assert.equal(shown(outgoing), 'a 0.5000, b 0.4444, c 0.3333, d 0.0000')
    await storeNotes(backend, 'alone')
    const scaled = await (await backend.graph()).centrality('closeness')
    assert.equal(shown(scaled), 'b 0.5625, c 0.5625, a 0.3750, d 0.3750, alone 0.0000')
  },

  'centrality() by betweenness knows what part of the shortest paths leads through a node': async (
    backend,
  ) => {
    await draw(backend, CHAIN)
    const both = await (await backend.graph()).centrality('betweenness')
    assert.equal(shown(both), 'b 0.6667, c 0.6667, a 0.0000, d 0.0000')
    const outgoing = await (await backend.graph({ direction: 'outgoing' })).centrality('betweenness')
    assert.equal(shown(outgoing), 'b 0.3333, c 0.3333, a 0.0000, d 0.0000')
    await draw(backend, [
      ['ax', 'a', 'LEADS_TO', 'x'],
      ['xc', 'x', 'LEADS_TO', 'c'],
    ])
    const shared = await (await backend.graph()).centrality('betweenness')
    assert.equal(shown(shared), 'c 0.5833, b 0.1667, x 0.1667, a 0.0833, d 0.0000')
  },

  'centrality() by samples is an estimate that the seed decides, and exact where all are samples': async (
    backend,
  ) => {
    await draw(backend, TWO_GROUPS)
    const view = await backend.graph()
    for (const measure of ['betweenness', 'closeness'] as const) {
      const exact = await view.centrality(measure)
      assert.equal(shown(await view.centrality(measure, { samples: null })), shown(exact))
      assert.equal(shown(await view.centrality(measure, { samples: 8 })), shown(exact))
      const estimate = await view.centrality(measure, { samples: 3, seed: 5 })
      assert.equal(estimate.length, 8)
      assert.deepEqual(await view.centrality(measure, { samples: 3, seed: 5 }), estimate)
    }
  },

  'centrality() has the greatest scores first, then the least ids, and as many as limit says': async (
    backend,
  ) => {
    await draw(backend, STAR)
    const view = await backend.graph()
    for (const measure of ['pagerank', 'betweenness', 'degree', 'closeness'] as const) {
      const all = await view.centrality(measure)
      assert.deepEqual([all.length, all[0]?.id], [4, 'hub'], measure)
      assert.deepEqual(await view.centrality(measure, { limit: 2 }), all.slice(0, 2), measure)
      assert.deepEqual(await view.centrality(measure, { limit: null }), all, measure)
    }
    assert.deepEqual(
      (await view.centrality('closeness')).map(({ id }) => id),
      ['hub', 'a', 'b', 'c'],
    )
    assert.equal(shown(await view.centrality('pagerank')), shown(await view.pageRank()))
  },

  'pageRank() is how often a walk along relationships comes by': async (backend) => {
    await draw(backend, STAR)
    const ranks = await (await backend.graph()).pageRank()
    assertPlain(ranks, 'ranks')
    // Of b and c comes what begins there: 0.15 / 4. Then hub = 0.0375 + 0.85 (a + 2 · 0.0375) and a = 0.0375 + 0.85 hub.
    assert.equal(shown(ranks), 'hub 0.4797, a 0.4453, b 0.0375, c 0.0375')
    const sum = ranks.reduce((total, { score }) => total + score, 0)
    assert.ok(Math.abs(sum - 1) < 1e-4, `adds up to ${sum}`)
    assert.equal(shown(await (await backend.graph({ direction: 'outgoing' })).pageRank()), shown(ranks))
    const incoming = await (await backend.graph({ direction: 'incoming' })).pageRank()
    // From b and c, which nothing leads to, the walk begins anew: hub = 0.0375 + 1.275 a and a = 0.0375 + 0.425 a + 0.85 hub / 3.
    assert.equal(shown(incoming), 'hub 0.3246, a 0.2251, b 0.2251, c 0.2251')
  },

  'pageRank() with damping begins anew more or less often': async (backend) => {
    await draw(backend, STAR)
    const view = await backend.graph()
    const half = await view.pageRank({ damping: 0.5 })
    // hub = 0.125 + 0.5 (a + 2 · 0.125) and a = 0.125 + 0.5 hub.
    assert.equal(shown(half), 'hub 0.4167, a 0.3333, b 0.1250, c 0.1250')
    assert.equal(shown(await view.pageRank({ damping: null, limit: 1 })), 'hub 0.4797')
  },

  'pageRank() with weighted takes stronger relationships more often': async (backend) => {
    await draw(backend, [
      ['ab', 'a', 'LEADS_TO', 'b', 0.9],
      ['ac', 'a', 'LEADS_TO', 'c', 0.3],
      ['ba', 'b', 'LEADS_TO', 'a'],
      ['ca', 'c', 'LEADS_TO', 'a'],
    ])
    const view = await backend.graph()
    const of = async (id: string, weighted?: boolean): Promise<number> =>
      (await view.pageRank({ weighted })).find((rank) => rank.id === id)?.score ?? 0
    assert.ok(Math.abs((await of('b')) - (await of('c'))) < 1e-6)
    const beyond = async (id: string): Promise<number> => (await of(id, true)) - 0.05
    assert.ok(Math.abs((await beyond('b')) / (await beyond('c')) - 3) < 1e-3, 'three times as often')
  },

  'pageRank() with seeds is nearness to these, by their weights': async (backend) => {
    await draw(backend, [...CHAIN, ['xy', 'x', 'LEADS_TO', 'y']])
    const view = await backend.graph()
    const ranks = await view.pageRank({ seeds: ['a'] })
    assert.deepEqual(
      ranks.map(({ id }) => id),
      ['a', 'b', 'c', 'd', 'x', 'y'],
    )
    assert.deepEqual(
      ranks.slice(4).map(({ score }) => score),
      [0, 0],
    )
    assert.ok(Math.abs(ranks.reduce((total, { score }) => total + score, 0) - 1) < 1e-4)
    assert.ok(Math.abs((ranks[1]?.score ?? 0) / (ranks[0]?.score ?? 1) - 0.85) < 1e-4)
    const weighed = await view.pageRank({ seeds: { a: 1, x: 3 } })
    const of = (id: string): number => weighed.find((rank) => rank.id === id)?.score ?? 0
    assert.ok(Math.abs(of('x') / of('a') - 3) < 1e-3, shown(weighed))
    assert.equal(shown(await view.pageRank({ seeds: null })), shown(await view.pageRank()))
    await rejectsWith('MG_NOT_FOUND', () => view.pageRank({ seeds: ['a', 'absent'] }))
    await rejectsWith('MG_NOT_FOUND', () => view.pageRank({ seeds: { absent: 1 } }))
  },

  'similarNodes() has the nodes with the most neighbours in common, by those of either': async (backend) => {
    await draw(backend, [
      ['ax', 'a', 'LEADS_TO', 'x'],
      ['ay', 'a', 'SIMILAR_TO', 'y'],
      ['xb', 'x', 'LEADS_TO', 'b'],
      ['yb', 'y', 'CAUSES', 'b'],
      ['cx', 'c', 'LEADS_TO', 'x'],
      ['cz', 'c', 'LEADS_TO', 'z'],
      ['zd', 'z', 'LEADS_TO', 'd'],
    ])
    const view = await backend.graph()
    const similar = await view.similarNodes('a')
    assertPlain(similar, 'similar nodes')
    assert.deepEqual(similar, [
      { id: 'b', score: 1, shared: ['x', 'y'] },
      { id: 'c', score: 1 / 3, shared: ['x'] },
    ])
    assert.deepEqual(await view.similarNodes('a', { limit: 1 }), similar.slice(0, 1))
    assert.deepEqual(await view.similarNodes('absent'), [])
  },

  'communities(), centrality(), pageRank() and similarNodes() refuse what does not fit': async (backend) => {
    await draw(backend, STAR)
    const view = await backend.graph()
    const unfit: readonly (() => Promise<unknown>)[] = [
      () => view.communities({ seed: -1 }),
      () => view.communities({ seed: 1.5 }),
      () => view.communities({ resolution: 0 }),
      () => view.communities({ method: 'leiden' } as never),
      () => view.centrality('popularity' as never),
      () => view.centrality(undefined as never),
      () => view.centrality('betweenness', { samples: 0 }),
      () => view.centrality('degree', { limit: 0 }),
      () => view.centrality('degree', { seed: -1 }),
      () => view.pageRank({ damping: 1 }),
      () => view.pageRank({ damping: 0 }),
      () => view.pageRank({ damping: Number.NaN }),
      () => view.pageRank({ seeds: 'a' as never }),
      () => view.pageRank({ seeds: [] }),
      () => view.pageRank({ seeds: {} }),
      () => view.pageRank({ seeds: { a: -1 } }),
      () => view.pageRank({ seeds: { a: 0 } }),
      () => view.pageRank({ weighted: 1 as never }),
      () => view.similarNodes(''),
      () => view.similarNodes('a', { limit: 0 }),
      () => view.similarNodes('a', { limit: 1001 }),
      () => view.similarNodes('a', 5 as never),
    ]
    for (const call of unfit) await rejectsWith('MG_VALIDATION', call, String(call))
  },
})
