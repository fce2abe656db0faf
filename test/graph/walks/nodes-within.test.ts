import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stepsOf } from '../../../src/graph/snapshot/steps.js'
import { nodesWithin } from '../../../src/graph/walks/nodes-within.js'
import { chainOf } from '../naive/chains.js'
import { naiveSteps } from '../naive/naive-graph.js'
import { naiveDepths } from '../naive/naive-walks.js'
import { directions, graphsWithTwoNodes, randomGraphs } from '../naive/random-graphs.js'

describe('What lies within so many steps', () => {
  it('comes nearest first, then by number', async () => {
    await fc.assert(
      fc.asyncProperty(
        graphsWithTwoNodes(randomGraphs(12, 20)),
        directions,
        fc.integer({ min: 1, max: 6 }),
        async ({ graph, one, other }, direction, depth) => {
          for (const start of [one, other]) {
            const levels = await nodesWithin(stepsOf(graph, direction), start, depth, {})
            const naive = [...naiveDepths(naiveSteps(graph, direction), start, depth)]
              .filter(([node]) => node !== start)
              .sort(([a, far], [b, farther]) => far - farther || a - b)
            const found = levels.flatMap((nodes, level) => Array.from(nodes, (node) => [node, level + 1]))
            expect(found).toEqual(naive)
          }
        },
      ),
    )
  })

  it('goes to the end of a long chain', async () => {
    const order = 100_000
    const levels = await nodesWithin(stepsOf(chainOf(order), 'outgoing'), 0, order, {})
    expect([levels.length, levels.at(-1)]).toEqual([order - 1, Int32Array.of(order - 1)])
  })
})
