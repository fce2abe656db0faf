import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { TursoBackend } from '../../dist/index.js'
import { percentile, timed } from '../measure.mjs'
import { writePackageGraph, writeSyntheticGraph } from '../package-graph.mjs'
import { below, randomOf } from '../random.mjs'
import { factRow, leastRow, limitRow } from '../rows.mjs'
import { section } from '../section.mjs'

const PAGES = 60
const LOOKS = 1_000
const CHAIN = 10_000
const LINKS = 100
/** Between the times at which the graph began and at which a tenth of it ended. */
const THEN = '2026-03-01T00:00:00Z'

await section(async (folder) => {
  const file = join(folder, 'transfer.jsonl')
  const path = join(folder, 'transfer.db')
  const source = process.env.MEMORYGRAPH_BENCH_GRAPH
  const counts = source ? await writePackageGraph(source, file) : await writeSyntheticGraph(file)
  const items = counts.nodes + counts.relationships
  const importing = await inChild('importing', path, file)
  const exporting = await inChild('exporting', path, join(folder, 'again.jsonl'))
  const backend = await TursoBackend.create({ path })
  const rows = [
    leastRow(
      `importGraph of ${items} memories and relationships`,
      '/s',
      (items / importing.taken) * 1000,
      15_000,
    ),
    limitRow('  greatest memory of the process', 'MB', importing.megabytes, 300),
    leastRow('exportFile of them', '/s', (items / exporting.taken) * 1000, 50_000),
    limitRow('  greatest memory of the process', 'MB', exporting.megabytes, 300),
    limitRow('searchMemoriesPaginated at any offset: p95', 'ms', await anyOffset(backend, {}), 25),
    limitRow(
      '  of a word that a third of them hold: p95',
      'ms',
      await anyOffset(backend, { query: 'library' }),
      25,
    ),
    limitRow('getRelatedMemories, depth 1, asOf: p95', 'ms', await thenRelated(backend), 2),
    limitRow(`createRelationship at the end of a chain of ${CHAIN}: p95`, 'ms', await endOfChain(), 25),
    factRow('file', 'MB', (await backend.healthCheck()).database_size_bytes / 2 ** 20),
  ]
  await backend.disconnect()
  return rows
})

/** In a process of its own, so that its memory is that of the work. */
async function inChild(work, path, file) {
  const child = fork(new URL(`../children/${work}.mjs`, import.meta.url), [path, file])
  const [result] = await once(child, 'message')
  await once(child, 'exit')
  return result
}

async function anyOffset(backend, query) {
  const { total_count: total } = await backend.searchMemoriesPaginated(query)
  const times = []
  for (let at = 0; at < PAGES; at++) {
    const offset = Math.floor((total * at) / PAGES)
    times.push(await timed(() => backend.searchMemoriesPaginated({ ...query, offset })))
  }
  return percentile(times, 0.95)
}

async function thenRelated(backend) {
  const ids = (await backend.findNodes({ limit: 10_000 })).map(({ id }) => id)
  const random = randomOf(11)
  const times = []
  for (let at = 0; at < LOOKS; at++) {
    const id = ids[below(random, ids.length)]
    times.push(await timed(() => backend.getRelatedMemories(id, { maxDepth: 1, asOf: THEN })))
  }
  return percentile(times, 0.95)
}

/** Each time the whole chain is behind the relationship that is checked. */
async function endOfChain() {
  const backend = await TursoBackend.create({ path: ':memory:' })
  const id = (at) => `link-${at}`
  const note = (at) => ({ id: id(at), type: 'task', title: id(at), content: id(at) })
  await backend.storeMemories(Array.from({ length: CHAIN + LINKS + 1 }, (_, at) => note(at)))
  const join = (from, to) => ({ from_memory_id: id(from), to_memory_id: id(to), type: 'DEPENDS_ON' })
  await backend.createRelationships(Array.from({ length: CHAIN }, (_, at) => join(at, at + 1)))
  const times = []
  for (let at = 1; at <= LINKS; at++)
    times.push(await timed(() => backend.createRelationship(id(CHAIN + at), id(0), 'DEPENDS_ON')))
  await backend.disconnect()
  return percentile(times, 0.95)
}
