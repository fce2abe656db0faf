import type { RelationshipRow } from '../model/relationship-row.js'
import { holdsAt } from '../model/relationship-row.js'
import type { Timestamp } from '../model/timestamp.js'
import type { Direction } from './graph-backend.js'
import type { GraphReader, NeighbourRow, NodeRow } from './graph-driver.js'

/** A checked walk. */
export type Walk = {
  start: string
  types: readonly string[]
  maxDepth: number
  direction: Direction
  asOf: Timestamp | null
  limit: number | null
}

/** The memories around a start, nearest first, each with the relationship it was reached by: one query a level, two for the rows. */
export async function walkRelated(reader: GraphReader, walk: Walk): Promise<[NodeRow, RelationshipRow][]> {
  const steps = await walkLevels(reader, walk)
  const kept = walk.limit === null ? steps : steps.slice(0, walk.limit)
  const [nodes, relationships] = await Promise.all([
    reader.getNodes([...new Set(kept.map((step) => step.far))]),
    reader.getRelationships(kept.map((step) => step.relationship_id)),
  ])
  const nodeById = new Map(nodes.map((node) => [node.id, node]))
  const relationshipById = new Map(relationships.map((relationship) => [relationship.id, relationship]))
  return kept.flatMap((step): [NodeRow, RelationshipRow][] => {
    const node = nodeById.get(step.far)
    const relationship = relationshipById.get(step.relationship_id)
    return node && relationship ? [[node, relationship]] : [] // deleted between the queries
  })
}

async function walkLevels(reader: GraphReader, walk: Walk): Promise<NeighbourRow[]> {
  const met = new Set([walk.start])
  const hits: NeighbourRow[] = []
  let frontier = [walk.start]
  for (let depth = 1; depth <= walk.maxDepth && frontier.length > 0; depth++) {
    if (walk.limit !== null && hits.length >= walk.limit) break
    const level = await readLevel(reader, walk, frontier)
    const next: string[] = []
    for (const step of level) {
      const isFirst = !met.has(step.far)
      if (isFirst) {
        met.add(step.far)
        next.push(step.far)
      }
      const isParallel = depth === 1 && step.far !== walk.start
      if (step.importance !== null && (isFirst || isParallel)) hits.push(step)
    }
    frontier = next
  }
  return hits
}

async function readLevel(
  reader: GraphReader,
  walk: Walk,
  frontier: readonly string[],
): Promise<NeighbourRow[]> {
  const { direction, types, asOf } = walk
  const rows = await reader.getNeighbours(frontier, { direction, types, currentOnly: asOf === null })
  const holding = asOf === null ? rows : rows.filter((row) => holdsAt(row, asOf))
  return holding.sort(
    (a, b) =>
      b.strength - a.strength ||
      (b.importance ?? 0) - (a.importance ?? 0) ||
      compareText(a.far, b.far) ||
      compareText(a.relationship_id, b.relationship_id),
  )
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
