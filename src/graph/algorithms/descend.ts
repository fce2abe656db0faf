import type { Steps } from '../snapshot/steps.js'
import type { NumberedPath } from './numbered-path.js'

/**
 * The way from a node to the one of depth 0, each step of which leads one nearer to it: of several the one whose nodes come first, along
 * the strongest edges.
 */
export function descend({ starts, far, edge }: Steps, depthOf: Int32Array, start: number): NumberedPath {
  const nodes = [start]
  const edges: number[] = []
  let node = start
  for (let depth = depthOf[start] as number; depth > 0; depth--) {
    let step = starts[node] as number
    while (depthOf[far[step] as number] !== depth - 1) step++
    node = far[step] as number
    nodes.push(node)
    edges.push(edge[step] as number)
  }
  return { nodes, edges }
}
