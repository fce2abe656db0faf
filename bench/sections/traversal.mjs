import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { importGraph, TursoBackend } from '../../dist/index.js'
import { currentEdges, graphologyOf, openKuzu, openQuery, TYPES } from '../graph-peers.mjs'
import { median, percentile, timed } from '../measure.mjs'
import { writePackageGraph, writeSyntheticGraph } from '../package-graph.mjs'
import { below, randomOf } from '../random.mjs'
import { durationRow, factRow, limitRow } from '../rows.mjs'
import { section } from '../section.mjs'
import { startWaiting } from '../waiting.mjs'

const STARTS = 200
const ROUNDS = 5
const REFRESHES = 10
const FOREIGN_WRITES = 100
const RELATED = 100
const MAX_LAG_MS = 50
const LARGE = { nodes: 200_000, relationships: 1_000_000 }

const asked = new Set((process.env.MEMORYGRAPH_BENCH_ALSO ?? '').split(','))

await section(async (folder) => {
  const path = await filled(folder, 'traversal')
  const edges = currentEdges(path)
  const starts = startsOf(edges)
  const rows = [
    ...(await hopRows(folder, path, edges, starts)),
    ...(await loadRows(path)),
    ...(await algorithmRows(path)),
    ...(await relatedRows(path, starts)),
  ]
  return asked.has('million') ? [...rows, ...(await largeRows(folder))] : rows
})

async function filled(folder, name) {
  const [file, path] = [join(folder, `${name}.jsonl`), join(folder, `${name}.db`)]
  const source = process.env.MEMORYGRAPH_BENCH_GRAPH
  await (source ? writePackageGraph(source, file) : writeSyntheticGraph(file))
  const backend = await TursoBackend.create({ path, synchronous: 'normal' })
  await importGraph(backend, file)
  await backend.disconnect()
  return path
}

function startsOf(edges) {
  const random = randomOf(17)
  const ids = [...new Set(edges.map(([, from]) => from))].sort()
  return Array.from({ length: STARTS }, () => ids[below(random, ids.length)])
}

/** All sides look for the same in turn; what they find must be the same. */
async function hopRows(folder, path, edges, starts) {
  const cold = await TursoBackend.create({ path })
  const warm = await TursoBackend.create({ path })
  const outgoing = { direction: 'outgoing', relationshipTypes: TYPES }
  const coldView = await cold.graph(outgoing)
  const warmView = await warm.graph(outgoing)
  await warmView.load()
  const query = openQuery(path)
  const kuzu = asked.has('peers') ? await openKuzu(join(folder, 'kuzu'), edges) : null
  const sides = {
    cold: async (start, depth) => (await coldView.neighbors(start, depth)).length,
    query: async (start, depth) => query.within(start, depth),
    warm: async (start, depth) => (await warmView.neighbors(start, depth)).length,
    graphology: graphologyOf(edges).within,
    ...(kuzu && { kuzu: kuzu.within }),
  }
  const rows = []
  for (const depth of [1, 2, 3]) {
    const sums = Object.fromEntries(Object.keys(sides).map((side) => [side, []]))
    const each = Object.fromEntries(Object.keys(sides).map((side) => [side, []]))
    const found = new Set()
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [side, within] of Object.entries(sides)) {
        let count = 0
        const times = []
        for (const start of starts)
          times.push(
            await timed(async () => {
              count += await within(start, depth)
            }),
          )
        found.add(count)
        if (round === 0) continue // warms up
        sums[side].push(times.reduce((sum, time) => sum + time, 0))
        each[side].push(...times)
      }
    }
    if (found.size !== 1) throw new Error(`Within ${depth} steps there are ${[...found].join(', ')} nodes`)
    const middle = (side) => median(sums[side])
    const at = (side, share) => percentile(each[side], share)
    rows.push(
      durationRow(
        `neighbors within ${depth} of ${STARTS} nodes, from the file (raw: recursive query)`,
        middle('cold'),
        middle('query'),
        1.5,
      ),
      factRow('  p50', 'ms', at('cold', 0.5), at('query', 0.5)),
      factRow('  p95', 'ms', at('cold', 0.95), at('query', 0.95)),
      durationRow('  in memory (raw: graphology)', middle('warm'), middle('graphology'), 2),
      factRow('  p50', 'ms', at('warm', 0.5), at('graphology', 0.5)),
      factRow('  p95', 'ms', at('warm', 0.95), at('graphology', 0.95)),
      ...(kuzu
        ? [
            durationRow('  from the file (raw: Kuzu)', middle('cold'), middle('kuzu'), 1),
            factRow('  p50, p95 of Kuzu', 'ms', at('kuzu', 0.5), at('kuzu', 0.95)),
          ]
        : []),
    )
  }
  query.close()
  await kuzu?.close()
  await cold.disconnect()
  await warm.disconnect()
  return rows
}

async function inChild(work, path) {
  const child = fork(new URL(`../children/${work}.mjs`, import.meta.url), [path], {
    execArgv: ['--expose-gc'],
  })
  const [result] = await once(child, 'message')
  await once(child, 'exit')
  return result
}

async function loadRows(path) {
  const loads = []
  for (let round = 0; round < 3; round++) loads.push(await inChild('loading', path))
  const { nodes, relationships } = loads[0]
  return [
    limitRow(
      `reading a graph of ${nodes} nodes, ${relationships} relationships`,
      'ms',
      median(loads.map(({ taken }) => taken)),
      2_500,
    ),
    limitRow('  memory', 'MB', Math.max(...loads.map(({ megabytes }) => megabytes)), 350),
    ...(await refreshRows(path)),
  ]
}

/** Another backend writes 50 memories and 50 relationships each time. */
async function refreshRows(path) {
  const backend = await TursoBackend.create({ path })
  const other = await TursoBackend.create({ path, synchronous: 'normal', allowCycles: true })
  const view = await backend.graph({ direction: 'outgoing' })
  await view.load()
  const hops = []
  const snapshots = []
  for (let round = 0; round < REFRESHES; round++) {
    const ids = Array.from({ length: FOREIGN_WRITES / 2 }, (_, at) => `foreign-${round}-${at}`)
    await other.storeMemories(ids.map((id) => ({ id, type: 'task', title: id, content: id })))
    await other.createRelationships(
      ids.map((id, at) => ({
        from_memory_id: id,
        to_memory_id: ids[(at + 1) % ids.length],
        type: 'DEPENDS_ON',
      })),
    )
    hops.push(await timed(() => view.neighbors(ids[0], 1)))
    snapshots.push(await timed(() => view.load()))
  }
  await other.deleteNodes(
    (await other.findNodes({ limit: 10_000 })).flatMap(({ id }) => (id.startsWith('foreign-') ? [id] : [])),
  )
  await backend.disconnect()
  await other.disconnect()
  return [
    limitRow(`neighbors after ${FOREIGN_WRITES} writes of another process`, 'ms', median(hops), 20),
    limitRow('  and what algorithms go by after that', 'ms', median(snapshots), 20),
  ]
}

async function algorithmRows(path) {
  const waiting = await startWaiting()
  const backend = await TursoBackend.create({ path })
  const view = await backend.graph()
  const rows = [limitLag('  lateness of the event loop', await waiting.lagDuring(() => view.load()))]
  const works = [
    ['pageRank', () => view.pageRank({ limit: 10 }), 800],
    ['communities', () => view.communities(), 1_000],
    ['components', () => view.components(), 400],
    ['strong components', () => view.components({ strong: true }), 400],
    ['bridges', () => view.bridges()],
    ['metrics', () => view.metrics()],
    ['topologicalOrder of one type', () => view.topologicalOrder('REQUIRES').catch(() => null)],
    ['centrality of betweenness, 500 samples', () => view.centrality('betweenness', { limit: 10 })],
  ]
  for (const [name, work, atMost] of works) {
    const times = []
    let lag
    for (let round = 0; round < (atMost === undefined ? 1 : 5); round++)
      lag = await waiting.lagDuring(async () => {
        times.push(await timed(work))
      })
    const taken = median(times)
    rows.push(atMost === undefined ? factRow(name, 'ms', taken) : limitRow(name, 'ms', taken, atMost))
    if (atMost !== undefined) rows.push(limitLag('  lateness of the event loop', lag))
  }
  waiting.end()
  await backend.disconnect()
  return rows
}

function limitLag(name, { p99, idle }) {
  return limitRow(name, 'ms', p99, MAX_LAG_MS, idle.p99)
}

/** The answers must be the same, in memory and from the file. */
async function relatedRows(path, starts) {
  const backend = await TursoBackend.create({ path })
  const options = { maxDepth: 2, limit: 20 }
  const look = async () => {
    const times = []
    const answers = []
    for (const id of starts.slice(0, RELATED))
      times.push(
        await timed(async () => {
          answers.push((await backend.getRelatedMemories(id, options)).map(([memory]) => memory.id))
        }),
      )
    return { sum: times.reduce((sum, time) => sum + time, 0), answers: JSON.stringify(answers) }
  }
  await look()
  const cold = await look()
  await (await backend.graph()).load()
  await look()
  const warm = await look()
  await backend.disconnect()
  if (cold.answers !== warm.answers) throw new Error('getRelatedMemories answers differ in memory')
  return [
    durationRow(
      `getRelatedMemories of ${RELATED}, depth 2, in memory (raw: from the file)`,
      warm.sum,
      cold.sum,
    ),
  ]
}

async function largeRows(folder) {
  const path = join(folder, 'large.db')
  const backend = await TursoBackend.create({ path, synchronous: 'normal', allowCycles: true })
  const id = (at) => `n${at}`
  await backend.putNodes(
    Array.from({ length: LARGE.nodes }, (_, at) => ({ id: id(at), label: 'Task', properties: {} })),
  )
  const random = randomOf(19)
  const some = () => ({
    from_memory_id: id(below(random, LARGE.nodes)),
    to_memory_id: id(below(random, LARGE.nodes)),
    type: 'DEPENDS_ON',
  })
  for (let done = 0; done < LARGE.relationships; done += 50_000)
    await backend.createRelationships(Array.from({ length: 50_000 }, some))
  await backend.disconnect()
  const { taken, megabytes } = await inChild('measuring', path)
  return [
    ...Object.entries(taken).map(([name, time]) =>
      factRow(`${name} of ${LARGE.relationships} relationships`, 'ms', time),
    ),
    limitRow('  greatest memory of the process', 'MB', megabytes, 2_048),
  ]
}
