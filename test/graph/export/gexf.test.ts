import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exportGraphView } from '../../../src/graph/export/export-graph-view.js'
import { HOSTILE_TITLES, VALID_FROM, viewOf } from './drawn-view.js'
import { parseGexf } from './parsers.js'
import { elementsOf, readXml } from './read-xml.js'

const small = viewOf(
  ['a', { id: 'b', label: 'Entity' }, 'c'],
  [
    { id: 'one', from: 'a', to: 'b', type: 'SOLVES', strength: 0.9 },
    { id: 'two', from: 'a', to: 'b', type: 'RELATED_TO', strength: 0.25, validUntil: VALID_FROM },
    { id: 'loop', from: 'c', to: 'c', type: 'FOLLOWS' },
  ],
)

describe('GEXF', () => {
  it('is read by graphology-gexf as what was written', async () => {
    const text = await exportGraphView(small, 'gexf', {
      titles: new Map([['a', 'First']]),
      color: 'community',
    })
    const graph = parseGexf(text)
    expect([graph.nodes(), graph.edges()]).toEqual([
      ['a', 'b', 'c'],
      ['one', 'two', 'loop'],
    ])
    expect(graph.getNodeAttributes('a')).toMatchObject({
      label: 'First',
      node_label: 'Memory',
      degree: 2,
      community: 0,
      size: expect.any(Number),
      x: expect.any(Number),
      y: expect.any(Number),
    })
    expect(graph.getNodeAttributes('b')).toMatchObject({ label: 'b', node_label: 'Entity' })
    expect(graph.getEdgeAttributes('one')).toMatchObject({
      relationship_type: 'SOLVES',
      weight: 0.9,
      valid_from: VALID_FROM,
    })
    expect(graph.getEdgeAttributes('two')).toMatchObject({ weight: 0.25, valid_until: VALID_FROM })
    expect(graph.extremities('loop')).toEqual(['c', 'c'])
    expect(['one', 'two'].map((edge) => graph.isDirected(edge))).toEqual([true, false])
  })

  it('is well-formed and keeps what XML can hold, whatever titles, ids, labels and types are', async () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...HOSTILE_TITLES))
    const id = text.filter((value) => value !== '')
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(id, { minLength: 1, maxLength: 6 }),
        text,
        text,
        async (ids, title, type) => {
          const view = viewOf(
            ids.map((each) => ({ id: each, label: type })),
            ids.map((each) => ({ id: each, from: each, to: ids[0] as string, type })),
          )
          const written = readXml(
            await exportGraphView(view, 'gexf', { titles: new Map(ids.map((each) => [each, title])) }),
          )
          const nodes = elementsOf(written, 'node')
          expect(new Set(nodes.map(({ attributes }) => attributes['id'])).size).toBe(ids.length)
          expect(new Set(elementsOf(written, 'edge').map(({ attributes }) => attributes['id'])).size).toBe(
            ids.length,
          )
          if (title !== '' && canBeHeld(title)) expect(nodes[0]?.attributes['label']).toBe(title)
          for (const each of ids.filter(canBeHeld))
            expect(nodes.some(({ attributes }) => attributes['id'] === each)).toBe(true)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('writes ids that XML cannot hold as others that nothing else has', async () => {
    const view = viewOf(['a\u0001', 'a\u0002', 'a\ufffd'], [{ from: 'a\u0001', to: 'a\u0002' }])
    const written = readXml(await exportGraphView(view, 'gexf'))
    const ids = elementsOf(written, 'node').map(({ attributes }) => attributes['id'])
    expect(ids).toEqual(['a\ufffd\ufffd', 'a\ufffd\ufffd\ufffd', 'a\ufffd'])
    expect(elementsOf(written, 'edge')[0]?.attributes).toMatchObject({ source: ids[0], target: ids[1] })
  })
})

function canBeHeld(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is about them
  return text.isWellFormed() && !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text)
}
