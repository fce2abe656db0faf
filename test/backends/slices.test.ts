import { describe, expect, it } from 'vitest'
import { inSlices } from '../../src/backends/slices.js'
import { WriteQueue } from '../../src/backends/write-queue.js'

describe('work in slices', () => {
  it('sees every item once and in order, and lets others run in between', async () => {
    const items = Array.from({ length: 500 }, (_, at) => at)
    const seen: number[] = []
    let others = 0
    const other = setInterval(() => others++, 0)
    await inSlices(items, (slice) => {
      seen.push(...slice)
      const until = performance.now() + slice.length * 0.2
      while (performance.now() < until);
    })
    clearInterval(other)
    expect(seen).toEqual(items)
    expect(others).toBeGreaterThan(2)
  })

  it('says how far it is, the last time at the end', async () => {
    const progress: number[] = []
    await inSlices([1, 2, 3], () => undefined, { onProgress: ({ done }) => progress.push(done) })
    expect(progress.at(-1)).toBe(3)
  })

  it('stops at the signal, and at an exception', async () => {
    const stop = new AbortController()
    const work = inSlices(Array(100).fill(0), () => stop.abort(new Error('enough')), { signal: stop.signal })
    await expect(work).rejects.toMatchObject({ code: 'MG_ABORTED', cause: { message: 'enough' } })
    const failing = inSlices([1], () => {
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
  })
})

describe('the write queue', () => {
  it('runs one piece after the other, also after one that failed, and is idle at the end', async () => {
    const queue = new WriteQueue()
    const log: string[] = []
    const piece =
      (name: string, fails = false) =>
      async (): Promise<void> => {
        log.push(`${name} starts`)
        await new Promise((resolve) => setImmediate(resolve))
        log.push(`${name} ends`)
        if (fails) throw new Error(name)
      }
    const results = Promise.allSettled([
      queue.run(piece('a', true)),
      queue.run(piece('b')),
      queue.run(piece('c')),
    ])
    expect(queue.busy).toBe(true)
    await queue.idle()
    expect(queue.busy).toBe(false)
    expect(log).toEqual(['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends'])
    expect((await results).map((result) => result.status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
  })
})
