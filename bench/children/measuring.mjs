import { TursoBackend } from '../../dist/index.js'
import { timed } from '../measure.mjs'

/** Everything that is done with a large graph, and the greatest memory of the process. */
const [, , path] = process.argv
const backend = await TursoBackend.create({ path })
const view = await backend.graph()
const taken = {
  load: await timed(() => view.load()),
  pageRank: await timed(() => view.pageRank({ limit: 10 })),
  communities: await timed(() => view.communities()),
  components: await timed(() => view.components()),
  metrics: await timed(() => view.metrics()),
  bridges: await timed(() => view.bridges()),
  graphology: await timed(() => view.graphology()),
}
process.send({ taken, megabytes: process.resourceUsage().maxRSS / 1024 })
await backend.disconnect()
process.disconnect()
