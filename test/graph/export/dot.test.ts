import { type NodeASTNode, parse } from '@ts-graphviz/ast'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exportGraphView } from '../../../src/graph/export/export-graph-view.js'
import { HOSTILE_TITLES, viewOf } from './drawn-view.js'

type Read = {
  nodes: Map<string, Map<string, string>>
  edges: { ends: string[]; attributes: Map<string, string> }[]
}

/** What a graph in DOT says. */
function readDot(text: string): Read {
  const read: Read = { nodes: new Map(), edges: [] }
  for (const statement of parse(text, { startRule: 'Graph' }).children) {
    if (statement.type === 'Node') read.nodes.set(statement.id.value, attributesOf(statement.children))
    if (statement.type !== 'Edge') continue
    const ends = statement.targets.map((target) => ('id' in target ? String(target.id?.value) : 'a group'))
    read.edges.push({ ends, attributes: attributesOf(statement.children) })
  }
  return read
}

function attributesOf(children: NodeASTNode['children']): Map<string, string> {
  return new Map(
    children.flatMap((child) =>
      child.type === 'Attribute' ? [[child.key.value, child.value.value] as const] : [],
    ),
  )
}

/** A label as Graphviz shows it. */
function shownLabel(label: string | undefined): string | undefined {
  return label?.replaceAll('\\\\', '\\').replaceAll('&amp;', '&')
}

describe('DOT', () => {
  it('names nodes by their ids and shows their titles', async () => {
    const view = viewOf(
      ['a', { id: 'b "c"', label: 'Entity' }],
      [
        { id: 'one', from: 'a', to: 'b "c"', type: 'SOLVES' },
        { id: 'two', from: 'b "c"', to: 'a', type: 'RELATED_TO' },
      ],
    )
    const { nodes, edges } = readDot(
      await exportGraphView(view, 'dot', { titles: new Map([['a', 'Tom & "Jerry"']]) }),
    )
    expect([...nodes.keys()]).toEqual(['a', 'b "c"'])
    expect(shownLabel(nodes.get('a')?.get('label'))).toBe('Tom & "Jerry"')
    expect(nodes.get('b "c"')?.get('class')).toBe('Entity')
    expect(edges.map(({ ends }) => ends)).toEqual([
      ['a', 'b "c"'],
      ['b "c"', 'a'],
    ])
    expect(edges.map(({ attributes }) => [attributes.get('label'), attributes.get('dir')])).toEqual([
      ['SOLVES', undefined],
      ['RELATED_TO', 'none'],
    ])
  })

  it('is read as so many nodes and edges, whatever ids, titles and types are', async () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...HOSTILE_TITLES))
    const ids = fc.uniqueArray(
      text.filter((value) => value !== ''),
      { minLength: 1, maxLength: 5 },
    )
    await fc.assert(
      fc.asyncProperty(ids, text, async (each, title) => {
        const view = viewOf(
          each,
          each.map((id) => ({ from: id, to: each[0] as string, type: title })),
        )
        const read = readDot(
          await exportGraphView(view, 'dot', { titles: new Map(each.map((id) => [id, title])) }),
        )
        expect([read.nodes.size, read.edges.length]).toEqual([each.length, each.length])
        for (const { ends } of read.edges) expect(ends.every((end) => read.nodes.has(end))).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('sends nothing that steers a terminal, and shortens what is too long for a label', async () => {
    const [id, title] = ['id \u001b[31m\u009b', 'red \u001b[31m \u009b']
    const text = await exportGraphView(viewOf([id, 'long'], []), 'dot', {
      titles: new Map([
        [id, title],
        ['long', 'x'.repeat(10_000)],
      ]),
    })
    expect(text).not.toMatch(/[^\P{Cc}\n]/u)
    expect(text.length).toBeLessThan(1_000)
  })
})
