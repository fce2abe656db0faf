import { fork } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTick } from 'node:timers/promises'
import { TursoBackend } from '../dist/index.js'
import { idAt, memories, PROJECTS } from './data.mjs'
import { inTurn, median, percentile, timed } from './measure.mjs'
import { startPrimary } from './primary.mjs'
import { below, oneOf, randomOf, VOCABULARY, zipf } from './random.mjs'
import { factRow, limitRow, throughputRow } from './rows.mjs'
import { lagRowsOf, startWaiting } from './waiting.mjs'

const MEMORIES = 50_000
const CHANGED_AT_A_TIME = 1_000
const SYNC_ROUNDS = 2
const SYNCS = 100
const GETS = 2_000
const SEARCHES = 40
const READ_ROUNDS = 11
const MAX_SYNC_MS = 100
const BARE = new URL('./children/bare-sync.mjs', import.meta.url)

/** What makes a replica: the engine's files, and our note of what the copy held. */
const FILES = ['', '-wal', '-client_wal_index', '-replica.json']

const CHANGE = `UPDATE nodes SET properties = json_set(properties, '$.title', 'Changed ' || id)
  WHERE label = 'Memory' AND id >= :from AND id < :to`

/**
 * A primary with many memories, the local file it was made of, and a replica of it that nobody has open.
 *
 * @typedef {{ folder: string, primary: Awaited<ReturnType<typeof startPrimary>>, local: string, replica: string }} Large
 * @returns {Promise<Large>}
 */
export async function makeLargeReplica(folder) {
  const local = join(folder, 'large-local.db')
  const backend = await TursoBackend.create({ path: local })
  await backend.storeMemories(memories(MEMORIES, { withIds: true }))
  await backend.disconnect()
  const primary = await startPrimary(join(folder, 'large-primary'), { content: local })
  const replica = join(folder, 'large-replica.db')
  await (await openReplica(primary.url, replica)).disconnect()
  return { folder, primary, local, replica }
}

function openReplica(url, path, options = {}) {
  return TursoBackend.create({ url, path, syncIntervalSeconds: 0, ...options })
}

/** Reading a replica beside reading a local file of the same content. @returns {Promise<import('./rows.mjs').Row[]>} */
export async function readingRows({ primary, local, replica }) {
  const ours = await openReplica(primary.url, replica, { autoSync: false })
  const raw = await TursoBackend.create({ path: local })
  const gets = await compare(ours, raw, GETS, (backend, random) =>
    backend.getMemory(idAt(below(random, MEMORIES)), false),
  )
  const byWords = await compare(ours, raw, SEARCHES, (backend, random) =>
    backend.searchMemories({ query: `${word(random)} ${word(random)}`, limit: 20 }),
  )
  const byProject = await compare(ours, raw, SEARCHES, (backend, random) =>
    backend.searchMemories({ project_path: oneOf(random, PROJECTS), limit: 20 }),
  )
  await ours.disconnect()
  await raw.disconnect()
  return [
    throughputRow('reads beside local mode: getMemory(id, false)', GETS, gets, 0.9),
    throughputRow('  searchMemories, two words', SEARCHES, byWords, 0.9),
    throughputRow('  searchMemories, project', SEARCHES, byProject, 0.9),
  ]
}

/** Both sides read the same, something else in each round. */
function compare(ours, raw, count, read) {
  const reading = (backend) => async (round) => {
    const random = randomOf(30 + round)
    for (let at = 0; at < count; at++) await read(backend, random)
  }
  return inTurn(READ_ROUNDS, reading(ours), reading(raw))
}

function word(random) {
  return VOCABULARY[Math.max(30, zipf(random))]
}

/** @returns {Promise<import('./rows.mjs').Row[]>} */
export async function syncingRows(large) {
  return [...(await quickSyncs(large)), ...(await largeSyncs(large))]
}

/** With nothing to do, and after one write by another client. */
async function quickSyncs({ folder, primary, replica }) {
  const path = join(folder, 'quick.db')
  copyReplica(replica, path)
  const backend = await openReplica(primary.url, path)
  const other = await TursoBackend.create({ url: primary.url, mode: 'remote' })
  const inputs = memories(SYNCS + 1, { seed: 31 })
  const idle = []
  const changed = []
  for (let at = 0; at <= SYNCS; at++) {
    idle.push(await timed(() => backend.sync()))
    const id = await other.storeMemory(inputs[at])
    changed.push(await timed(() => backend.sync()))
    if (!(await backend.getMemory(id, false))) throw new Error('A sync did not bring what was written before')
    await nextTick()
  }
  await backend.disconnect()
  await other.disconnect()
  const p95 = (times) => percentile(times.slice(1), 0.95)
  return [
    limitRow('sync() with nothing to do: p95', 'ms', p95(idle), MAX_SYNC_MS),
    factRow('  p50', 'ms', median(idle)),
    limitRow('sync() after one write by another client: p95', 'ms', p95(changed), MAX_SYNC_MS),
    factRow('  p50', 'ms', median(changed)),
  ]
}

/** Each side syncs a copy of the replica as it was before everything changed. */
async function largeSyncs({ folder, primary, replica }) {
  const change = await timed(() => changeEverything(primary.url))
  const rounds = []
  while (rounds.length < SYNC_ROUNDS) {
    const paths = ['ours', 'bare'].map((side) => join(folder, `${side}-${rounds.length}.db`))
    for (const path of paths) copyReplica(replica, path)
    const ours = await syncOurs(primary.url, paths[0])
    rounds.push({ ours, bare: await syncBare(primary.url, paths[1]) })
    for (const path of paths) removeReplica(path)
  }
  const all = (side, figure) => rounds.map((round) => round[side][figure])
  return [
    throughputRow(
      'sync() of 50,000 changed memories',
      MEMORIES,
      { ours: all('ours', 'taken'), raw: all('bare', 'taken') },
      0.7,
    ),
    ...lagRowsOf('  lag meanwhile: p99', all('ours', 'lag')),
    factRow('  longest of a process with the bare handle', 'ms', Math.max(...all('bare', 'longest'))),
    factRow('  pages that came', '', rounds[0].bare.frames),
    factRow('  memories that one client changed before', '/s', (MEMORIES / change) * 1000),
  ]
}

async function changeEverything(url) {
  const backend = await TursoBackend.create({ url, mode: 'remote' })
  for (let from = 0; from < MEMORIES; from += CHANGED_AT_A_TIME) {
    await backend.executeWriteQuery(CHANGE, { from: idAt(from), to: idAt(from + CHANGED_AT_A_TIME) })
  }
  await backend.disconnect()
}

async function syncOurs(url, path) {
  const waiting = await startWaiting()
  const backend = await openReplica(url, path, { autoSync: false })
  globalThis.gc()
  let taken
  const lag = await waiting.lagDuring(async () => {
    taken = await timed(() => backend.sync())
  })
  waiting.end()
  const last = await backend.getMemory(idAt(MEMORIES - 1), false)
  if (!last.title.startsWith('Changed')) throw new Error('The sync did not bring everything')
  await backend.disconnect()
  return { taken, lag }
}

async function syncBare(url, path) {
  const child = fork(BARE, [path, url], { execArgv: [], env: { ...process.env, RUST_LOG: 'off' } })
  const ended = once(child, 'exit')
  const [report] = await once(child, 'message')
  await ended
  return report
}

function copyReplica(from, to) {
  for (const suffix of FILES) if (existsSync(from + suffix)) copyFileSync(from + suffix, to + suffix)
}

function removeReplica(path) {
  for (const suffix of [...FILES, '-shm', '-sync-lock', '-sync.sock']) rmSync(path + suffix, { force: true })
}
