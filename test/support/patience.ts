/** A deadline that a test gives what must not wait for it, and by when it has then ended on the busiest machine. */
export const FAR_MS = 30_000
export const BEFORE_FAR_MS = 15_000

/** By when a deadline of a second or so has passed on the busiest machine; the one of 10 seconds, which is the default, has not. */
export const BY_SHORT_MS = 9_000

/**
 * Whether some work settles sooner than a timer that is set when it begins. A machine that is busy with something else holds up both,
 * so that a limit can be closer than one that is compared with a clock.
 */
export async function settlesWithin(milliseconds: number, work: () => Promise<unknown>): Promise<boolean> {
  let isTooLate = false
  const timer = setTimeout(() => {
    isTooLate = true
  }, milliseconds)
  await work().finally(() => clearTimeout(timer))
  return !isTooLate
}

/** How long this process computes for some work, in milliseconds, however busy the machine is with others. */
export function computingTimeOf(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
