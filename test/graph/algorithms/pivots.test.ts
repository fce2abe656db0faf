import fc from 'fast-check'
import { expect, it } from 'vitest'
import { pivotsOf } from '../../../src/graph/algorithms/pivots.js'

it('chooses so many different nodes by the seed, ascending', () => {
  const small = fc.integer({ min: 0, max: 40 })
  fc.assert(
    fc.property(small, fc.option(small), fc.nat(), (order, samples, seed) => {
      const pivots = [...pivotsOf(order, samples, seed)]
      expect(pivots).toEqual([...new Set(pivots)].sort((a, b) => a - b))
      expect(pivots).toHaveLength(Math.min(order, samples ?? order))
      expect(pivots.every((node) => node >= 0 && node < order)).toBe(true)
      expect(pivots).toEqual([...pivotsOf(order, samples, seed)])
    }),
  )
})

it('chooses each node about as often', () => {
  const times = new Int32Array(20)
  for (let seed = 0; seed < 4000; seed++) for (const node of pivotsOf(20, 5, seed)) (times[node] as number)++
  expect(Math.min(...times)).toBeGreaterThan(900)
  expect(Math.max(...times)).toBeLessThan(1100)
})
