import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { TursoBackend } from '../../dist/index.js'
import { percentile, timed } from '../measure.mjs'
import { factRow, leastRow, limitRow } from '../rows.mjs'
import { section } from '../section.mjs'
import { openDiskAnn, openPlain, openSqliteVec } from '../vector-peers.mjs'
import { DIMENSIONS, makeVectors, nearestTo, vectorAt } from '../vectors.mjs'

const asked = new Set((process.env.MEMORYGRAPH_BENCH_ALSO ?? '').split(','))
const SIZES = [1_000, 10_000, 100_000, ...(asked.has('million') ? [1_000_000] : [])]
const SEARCHES = 50
const K = 10
/** What clustered vectors must reach, by how many there are. */
const TARGETS = { 10000: { ms: 1.5, recall: 0.98 }, 100000: { ms: 8, recall: 0.95 } }
const EFFORTS = [1, 4, 16]
/** One memory in ten is of the type that a filter asks for. */
const TYPES = ['fix', ...Array.from({ length: 9 }, () => 'general')]

await section(async (folder) => {
  const rows = []
  for (const kind of ['clustered', 'random']) {
    for (const count of SIZES) rows.push(...(await measure(folder, kind, count)))
  }
  return rows
})

async function measure(folder, kind, count) {
  const vectors = makeVectors(kind, count, 7)
  const queries = makeQueries(kind)
  const truth = queries.map((query) => nearestTo(vectors, query, K))
  const what = `${kind}, ${count.toLocaleString('en-US')}`
  const path = join(folder, 'vectors.db')
  const { inserts, share } = await fill(path, vectors)
  const backend = await TursoBackend.create({ path })
  try {
    const first = await timed(() => backend.searchByVector(queries[0], { k: K }))
    const plain = peer(join(folder, 'plain.db'), openPlain, vectors, queries, truth)
    const ours = await search(backend, queries, truth)
    return [
      ...searchRows(what, kind, count, ours, plain),
      ...(kind === 'random' ? await effortRows(backend, queries, truth) : []),
      ...(count === 100_000 ? await filterRows(backend, vectors, queries) : []),
      ...(count === 100_000 ? [limitRow('  first search after opening', 'ms', first, 300)] : []),
      ...(count >= 10_000 ? [leastRow('  setEmbeddings', '/s', inserts, 40_000)] : []),
      ...(count >= 10_000 ? [limitRow('  file / bytes of the vectors', '', share, 1.45)] : []),
      ...(asked.has('peers') ? sqliteVecRows(folder, vectors, queries, truth) : []),
      ...(asked.has('diskann') && count === 10_000 ? await diskAnnRows(folder, vectors, queries, truth) : []),
    ]
  } finally {
    await backend.disconnect()
    remove(path)
  }
}

/** Of the same kind, and none of those that are stored. */
function makeQueries(kind) {
  const vectors = makeVectors(kind, SEARCHES, 8)
  return Array.from({ length: SEARCHES }, (_, at) => vectorAt(vectors, at))
}

/** Stores a small memory for each vector, and then the vectors. */
async function fill(path, vectors, options = {}) {
  const count = vectors.length / DIMENSIONS
  const backend = await TursoBackend.create({ path, ...options })
  await backend.storeMemories(
    Array.from({ length: count }, (_, at) => ({
      id: idOf(at),
      type: TYPES[at % TYPES.length],
      title: 'Memory',
      content: 'Text',
    })),
  )
  await backend.disconnect()
  const before = statSync(path).size
  await backend.connect()
  const entries = Array.from({ length: count }, (_, at) => ({
    id: idOf(at),
    model: 'bench',
    vector: vectorAt(vectors, at),
  }))
  const taken = await timed(() => backend.setEmbeddings(entries))
  await backend.disconnect()
  const share = (statSync(path).size - before) / vectors.byteLength
  return { inserts: (count / taken) * 1000, share }
}

async function search(backend, queries, truth, options = {}) {
  const times = []
  let found = 0
  let fewest = K
  for (const [at, query] of queries.entries()) {
    let hits = []
    times.push(
      await timed(async () => {
        hits = await backend.searchByVector(query, { k: K, ...options })
      }),
    )
    fewest = Math.min(fewest, hits.length)
    found += hits.filter(({ id }) => truth[at].some((place) => idOf(place) === id)).length
  }
  return { ...spread(times), recall: found / (K * queries.length), fewest }
}

function peer(path, open, vectors, queries, truth) {
  const other = open(path)
  other.fill(vectors)
  const times = []
  let found = 0
  for (const [at, query] of queries.entries()) {
    const began = performance.now()
    const ids = other.search(query)
    times.push(performance.now() - began)
    found += ids.filter((id) => truth[at].includes(Number(id))).length
  }
  const bytes = statSync(path).size
  other.close()
  remove(path)
  return { ...spread(times), recall: found / (K * queries.length), bytes }
}

function searchRows(what, kind, count, ours, plain) {
  const { ms, recall } = (kind === 'clustered' && TARGETS[count]) || {}
  return [
    ms === undefined
      ? factRow(`${what}: searchByVector p50`, 'ms', ours.p50, plain.p50)
      : limitRow(`${what}: searchByVector p50`, 'ms', ours.p50, ms, plain.p50),
    factRow('  p95', 'ms', ours.p95, plain.p95),
    recall === undefined
      ? factRow('  recall@10', '', ours.recall, plain.recall)
      : leastRow('  recall@10', '', ours.recall, recall),
  ]
}

async function effortRows(backend, queries, truth) {
  const rows = []
  for (const effort of EFFORTS) {
    const { p50, recall } = await search(backend, queries, truth, { effort })
    rows.push(factRow(`  effort ${effort}: p50`, 'ms', p50), factRow('    recall@10', '', recall))
  }
  return rows
}

async function filterRows(backend, vectors, queries) {
  const isFix = (at) => TYPES[at % TYPES.length] === 'fix'
  const truth = queries.map((query) => nearestTo(vectors, query, K, isFix))
  const found = await search(backend, queries, truth, { filter: { memory_types: ['fix'] } })
  return [
    factRow('  filter of a tenth: p50', 'ms', found.p50),
    leastRow('    recall@10', '', found.recall, 0.95),
    leastRow('    fewest hits', '', found.fewest, K),
  ]
}

function sqliteVecRows(folder, vectors, queries, truth) {
  try {
    const open = (path) => openSqliteVec(path, join(folder, 'peers'))
    const { p50, p95 } = peer(join(folder, 'sqlite-vec.db'), open, vectors, queries, truth)
    return [factRow('  sqlite-vec: p50', 'ms', null, p50), factRow('    p95', 'ms', null, p95)]
  } catch (error) {
    return [factRow(`  sqlite-vec: cannot be installed (${String(error.message).split('\n')[0]})`, '', null)]
  }
}

/** The index as it is by default, and as this library makes it. */
async function diskAnnRows(folder, vectors, queries, truth) {
  const path = join(folder, 'diskann.db')
  const defaults = peer(path, openDiskAnn, vectors, queries, truth)
  const { inserts, share } = await fill(path, vectors, { vectorStrategy: 'diskann' })
  const backend = await TursoBackend.create({ path, vectorStrategy: 'diskann' })
  const ours = await search(backend, queries, truth)
  await backend.disconnect()
  remove(path)
  return [
    factRow('  DiskANN, 20 neighbours of 8 bits (raw: defaults): p50', 'ms', ours.p50, defaults.p50),
    factRow('    recall@10', '', ours.recall, defaults.recall),
    factRow('    inserts', '/s', inserts),
    factRow('    file / bytes of the vectors', '', share, defaults.bytes / vectors.byteLength),
  ]
}

function spread(times) {
  return { p50: percentile(times, 0.5), p95: percentile(times, 0.95) }
}

function idOf(at) {
  return `memory-${String(at).padStart(29, '0')}`
}

function remove(path) {
  for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true })
}
