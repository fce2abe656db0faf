import type { CompactGraph } from '../snapshot/compact-graph.js'
import { stepsOf, type WalkDirection } from '../snapshot/steps.js'
import type { NumberedPath } from './numbered-path.js'
import { oppositeDirection } from './opposite-direction.js'
import { SimplePathSearch } from './simple-path-search.js'

/**
 * The ways from one node to another of at most `maxDepth` steps that meet no node twice, shortest first, then by the numbers of their
 * nodes: the first `limit`. Between two nodes they go along the strongest edge. From a node to itself there is none.
 */
export function allPaths(
  graph: CompactGraph,
  from: number,
  to: number,
  { direction, maxDepth, limit }: { direction: WalkDirection; maxDepth: number; limit: number },
): NumberedPath[] {
  const paths: NumberedPath[] = []
  if (from === to) return paths
  const back = stepsOf(graph, oppositeDirection(direction))
  const search = new SimplePathSearch(graph.order, stepsOf(graph, direction), back)
  search.aim(to, maxDepth)
  for (let length = search.distanceOf(from); length <= maxDepth; length++) {
    for (const path of search.ofLength(from, length)) {
      paths.push(path)
      if (paths.length === limit) return paths
    }
  }
  return paths
}
