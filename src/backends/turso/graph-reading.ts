import { breathe } from '../../breathe.js'
import type { GraphEdgeRow, GraphNodeRow } from '../../graph/graph-rows.js'
import type { GraphNeighbor } from '../../graph/graph-view.js'
import { DEFAULT_STRENGTH } from '../../model/relationship.js'
import type { Scope } from '../../model/scope.js'
import type { GraphLevel, GraphPage, GraphPart } from '../graph-driver.js'
import { reachByLevels } from '../reach-by-levels.js'
import {
  countGraph,
  selectFarIds,
  selectGraphEdgePage,
  selectGraphEdges,
  selectGraphNodes,
  selectReach,
} from './graph-statements.js'
import { readPacked } from './packed-rows.js'
import { readValues, type SqlSource } from './sql-source.js'

export async function readGraphSize(
  source: SqlSource,
  within: Scope,
): Promise<{ nodes: number; relationships: number }> {
  const [nodes, relationships] = await readValues(source, ...countGraph(within))
  return { nodes: nodes as number, relationships: relationships as number }
}

export async function readGraphNodes(
  source: SqlSource,
  page: GraphPage,
  within: Scope,
): Promise<GraphPart<GraphNodeRow>> {
  const { rows, next } = await readPacked(source, selectGraphNodes(page, within))
  return { rows: rows.map(nodeOf), next }
}

export async function readGraphEdgePage(
  source: SqlSource,
  page: GraphPage,
): Promise<GraphPart<GraphEdgeRow>> {
  const { rows, next } = await readPacked(source, selectGraphEdgePage(page))
  return { rows: rows.map(edgeOf), next }
}

export async function readGraphEdges(
  source: SqlSource,
  ids: readonly string[],
  level: GraphLevel,
): Promise<GraphEdgeRow[]> {
  const { rows } = await readPacked(source, selectGraphEdges(ids, level))
  return rows.map(edgeOf)
}

/** Rows of a walk in one statement at the most: some milliseconds of work. */
const MOST_MET = 4_000
/** Nodes whose relationships one statement asks for. */
const NODES_AT_A_TIME = 500

/** In one statement where that is soon done, else level by level. */
export async function readReach(
  source: SqlSource,
  ids: readonly string[],
  depth: number,
  ways: readonly GraphLevel[],
  signal?: AbortSignal,
): Promise<GraphNeighbor[]> {
  const { rows } = await readPacked(source, selectReach(ids, depth, ways, MOST_MET))
  const met = rows as [id: string, depth: number, exists: 0 | 1][]
  if (rows.length >= MOST_MET || met.some(([, , exists]) => exists === 0)) {
    const starts = met.filter(([, steps, exists]) => steps === 0 && exists === 1).map(([id]) => id)
    const farIdsOf = async (nodes: readonly string[]): Promise<string[]> => {
      const far: string[] = []
      for (const way of ways) {
        await breathe()
        const level = await readPacked(source, selectFarIds(nodes, way))
        for (const id of level.rows as string[]) far.push(id)
      }
      return far
    }
    return reachByLevels(starts, depth, farIdsOf, NODES_AT_A_TIME, signal)
  }
  const least = new Map<string, number>()
  for (const [id, steps] of met) if (steps < (least.get(id) ?? Number.POSITIVE_INFINITY)) least.set(id, steps)
  const found: GraphNeighbor[] = []
  for (const [id, steps] of least) if (steps > 0) found.push({ id, depth: steps })
  return found
}

/** The columns of a node as the statements give them. */
type NodeColumns = [id: string, label: string, importance: string | number | null]
/** The columns of a relationship as the statements give them; the strength as JSON text. */
type EdgeColumns = [
  id: string,
  from: string,
  to: string,
  type: string,
  strength: string | null,
  valid_from: string | null,
  valid_until: string | null,
]
/** Stands for a time that is not known: beyond all times, as text, so that it never comes. */
const UNKNOWN = 'unknown'

function nodeOf(row: unknown): GraphNodeRow {
  const [id, label, importance] = row as NodeColumns
  return { id, label, importance: importance === null ? null : Number(importance) }
}

function edgeOf(row: unknown): GraphEdgeRow {
  const [id, from, to, type, strength, valid_from, valid_until] = row as EdgeColumns
  return {
    id,
    from,
    to,
    type,
    strength: strengthOf(strength),
    valid_from: valid_from ?? UNKNOWN,
    valid_until,
  }
}

function strengthOf(json: string | null): number {
  const strength = json === null ? DEFAULT_STRENGTH : Number(json)
  return Number.isFinite(strength) ? strength : DEFAULT_STRENGTH
}
