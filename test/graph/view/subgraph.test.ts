import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createGraphView } from '../../../src/graph/view/source-view.js'
import { edgesOf } from '../naive/naive-graph.js'
import { directions, randomGraphs } from '../naive/random-graphs.js'
import { snapshotOf } from '../naive/row-snapshot.js'
import { graphOf, greatSource, idOf, PlainSource, snapshotOfNumbers, TYPES, viewOf } from './plain-source.js'

describe('subgraph()', () => {
  it('is a view of some nodes and of the relationships among them', async () => {
    const view = viewOf(
      [
        ['a', 'b'],
        ['b', 'c'],
        ['c', 'd'],
        ['a', 'a'],
      ],
      'outgoing',
    )
    const part = await view.subgraph(['c', 'a', 'b', 'a', 'x'])
    expect(part.direction).toBe('outgoing')
    expect(await part.load()).toEqual({ nodes: 3, relationships: 3 })
    expect(await part.neighbors('a', 9)).toEqual([
      { id: 'b', depth: 1 },
      { id: 'c', depth: 2 },
    ])
    expect(await part.neighbors('d')).toEqual([])
    const inner = await part.subgraph(['b', 'c', 'd'])
    expect((await inner.graphology()).edges()).toEqual(['b>c'])
    expect(await (await view.subgraph([])).load()).toEqual({ nodes: 0, relationships: 0 })
  })

  it('answers as a view of nothing else would, on any graph', async () => {
    await fc.assert(
      fc.asyncProperty(
        randomGraphs(9, 25),
        fc.array(fc.nat({ max: 9 })),
        directions,
        async (graph, chosen, direction) => {
          const whole = snapshotOfNumbers(graph)
          const isIn = (node: number): boolean => chosen.includes(node)
          const edges = edgesOf(graph).filter(({ from, to }) => isIn(from) && isIn(to))
          const alone = snapshotOf(
            [...new Set(chosen)]
              .filter((node) => node < graph.order)
              .map((node) => ({ id: idOf(node), label: whole.labelOf(node), importance: null })),
            edges.map(({ number, from, to, type, strength }) => ({
              id: whole.edgeId(number),
              from: idOf(from),
              to: idOf(to),
              type: TYPES[type] as string,
              strength,
              valid_from: whole.validFromOf(number),
              valid_until: whole.validUntilOf(number),
            })),
          )
          const part = await createGraphView(new PlainSource(whole, direction)).subgraph(chosen.map(idOf))
          const expected = createGraphView(new PlainSource(alone, direction))
          expect(await part.metrics()).toEqual(await expected.metrics())
          expect(await part.pageRank()).toEqual(await expected.pageRank())
          expect(await part.cycles()).toEqual(await expected.cycles())
          expect((await part.graphology()).export()).toEqual((await expected.graphology()).export())
          for (const node of chosen)
            expect(await part.neighbors(idOf(node), 3)).toEqual(await expected.neighbors(idOf(node), 3))
        },
      ),
      { numRuns: 100 },
    )
  })

  it('has what is stored when it is asked, and reads it anew only when that has changed', async () => {
    const source = new PlainSource(graphOf([['a', 'b']]))
    const part = await createGraphView(source).subgraph(['a', 'b', 'later'])
    const graph = await part.graphology()
    expect(await part.graphology()).toBe(graph)
    source.stored = graphOf([
      ['a', 'later'],
      ['later', 'z'],
    ])
    expect(await part.components()).toEqual([['a', 'later']])
  })

  it('does not mind what becomes of the list of ids', async () => {
    const ids = ['a', 'b']
    const part = await viewOf([['a', 'b']]).subgraph(ids)
    ids.length = 0
    expect(await part.load()).toEqual({ nodes: 2, relationships: 1 })
  })

  it('lets timers have their turn while a great one is made', async () => {
    const { stored } = greatSource()
    const slow = Object.create(stored, {
      numberOf: {
        value: (id: string) => {
          const until = performance.now() + 0.005
          while (performance.now() < until);
          return stored.numberOf(id)
        },
      },
    })
    const view = createGraphView(new PlainSource(slow))
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    const size = await (await view.subgraph(stored.nodeIds)).load()
    clearInterval(timer)
    expect(size).toEqual(await view.load())
    expect(turns).toBeGreaterThan(3)
  })
})
