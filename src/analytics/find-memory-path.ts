import type { Direction, GraphBackend, GraphOptions } from '../backends/graph-backend.js'
import { ConflictError, MemoryNotFoundError } from '../errors.js'
import type { GraphPath, GraphRunOptions, GraphView } from '../graph/graph-view.js'
import { GREATEST_PATH_DEPTH, pathOptionsSchema } from '../model/analytics-options.js'
import { validate } from '../model/validation.js'
import type { MemoryPath } from './memory-path.js'
import { readPaths } from './read-paths.js'

/** Options of {@link findMemoryPath}. */
export type FindMemoryPathOptions = Omit<GraphOptions, 'start' | 'maxDepth' | 'scope'> &
  GraphRunOptions & {
    /** Which way relationships are walked. Default is `both`. */
    readonly direction?: Direction | null | undefined
    /** Steps at most, from 1 to 20. Default is any number; does not go with `weighted`. */
    readonly maxDepth?: number | null | undefined
    /** Whether it is the way whose strengths have the greatest product, instead of the one of fewest steps. Default is false. */
    readonly weighted?: boolean | null | undefined
    /** How many other ways are given too, 0 to 1,000. Default is 0. */
    readonly alternatives?: number | null | undefined
  }

/** Steps of other ways that are looked for, unless the way itself is longer. */
const DEFAULT_ALTERNATIVE_DEPTH = 4
/** How often a way is looked for that something of is deleted before it is read. */
const ATTEMPTS = 3

/**
 * The shortest, or the strongest, way from one memory to another, with the memories and relationships along it; `null` where there is
 * none. Nodes of other labels may be along it, and at its ends. Other ways meet no node twice, go along the strongest relationship
 * between two nodes, and have at most `maxDepth` steps, or else 4, or one more than the way itself where that has more.
 *
 * @throws `MG_NOT_FOUND` one of the two does not exist · `MG_VALIDATION` · `MG_GRAPH_TOO_LARGE` · `MG_CONFLICT` others keep
 *   deleting what is found · `MG_ABORTED`
 */
export async function findMemoryPath(
  backend: Pick<GraphBackend, 'graph' | 'getMemories' | 'getNodes' | 'listRelationships'>,
  fromId: string,
  toId: string,
  options: FindMemoryPathOptions = {},
): Promise<MemoryPath | null> {
  const { part, run, maxDepth, weighted, alternatives } = validate(pathOptionsSchema, options, 'path options')
  const view = await backend.graph(part as GraphOptions)
  await requireNodes(backend, [fromId, toId])
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const way = await view.shortestPath(fromId, toId, { weighted, maxDepth, ...run })
    if (way === null) return null
    const others = alternatives === 0 ? [] : await otherPaths(view, way, maxDepth, alternatives, run)
    const [path, ...more] = await readPaths(backend, [way, ...others])
    if (path) return { ...path, alternatives: more.filter((other) => other !== null) }
  }
  throw new ConflictError('The way was written to each time that it was read: try again', {
    details: { from_id: fromId, to_id: toId },
  })
}

async function requireNodes(backend: Pick<GraphBackend, 'getNodes'>, ids: readonly string[]): Promise<void> {
  const found = new Set((await backend.getNodes(ids)).map(({ id }) => id))
  const missing = ids.find((id) => !found.has(id))
  if (missing === undefined) return
  throw new MemoryNotFoundError(`There is no memory with the id ${JSON.stringify(missing)}`, {
    details: { id: missing },
  })
}

async function otherPaths(
  view: GraphView,
  way: GraphPath,
  maxDepth: number | null,
  limit: number,
  run: GraphRunOptions,
): Promise<GraphPath[]> {
  const steps = way.relationship_ids.length
  const deep = maxDepth ?? Math.max(DEFAULT_ALTERNATIVE_DEPTH, steps + 1)
  const from = way.node_ids[0] as string
  const to = way.node_ids.at(-1) as string
  const paths = await view.allPaths(from, to, {
    maxDepth: Math.min(deep, GREATEST_PATH_DEPTH),
    limit: limit + 1,
    ...run,
  })
  const itself = JSON.stringify(way.node_ids)
  return paths.filter(({ node_ids }) => JSON.stringify(node_ids) !== itself).slice(0, limit)
}
