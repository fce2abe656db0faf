import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { GraphView } from '../../../src/graph/graph-view.js'
import { createGraphView } from '../../../src/graph/view/source-view.js'
import { graphOf, PlainSource, viewOf } from './plain-source.js'

/** Any method, with anything. */
type Loose = { [Method in keyof GraphView]: (...given: unknown[]) => Promise<unknown> }
const visit = (): void => undefined

/** The arguments that come before the options of each method. */
const METHODS: { [Method in Exclude<keyof GraphView, 'direction' | 'subgraph'>]: unknown[] } = {
  load: [],
  graphology: [],
  neighbors: ['a', 1],
  breadthFirst: ['a', visit],
  depthFirst: ['a', visit],
  shortestPath: ['a', 'b'],
  allPaths: ['a', 'b'],
  components: [],
  communities: [],
  centrality: ['degree'],
  pageRank: [],
  bridges: [],
  cycles: [],
  topologicalOrder: ['SOLVES'],
  metrics: [],
  similarNodes: ['a'],
}
const NO_IDS = [undefined, null, '', 7, ['a'], {}, 'x'.repeat(256), 'a\u0000b', '\ud800', Symbol('a')]
const NO_COUNTS = [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60, '3', true, [1]]

const source = new PlainSource(graphOf([['a', 'b']]))
const view = createGraphView(source) as unknown as Loose

async function expectRefused(method: string, ...given: unknown[]): Promise<void> {
  const what = `${method}(${given.map((value) => inspect(value)).join(', ')})`
  const call = view[method as keyof Loose](...given)
  await expect(call, what).rejects.toMatchObject({ name: 'ValidationError', code: 'MG_VALIDATION' })
  expect(source.asked).toBe(0)
}

describe('a view refuses', () => {
  it.each(Object.entries(METHODS))('options of %s() that are none', async (method, before) => {
    for (const options of [null, 7, 'all', [], new Map(), new Date()])
      await expectRefused(method, ...before, options)
    await expectRefused(method, ...before, { unknown: undefined })
    await expectRefused(method, ...before, { signal: {} })
    await expectRefused(method, ...before, { signal: null })
    await expectRefused(method, ...before, { onProgress: 'tell' })
  })

  it('what is no id', async () => {
    for (const id of NO_IDS) {
      await expectRefused('neighbors', id)
      await expectRefused('breadthFirst', id, visit)
      await expectRefused('depthFirst', id, visit)
      await expectRefused('shortestPath', id, 'b')
      await expectRefused('shortestPath', 'a', id)
      await expectRefused('allPaths', id, 'b')
      await expectRefused('allPaths', 'a', id)
      await expectRefused('similarNodes', id)
      await expectRefused('subgraph', ['a', id])
      await expectRefused('pageRank', { seeds: [id] })
    }
    for (const ids of [undefined, null, 'a', new Set(['a']), { 0: 'a', length: 1 }])
      await expectRefused('subgraph', ids)
  })

  it('a visitor that is no function', async () => {
    for (const visitor of [undefined, null, {}, 'stop']) {
      await expectRefused('breadthFirst', 'a', visitor)
      await expectRefused('depthFirst', 'a', visitor)
    }
  })

  it('numbers out of range', async () => {
    for (const number of [...NO_COUNTS, 101]) await expectRefused('neighbors', 'a', number)
    await expectRefused('neighbors', 'a', null)
    for (const number of NO_COUNTS) {
      await expectRefused('shortestPath', 'a', 'b', { maxDepth: number })
      await expectRefused('allPaths', 'a', 'b', { maxDepth: number })
      await expectRefused('allPaths', 'a', 'b', { limit: number })
      await expectRefused('centrality', 'closeness', { samples: number })
      await expectRefused('centrality', 'degree', { limit: number })
      await expectRefused('pageRank', { limit: number })
      await expectRefused('cycles', { maxLength: number })
      await expectRefused('cycles', { limit: number })
      await expectRefused('similarNodes', 'a', { limit: number })
    }
    for (const seed of [-1, 0.5, Number.NaN, '1', 2 ** 60]) {
      await expectRefused('communities', { seed })
      await expectRefused('centrality', 'betweenness', { seed })
    }
    for (const resolution of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, '1'])
      await expectRefused('communities', { resolution })
    for (const damping of [0, 1, -0.5, 2, Number.NaN, '0.85']) await expectRefused('pageRank', { damping })
    await expectRefused('allPaths', 'a', 'b', { maxDepth: 21 })
    await expectRefused('allPaths', 'a', 'b', { limit: 10_001 })
    await expectRefused('cycles', { maxLength: 51 })
    await expectRefused('cycles', { limit: 10_001 })
    await expectRefused('similarNodes', 'a', { limit: 1_001 })
  })

  it('what is neither true nor false', async () => {
    for (const flag of [0, 1, 'true', {}]) {
      await expectRefused('shortestPath', 'a', 'b', { weighted: flag })
      await expectRefused('components', { strong: flag })
      await expectRefused('pageRank', { weighted: flag })
    }
  })

  it('a measure or a type that it does not know', async () => {
    for (const measure of [undefined, null, 'PageRank', 'eigenvector', 3])
      await expectRefused('centrality', measure)
    for (const type of ['', 'solves', 'LIKES', 3, ['SOLVES']]) await expectRefused('topologicalOrder', type)
  })

  it('options that would count for nothing', async () => {
    await expectRefused('shortestPath', 'a', 'b', { weighted: true, maxDepth: 3 })
    await expectRefused('centrality', 'degree', { samples: 3 })
    await expectRefused('centrality', 'pagerank', { samples: 3 })
    await expectRefused('centrality', 'degree', { seed: 3 })
    await expectRefused('centrality', 'pagerank', { seed: 3 })
    await expectRefused('topologicalOrder', 'SIMILAR_TO')
  })

  it('seeds that are none', async () => {
    const weights = [Number.NaN, Number.POSITIVE_INFINITY, -1, '1', null, undefined, {}]
    for (const seeds of [
      [],
      {},
      'a',
      7,
      new Map([['a', 1]]),
      new Set(['a']),
      { a: 0 },
      ...weights.map((a) => ({ a })),
    ])
      await expectRefused('pageRank', { seeds })
    await expectRefused('pageRank', { seeds: { '': 1 } })
    await expect(view.pageRank({ seeds: { a: -1 } })).rejects.toThrow(
      'Invalid options of pageRank: seeds: weights must be finite numbers from 0, which that of "a" is not',
    )
  })
})

describe('a view takes', () => {
  const calls = Object.entries(METHODS) as [keyof Loose, unknown[]][]

  it.each(calls)('options of %s() that are absent', async (method, before) => {
    const view = viewOf([['a', 'b']]) as unknown as Loose
    const usual = await view[method](...before)
    expect(await view[method](...before, undefined)).toEqual(usual)
    expect(await view[method](...before, { signal: undefined, onProgress: undefined })).toEqual(usual)
  })

  it('null for what is not said', async () => {
    const view = viewOf([['a', 'b']])
    const none = { weighted: null, limit: null, maxDepth: null }
    expect(await view.shortestPath('a', 'b', { weighted: null, maxDepth: null })).toMatchObject({
      strength: 0.5,
    })
    expect(await view.allPaths('a', 'b', { maxDepth: null, limit: null })).toHaveLength(1)
    expect(await view.components({ strong: null })).toEqual([['a', 'b']])
    expect((await view.communities({ seed: null, resolution: null })).communities).toEqual([['a', 'b']])
    expect(await view.centrality('degree', { samples: null, seed: null, limit: null })).toHaveLength(2)
    expect(
      await view.pageRank({ seeds: null, damping: null, weighted: none.weighted, limit: null }),
    ).toHaveLength(2)
    expect(await view.cycles({ maxLength: null, limit: null })).toEqual([])
    expect(await view.similarNodes('a', { limit: null })).toEqual([])
  })

  it('any id that can be stored', async () => {
    const ids = [
      '__proto__',
      'constructor',
      'hasOwnProperty',
      'ü',
      '𝒳',
      '\u{10ffff}',
      ' ',
      '\n',
      '0',
      '-1',
      'null',
    ]
    const view = viewOf(ids.map((id) => ['hub', id] as const))
    const sorted = ids.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    expect((await view.neighbors('hub')).map(({ id }) => id)).toEqual(sorted)
    for (const id of ids) {
      expect((await view.shortestPath(id, 'hub'))?.node_ids).toEqual([id, 'hub'])
      expect((await view.similarNodes(id)).map((similar) => similar.id)).toEqual(
        sorted.filter((other) => other !== id),
      )
      const [first] = await view.pageRank({ seeds: JSON.parse(`{${JSON.stringify(id)}:1}`), damping: 0.1 })
      expect(first?.id).toBe(id)
      expect(await (await view.subgraph([id, 'hub'])).load()).toEqual({ nodes: 2, relationships: 1 })
    }
    expect((await view.bridges()).articulation_points).toEqual(['hub'])
  })
})
