import { monitorEventLoopDelay } from 'node:perf_hooks'

const LAG_RESOLUTION_MS = 5

/** The middle value. */
export function median(values) {
  return percentile(values, 0.5)
}

/** The value that a share of the values does not exceed. */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
}

/** How many milliseconds work takes. */
export async function timed(work) {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/**
 * Runs both sides in turn, A B A B, after a full garbage collection each; `ours` and `raw` get the number of the round. The
 * first round warms up and does not count.
 *
 * @returns {Promise<{ ours: number[], raw: number[] }>} the milliseconds of each round
 */
export async function inTurn(rounds, ours, raw) {
  const times = { ours: [], raw: [] }
  for (let round = 0; round <= rounds; round++) {
    for (const [side, work] of Object.entries({ ours, raw })) {
      globalThis.gc()
      const taken = await timed(() => work(round))
      if (round > 0) times[side].push(taken)
    }
  }
  return times
}

/** Runs work and returns how late the event loop was meanwhile, in milliseconds; the timer's own 5 ms are in it. */
export async function lagDuring(work) {
  const histogram = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS })
  histogram.enable()
  await work()
  histogram.disable()
  return { p99: histogram.percentile(99) / 1e6, max: histogram.max / 1e6 }
}
