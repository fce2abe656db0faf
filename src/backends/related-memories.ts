import { breathe } from '../breathe.js'
import type { NeighbourRow } from '../graph/graph-rows.js'
import type { Memory } from '../model/memory.js'
import { decodeMemory } from '../model/memory-properties.js'
import type { Relationship } from '../model/relationship.js'
import { decodeRelationship, holdsAt } from '../model/relationship-row.js'
import { compareText } from '../model/text-order.js'
import type { Timestamp } from '../model/timestamp.js'
import type { Direction } from './graph-backend.js'
import type { GraphReader } from './graph-driver.js'
import { waysOf } from './walk-ways.js'

/** A checked walk. */
export type Walk = {
  start: string
  types: readonly string[]
  maxDepth: number
  direction: Direction
  asOf: Timestamp | null
  limit: number | null
}

/** Nodes whose neighbours one query asks for: a level of fewer is one query. */
const NODES_AT_A_TIME = 500
/** Hits whose rows are fetched and decoded at a time, so that a large answer does not hold the event loop. */
const ROWS_AT_A_TIME = 200

/** What tells of a level of a walk: the store, or what was read of it. */
export type LevelReader = Pick<GraphReader, 'getNeighbours'>

/**
 * The memories around a start, nearest first, each with the relationship it was reached by: one query a level (more for levels of
 * thousands) to whatever tells of levels, then the rows.
 */
export async function walkRelated(
  reader: GraphReader,
  walk: Walk,
  levels: LevelReader = reader,
): Promise<[Memory, Relationship][]> {
  const steps = await walkLevels(levels, walk)
  const kept = walk.limit === null ? steps : steps.slice(0, walk.limit)
  const found: [Memory, Relationship][] = []
  for (let start = 0; start < kept.length; start += ROWS_AT_A_TIME) {
    await breathe()
    found.push(...(await fetchHits(reader, kept.slice(start, start + ROWS_AT_A_TIME))))
  }
  return found
}

async function fetchHits(
  reader: GraphReader,
  steps: readonly NeighbourRow[],
): Promise<[Memory, Relationship][]> {
  const [nodes, relationships] = await Promise.all([
    reader.getNodes([...new Set(steps.map((step) => step.far))]),
    reader.getRelationships(steps.map((step) => step.relationship_id)),
  ])
  const nodeById = new Map(nodes.map((node) => [node.id, node]))
  const relationshipById = new Map(relationships.map((relationship) => [relationship.id, relationship]))
  return steps.flatMap((step): [Memory, Relationship][] => {
    const node = nodeById.get(step.far)
    const relationship = relationshipById.get(step.relationship_id)
    if (!node || !relationship) return [] // deleted between the queries
    return [[decodeMemory(node.id, node.properties), decodeRelationship(relationship)]]
  })
}

async function walkLevels(levels: LevelReader, walk: Walk): Promise<NeighbourRow[]> {
  const met = new Set([walk.start])
  const hits: NeighbourRow[] = []
  let frontier = [walk.start]
  for (let depth = 1; depth <= walk.maxDepth && frontier.length > 0; depth++) {
    if (walk.limit !== null && hits.length >= walk.limit) break
    const level = await readLevel(levels, walk, frontier)
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
  levels: LevelReader,
  walk: Walk,
  frontier: readonly string[],
): Promise<NeighbourRow[]> {
  const { asOf } = walk
  const rows: NeighbourRow[] = []
  for (let start = 0; start < frontier.length; start += NODES_AT_A_TIME) {
    await breathe()
    const nodes = frontier.slice(start, start + NODES_AT_A_TIME)
    const ways = waysOf(walk).map((way) =>
      levels.getNeighbours(nodes, { ...way, currentOnly: asOf === null }),
    )
    for (const found of await Promise.all(ways)) for (const row of found) rows.push(row)
  }
  const holding = asOf === null ? rows : rows.filter((row) => holdsAt(row, asOf))
  return holding.sort(
    (a, b) =>
      b.strength - a.strength ||
      (b.importance ?? 0) - (a.importance ?? 0) ||
      compareText(a.far, b.far) ||
      compareText(a.relationship_id, b.relationship_id),
  )
}
