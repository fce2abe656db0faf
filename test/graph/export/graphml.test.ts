import { describe, expect, it } from 'vitest'
import { exportGraphView } from '../../../src/graph/export/export-graph-view.js'
import { HOSTILE_TITLES, VALID_FROM, viewOf } from './drawn-view.js'
import { parseGraphml } from './parsers.js'
import { elementsOf, readXml } from './read-xml.js'

describe('GraphML', () => {
  it('is read by graphology-graphml as what was written', async () => {
    const view = viewOf(
      ['a', { id: 'b', label: 'Entity' }],
      [
        { id: 'one', from: 'a', to: 'b', type: 'SOLVES', strength: 0.9 },
        { id: 'two', from: 'b', to: 'a', type: 'RELATED_TO', validUntil: VALID_FROM },
        { id: 'loop', from: 'b', to: 'b', type: 'KNOWS' },
      ],
    )
    const text = await exportGraphView(view, 'graphml', { titles: new Map([['a', 'First <1>']]) })
    const graph = parseGraphml(text)
    expect(graph.getNodeAttributes('a')).toMatchObject({
      label: 'First <1>',
      node_label: 'Memory',
      degree: 2,
    })
    expect(graph.getNodeAttributes('b')).toMatchObject({ label: 'b', node_label: 'Entity', degree: 4 })
    expect(graph.getNodeAttributes('a')).not.toHaveProperty('community')
    expect(graph.edges()).toEqual(['one', 'two', 'loop'])
    expect(graph.getEdgeAttributes('one')).toMatchObject({
      relationship_type: 'SOLVES',
      strength: 0.9,
      valid_from: VALID_FROM,
    })
    expect(graph.getEdgeAttributes('two')).toMatchObject({ valid_until: VALID_FROM })
    const directions = elementsOf(readXml(text), 'edge').map(({ attributes: { id, directed } }) => [
      id,
      directed,
    ])
    expect(directions).toEqual([
      ['one', undefined],
      ['two', 'false'],
      ['loop', undefined],
    ])
  })

  it.each(HOSTILE_TITLES.map((title) => [title.slice(0, 60), title]))(
    'holds the title %j',
    async (_, title) => {
      const view = viewOf([{ id: title.toWellFormed(), label: title }], [])
      const titles = new Map([[title.toWellFormed(), title]])
      const text = await exportGraphView(view, 'graphml', { titles })
      const data = elementsOf(readXml(text), 'data')
      const shown = data.find(({ attributes }) => attributes['key'] === 'node_label')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: XML cannot hold them
      expect(shown?.text).toBe(title.replace(/[\u0000-\u0008\u001b\ufffe]|\p{Cs}/gu, '\ufffd'))
    },
  )

  it('declares each key that is used once, and no other', async () => {
    for (const color of ['type', 'community'] as const) {
      const root = readXml(
        await exportGraphView(
          viewOf(['a', 'b'], [{ from: 'a', to: 'b', validUntil: VALID_FROM }]),
          'graphml',
          { color },
        ),
      )
      const declared = elementsOf(root, 'key').map(({ attributes }) => attributes['id'])
      const used = new Set(elementsOf(root, 'data').map(({ attributes }) => attributes['key']))
      expect(declared).toEqual([...used].sort((a, b) => declared.indexOf(a) - declared.indexOf(b)))
    }
  })
})
