import { constants } from 'node:buffer'
import { MemoryError, MemoryNotFoundError } from '../../errors.js'
import type { NodeTitles } from '../../model/graph-export-options.js'
import { graphExportOptionsSchemas, graphViewFormatSchema } from '../../model/graph-export-options.js'
import type { GraphViewFormat } from '../../model/graph-view-format.js'
import { validate } from '../../model/validation.js'
import type { GraphRunOptions, GraphSize, GraphView } from '../graph-view.js'
import { type ExportedGraph, exportedGraph } from './exported-graph.js'
import { formatted } from './formatted.js'

/** Options of {@link exportGraphView}. */
export type ExportGraphViewOptions = GraphRunOptions & {
  /** Titles of nodes by id, or a function that finds those of some ids (1,000 at most at a time). A node without one is shown by its id. */
  readonly titles?: NodeTitles | null | undefined
  /** What colours tell: the family of a relationship's type, or the community of a node. Default is `type`. */
  readonly color?: 'type' | 'community' | null | undefined
  /** Of `svg`: the nodes that the picture is about, which are made out. */
  readonly focus?: string | readonly string[] | null | undefined
  /** Of `svg`: what stands above the picture. Default names the focus, if it is one node. */
  readonly heading?: string | null | undefined
  /** Of `svg`: what is drawn. Default is nodes, and communities where there are more nodes than `maxDrawnNodes`. */
  readonly detail?: 'nodes' | 'communities' | null | undefined
  /**
   * Of `svg` and `mermaid`: nodes that are drawn at most, those with the most relationships. Default is 300 (`svg`, which takes up to 2,000)
   * and 150 (`mermaid`).
   */
  readonly maxDrawnNodes?: number | null | undefined
  /**
   * Of `svg` and `mermaid`: relationships that are drawn at most, the strongest. Default is 2,000 (`svg`, which takes up to 20,000) and 500
   * (`mermaid`, whose readers refuse more unless their own `maxEdges` is set).
   */
  readonly maxDrawnEdges?: number | null | undefined
}

/** What a view is exported from. */
type Exportable = Pick<GraphView, 'graphology' | 'communities'>

/**
 * Writes what a view sees as text for others to show: `gexf` (Gephi, version 1.3), `graphml` (yEd, Cytoscape, NetworkX), `dot` (Graphviz),
 * `mermaid` (a flowchart for Markdown), `json` (a serialised graphology graph, as sigma takes it), `d3` (`{ nodes, links }`), or
 * `svg`: a picture. The same view gives the same text. What a diagram or picture leaves out, a note in it counts.
 *
 * @throws `MG_VALIDATION` the format or an option does not fit · `MG_NOT_FOUND` the focus is not in the view · `MG_GRAPH_TOO_LARGE` the text
 *   would be longer than a string can be · what {@link GraphView} throws, and what `titles` throws
 */
export async function exportGraphView(
  view: Exportable,
  format: GraphViewFormat,
  options: ExportGraphViewOptions = {},
): Promise<string> {
  const chunks: string[] = []
  let length = 0
  for await (const chunk of graphViewText(view, format, options)) {
    chunks.push(chunk)
    length += chunk.length
    if (length > constants.MAX_STRING_LENGTH) throw tooLong()
  }
  return chunks.join('')
}

/**
 * The text of {@link exportGraphView} in chunks of some 64 KiB, so that it may be longer than a string, and takes no memory. Returns how many nodes and
 * relationships the view has.
 *
 * @throws what {@link exportGraphView} throws but `MG_GRAPH_TOO_LARGE` for the text
 */
export async function* graphViewText(
  view: Exportable,
  format: GraphViewFormat,
  options: ExportGraphViewOptions = {},
): AsyncGenerator<string, GraphSize, undefined> {
  const chosen = validate(graphViewFormatSchema, format, 'format')
  const checked = validate(graphExportOptionsSchemas[chosen], options, `options of an export as ${chosen}`)
  const { signal, onProgress, color, detail, focus, maxDrawnNodes } = checked
  const run: GraphRunOptions = { signal, onProgress }
  const graph = await view.graphology(run)
  const isOfCommunities =
    chosen === 'svg' && (detail === 'communities' || (detail === null && graph.order > maxDrawnNodes))
  const communities = isOfCommunities || color === 'community' ? await view.communities(run) : null
  const exported = await exportedGraph(graph, communities, run)
  requireNodes(exported, focus)
  yield* formatted(isOfCommunities ? 'communities' : chosen, exported, checked)
  const total = graph.order + graph.size
  onProgress?.({ done: total, total, phase: 'exported' })
  return { nodes: graph.order, relationships: graph.size }
}

function tooLong(): MemoryError {
  return new MemoryError(
    `The text has more than ${constants.MAX_STRING_LENGTH.toLocaleString('en')} characters, the most that a string can have: take it in chunks (graphViewText), or narrow what the view sees with start, relationshipTypes or minStrength`,
    { code: 'MG_GRAPH_TOO_LARGE' },
  )
}

function requireNodes(graph: ExportedGraph, ids: readonly string[]): void {
  const missing = ids.find((id) => !graph.has(id))
  if (missing === undefined) return
  throw new MemoryNotFoundError(`There is no ${JSON.stringify(missing)} in the view to focus on`, {
    details: { id: missing },
  })
}
