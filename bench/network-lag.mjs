import { join } from 'node:path'
import { setImmediate as nextTick } from 'node:timers/promises'
import { TursoBackend } from '../dist/index.js'
import { idAt, memories } from './data.mjs'
import { startPrimary, startProxy } from './primary.mjs'
import { lagRowsOf, startWaiting } from './waiting.mjs'

const LATENCY_MS = 200
const READABLE = 1_000
const CALLS = 100
const AT_A_TIME = 10
const BULK = 5_000
const ROUNDS = 3

/**
 * How late the event loop is while a backend uses a primary that is far away; the proxy and the primary have processes of their
 * own. `optionsOf` gives the options of the backend for a URL and the number of a round.
 *
 * @returns {Promise<import('./rows.mjs').Row[]>}
 */
export async function lagRows(folder, optionsOf) {
  const primary = await startPrimary(join(folder, 'far-primary'))
  await fill(primary.url)
  const proxy = await startProxy(primary.port, LATENCY_MS)
  const waiting = await startWaiting()
  const lags = await measure(waiting, (round) => TursoBackend.create(optionsOf(proxy.url, round)))
  waiting.end()
  await proxy.stop()
  await primary.stop()
  return Object.entries(lags).flatMap(([name, rounds]) => lagRowsOf(`lag during ${name}: p99`, rounds))
}

async function fill(url) {
  const backend = await TursoBackend.create({ url, mode: 'remote' })
  await backend.storeMemories(memories(READABLE, { withIds: true }))
  await backend.disconnect()
}

/** The lag of each kind of work, round by round. */
async function measure(waiting, connect) {
  const lags = {}
  const during = async (name, work) => {
    globalThis.gc()
    lags[name] ??= []
    lags[name].push(await waiting.lagDuring(work))
  }
  for (let round = 0; round < ROUNDS; round++) {
    let backend
    await during('connect()', async () => {
      backend = await connect(round)
    })
    await during(`${CALLS} reads`, () => inGroups((at) => backend.getMemory(idAt(at))))
    if (round === 0) await during(`${CALLS} writes`, () => store(backend))
    if (backend.capabilities.sync) await during('sync()', () => backend.sync())
    await during(`storeMemories of ${BULK.toLocaleString('en-US')}`, () => storeBulk(backend, round))
    await backend.disconnect()
  }
  return lags
}

function store(backend) {
  const inputs = memories(CALLS, { seed: 20 })
  return inGroups((at) => backend.storeMemory(inputs[at]))
}

/** The list is made before, so that making it does not count. */
const BULKS = Array.from({ length: ROUNDS }, (_, round) => memories(BULK, { seed: 21 + round }))

function storeBulk(backend, round) {
  return backend.storeMemories(BULKS[round])
}

/** As a server gets requests: some at a time, and each group is its own event. */
async function inGroups(call) {
  for (let start = 0; start < CALLS; start += AT_A_TIME) {
    await Promise.all(Array.from({ length: AT_A_TIME }, (_, offset) => call(start + offset)))
    await nextTick()
  }
}
