import { counted } from '../export/counted.js'
import type { ExportedGraph } from '../export/exported-graph.js'
import { findTitles } from '../export/find-titles.js'
import { mostCentral } from '../export/most-central.js'
import { drawFigure } from './draw-figure.js'
import { nodeFigure } from './node-figure.js'
import { headingOf, type PictureRequest, summaryOf } from './picture-request.js'

const HOW_TO_READ = 'Larger nodes have more relationships; wider lines are stronger.'

/** Draws the nodes of a graph, the most central where there are too many. */
export async function drawNodes(graph: ExportedGraph, request: PictureRequest): Promise<string> {
  const { color, maxDrawnNodes, maxDrawnEdges } = request
  const focus = new Set(request.focus)
  const { nodes, edges, nodesLeft, edgesLeft } = await mostCentral(
    graph,
    { maxNodes: maxDrawnNodes, maxEdges: maxDrawnEdges, first: focus },
    request,
  )
  const titleOf = await findTitles(
    request.titles,
    nodes.map(({ id }) => id),
    request,
  )
  const figure = nodeFigure({
    nodes,
    edges,
    titleOf,
    color,
    focus,
    heading: headingOf(request, focus, titleOf),
    summary: summaryOf(graph),
    notes: [
      ...(nodes.length > 1 ? [HOW_TO_READ] : []),
      ...(nodesLeft > 0
        ? [
            `Not drawn: the ${counted(nodesLeft, 'node')} with the fewest relationships, and ${counted(edgesLeft.ofThem, 'relationship')} at them.`,
          ]
        : []),
      ...(edgesLeft.weak > 0 ? [`Not drawn: the ${counted(edgesLeft.weak, 'weakest relationship')}.`] : []),
    ],
  })
  return drawFigure(figure, request)
}
