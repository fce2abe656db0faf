import type { GraphRunOptions } from '../graph-view.js'
import { turnsOf } from '../turns/turns-of.js'
import type { ExportedGraph } from './exported-graph.js'
import { nodeSize } from './looks.js'
import type { Place } from './shown-graph.js'

/** Nodes up to which a layout is worked out; more are for the layouts of those who show them. */
const MOST_ARRANGED = 1_000
const CELL = { width: 90, height: 60 }
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5))

/** Where nodes are shown, by their numbers, with y upwards: as in a picture, or on a spiral where there are many. */
export async function placesOf(
  graph: ExportedGraph,
  run: GraphRunOptions,
): Promise<(number: number) => Place> {
  if (graph.order > MOST_ARRANGED) return onSpiral
  const nodes = [...graph.nodes()]
  const numbers = new Map(nodes.map(({ id }, number) => [id, number]))
  const links = [...graph.edges()].map(
    ({ from, to }) => [numbers.get(from) as number, numbers.get(to) as number] as const,
  )
  const turns = turnsOf(run, 'arranging', nodes.length)
  const { arrange } = await import('../picture/arrange.js')
  const places = await arrange(
    { radii: nodes.map(({ degree }) => nodeSize(degree)), links, cell: CELL },
    (done) => turns.next(done),
  )
  return (number) => {
    const { x, y } = places[number] as Place
    return { x: round(x), y: round(-y) }
  }
}

function onSpiral(number: number): Place {
  const radius = (CELL.height / 2) * Math.sqrt(number)
  return {
    x: round(radius * Math.cos(number * GOLDEN_ANGLE)),
    y: round(radius * Math.sin(number * GOLDEN_ANGLE)),
  }
}

function round(number: number): number {
  return Math.round(number * 100) / 100 + 0 // no negative zero
}
