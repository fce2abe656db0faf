import assert from 'node:assert/strict'
import { analyzeClusters } from '../../analytics/analyze-clusters.js'
import { findBridgeMemories } from '../../analytics/find-bridge-memories.js'
import { findMemoryPath } from '../../analytics/find-memory-path.js'
import { graphMetrics } from '../../analytics/graph-metrics.js'
import { suggestRelationships } from '../../analytics/suggest-relationships.js'
import type { GraphBackend } from '../../backends/graph-backend.js'
import { assertPlain, idsOf, present, rejectsWith } from '../assertions.js'
import { draw, link, TWO_GROUPS } from '../drawn-graph.js'
import { type GraphBackendCase, graphCasesOf } from '../graph-backend-case.js'
import { join, note, storeNotes, storeSamples } from '../samples.js'

/** Two groups, about payments and about reports, that `bridge` joins; it has one neighbour in each. */
async function storeGroups(backend: GraphBackend): Promise<void> {
  await draw(
    backend,
    TWO_GROUPS.filter(([id]) => id !== 'between'),
  )
  const of = (group: string, word: string) =>
    [1, 2, 3, 4].map((at) =>
      note(`${group}${at}`, {
        type: at === 1 ? 'problem' : 'solution',
        title: `The ${word} of note ${at}`,
        tags: at === 4 ? [word] : [word, `${word}-team`],
      }),
    )
  await backend.storeMemories([...of('a', 'payment'), ...of('b', 'report'), note('bridge')])
  await link(backend, [
    ['to-a', 'bridge', 'LEADS_TO', 'a1'],
    ['to-b', 'b1', 'CAUSES', 'bridge'],
  ])
}

/** Analyses of memories over the graph of this backend. */
export const graphAnalyticsCases: readonly GraphBackendCase[] = graphCasesOf('graph analytics', {
  'findMemoryPath() has the memories and relationships from one to another': async (backend) => {
    await storeNotes(backend, 'a', 'b')
    await backend.putNodes([{ id: 'topic', label: 'Topic', properties: { title: 'A topic' } }])
    await join(backend, 'at', 'a', 'topic', { type: 'OCCURS_IN', properties: { strength: 0.5 } })
    await join(backend, 'bt', 'b', 'topic', { type: 'OCCURS_IN', properties: { strength: 0.9 } })
    const path = present(await findMemoryPath(backend, 'a', 'b'))
    assertPlain(path, 'a path')
    assert.deepEqual(idsOf(path.nodes), ['a', 'topic', 'b'])
    assert.deepEqual(path.nodes[0]?.memory, { ...(await backend.getMemory('a', false)), relationships: null })
    assert.deepEqual(path.nodes[1], {
      id: 'topic',
      label: 'Topic',
      memory: null,
      properties: { title: 'A topic' },
    })
    assert.deepEqual(path.relationships, [
      await backend.getRelationship('at'),
      await backend.getRelationship('bt'),
    ])
    assert.deepEqual([path.length, path.strength, path.mean_strength], [2, 0.45, 0.7])
    assert.deepEqual(path.alternatives, [])
    assert.equal(await findMemoryPath(backend, 'a', 'b', { direction: 'outgoing' }), null)
    assert.equal(await findMemoryPath(backend, 'a', 'b', { maxDepth: 1 }), null)
    assert.equal(await findMemoryPath(backend, 'a', 'b', { minStrength: 0.6 }), null)
    assert.equal(await findMemoryPath(backend, 'a', 'b', { relationshipTypes: ['SOLVES'] }), null)
    assert.equal(await findMemoryPath(backend, 'a', 'b', { asOf: '2000-01-01T00:00:00Z' }), null)
  },

  'findMemoryPath() has the strongest way where that is asked for, and other ways beside it': async (
    backend,
  ) => {
    await draw(backend, [
      ['ad', 'a', 'LEADS_TO', 'd', 0.1],
      ['ab', 'a', 'LEADS_TO', 'b', 0.9],
      ['bd', 'b', 'LEADS_TO', 'd', 0.9],
      ['ac', 'a', 'LEADS_TO', 'c', 0.5],
      ['cd', 'c', 'LEADS_TO', 'd', 0.5],
    ])
    const ids = (path: { relationships: { id: string }[] }): string => idsOf(path.relationships).join(' ')
    const shortest = present(await findMemoryPath(backend, 'a', 'd', { alternatives: 5 }))
    assert.deepEqual([ids(shortest), ...shortest.alternatives.map(ids)], ['ad', 'ab bd', 'ac cd'])
    const strongest = present(await findMemoryPath(backend, 'a', 'd', { weighted: true, alternatives: 1 }))
    assert.deepEqual([ids(strongest), ...strongest.alternatives.map(ids)], ['ab bd', 'ad'])
    const direct = await findMemoryPath(backend, 'a', 'd', { maxDepth: 1, alternatives: 5 })
    assert.deepEqual(direct?.alternatives, [])
  },

  'findMemoryPath() rejects with MG_NOT_FOUND for an id that does not exist, and refuses what does not fit':
    async (backend) => {
      await storeNotes(backend, 'a', 'b')
      await rejectsWith('MG_NOT_FOUND', () => findMemoryPath(backend, 'a', 'absent'))
      await rejectsWith('MG_NOT_FOUND', () => findMemoryPath(backend, 'absent', 'a'))
      assert.equal(await findMemoryPath(backend, 'a', 'b'), null)
      const unfit: readonly unknown[] = [
        null,
        { depth: 2 },
        { maxDepth: 0 },
        { maxDepth: 21 },
        { maxDepth: 2, weighted: true },
        { alternatives: -1 },
        { direction: 'up' },
        { start: 'a' },
        { signal: 5 },
      ]
      for (const options of unfit) {
        const call = (): Promise<unknown> => findMemoryPath(backend, 'a', 'b', options as never)
        await rejectsWith('MG_VALIDATION', call, JSON.stringify(options))
      }
      await rejectsWith('MG_VALIDATION', () => findMemoryPath(backend, 'a', ''))
      const signal = AbortSignal.abort()
      await rejectsWith('MG_ABORTED', () => findMemoryPath(backend, 'a', 'b', { signal }))
    },

  'analyzeClusters() tells what the communities of the graph are about': async (backend) => {
    await storeGroups(backend)
    await storeNotes(backend, 'alone')
    const { clusters, communities, modularity } = await analyzeClusters(backend, { minSize: 4 })
    assertPlain(clusters, 'clusters')
    assert.deepEqual([clusters.length, communities >= 3], [2, true])
    assert.ok(modularity > 0.3 && modularity < 0.6, `modularity ${modularity}`)
    assert.equal(clusters.flatMap(({ node_ids }) => node_ids).includes('alone'), false)
    const [payments, reports] = ['a1', 'b1'].map((id) =>
      present(
        clusters.find(({ node_ids }) => node_ids.includes(id)),
        id,
      ),
    )
    assert.equal(payments?.node_ids.length, payments?.size)
    assert.deepEqual(payments?.keywords.slice(0, 2), ['payment', 'payment-team'])
    assert.deepEqual(payments?.common_tags, [
      { tag: 'payment', count: 4 },
      { tag: 'payment-team', count: 3 },
    ])
    assert.deepEqual(
      [payments?.central_memory?.title, reports?.central_memory?.title],
      ['The payment of note 1', 'The report of note 1'],
    )
    const alone = clusters.find(({ node_ids }) => !node_ids.includes('bridge'))
    assert.deepEqual(
      [alone?.size, alone?.density, alone?.internal_relationships, alone?.external_relationships],
      [4, 1, 6, 1],
    )
    assert.deepEqual(alone?.memory_types, { problem: 1, solution: 3 })
  },

  'analyzeClusters() leaves out what is small or thin, and looks at the part of the graph it is given':
    async (backend) => {
      await storeGroups(backend)
      const count = async (options: object): Promise<number> =>
        (await analyzeClusters(backend, options)).clusters.length
      assert.equal(await count({ minSize: 4, minDensity: 1 }), 1)
      assert.equal(await count({ minSize: 6 }), 0)
      assert.equal(await count({ minSize: 4, limit: 1 }), 1)
      assert.equal(await count({ minSize: 2, relationshipTypes: ['LEADS_TO'] }), 1)
      assert.equal(await count({ minSize: 1, minStrength: 0.9 }), 9)
      assert.equal(await count({ asOf: '2000-01-01T00:00:00Z' }), 0)
      assert.equal(await count({ start: 'a2', maxDepth: 1 }), 1)
      await rejectsWith('MG_GRAPH_TOO_LARGE', () => analyzeClusters(backend, { maxNodes: 3 }))
      for (const options of [
        { minSize: 0 },
        { minDensity: 2 },
        { seed: -1 },
        { resolution: 0 },
        { size: 3 },
        null,
      ])
        await rejectsWith(
          'MG_VALIDATION',
          () => analyzeClusters(backend, options as never),
          JSON.stringify(options),
        )
    },

  'findBridgeMemories() has the memories that join communities, which need not be all that is joined': async (
    backend,
  ) => {
    await storeGroups(backend)
    const bridges = await findBridgeMemories(backend)
    assertPlain(bridges, 'bridges')
    const ids = bridges.map(({ memory }) => memory.id)
    assert.ok(ids.includes('bridge'), ids.join(' '))
    const bridge = present(bridges.find(({ memory }) => memory.id === 'bridge'))
    assert.deepEqual(
      [bridge.is_articulation_point, bridge.participation, bridge.joins.length],
      [true, 0.5, 1],
    )
    assert.ok(Math.abs(bridge.betweenness - 32 / 56) < 1e-9, String(bridge.betweenness))
    assert.equal(bridge.score, bridge.betweenness * bridge.participation)
    const [joined] = bridge.joins
    assert.ok(['a1', 'b1'].includes(joined?.central_id ?? ''), joined?.central_id ?? 'none')
    assert.deepEqual(joined?.neighbor_ids, [joined?.central_id])
    assert.equal(ids.includes('a2'), false)
    const { clusters } = await analyzeClusters(backend)
    const named = clusters.find(({ community }) => community === joined?.community)
    assert.deepEqual(named?.size, joined?.size)
    assert.deepEqual(await findBridgeMemories(backend, { limit: 1 }), bridges.slice(0, 1))
    assert.deepEqual(await findBridgeMemories(backend, { relationshipTypes: ['RELATED_TO'] }), [])
    for (const options of [{ limit: 0 }, { samples: 0 }, { weight: 1 }])
      await rejectsWith('MG_VALIDATION', () => findBridgeMemories(backend, options as never))
  },

  'graphMetrics() counts memories by their type beside what metrics() counts': async (backend) => {
    await storeSamples(backend)
    await backend.putNodes([{ id: 'topic', label: 'Topic', properties: {} }])
    const { memory_types: types, ...metrics } = await graphMetrics(backend)
    assert.deepEqual(metrics, await (await backend.graph()).metrics())
    assert.deepEqual(types, {
      code_pattern: { count: 1, isolated: 0, average_degree: 1 },
      command: { count: 1, isolated: 1, average_degree: 0 },
      general: { count: 1, isolated: 1, average_degree: 0 },
      problem: { count: 2, isolated: 0, average_degree: 1 },
      solution: { count: 1, isolated: 0, average_degree: 1 },
    })
    const near = await graphMetrics(backend, { start: 'retry-backoff' })
    assert.deepEqual([near.nodes, Object.keys(near.memory_types).sort()], [2, ['problem', 'solution']])
    await rejectsWith('MG_VALIDATION', () => graphMetrics(backend, { exact: true } as never))
  },

  'suggestRelationships() has memories that are not joined yet, by shared neighbours and by text': async (
    backend,
  ) => {
    const about = (id: string, type: string, title: string) => note(id, { type, title })
    await backend.storeMemories([
      about('timeout', 'problem', 'Gateway timeout'),
      about('retry', 'solution', 'Retry what ran into a gateway timeout'),
      about('queue', 'solution', 'Queue of orders'),
      about('shop', 'project', 'The shop'),
      about('hub', 'general', 'Index'),
      about('weather', 'general', 'Sunshine'),
    ])
    await link(backend, [
      ['ts', 'timeout', 'OCCURS_IN', 'shop'],
      ['qs', 'queue', 'APPLIES_TO', 'shop'],
      ['th', 'timeout', 'RELATED_TO', 'hub'],
      ['wh', 'weather', 'RELATED_TO', 'hub'],
      ['qh', 'queue', 'RELATED_TO', 'hub'],
    ])
    const found = await suggestRelationships(backend, 'timeout')
    assertPlain(found, 'suggestions')
    assert.deepEqual(idsOf(found.map(({ memory }) => memory)).sort(), ['queue', 'retry', 'weather'])
    const of = (id: string) => present(found.find(({ memory }) => memory.id === id))
    const retry = of('retry')
    assert.deepEqual(
      [retry.from_memory_id, retry.type, retry.to_memory_id, retry.shared_neighbor_ids, retry.adamic_adar],
      ['retry', 'SOLVES', 'timeout', [], 0],
    )
    assert.ok(retry.match_info?.matched_terms.includes('timeout'))
    const queue = of('queue')
    assert.deepEqual(queue.shared_neighbor_ids, ['hub', 'shop'])
    assert.ok(Math.abs(queue.adamic_adar - (1 / Math.log(3) + 1 / Math.log(2))) < 1e-9)
    assert.ok(queue.score > of('weather').score)
    assert.deepEqual(await suggestRelationships(backend, 'timeout', { limit: 1 }), found.slice(0, 1))
    await backend.createRelationship('retry', 'timeout', 'SOLVES')
    assert.equal(
      (await suggestRelationships(backend, 'timeout')).some(({ memory }) => memory.id === 'retry'),
      false,
    )
    await rejectsWith('MG_NOT_FOUND', () => suggestRelationships(backend, 'absent'))
    for (const options of [{ limit: 0 }, { types: [] }])
      await rejectsWith('MG_VALIDATION', () => suggestRelationships(backend, 'timeout', options as never))
  },

  'findMemoryPath(), analyzeClusters(), findBridgeMemories(), graphMetrics() and suggestRelationships() see the inside of a scoped() view alone':
    async (backend) => {
      if (!backend.capabilities.scopes) return
      const view = backend.scoped({ tenantId: 'a' })
      await storeNotes(view, 'i1', 'i2', 'i3')
      await storeNotes(backend, 'o1', 'o2')
      await link(backend, [
        ['i12', 'i1', 'RELATED_TO', 'i2'],
        ['out', 'i1', 'RELATED_TO', 'o1'],
        ['in', 'o1', 'RELATED_TO', 'i3'],
        ['o12', 'o1', 'RELATED_TO', 'o2'],
      ])
      assert.equal(await findMemoryPath(view, 'i1', 'i3'), null)
      assert.equal((await findMemoryPath(backend, 'i1', 'i3'))?.length, 2)
      await rejectsWith('MG_NOT_FOUND', () => findMemoryPath(view, 'i1', 'o1'))
      const { clusters } = await analyzeClusters(view, { minSize: 1 })
      assert.deepEqual(
        clusters.map(({ node_ids }) => node_ids),
        [['i1', 'i2'], ['i3']],
      )
      assert.deepEqual(await findBridgeMemories(view), [])
      assert.equal((await graphMetrics(view)).nodes, 3)
      const suggested = await suggestRelationships(view, 'i1')
      assert.deepEqual(
        suggested.map(({ memory, shared_neighbor_ids: shared }) => [memory.id, shared]),
        [['i3', []]],
      )
    },
})
