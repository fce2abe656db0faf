import fc from 'fast-check'
import { expect, it } from 'vitest'
import { NodeQueue } from '../../../src/graph/algorithms/node-queue.js'

it('takes nodes in their order, those that were moved by where they are now', () => {
  const keys = fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 1, maxLength: 40 })
  const taken = fc.integer({ min: 0, max: 20 })
  fc.assert(
    fc.property(keys, taken, fc.array(fc.nat(), { maxLength: 10 }), (first, count, sooner) => {
      const key = [...first]
      const isBefore = (one: number, other: number): boolean => {
        const [a, b] = [key[one] as number, key[other] as number]
        return a === b ? one < other : a < b
      }
      const queue = new NodeQueue(key.length, isBefore)
      const waiting = new Set(key.keys())
      for (const node of waiting) queue.put(node)
      const expectNext = (): void => {
        const [next] = [...waiting].sort((one, other) => (isBefore(one, other) ? -1 : 1))
        expect([queue.first, queue.size]).toEqual([next, waiting.size])
        expect(queue.take()).toBe(next)
        waiting.delete(next as number)
      }
      for (let at = 0; at < count && waiting.size > 0; at++) expectNext()
      for (const some of sooner) {
        const node = some % key.length
        key[node] = waiting.has(node) ? (key[node] as number) - 50 : some % 100
        waiting.add(node)
        queue.put(node)
      }
      while (waiting.size > 0) expectNext()
      expect(queue.size).toBe(0)
    }),
  )
})
