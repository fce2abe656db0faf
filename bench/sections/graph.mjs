import { TursoBackend } from '../../dist/index.js'
import { hubRelationships, memories, relationships } from '../data.mjs'
import { GRAPH, graphPath } from '../graph.mjs'
import { timed } from '../measure.mjs'
import { factRow } from '../rows.mjs'
import { section } from '../section.mjs'

await section(async (folder) => {
  const backend = await TursoBackend.create({ path: graphPath(folder) })
  const inputs = memories(GRAPH.memories, { withIds: true })
  const joins = [
    ...relationships(GRAPH.relationships - GRAPH.hubDegree, GRAPH.memories),
    ...hubRelationships(GRAPH.hub, GRAPH.hubDegree),
  ]
  const storing = await timed(() => backend.storeMemories(inputs))
  const joining = await timed(() => backend.createRelationships(joins))
  await backend.disconnect()
  return [
    factRow('storeMemories of 100,000', '/s', (GRAPH.memories / storing) * 1000),
    factRow('createRelationships of 300,000', '/s', (GRAPH.relationships / joining) * 1000),
  ]
})
