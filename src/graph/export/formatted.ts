import type { CompleteGraphExportOptions } from '../../model/graph-export-options.js'
import type { GraphViewFormat } from '../../model/graph-view-format.js'
import type { GraphRunOptions } from '../graph-view.js'
import { turnsOf } from '../turns/turns-of.js'
import type { ExportedGraph } from './exported-graph.js'
import { findTitles } from './find-titles.js'
import { inChunks } from './in-chunks.js'
import { placesOf } from './places-of.js'
import { ShownGraph } from './shown-graph.js'

/** The text of a graph in a format, in chunks; what a format needs is loaded when it is asked for. */
export async function* formatted(
  format: GraphViewFormat | 'communities',
  graph: ExportedGraph,
  options: CompleteGraphExportOptions,
): AsyncGenerator<string, void, undefined> {
  switch (format) {
    case 'communities':
      yield await (await import('../picture/draw-communities.js')).drawCommunities(graph, options)
      return
    case 'svg':
      yield await (await import('../picture/draw-nodes.js')).drawNodes(graph, options)
      return
    case 'mermaid':
      yield await (await import('./mermaid.js')).mermaidOf(graph, options)
      return
    default: {
      const titleOf = await findTitles(options.titles, await idsOf(graph, options), options)
      const pieces = await piecesOf(format, graph, new ShownGraph(graph, titleOf, options.color), options)
      yield* inChunks(pieces, graph.order + graph.size, options)
    }
  }
}

async function piecesOf(
  format: Exclude<GraphViewFormat, 'svg' | 'mermaid'>,
  graph: ExportedGraph,
  shown: ShownGraph,
  run: GraphRunOptions,
): Promise<Iterable<string>> {
  switch (format) {
    case 'gexf':
      return (await import('./gexf.js')).gexfOf(shown, await placesOf(graph, run))
    case 'graphml':
      return (await import('./graphml.js')).graphmlOf(shown)
    case 'dot':
      return (await import('./dot.js')).dotOf(shown)
    case 'json':
      return (await import('./sigma-json.js')).sigmaJsonOf(shown, await placesOf(graph, run))
    case 'd3':
      return (await import('./d3-json.js')).d3JsonOf(shown)
  }
}

async function idsOf(graph: ExportedGraph, run: GraphRunOptions): Promise<string[]> {
  const turns = turnsOf(run, 'reading', graph.order)
  const ids: string[] = []
  for (const { id } of graph.nodes()) {
    ids.push(id)
    await turns.next(ids.length)
  }
  return ids
}
