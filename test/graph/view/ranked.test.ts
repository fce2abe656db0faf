import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { grouped } from '../../../src/graph/tasks/grouped.js'
import { ranked } from '../../../src/graph/tasks/ranked.js'

describe('ranked()', () => {
  it('has the greatest scores first, then by number, and no more than are asked for', () => {
    const scores = fc.array(fc.constantFrom(0, 0.1, 0.25, 0.5, 1e-300, 1), { maxLength: 30 })
    fc.assert(
      fc.property(scores, fc.option(fc.integer({ min: 1, max: 40 })), (scores, limit) => {
        const expected = scores
          .map((score, node) => ({ node, score }))
          .sort((a, b) => b.score - a.score || a.node - b.node)
          .slice(0, limit ?? scores.length)
        expect(ranked(Float64Array.from(scores), limit)).toEqual({
          nodes: Int32Array.from(expected.map(({ node }) => node)),
          scores: Float64Array.from(expected.map(({ score }) => score)),
        })
      }),
    )
  })
})

describe('grouped()', () => {
  it('has the greatest groups first, then by their least node, and nodes ascending', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 6 }), { maxLength: 30 }), (names) => {
        const numbers = [...new Set(names)]
        const { starts, nodes } = grouped(Int32Array.from(names, (name) => numbers.indexOf(name)))
        const groups = numbers
          .map((name) => names.flatMap((other, node) => (other === name ? [node] : [])))
          .sort((a, b) => b.length - a.length || (a[0] as number) - (b[0] as number))
        expect([...nodes]).toEqual(groups.flat())
        expect([...starts]).toEqual([0, ...groups.map((_, at) => groups.slice(0, at + 1).flat().length)])
      }),
    )
  })
})
