import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay, setImmediate as nextTick } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { TursoBackend } from '../../dist/index.js'
import { idAt, memories } from '../data.mjs'
import { lagDuring, median } from '../measure.mjs'
import { factRow, limitRow } from '../rows.mjs'
import { section } from '../section.mjs'

const BULK = 10_000
const BULK_ROUNDS = 5
const WRITERS = 20
const WRITER_ROUNDS = 3
const READABLE = 1_000
const WRITING_MS = 5_000
const READS_PER_STORE = 10
const MAX_LAG_MS = 50
const WRITER = fileURLToPath(new URL('../children/writer.mjs', import.meta.url))

await section(async (folder) => [
  ...(await lagOfBulk(folder)),
  ...(await lagAmongWriters(join(folder, 'lag-writers.db'))),
  ...(await lagWithoutWriting(join(folder, 'lag-idle.db'))),
])

async function lagOfBulk(folder) {
  const inputs = memories(BULK)
  const lags = []
  for (let round = 0; round < BULK_ROUNDS; round++) {
    const backend = await TursoBackend.create({ path: join(folder, `lag-${round}.db`) })
    lags.push(await lagDuring(() => backend.storeMemories(inputs)))
    await backend.disconnect()
  }
  return [
    limitRow('during storeMemories of 10,000: p99', 'ms', median(lags.map(({ p99 }) => p99)), MAX_LAG_MS),
    factRow('  longest', 'ms', Math.max(...lags.map(({ max }) => max))),
  ]
}

async function lagAmongWriters(path) {
  const backend = await TursoBackend.create({ path })
  await backend.storeMemories(memories(READABLE, { withIds: true }))
  const lags = []
  const reports = []
  for (let round = 0; round < WRITER_ROUNDS; round++) {
    const others = await whileOthersWrite(path, async () => {
      reports.push(await storeAndRead(backend))
    })
    lags.push(others.lag)
    reports.push(...others.reports)
  }
  await backend.disconnect()
  const sum = (name) => reports.reduce((total, report) => total + report[name], 0)
  return [
    limitRow(
      'storing and reading while 20 processes write: p99',
      'ms',
      median(lags.map(({ p99 }) => p99)),
      MAX_LAG_MS,
    ),
    factRow('  longest', 'ms', Math.max(...lags.map(({ max }) => max))),
    factRow('  memories stored by all', '/s', sum('stored') / (WRITER_ROUNDS * (WRITING_MS / 1000))),
    factRow('  memories not stored', '', sum('failed')),
    factRow('  longest wait of a store', 'ms', Math.max(...reports.map(({ longest }) => longest))),
  ]
}

/** What the machine itself makes late: the same load, and nothing to do here. */
async function lagWithoutWriting(path) {
  const backend = await TursoBackend.create({ path })
  await backend.disconnect()
  const { lag } = await whileOthersWrite(path, () => delay(WRITING_MS))
  return [factRow('  p99 of a process that only waits meanwhile', 'ms', lag.p99)]
}

async function whileOthersWrite(path, work) {
  const writers = Array.from({ length: WRITERS }, (_, at) =>
    fork(WRITER, [path, String(at), String(WRITING_MS)]),
  )
  for (const writer of writers) {
    writer.once('exit', (code) => {
      if (code !== 0) throw new Error('A writing process failed')
    })
  }
  await Promise.all(writers.map((writer) => once(writer, 'message')))
  const ended = Promise.all(writers.map((writer) => once(writer, 'message')))
  for (const writer of writers) writer.send('go')
  const lag = await lagDuring(work)
  const reports = (await ended).map(([report]) => report)
  await Promise.all(writers.map((writer) => writer.exitCode ?? once(writer, 'exit')))
  return { lag, reports }
}

/** As a server does it: each call is its own event, so that the loop turns between them. */
async function storeAndRead(backend) {
  const inputs = memories(500, { seed: WRITERS })
  const report = { stored: 0, failed: 0, longest: 0 }
  const end = performance.now() + WRITING_MS
  for (let turn = 0; performance.now() < end; turn++) {
    const start = performance.now()
    try {
      await backend.storeMemory(inputs[turn % inputs.length])
      report.stored++
    } catch {
      report.failed++
    }
    report.longest = Math.max(report.longest, performance.now() - start)
    await nextTick()
    for (let read = 0; read < READS_PER_STORE; read++) {
      await backend.getMemory(idAt((turn * READS_PER_STORE + read) % READABLE))
      await nextTick()
    }
  }
  return report
}
