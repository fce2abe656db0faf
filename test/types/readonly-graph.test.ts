import louvainModule from 'graphology-communities-louvain'
import { expect, it } from 'vitest'
import type { ReadonlyGraph } from '../../src/graph/graph-view.js'
import { viewOf } from '../graph/view/plain-source.js'

const louvain = louvainModule as unknown as typeof louvainModule.default

it('functions for graphology graphs take the graph of a view', async () => {
  const graph: ReadonlyGraph = await viewOf([
    ['a', 'b'],
    ['c', 'd'],
  ]).graphology()
  const { a, b, c, d } = louvain(graph, { getEdgeWeight: 'strength' })
  expect(a).toBe(b)
  expect(c).toBe(d)
  expect(a).not.toBe(c)
  const strengths: number[] = graph.mapEdges((_edge, { strength }) => strength)
  const labels: string[] = graph.mapNodes((_node, { label }) => label)
  const reached: string[] = graph.outNeighbors('a')
  expect([strengths, labels, reached]).toEqual([[0.5, 0.5], Array(4).fill('Memory'), ['b']])
})

it('what would change the graph of a view does not compile', () => {
  const changes = (graph: ReadonlyGraph): void => {
    // @ts-expect-error It cannot be called.
    graph.addNode('e')
    // @ts-expect-error It cannot be called.
    graph.mergeEdge('a', 'b')
    // @ts-expect-error It cannot be called.
    graph.dropNode('a')
    // @ts-expect-error It cannot be called.
    graph.setNodeAttribute('a', 'label', 'Task')
    // @ts-expect-error It cannot be called.
    graph.updateEachEdgeAttributes(() => ({}))
    // @ts-expect-error It cannot be called.
    graph.removeEdgeAttribute('a', 'strength')
    // @ts-expect-error It cannot be called.
    graph.import({})
    // @ts-expect-error It cannot be called.
    graph.clear()
    // @ts-expect-error It cannot be called.
    graph.clearEdges()
    // @ts-expect-error What it holds does not change.
    graph.getNodeAttributes('a').label = 'Task'
  }
  expect(changes).toBeTypeOf('function')
})
