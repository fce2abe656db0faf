import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { lagDuring, median } from './measure.mjs'
import { factRow, limitRow } from './rows.mjs'

/** So that the timer ticks before and after work that is short. */
const SETTLING_MS = 20
const MAX_LAG_MS = 20
const WAITING = new URL('./children/waiting.mjs', import.meta.url)

/** A process beside this one that has nothing to do: how late it is, the machine makes everybody late. */
export async function startWaiting() {
  const child = fork(WAITING, { execArgv: [] })
  const said = async (message) => {
    const answer = once(child, 'message')
    if (message) child.send(message)
    return (await answer)[0]
  }
  await said()
  return {
    /** How late this event loop and the other one are while work runs. */
    async lagDuring(work) {
      await said('begin')
      const ours = await lagDuring(async () => {
        await delay(SETTLING_MS)
        await work()
        await delay(SETTLING_MS)
      })
      return { ...ours, idle: await said('end') }
    },
    end: () => child.disconnect(),
  }
}

/** The lags of rounds, beside those of the process that only waits. @returns {import('./rows.mjs').Row[]} */
export function lagRowsOf(name, lags) {
  const p99 = (sides) => median(sides.map((lag) => lag.p99))
  const longest = (sides) => Math.max(...sides.map(({ max }) => max))
  const idle = lags.map((lag) => lag.idle)
  return [
    limitRow(name, 'ms', p99(lags), MAX_LAG_MS, p99(idle)),
    factRow('  longest', 'ms', longest(lags), longest(idle)),
  ]
}
