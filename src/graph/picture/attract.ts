import type { UndirectedGraph } from 'graphology'
import type { Pair } from './components-of.js'
import { GOLDEN_ANGLE, type Point } from './separate.js'

/**
 * Places by attraction along links and repulsion, in no unit; the same for the same links. `turn` is awaited between pieces of work of some milliseconds.
 * Jacomy et al., ForceAtlas2, a continuous graph layout algorithm (2014).
 */
export async function attract(
  order: number,
  links: readonly Pair[],
  turn: () => Promise<void>,
): Promise<Point[]> {
  const start: Point[] = []
  for (const [rank, circle] of fromTheMiddle(order, links).entries()) {
    const radius = 10 * Math.sqrt(rank)
    start[circle] = { x: radius * Math.cos(rank * GOLDEN_ANGLE), y: radius * Math.sin(rank * GOLDEN_ANGLE) }
  }
  if (order <= 2) return start
  const { UndirectedGraph: Graph } = (await import('graphology')).default
  const { default: imported } = await import('graphology-layout-forceatlas2')
  // It is CommonJS that exports the function itself, which its types do not say.
  const forceAtlas2 = imported as unknown as (typeof imported)['default']
  const graph: UndirectedGraph<Point> = new Graph<Point>()
  for (const [circle, point] of start.entries()) graph.addNode(String(circle), point)
  for (const [from, to] of links) graph.mergeEdge(String(from), String(to))
  const iterations = order <= 300 ? 500 : 250
  const atATime = Math.min(Math.max(Math.floor(600_000 / order ** 2), 2), 50)
  await turn()
  for (let done = 0; done < iterations; done += atATime) {
    forceAtlas2.assign(graph, {
      iterations: atATime,
      getEdgeWeight: null,
      settings: {
        barnesHutOptimize: order > 700,
        barnesHutTheta: 0.9,
        gravity: 0.6,
        scalingRatio: 12,
        slowDown: 1 + Math.log(order),
      },
    })
    await turn()
  }
  return graph.mapNodes((_, { x, y }) => ({ x, y }))
}

/** The circles breadth first from the one with the most links, so that what is joined starts out near. */
function fromTheMiddle(order: number, links: readonly Pair[]): number[] {
  const near: Set<number>[] = Array.from({ length: order }, () => new Set())
  for (const [from, to] of links) {
    near[from]?.add(to)
    near[to]?.add(from)
  }
  const sizeOf = (circle: number): number => near[circle]?.size ?? 0
  const byLinks = (circles: Iterable<number>): number[] =>
    [...circles].sort((a, b) => sizeOf(b) - sizeOf(a) || a - b)
  const met = new Set(byLinks(near.keys()).slice(0, 1))
  for (const circle of met) for (const other of byLinks(near[circle] ?? [])) met.add(other)
  return [...met]
}
