import { describe, expect, it } from 'vitest'
import { exportGraphView } from '../../../src/graph/export/export-graph-view.js'
import { HOSTILE_TITLES, ringOf, viewOf } from './drawn-view.js'

/** All that a line of a diagram may be. */
const LINES = {
  head: /^flowchart LR$/,
  node: /^ {2}(n\d+|leftout)\["([^"]*)"\]$/,
  edge: /^ {2}(n\d+) (-->|---)\|"([^"]*)"\| (n\d+)$/,
  style:
    /^ {2}(?:classDef color\d+ fill:#\w{6},stroke:#\w{6},color:#fff|class n\d+(?:,n\d+)* color\d+|linkStyle \d+(?:,\d+)* stroke:#\w{6}|style leftout stroke-dasharray: 4 4)$/,
}

function readDiagram(text: string): {
  nodes: Map<string, string>
  edges: string[][]
  note: string | undefined
} {
  const nodes = new Map<string, string>()
  const edges: string[][] = []
  for (const line of text.trimEnd().split('\n')) {
    const [node, edge] = [LINES.node.exec(line), LINES.edge.exec(line)]
    if (node) nodes.set(node[1] as string, shownLabel(node[2] as string))
    if (edge) edges.push([edge[1], edge[2], shownLabel(edge[3] as string), edge[4]] as string[])
    expect(Object.values(LINES).some((pattern) => pattern.test(line))).toBe(true)
  }
  const note = nodes.get('leftout')
  nodes.delete('leftout')
  return { nodes, edges, note }
}

/** What Mermaid makes of a label: codes are the characters they name. */
function shownLabel(label: string): string {
  // What is left must mean nothing to Mermaid, to the Markdown in it, or to HTML.
  const plain = label.replace(/#\d+;/g, 'x')
  expect(plain).not.toMatch(/[#;:"'`<>&[\]{}|\\$*~^%=@\n]|^\s*[-+]|^\d+[.)]|(?<!\w)_|_(?!\w)/)
  return label.replace(/#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
}

describe('Mermaid', () => {
  it('is a flowchart of titles, with arrows where a type holds in one direction', async () => {
    const view = viewOf(
      ['a', 'b'],
      [
        { from: 'a', to: 'b', type: 'SOLVES' },
        { from: 'b', to: 'a', type: 'RELATED_TO' },
        { from: 'b', to: 'b', type: 'FOLLOWS' },
      ],
    )
    expect(
      readDiagram(await exportGraphView(view, 'mermaid', { titles: new Map([['a', 'First']]) })),
    ).toEqual({
      nodes: new Map([
        ['n0', 'First'],
        ['n1', 'b'],
      ]),
      edges: [
        ['n0', '-->', 'SOLVES', 'n1'],
        ['n1', '---', 'RELATED_TO', 'n0'],
        ['n1', '-->', 'FOLLOWS', 'n1'],
      ],
      note: undefined,
    })
  })

  it.each(HOSTILE_TITLES.map((title) => [title.slice(0, 60), title]))(
    'shows the title %j as it is',
    async (_, title) => {
      const view = viewOf(['id'], [{ from: 'id', to: 'id', type: title }])
      const { nodes, edges } = readDiagram(
        await exportGraphView(view, 'mermaid', { titles: new Map([['id', title]]) }),
      )
      const shown = title
        .toWellFormed()
        .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
        .replace(/[\p{Cc}\p{Z}]+/gu, ' ')
        .trim()
      const expected = shown.length <= 60 ? shown : `${shown.slice(0, 59)}…`
      expect(nodes.get('n0')).toBe(expected)
      expect(edges[0]?.[2]).toBe(expected)
    },
  )

  it('leaves out what Mermaid would refuse, the least central nodes and the weakest relationships, and says so', async () => {
    const all = readDiagram(await exportGraphView(ringOf(150), 'mermaid'))
    expect([all.nodes.size, all.edges.length, all.note]).toEqual([150, 150, undefined])
    const few = readDiagram(await exportGraphView(ringOf(151), 'mermaid'))
    expect([few.nodes.size, few.note]).toEqual([150, 'Not drawn: 1 node and 2 relationships'])
    const dense = readDiagram(await exportGraphView(ringOf(40, 600), 'mermaid'))
    expect([dense.nodes.size, dense.edges.length, dense.note]).toEqual([
      40,
      500,
      'Not drawn: 140 relationships',
    ])
    const told = readDiagram(
      await exportGraphView(ringOf(40, 600), 'mermaid', { maxDrawnNodes: 10, maxDrawnEdges: 3 }),
    )
    expect([told.nodes.size, told.edges.length]).toEqual([10, 3])
    expect(told.note).toBe('Not drawn: 30 nodes and 637 relationships')
  })

  it('has at most 50,000 characters, whatever is asked for', async () => {
    const titles = (ids: readonly string[]) => new Map(ids.map((id) => [id, `"${'<'.repeat(80)}"`]))
    const options = { titles, maxDrawnNodes: 10_000, maxDrawnEdges: 10_000 }
    const text = await exportGraphView(ringOf(2_000), 'mermaid', options)
    expect(text.length).toBeLessThanOrEqual(50_000)
    expect(text.length).toBeGreaterThan(40_000)
    const { nodes, edges, note } = readDiagram(text)
    const count = (number: number): string => number.toLocaleString('en')
    expect(note).toBe(
      `Not drawn: ${count(2_000 - nodes.size)} nodes and ${count(2_000 - edges.length)} relationships`,
    )
  })
})
