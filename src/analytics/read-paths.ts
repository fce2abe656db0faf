import type { GraphBackend } from '../backends/graph-backend.js'
import type { GraphPath } from '../graph/graph-view.js'
import { MEMORY_LABEL } from '../model/node.js'
import type { Relationship } from '../model/relationship.js'
import type { MemoryPathSteps, PathNode } from './memory-path.js'

/** Reads what is along ways: `null` for one that something of has been deleted since it was found. */
export async function readPaths(
  backend: Pick<GraphBackend, 'getMemories' | 'getNodes' | 'listRelationships'>,
  paths: readonly GraphPath[],
): Promise<(MemoryPathSteps | null)[]> {
  const nodes = await nodesOf(backend, [...new Set(paths.flatMap(({ node_ids }) => node_ids))])
  const relationships = new Map<string, Relationship>()
  const ids = [...new Set(paths.flatMap(({ relationship_ids }) => relationship_ids))]
  for await (const relationship of backend.listRelationships({ ids }))
    relationships.set(relationship.id, relationship)
  return paths.map((path): MemoryPathSteps | null => {
    const along = path.node_ids.flatMap((id) => nodes.get(id) ?? [])
    const links = path.relationship_ids.flatMap((id) => relationships.get(id) ?? [])
    const isWhole = along.length === path.node_ids.length && links.length === path.relationship_ids.length
    return isWhole ? { nodes: along, relationships: links, ...figuresOf(links) } : null
  })
}

async function nodesOf(
  backend: Pick<GraphBackend, 'getMemories' | 'getNodes'>,
  ids: readonly string[],
): Promise<Map<string, PathNode>> {
  const nodes = new Map<string, PathNode>()
  for (const memory of await backend.getMemories(ids))
    nodes.set(memory.id, { id: memory.id, label: MEMORY_LABEL, memory, properties: null })
  for (const { id, label, properties } of await backend.getNodes(ids.filter((one) => !nodes.has(one))))
    nodes.set(id, { id, label, memory: null, properties })
  return nodes
}

function figuresOf(
  relationships: readonly Relationship[],
): Pick<MemoryPathSteps, 'length' | 'strength' | 'mean_strength'> {
  const strengths = relationships.map(({ properties }) => properties.strength)
  const sum = strengths.reduce((total, strength) => total + strength, 0)
  return {
    length: strengths.length,
    strength: strengths.reduce((product, strength) => product * strength, 1),
    mean_strength: strengths.length === 0 ? null : sum / strengths.length,
  }
}
