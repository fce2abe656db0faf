import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { strongComponents, weakComponents } from '../../../src/graph/algorithms/components.js'
import { chainOf, circleOf } from '../naive/chains.js'
import {
  naiveStrongComponents,
  naiveStrongComponentsOfMany,
  naiveWeakComponents,
} from '../naive/naive-components.js'
import { naiveSteps, nodesOf } from '../naive/naive-graph.js'
import { randomGraphs } from '../naive/random-graphs.js'

const order = 1_000_000
const chain = chainOf(order)

describe('weakComponents()', () => {
  it('numbers what is joined in the order of the least nodes', () => {
    fc.assert(
      fc.property(randomGraphs(14, 14), (graph) => {
        const naive = naiveWeakComponents(naiveSteps(graph, 'both'))
        expect([...weakComponents(graph)]).toEqual(nodesOf(graph).map((node) => naive.get(node)))
      }),
    )
  })

  it('comes to the end of a chain of a million, from either end', () => {
    const back = { ...chain, from: chain.from.toReversed(), to: chain.to.toReversed() }
    for (const graph of [chain, back]) {
      expect(weakComponents(graph).every((component) => component === 0)).toBe(true)
    }
  })
})

describe('strongComponents()', () => {
  it('numbers what reaches each other in the order of the least nodes', () => {
    fc.assert(
      fc.property(randomGraphs(10, 22), (graph) => {
        const steps = naiveSteps(graph, 'outgoing')
        const naive = naiveStrongComponents(steps)
        expect([...strongComponents(graph)]).toEqual(nodesOf(graph).map((node) => naive.get(node)))
        expect(naiveStrongComponentsOfMany(steps, naiveSteps(graph, 'incoming'))).toEqual(naive)
      }),
    )
  })

  it('comes to the end of a chain of a million, and of the circle it makes', () => {
    expect(strongComponents(chain).at(-1)).toBe(order - 1)
    expect(strongComponents(circleOf(order)).every((component) => component === 0)).toBe(true)
  })
})
