import { describe, expect, it } from 'vitest'
import { exportGraphView } from '../../../src/graph/export/export-graph-view.js'
import { HOSTILE_TITLES, ringOf, viewOf } from '../export/drawn-view.js'
import { elementsOf, readXml, type XmlElement } from '../export/read-xml.js'

/** The texts that are seen, one for each line. */
function textsOf(svg: XmlElement): string[] {
  return elementsOf(svg, 'text').flatMap((text) =>
    text.children.length === 0 ? [text.text] : text.children.map((line) => line.text),
  )
}

/** What a pointer that rests on something shows. */
function hintsOf(svg: XmlElement): string[] {
  return elementsOf(svg, 'g').flatMap(({ children }) =>
    children.filter(({ name }) => name === 'title').map(({ text }) => text),
  )
}

const several = viewOf(
  ['problem', { id: 'tool', label: 'Entity' }, 'fix'],
  [
    { from: 'fix', to: 'problem', type: 'SOLVES', strength: 1 },
    { from: 'fix', to: 'problem', type: 'ADDRESSES', strength: 0.5 },
    { from: 'problem', to: 'fix', type: 'RELATED_TO', strength: 0.2 },
    { from: 'tool', to: 'tool', type: 'KNOWS' },
  ],
)

describe('a picture of nodes', () => {
  it('shows each node and each relationship once, with arrows where a type holds in one direction', async () => {
    const titles = new Map([
      ['problem', 'A problem'],
      ['fix', 'Its fix'],
    ])
    const svg = readXml(await exportGraphView(several, 'svg', { titles }))
    expect(hintsOf(svg)).toEqual([
      'A problem – Its fix: RELATED_TO, strength 0.2',
      'Its fix → A problem: ADDRESSES, strength 0.5',
      'tool → tool: KNOWS, strength 0.5',
      'Its fix → A problem: SOLVES, strength 1',
      'Its fix (3 relationships)',
      'A problem (3 relationships)',
      'tool (Entity, 2 relationships)',
    ])
    const lines = elementsOf(svg, 'g').flatMap(({ children: [hint, ...shapes] }) =>
      hint?.name === 'title' && /strength/.test(hint.text) ? [shapes.length] : [],
    )
    expect(lines).toEqual([1, 2, 2, 2])
    expect(textsOf(svg)).toEqual(
      expect.arrayContaining(['A problem', 'Its fix', 'tool', '3 nodes, 4 relationships']),
    )
    expect(textsOf(svg)).toEqual(
      expect.arrayContaining([
        'SOLVES (1)',
        'ADDRESSES (1)',
        'RELATED_TO (1)',
        'KNOWS (1)',
        'Memory',
        'Entity',
      ]),
    )
  })

  it('draws relationships between the same nodes apart, and wider where they are stronger', async () => {
    const svg = readXml(await exportGraphView(several, 'svg'))
    const lines = elementsOf(svg, 'g').flatMap(({ children: [hint, line] }) =>
      hint?.name === 'title' && /strength/.test(hint.text) && line ? [line.attributes] : [],
    )
    expect(new Set(lines.map(({ d }) => d)).size).toBe(4)
    const widths = lines.map((line) => Number(line['stroke-width']))
    expect(widths).toEqual([...widths].sort((a, b) => a - b))
    expect(new Set(widths).size).toBe(3)
  })

  it('tells types of one family apart by dashes, and families by colours', async () => {
    const svg = readXml(await exportGraphView(several, 'svg'))
    const strokes = elementsOf(svg, 'g').flatMap(({ children: [hint, line] }) =>
      hint?.name === 'title' && /strength/.test(hint.text) && line
        ? [
            [
              /\w+(?=,)/.exec(hint.text)?.[0],
              line.attributes['stroke'],
              line.attributes['stroke-dasharray'],
            ] as const,
          ]
        : [],
    )
    const strokeOf = new Map(strokes.map(([type, ...stroke]) => [type, stroke]))
    expect(strokeOf.get('SOLVES')?.[0]).toBe(strokeOf.get('ADDRESSES')?.[0])
    expect(strokeOf.get('SOLVES')?.[1]).not.toBe(strokeOf.get('ADDRESSES')?.[1])
    expect(strokeOf.get('SOLVES')?.[0]).not.toBe(strokeOf.get('RELATED_TO')?.[0])
    expect(strokeOf.get('KNOWS')?.[0]).not.toBe(strokeOf.get('RELATED_TO')?.[0])
  })

  it('colours nodes by community, and names each by its most central node', async () => {
    const two = viewOf(
      ['a', 'a1', 'a2', 'b', 'b1'],
      [
        { from: 'a', to: 'a1' },
        { from: 'a', to: 'a2' },
        { from: 'b1', to: 'b' },
        { from: 'b', to: 'b' },
      ],
    )
    const svg = readXml(await exportGraphView(two, 'svg', { color: 'community' }))
    expect(textsOf(svg)).toEqual(expect.arrayContaining(['a (3)', 'b (2)']))
    const fills = elementsOf(svg, 'g').flatMap(({ children: [hint, shape] }) =>
      hint?.name === 'title' && /relationship/.test(hint.text) ? [shape?.attributes['fill']] : [],
    )
    expect(new Set(fills.slice(0, 3)).size).toBe(1)
    expect(new Set(fills.slice(3)).size).toBe(1)
    expect(new Set(fills).size).toBe(2)
  })

  it('marks what it is about, and says so above it', async () => {
    const svg = readXml(
      await exportGraphView(several, 'svg', { focus: 'fix', titles: new Map([['fix', 'Its fix']]) }),
    )
    expect(textsOf(svg)[0]).toBe('Around “Its fix”')
    expect(
      elementsOf(svg, 'circle').filter(({ attributes }) => attributes['class'] === 'mg-ring'),
    ).toHaveLength(1)
    const told = readXml(
      await exportGraphView(several, 'svg', { focus: ['fix', 'tool'], heading: 'What & why' }),
    )
    expect(textsOf(told)[0]).toBe('What & why')
    expect(
      elementsOf(told, 'circle').filter(({ attributes }) => attributes['class'] === 'mg-ring'),
    ).toHaveLength(2)
  })

  it('says how many it leaves out: nodes, relationships and titles', async () => {
    const svg = readXml(
      await exportGraphView(ringOf(100, 100), 'svg', {
        detail: 'nodes',
        maxDrawnNodes: 40,
        maxDrawnEdges: 10,
      }),
    )
    const texts = textsOf(svg)
    const hints = hintsOf(svg)
    expect(hints.filter((hint) => hint.includes('strength'))).toHaveLength(10)
    expect(hints.filter((hint) => hint.endsWith('relationships)'))).toHaveLength(40)
    expect(texts).toContain('100 nodes, 200 relationships')
    const nodesNote = texts.find((text) => text.includes('the 60 nodes with the fewest relationships'))
    const edgesNote = texts.find((text) => text.includes('weakest relationship'))
    const left = [nodesNote?.match(/and (\d+) relationship/)?.[1], edgesNote?.match(/the (\d+) weakest/)?.[1]]
    expect(left.reduce((sum, count) => sum + Number(count), 0)).toBe(190)
    const crowd = readXml(
      await exportGraphView(
        viewOf(
          Array.from({ length: 200 }, (_, at) => `a crowded node with a long id ${at}`),
          Array.from({ length: 199 }, (_, at) => ({
            from: `a crowded node with a long id ${at + 1}`,
            to: 'a crowded node with a long id 0',
          })),
        ),
        'svg',
      ),
    )
    const labels = elementsOf(crowd, 'tspan').length
    const note = textsOf(crowd).find((text) => text.startsWith('There was no room'))
    const unlabelled = note === undefined ? 0 : Number(/\d+/.exec(note)?.[0])
    expect(labels).toBeGreaterThan(100)
    expect(unlabelled).toBe(
      200 - elementsOf(crowd, 'text').filter(({ children }) => children.length > 0).length,
    )
  })

  it('needs nothing from elsewhere, runs nothing, and can be read aloud', async () => {
    const text = await exportGraphView(several, 'svg', { heading: '</title><script>alert(1)</script>' })
    const svg = readXml(text)
    for (const name of ['script', 'image', 'use', 'foreignObject', 'a', 'link', 'iframe'])
      expect(elementsOf(svg, name)).toEqual([])
    expect(text.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(
      /https?:|url\(|@import|href|\bon\w+=/,
    )
    expect(svg.attributes).toMatchObject({ role: 'img', xmlns: 'http://www.w3.org/2000/svg' })
    expect(svg.children[0]).toMatchObject({ name: 'title', text: '</title><script>alert(1)</script>' })
    expect(svg.children[1]).toMatchObject({
      name: 'desc',
      text: expect.stringMatching(
        /^3 nodes, 4 relationships\. Most relationships: fix \(3\).* Types: .*SOLVES 1/,
      ),
    })
  })

  it.each(HOSTILE_TITLES.map((title) => [title.slice(0, 60), title]))(
    'shows the title %j as text',
    async (_, title) => {
      const view = viewOf(['id', { id: 'other', label: title }], [{ from: 'id', to: 'other', type: title }])
      for (const options of [{}, { detail: 'communities' }, { color: 'community', focus: 'id' }] as const) {
        const text = await exportGraphView(view, 'svg', { ...options, titles: new Map([['id', title]]) })
        const svg = readXml(text)
        expect(elementsOf(svg, 'script')).toEqual([])
        expect(text).not.toMatch(/[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u)
        expect(text.length).toBeLessThan(60_000)
      }
    },
  )

  it('says that there is nothing, where there is nothing', async () => {
    const svg = readXml(await exportGraphView(viewOf([], []), 'svg'))
    expect(textsOf(svg)).toEqual(['Memory graph', '0 nodes, 0 relationships', 'There is nothing to draw.'])
  })

  it('has all that it shows within its edges', async () => {
    for (const view of [
      several,
      ringOf(30, 40),
      viewOf(['only'], []),
      viewOf(['a'], [{ from: 'a', to: 'a' }]),
    ]) {
      const svg = readXml(await exportGraphView(view, 'svg'))
      const [width, height] = [Number(svg.attributes['width']), Number(svg.attributes['height'])]
      const [drawing] = elementsOf(svg, 'g')
      const [dx, dy] = (/-?[\d.]+ -?[\d.]+/.exec(drawing?.attributes['transform'] ?? '')?.[0] ?? '')
        .split(' ')
        .map(Number) as [number, number]
      for (const { attributes } of elementsOf(drawing as XmlElement, 'circle')) {
        const [x, y, radius] = ['cx', 'cy', 'r'].map((name) => Number(attributes[name])) as [
          number,
          number,
          number,
        ]
        expect(x + dx - radius).toBeGreaterThanOrEqual(0)
        expect(x + dx + radius).toBeLessThanOrEqual(width)
        expect(y + dy - radius).toBeGreaterThanOrEqual(0)
        expect(y + dy + radius).toBeLessThanOrEqual(height)
      }
    }
  })
})

describe('a picture of communities', () => {
  /** Groups of so many nodes, each around its first, and each joined to the next by one relationship. */
  const groups = (sizes: readonly number[]) =>
    viewOf(
      sizes.flatMap((size, group) => Array.from({ length: size }, (_, at) => `g${group} n${at}`)),
      sizes.flatMap((size, group) => [
        ...Array.from({ length: size - 1 }, (_, at) => ({
          from: `g${group} n0`,
          to: `g${group} n${at + 1}`,
          strength: 1,
        })),
        ...(group > 0 ? [{ from: `g${group} n1`, to: `g${group - 1} n1`, strength: 0.1 }] : []),
      ]),
    )

  it('takes the place of one of more nodes than are drawn', async () => {
    const svg = readXml(
      await exportGraphView(groups([200, 150, 60]), 'svg', { titles: new Map([['g0 n0', 'The hub']]) }),
    )
    expect(textsOf(svg)).toEqual(
      expect.arrayContaining([
        '410 nodes, 409 relationships, 3 communities',
        'The hub',
        '200 nodes',
        'g1 n0',
        '150 nodes',
      ]),
    )
    expect(hintsOf(svg)).toEqual([
      'The hub – g1 n0: 1 relationship',
      'g1 n0 – g2 n0: 1 relationship',
      'The hub and others: 200 nodes',
      'g1 n0 and others: 150 nodes',
      'g2 n0 and others: 60 nodes',
    ])
  })

  it('is drawn of fewer when it is asked for, and leaves out single nodes with a note', async () => {
    const view = groups([20, 10, 1, 1])
    const svg = readXml(await exportGraphView(view, 'svg', { detail: 'communities' }))
    const texts = textsOf(svg)
    const drawn = hintsOf(svg).filter((hint) => hint.includes('and others'))
    const note = texts.find((text) => text.startsWith('Not drawn'))
    const [, left = '0', nodes = '0'] =
      /Not drawn: (\d+) smaller communit\w+ with (\d+) node/.exec(note ?? '') ?? []
    const shown = drawn.reduce((sum, hint) => sum + Number(/(\d+) nodes/.exec(hint)?.[1]), 0)
    expect(shown + Number(nodes)).toBe(32)
    expect(texts.find((text) => text.startsWith('32 nodes'))).toContain(
      `${drawn.length + Number(left)} communit`,
    )
  })
})
