import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arrange } from '../../../src/graph/picture/arrange.js'

const CELL = { width: 100, height: 50 }
const turn = (): Promise<void> => Promise.resolve()

describe('an arrangement', () => {
  it('has a place for each circle, no two of which overlap, and is the same each time', async () => {
    const links = (order: number): fc.Arbitrary<[number, number][]> =>
      fc.array(fc.tuple(fc.nat(order - 1), fc.nat(order - 1)), { maxLength: 60 })
    const graphs = fc
      .array(fc.integer({ min: 4, max: 40 }), { minLength: 1, maxLength: 30 })
      .chain((radii) => fc.record({ radii: fc.constant(radii), links: links(radii.length) }))
    await fc.assert(
      fc.asyncProperty(graphs, async ({ radii, links }) => {
        const places = await arrange({ radii, links, cell: CELL }, turn)
        expect(places).toHaveLength(radii.length)
        for (const [at, { x, y }] of places.entries())
          for (let other = at + 1; other < places.length; other++) {
            const { x: otherX, y: otherY } = places[other] as { x: number; y: number }
            const needed = (radii[at] as number) + (radii[other] as number)
            expect(Math.hypot(x - otherX, y - otherY)).toBeGreaterThanOrEqual(needed)
          }
        expect(await arrange({ radii, links, cell: CELL }, turn)).toEqual(places)
      }),
      { numRuns: 25 },
    )
  })

  it('puts what is joined nearer than what is not', async () => {
    // Two rings of eight, which one link joins.
    const ring = (start: number): [number, number][] =>
      Array.from({ length: 8 }, (_, at) => [start + at, start + ((at + 1) % 8)])
    const radii = Array.from({ length: 16 }, () => 5)
    const places = await arrange({ radii, links: [...ring(0), ...ring(8), [0, 8]], cell: CELL }, turn)
    const middle = (start: number): { x: number; y: number } => {
      const own = places.slice(start, start + 8)
      return {
        x: own.reduce((sum, { x }) => sum + x, 0) / 8,
        y: own.reduce((sum, { y }) => sum + y, 0) / 8,
      }
    }
    const [one, other] = [middle(0), middle(8)]
    const nearer = places.filter(({ x, y }, at) => {
      const [own, far] = at < 8 ? [one, other] : [other, one]
      return Math.hypot(x - own.x, y - own.y) < Math.hypot(x - far.x, y - far.y)
    })
    expect(nearer).toHaveLength(16)
  })
})
