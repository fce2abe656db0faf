import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inTurns } from '../../../src/graph/turns/in-turns.js'
import { sortInTurns } from '../../../src/graph/turns/sort-in-turns.js'
import { randomOf } from '../../support/random.js'

/** Counts the turns that timers have while something is done. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  await work()
  clearInterval(timer)
  return turns
}

/** Takes a fiftieth of a millisecond. */
function dawdle(): void {
  const until = performance.now() + 0.02
  while (performance.now() < until);
}

describe('inTurns()', () => {
  it('does one step after the other, and lets timers have their turn', async () => {
    const done: number[] = []
    const turns = await turnsDuring(() =>
      inTurns(5_000, (at) => {
        dawdle()
        done.push(at)
      }),
    )
    expect(done).toEqual([...Array(5_000).keys()])
    expect(turns).toBeGreaterThan(3)
  })

  it('tells now and then how far it is', async () => {
    const told: [number, number | null][] = []
    await inTurns(10_000, dawdle, { report: (done, total) => told.push([done, total]) })
    expect(told.length).toBeGreaterThan(1)
    for (const [done, total] of told) expect([total, done > 0 && done <= 10_000]).toEqual([10_000, true])
  })

  it('is stopped by a signal', async () => {
    const controller = new AbortController()
    let done = 0
    const step = (): void => {
      if (++done === 1_000) controller.abort('enough')
    }
    await expect(inTurns(10_000, step, { signal: controller.signal })).rejects.toMatchObject({
      code: 'MG_ABORTED',
      cause: 'enough',
    })
    expect(done).toBeLessThan(2_000)
  })
})

describe('sortInTurns()', () => {
  const byValue = (a: [number, number], b: [number, number]): number => a[0] - b[0]

  it('sorts as a list sorts itself: equal items stay in their order', async () => {
    const lengths = fc.constantFrom(0, 1, 2, 4_095, 4_096, 4_097, 8_192, 8_193, 12_289, 30_000)
    await fc.assert(
      fc.asyncProperty(lengths, fc.nat(), async (length, seed) => {
        const random = randomOf(seed)
        const items = Array.from({ length }, (_, at): [number, number] => [Math.floor(random() * 500), at])
        const before = [...items]
        expect(await sortInTurns(items, byValue, {})).toEqual(items.toSorted(byValue))
        expect(items).toEqual(before)
      }),
      { numRuns: 40 },
    )
  })

  it('lets timers have their turn', async () => {
    const random = randomOf(3)
    const items = Array.from({ length: 200_000 }, () => random())
    const turns = await turnsDuring(() => sortInTurns(items, (a, b) => a - b, {}))
    expect(turns).toBeGreaterThan(3)
  })
})
