import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SyncTimer } from '../../../src/backends/turso/replica/sync-timer.js'

beforeEach(() => void vi.useFakeTimers())

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** The same numbers each time, spread over [0, 1). */
function drawEvenly(): void {
  let draws = 0
  vi.spyOn(Math, 'random').mockImplementation(() => (draws++ * 0.618_034) % 1)
}

type Course = { readonly startsFailed?: boolean; readonly workMs?: number }

/** The milliseconds before each run of work that fails or not, one outcome after the other. */
async function waitsBefore(
  intervalSeconds: number,
  fails: readonly boolean[],
  { startsFailed = false, workMs = 0 }: Course = {},
): Promise<number[]> {
  const waits: number[] = []
  let since = Date.now()
  const timer = new SyncTimer(intervalSeconds, async () => {
    const fail = fails[waits.length]
    waits.push(Date.now() - since)
    if (workMs > 0) await new Promise((resolve) => setTimeout(resolve, workMs))
    since = Date.now()
    if (fail) throw new Error('away')
  })
  timer.start(startsFailed)
  while (waits.length < fails.length) await vi.advanceTimersToNextTimerAsync()
  timer.stop()
  return waits
}

const times = (count: number, fails: boolean): boolean[] => Array.from({ length: count }, () => fails)

describe('a timer of syncs', () => {
  it.each([
    [0, 270_000],
    [0.25, 285_000],
    [0.5, 300_000],
    [0.999_999, 330_000],
  ])('waits its interval give or take a tenth: at the draw %d of 300 s, %d ms', async (draw, expected) => {
    vi.spyOn(Math, 'random').mockReturnValue(draw)
    const waits = await waitsBefore(300, times(3, false))
    for (const wait of waits) expect(Math.abs(wait - expected)).toBeLessThanOrEqual(1)
  })

  it('draws each wait anew, so that many machines do not come at once', async () => {
    drawEvenly()
    const waits = await waitsBefore(10, times(200, false))
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(9_000)
    expect(Math.min(...waits)).toBeLessThan(9_050)
    expect(Math.max(...waits)).toBeLessThanOrEqual(11_000)
    expect(Math.max(...waits)).toBeGreaterThan(10_950)
    expect(new Set(waits).size).toBeGreaterThan(150)
    const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length
    expect(Math.abs(mean - 10_000)).toBeLessThan(50)
  })

  it('waits from the end of the work, which is never run twice at once', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    expect(await waitsBefore(10, times(3, false), { workMs: 25_000 })).toEqual([10_000, 10_000, 10_000])
  })

  it('tries again soon after a failure, then ever more rarely, at last at the interval', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    expect(await waitsBefore(60, times(8, true))).toEqual([
      60_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000,
    ])
  })

  it('begins so when it is told that there was a failure', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    const waits = await waitsBefore(60, times(4, true), { startsFailed: true })
    expect(waits).toEqual([2_000, 4_000, 8_000, 16_000])
  })

  it('goes back to its interval after a success, and to the first wait after the next failure', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    const fails = [true, true, true, false, true, true]
    expect(await waitsBefore(60, fails)).toEqual([60_000, 2_000, 4_000, 8_000, 60_000, 2_000])
  })

  it('varies the waits after failures too', async () => {
    drawEvenly()
    const waits = await waitsBefore(60, times(5, true), { startsFailed: true })
    for (const [at, wait] of waits.entries()) {
      expect(Math.abs(wait / (2_000 * 2 ** at) - 1)).toBeLessThanOrEqual(0.1001)
    }
    expect(new Set(waits.map((wait, at) => wait / 2 ** at)).size).toBe(5)
  })

  it('never waits longer after a failure than its interval', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    expect(await waitsBefore(0.5, times(4, true), { startsFailed: true })).toEqual([500, 500, 500, 500])
  })

  it('goes on after any number of failures', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    expect((await waitsBefore(300, times(1_200, true))).at(-1)).toBe(300_000)
  })

  it('waits as long as a timer can where the interval is longer', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    expect(await waitsBefore(1e8, [false])).toEqual([2 ** 31 - 1])
  })

  it.each([false, true])(
    'with an interval of 0 never runs, whether or not there was a failure: %s',
    (failed) => {
      const work = vi.fn(async () => undefined)
      new SyncTimer(0, work).start(failed)
      expect(vi.getTimerCount()).toBe(0)
      vi.advanceTimersByTime(1e9)
      expect(work).not.toHaveBeenCalled()
    },
  )

  it('ends with stop(), also in the middle of the work, and can start again', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    let runs = 0
    let finish = (): void => undefined
    const timer = new SyncTimer(1, () => {
      runs++
      return new Promise((resolve) => {
        finish = resolve
      })
    })
    timer.start(false)
    timer.stop()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(runs).toBe(0)
    timer.start(false)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(runs).toBe(1)
    timer.stop()
    finish()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(runs).toBe(1)
    timer.start(false)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(runs).toBe(2)
  })

  it('does not keep the process alive', () => {
    vi.useRealTimers()
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    const before = timers()
    const timer = new SyncTimer(1_000, async () => undefined)
    timer.start(false)
    expect(timers()).toBe(before)
    timer.stop()
  })
})
