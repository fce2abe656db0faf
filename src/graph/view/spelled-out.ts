import type { NumberedPath } from '../algorithms/numbered-path.js'
import type { CentralityScore, GraphNeighbor, GraphPath } from '../graph-view.js'
import type { GraphSnapshot } from '../snapshot/graph-snapshot.js'
import type { NodeGroups } from '../tasks/grouped.js'
import type { RankedNodes } from '../tasks/ranked.js'
import { inTurns } from '../turns/in-turns.js'
import type { TurnWatch } from '../turns/turns.js'

/* What the numbers of a snapshot stand for. There may be a million of them, so that others have their turn in between. */

export async function idsOf(
  { nodeIds }: GraphSnapshot,
  nodes: Int32Array,
  { signal }: TurnWatch,
): Promise<string[]> {
  const ids: string[] = []
  await inTurns(nodes.length, (at) => ids.push(nodeIds[nodes[at] as number] as string), { signal })
  return ids
}

export async function groupsOf(
  { nodeIds }: GraphSnapshot,
  { starts, nodes }: NodeGroups,
  { signal }: TurnWatch,
): Promise<string[][]> {
  const groups: string[][] = []
  await inTurns(
    nodes.length,
    (at) => {
      if (at === starts[groups.length]) groups.push([])
      groups.at(-1)?.push(nodeIds[nodes[at] as number] as string)
    },
    { signal },
  )
  return groups
}

export async function scoresOf(
  { nodeIds }: GraphSnapshot,
  { nodes, scores }: RankedNodes,
  { signal }: TurnWatch,
): Promise<CentralityScore[]> {
  const found: CentralityScore[] = []
  await inTurns(
    nodes.length,
    (at) => found.push({ id: nodeIds[nodes[at] as number] as string, score: scores[at] as number }),
    { signal },
  )
  return found
}

/** Levels of nodes, the first of them one step away. */
export async function neighborsOf(
  { nodeIds }: GraphSnapshot,
  levels: readonly Int32Array[],
  { signal }: TurnWatch,
): Promise<GraphNeighbor[]> {
  const found: GraphNeighbor[] = []
  for (const [at, nodes] of levels.entries()) {
    const depth = at + 1
    await inTurns(
      nodes.length,
      (place) => found.push({ id: nodeIds[nodes[place] as number] as string, depth }),
      { signal },
    )
  }
  return found
}

export function pathOf(snapshot: GraphSnapshot, { nodes, edges }: NumberedPath): GraphPath {
  return {
    node_ids: nodes.map((node) => snapshot.nodeIds[node] as string),
    relationship_ids: edges.map((edge) => snapshot.edgeId(edge)),
    strength: edges.reduce((product, edge) => product * (snapshot.graph.strength[edge] as number), 1),
  }
}

export async function pathsOf(
  snapshot: GraphSnapshot,
  paths: readonly NumberedPath[],
  { signal }: TurnWatch,
): Promise<GraphPath[]> {
  const found: GraphPath[] = []
  await inTurns(paths.length, (at) => found.push(pathOf(snapshot, paths[at] as NumberedPath)), { signal })
  return found
}
