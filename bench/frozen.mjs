import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { TursoBackend } from '../dist/index.js'
import { idAt, memories } from './data.mjs'
import { percentile, timed } from './measure.mjs'
import { startPrimary } from './primary.mjs'
import { factRow, limitRow } from './rows.mjs'
import { lagRowsOf, startWaiting } from './waiting.mjs'

const FROZEN_MS = 30_000
const TIMEOUT_MS = 10_000
const MAX_REFUSAL_MS = 10_500
const MAX_READ_MS = 5
const MAX_END_MS = 3_000
const READABLE = 1_000
const READ_EVERY_MS = 2
const LEAVING = new URL('./children/leaving.mjs', import.meta.url)

/**
 * What a backend does while its primary is frozen. `optionsOf` gives the options for a URL and the name of one that uses it.
 *
 * @returns {Promise<import('./rows.mjs').Row[]>}
 */
export async function frozenRows(folder, optionsOf) {
  const primary = await startPrimary(join(folder, 'frozen-primary'))
  const optionsFor = (name) => ({ ...optionsOf(primary.url, name), timeoutMs: TIMEOUT_MS })
  const backend = await TursoBackend.create(optionsFor('frozen'))
  await backend.storeMemories(memories(READABLE, { withIds: true }))
  const ways = ['disconnects', 'forgets', ...(backend.capabilities.sync ? ['hurries', 'syncs'] : [])]
  const children = []
  for (const how of ways) children.push(await startLeaving(how, optionsFor(how)))
  await primary.freeze()
  const leaving = Promise.all(children.map((child) => child.leave()))
  const rows = await whileFrozen(backend)
  const [left, forgot, hurried, synced] = await leaving
  const disconnect = await timed(() => backend.disconnect())
  primary.thaw()
  await primary.stop()
  return [
    ...rows,
    limitRow('frozen: disconnect() while work waits', 'ms', left.disconnect, MAX_END_MS),
    factRow('  after it has failed', 'ms', disconnect),
    limitRow('frozen: exit of a process after that disconnect()', 'ms', left.exit, MAX_END_MS),
    limitRow('frozen: exit of a process that does not disconnect', 'ms', forgot.exit, MAX_END_MS),
    ...(hurried ? [limitRow('  that has just connected', 'ms', hurried.exit, MAX_END_MS)] : []),
    ...(synced ? [limitRow('  whose sync in the background waits', 'ms', synced.exit, MAX_END_MS)] : []),
  ]
}

async function whileFrozen(backend) {
  const { sync } = backend.capabilities
  const end = performance.now() + FROZEN_MS
  let refusals
  let reads = []
  const waiting = await startWaiting()
  const lag = await waiting.lagDuring(async () => {
    const asked = Promise.all([
      sync ? untilRefused(() => backend.sync()) : untilRefused(() => backend.getMemory(idAt(0))),
      untilRefused(() => backend.storeMemory(memories(1)[0])),
    ])
    if (sync) reads = await readUntil(backend, end)
    refusals = await asked
  })
  waiting.end()
  return [
    ...(sync ? [limitRow('frozen: reads, p99', 'ms', percentile(reads, 0.99), MAX_READ_MS)] : []),
    limitRow(`frozen: ${sync ? 'sync()' : 'getMemory'} is refused`, 'ms', refusals[0], MAX_REFUSAL_MS),
    limitRow('frozen: storeMemory is refused', 'ms', refusals[1], MAX_REFUSAL_MS),
    ...lagRowsOf('frozen: lag, p99', [lag]),
  ]
}

/** How long each read takes. */
async function readUntil(backend, end) {
  const times = []
  while (performance.now() < end) {
    times.push(await timed(() => backend.getMemory(idAt(times.length % READABLE))))
    await delay(READ_EVERY_MS)
  }
  return times
}

/** How long it takes until work fails; whether the primary will do a write once it goes on cannot be known. */
async function untilRefused(work) {
  const start = performance.now()
  try {
    await work()
  } catch (error) {
    if (['MG_OFFLINE', 'MG_UNCERTAIN'].includes(error.code)) return performance.now() - start
    throw error
  }
  throw new Error('The primary was to be frozen, and answered')
}

/** A process that is connected, and ends when it is told to; how long its disconnect() took, and then its end. */
async function startLeaving(how, options) {
  const child = fork(LEAVING, [how, JSON.stringify(options)], { execArgv: [] })
  await once(child, 'message')
  return {
    async leave() {
      const ended = once(child, 'exit')
      child.send('go')
      const [{ disconnect }] = await once(child, 'message')
      const exit = await timed(() => ended)
      return { disconnect, exit }
    },
  }
}
