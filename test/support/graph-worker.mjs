// A process that works on a graph in a thread, says when it is done, and then has nothing more to do.
// node graph-worker.mjs [abort]

import { Projection } from '../../dist/graph/projection/projection.js'
import { createGraphView } from '../../dist/graph/view/source-view.js'

const idOf = (node) => `n${String(node).padStart(6, '0')}`
const order = 20_000
const projection = new Projection()
for (let at = 0; at < order; at++) projection.setNode({ id: idOf(at), label: 'Memory', importance: null })
for (let at = 0; at < order; at++)
  projection.setEdge({
    id: `e${at}`,
    from: idOf(at),
    to: idOf((at * 7 + 1) % order),
    type: 'SOLVES',
    strength: 0.5,
    valid_from: '2026-01-01T00:00:00.000000+00:00',
    valid_until: null,
  })
const snapshot = await projection.snapshot({ types: [], asOf: null, minStrength: null })
const view = createGraphView({
  direction: 'both',
  snapshot: async () => snapshot,
  neighbors: async () => null,
})
let workers = 0
process.on('worker', () => workers++)
const controller = new AbortController()
if (process.argv[2] === 'abort') {
  const work = view.centrality('betweenness', { samples: null, signal: controller.signal })
  setTimeout(() => controller.abort(), 100)
  await work.catch(({ code }) => process.stdout.write(`${code}\n`))
} else {
  const [first] = await view.pageRank({ limit: 1 })
  process.stdout.write(`${first.id.length} characters, ${workers} thread\n`)
}
