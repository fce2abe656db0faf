import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  analyzeClusters,
  findBridgeMemories,
  type GraphBackend,
  graphMetrics,
  InMemoryBackend,
  type Relationship,
  suggestRelationships,
} from '../../src/index.js'
import { collect } from '../../src/testing/assertions.js'
import { type DrawnEdge, draw, link, TWO_GROUPS } from '../../src/testing/drawn-graph.js'
import { note, storeNotes } from '../../src/testing/samples.js'
import { randomGraphs } from '../graph/naive/random-graphs.js'

const TYPES = ['LEADS_TO', 'CAUSES', 'SIMILAR_TO'] as const

const graphs = randomGraphs(14, 40)

/** A backend that holds a random graph of notes. */
async function holding(graph: Parameters<Parameters<typeof graphs.map>[0]>[0]): Promise<GraphBackend> {
  const backend = await InMemoryBackend.create()
  const ids = Array.from({ length: graph.order }, (_, node) => `n${node}`)
  await storeNotes(backend, ...ids)
  const edges = Array.from(graph.from, (from, edge): DrawnEdge => {
    const type = TYPES[graph.type[edge] as number] as DrawnEdge[2]
    return [`r${edge}`, `n${from}`, type, `n${graph.to[edge]}`, graph.strength[edge] as number]
  })
  await link(backend, edges)
  return backend
}

function neighborsOf(relationships: readonly Relationship[], id: string): Set<string> {
  const ends = relationships.map(({ from_memory_id: from, to_memory_id: to }) => [from, to])
  const near = ends.filter((pair) => pair.includes(id)).flat()
  return new Set(near.filter((other) => other !== id))
}

describe('Communities of memories', () => {
  it('have the relationships and pairs that counting one by one finds', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, async (graph) => {
        const backend = await holding(graph)
        const relationships = await collect(backend.listRelationships())
        const { clusters, communities, modularity } = await analyzeClusters(backend, { minSize: 1 })
        const found = await (await backend.graph()).communities()
        expect([communities, modularity]).toEqual([found.communities.length, found.modularity])
        expect(clusters.map(({ node_ids }) => node_ids)).toEqual(found.communities)
        for (const [community, cluster] of clusters.entries()) {
          const { node_ids: ids, size } = cluster
          const within = ({ from_memory_id: from, to_memory_id: to }: Relationship): number =>
            [from, to].filter((id) => ids.includes(id)).length
          const inner = (id: string): number =>
            [...neighborsOf(relationships, id)].filter((other) => ids.includes(other)).length
          const pairs = ids.reduce((sum, id) => sum + inner(id), 0) / 2
          const center = [...ids].sort((a, b) => inner(b) - inner(a) || (a < b ? -1 : 1))[0]
          expect(cluster).toMatchObject({
            community,
            internal_relationships: relationships.filter((one) => within(one) === 2).length,
            external_relationships: relationships.filter((one) => within(one) === 1).length,
            memory_types: { general: size },
            central_memory: { id: center, title: `Note ${center}` },
          })
          expect(cluster.density).toBeCloseTo(size === 1 ? 0 : pairs / ((size * (size - 1)) / 2), 12)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('are joined by just the memories with neighbours in several, as often as counting finds', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, async (graph) => {
        const backend = await holding(graph)
        const relationships = await collect(backend.listRelationships())
        const view = await backend.graph()
        const { communities } = await view.communities()
        const communityOf = (id: string): number => communities.findIndex((ids) => ids.includes(id))
        const bridges = await findBridgeMemories(backend, { limit: 1000 })
        const expected = communities.flat().filter((id) => {
          const near = [...neighborsOf(relationships, id)]
          return near.some((other) => communityOf(other) !== communityOf(id))
        })
        expect(bridges.map(({ memory }) => memory.id).sort()).toEqual(expected.sort())
        const scores = bridges.map(({ score }) => score)
        expect(scores).toEqual([...scores].sort((a, b) => b - a))
        const betweenness = await view.centrality('betweenness')
        const { articulation_points: points } = await view.bridges()
        for (const bridge of bridges) {
          const { id } = bridge.memory
          const near = [...neighborsOf(relationships, id)]
          const numbers = near.map(communityOf)
          const chanceToMeet = numbers.flatMap((one) => numbers.map((other) => Number(one === other)))
          const concentration = chanceToMeet.reduce((sum, same) => sum + same, 0) / numbers.length ** 2
          expect(bridge.participation).toBeCloseTo(1 - concentration, 9)
          expect(bridge.betweenness).toBe(betweenness.find((one) => one.id === id)?.score)
          expect(bridge.is_articulation_point).toBe(points.includes(id))
          expect(bridge.community).toBe(communityOf(id))
          for (const { community, size, neighbor_ids: ids } of bridge.joins) {
            expect([community !== bridge.community, size]).toEqual([true, communities[community]?.length])
            expect(ids).toEqual(near.filter((other) => communityOf(other) === community).sort())
          }
        }
      }),
      { numRuns: 60 },
    )
  })

  it('are named by what sets them apart from all others, also from those that are left out', async () => {
    await using backend = await InMemoryBackend.create()
    await draw(backend, TWO_GROUPS)
    await backend.storeMemories([
      ...['a1', 'a2', 'a3'].map((id) => note(id, { title: 'Shared words, own payment' })),
      ...['a4', 'b1', 'b2', 'b3', 'b4'].map((id) => note(id, { title: 'Shared words' })),
    ])
    const { clusters } = await analyzeClusters(backend)
    expect(clusters.map(({ keywords }) => keywords)).toEqual([
      ['payment', 'shared', 'words'],
      ['shared', 'words'],
    ])
    expect((await analyzeClusters(backend, { limit: 1 })).clusters).toEqual(clusters.slice(0, 1))
  })

  it('may hold nodes of other labels, which are counted and say nothing', async () => {
    await using backend = await InMemoryBackend.create()
    await backend.putNodes(
      ['t1', 't2', 't3'].map((id) => ({ id, label: 'Topic', properties: { tags: ['x'] } })),
    )
    await storeNotes(backend, 'a')
    await link(backend, [
      ['r1', 't1', 'RELATED_TO', 't2'],
      ['r2', 't2', 'RELATED_TO', 't3'],
      ['r3', 't2', 'RELATED_TO', 'a'],
    ])
    const { clusters } = await analyzeClusters(backend)
    expect(clusters).toMatchObject([
      { size: 4, density: 0.5, memory_types: { general: 1 }, central_memory: { id: 'a' }, keywords: [] },
    ])
    await backend.deleteMemory('a')
    expect((await analyzeClusters(backend)).clusters).toMatchObject([
      { size: 3, memory_types: {}, central_memory: null },
    ])
    expect((await graphMetrics(backend)).memory_types).toEqual({})
  })

  it('may hold nodes whose ids every object has a member of', async () => {
    await using backend = await InMemoryBackend.create()
    const named = new Map([
      ['a1', 'constructor'],
      ['a2', '__proto__'],
      ['b1', 'toString'],
      ['b2', '#toString'],
    ])
    const name = (id: string): string => named.get(id) ?? id
    await draw(
      backend,
      TWO_GROUPS.map(([id, from, type, to]): DrawnEdge => [id, name(from), type, name(to)]),
    )
    const { clusters } = await analyzeClusters(backend)
    expect(clusters.map(({ node_ids: ids, central_memory: center }) => [ids, center?.id])).toEqual([
      [['#toString', 'b3', 'b4', 'toString'], '#toString'],
      [['__proto__', 'a3', 'a4', 'constructor'], '__proto__'],
    ])
    const bridges = await findBridgeMemories(backend)
    expect(bridges.map(({ memory, joins }) => [memory.id, joins[0]?.neighbor_ids])).toEqual([
      ['constructor', ['toString']],
      ['toString', ['constructor']],
    ])
    expect((await graphMetrics(backend)).memory_types).toEqual({
      general: { count: 8, isolated: 0, average_degree: 26 / 8 },
    })
    const suggested = await suggestRelationships(backend, 'constructor')
    expect(suggested.find(({ memory }) => memory.id === '#toString')).toMatchObject({
      shared_neighbor_ids: ['toString'],
    })
    expect(suggested.map(({ memory }) => memory.id)).not.toContain('__proto__')
  })

  it('are looked for until somebody stops it, in whichever phase it tells of', async () => {
    await using backend = await InMemoryBackend.create()
    await draw(backend, TWO_GROUPS)
    await (await backend.graph()).load()
    const phases = new Set<string>()
    for (const analyze of [analyzeClusters, findBridgeMemories, graphMetrics]) {
      const told: { done: number; total: number | null; phase: string }[] = []
      await analyze(backend, { onProgress: (progress) => told.push(progress) })
      for (const { phase } of told) phases.add(phase)
      expect(told.at(-1)).toMatchObject({ done: told.at(-1)?.total })
      for (const { phase } of told) {
        const stop = new AbortController()
        const onProgress = (progress: { phase: string }): void => {
          if (progress.phase === phase) stop.abort()
        }
        const stopped = analyze(backend, { onProgress, signal: stop.signal })
        if (phase === told.at(-1)?.phase) await stopped
        else await expect(stopped, phase).rejects.toMatchObject({ code: 'MG_ABORTED' })
      }
    }
    expect([...phases].sort()).toEqual(expect.arrayContaining(['communities', 'reading memories']))
  })
})
