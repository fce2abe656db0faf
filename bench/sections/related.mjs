import { TursoBackend } from '../../dist/index.js'
import { idAt } from '../data.mjs'
import { GRAPH, graphPath } from '../graph.mjs'
import { median, percentile, timed } from '../measure.mjs'
import { below, randomOf } from '../random.mjs'
import { factRow, limitRow } from '../rows.mjs'
import { section } from '../section.mjs'

const STARTS = 400
const HUB_WALKS = 60
const ROUNDS = 5
const MAX_REACHED = 200

await section(async (folder) => {
  const backend = await TursoBackend.create({ path: graphPath(folder) })
  const random = randomOf(5)
  const nearby = []
  const hub = []
  for (let round = 0; round <= ROUNDS; round++) {
    nearby.push(await walkNearby(backend, random))
    hub.push(await walkHub(backend))
  }
  await backend.disconnect()
  const over = (rounds, share) => median(rounds.slice(1).map((times) => percentile(times, share)))
  return [
    limitRow('getRelatedMemories, depth 2, up to 200 reached: p95', 'ms', over(nearby, 0.95), 5),
    factRow('  p50', 'ms', over(nearby, 0.5)),
    limitRow('getRelatedMemories, depth 2, from a hub of 1,000: p95', 'ms', over(hub, 0.95), 25),
    factRow('  p50', 'ms', over(hub, 0.5)),
  ]
})

/** Starts are new in every round; those that turn out to reach more than 200 memories do not count. */
async function walkNearby(backend, random) {
  const times = []
  while (times.length < STARTS) {
    const id = idAt(below(random, GRAPH.memories))
    const taken = await timed(() => backend.getRelatedMemories(id))
    const reached = await backend.getRelatedMemories(id, { limit: null })
    if (reached.length <= MAX_REACHED) times.push(taken)
  }
  return times
}

async function walkHub(backend) {
  const times = []
  while (times.length < HUB_WALKS) times.push(await timed(() => backend.getRelatedMemories(idAt(GRAPH.hub))))
  return times
}
