import graphology from 'graphology'
import { describe, expect, it } from 'vitest'
import { exportGraphView } from '../../../src/graph/export/export-graph-view.js'
import { HOSTILE_TITLES, ringOf, VALID_FROM, viewOf } from './drawn-view.js'

const view = viewOf(
  ['a', { id: 'b', label: 'Entity' }, '__proto__', 'constructor', '#constructor'],
  [
    { id: 'one', from: 'a', to: 'b', type: 'SOLVES', strength: 0.9 },
    { id: 'two', from: 'a', to: 'b', type: 'RELATED_TO', validUntil: VALID_FROM },
    { id: 'loop', from: '__proto__', to: '__proto__' },
    { id: 'odd', from: 'constructor', to: '#constructor' },
  ],
)

describe('JSON for sigma', () => {
  it('is a serialised graph that graphology imports', async () => {
    const titles = new Map([['a', 'First']])
    const serialised = JSON.parse(await exportGraphView(view, 'json', { titles, color: 'community' }))
    const ids = serialised.nodes.map(({ key }: { key: string }) => key)
    expect(ids).toEqual(['#constructor', '__proto__', 'a', 'b', 'constructor'])
    const plain = viewOf(
      ['a', 'b'],
      [
        { id: 'one', from: 'a', to: 'b', type: 'SOLVES', strength: 0.9 },
        { id: 'two', from: 'a', to: 'b', type: 'RELATED_TO', validUntil: VALID_FROM },
        { id: 'loop', from: 'a', to: 'a' },
      ],
    )
    const graph = graphology.MultiGraph.from(
      JSON.parse(await exportGraphView(plain, 'json', { titles, color: 'community' })),
    )
    expect([graph.type, graph.multi, graph.order, graph.size]).toEqual(['mixed', true, 2, 3])
    expect(graph.getNodeAttributes('a')).toEqual({
      label: 'First',
      node_label: 'Memory',
      degree: 4,
      community: 0,
      x: expect.any(Number),
      y: expect.any(Number),
      size: expect.any(Number),
      color: expect.stringMatching(/^#[0-9a-f]{6}$/),
    })
    expect(graph.getEdgeAttributes('one')).toEqual({
      label: 'SOLVES',
      relationship_type: 'SOLVES',
      strength: 0.9,
      valid_from: VALID_FROM,
      valid_until: null,
      type: 'arrow',
      size: expect.any(Number),
      color: expect.stringMatching(/^#[0-9a-f]{6}$/),
    })
    expect(graph.getEdgeAttributes('two')).toMatchObject({ type: 'line', valid_until: VALID_FROM })
    expect(['one', 'two', 'loop'].map((edge) => graph.isUndirected(edge))).toEqual([false, true, false])
  })

  it.each([3, 1_200])('gives each of %i nodes a place of its own', async (order) => {
    const { nodes } = JSON.parse(await exportGraphView(ringOf(order), 'json'))
    const places = nodes.map(
      ({ attributes: { x, y } }: { attributes: { x: number; y: number } }) => `${x} ${y}`,
    )
    expect(new Set(places).size).toBe(order)
    expect(places.join()).not.toMatch(/NaN|null|Infinity|undefined/)
  })
})

describe('JSON for D3', () => {
  it('has nodes, and links by their ids', async () => {
    const { nodes, links } = JSON.parse(
      await exportGraphView(view, 'd3', { titles: new Map([['a', 'First']]) }),
    )
    expect(nodes.map(({ id }: { id: string }) => id)).toEqual([
      '#constructor',
      '__proto__',
      'a',
      'b',
      'constructor',
    ])
    expect(nodes[2]).toEqual({
      id: 'a',
      label: 'First',
      node_label: 'Memory',
      degree: 2,
      size: expect.any(Number),
      color: expect.any(String),
    })
    expect(links.map(({ source, target }: { source: string; target: string }) => [source, target])).toEqual([
      ['__proto__', '__proto__'],
      ['a', 'b'],
      ['a', 'b'],
      ['constructor', '#constructor'],
    ])
    expect(links[1]).toMatchObject({ id: 'one', relationship_type: 'SOLVES', directed: true, strength: 0.9 })
    expect(links[2]).toMatchObject({ directed: false, valid_from: VALID_FROM, valid_until: VALID_FROM })
  })

  it('keeps titles as they are, without a character that steers a terminal', async () => {
    const titles = new Map(HOSTILE_TITLES.map((title, at) => [`n${String(at).padStart(2, '0')}`, title]))
    const text = await exportGraphView(viewOf([...titles.keys()], []), 'd3', { titles })
    expect(text).not.toMatch(/[^\P{Cc}\n]/u)
    expect(JSON.parse(text).nodes.map(({ label }: { label: string }) => label)).toEqual([...titles.values()])
  })

  it.each(['json', 'd3'] as const)('is %s without nodes too', async (format) => {
    expect(JSON.parse(await exportGraphView(viewOf([], []), format))).toMatchObject({ nodes: [] })
  })
})
