import * as z from 'zod'
import { GRAPH_VIEW_FORMATS, type GraphViewFormat } from './graph-view-format.js'
import { type BulkShape, bulkShape } from './method-options.js'
import { id, strictObject, text } from './validation.js'

/** Nodes and relationships that a picture draws unless told otherwise, and nodes that it can draw at most. */
const DEFAULT_DRAWN_NODES = 300
const DEFAULT_DRAWN_EDGES = 2_000
const MOST_DRAWN_NODES = 2_000
const MOST_DRAWN_EDGES = 20_000
/** Of a Mermaid diagram, which is hard to read beyond; Mermaid itself refuses more edges unless it is configured otherwise. */
const DEFAULT_DIAGRAM_NODES = 150
const DEFAULT_DIAGRAM_EDGES = 500

/** Titles by id, or what finds them. */
export type NodeTitles =
  | ReadonlyMap<string, string>
  | ((ids: readonly string[]) => ReadonlyMap<string, string> | Promise<ReadonlyMap<string, string>>)

/** Options of `exportGraphView`, checked and complete. */
export type CompleteGraphExportOptions = BulkShape & {
  titles: NodeTitles
  color: 'type' | 'community'
  focus: string[]
  heading: string | null
  /** `null`: nodes, or communities where there are more nodes than are drawn. */
  detail: 'nodes' | 'communities' | null
  maxDrawnNodes: number
  maxDrawnEdges: number
}

const titles = z
  .custom<NodeTitles>(
    (value) => typeof value === 'function' || value instanceof Map,
    'must be a Map, or a function that makes one',
  )
  .nullish()

const everyFormat = { ...bulkShape, titles, color: z.enum(['type', 'community']).nullish() }

const ofPictures = {
  focus: z.union([id, z.array(id)]).nullish(),
  heading: text.nullish(),
  detail: z.enum(['nodes', 'communities']).nullish(),
}

type Given = z.infer<z.ZodObject<typeof everyFormat & typeof ofPictures>> & {
  maxDrawnNodes?: number | null | undefined
  maxDrawnEdges?: number | null | undefined
}

function limits(nodes: number, edges: number): { maxDrawnNodes: z.ZodType; maxDrawnEdges: z.ZodType } {
  return {
    maxDrawnNodes: z.int().min(1).max(nodes).nullish(),
    maxDrawnEdges: z.int().min(1).max(edges).nullish(),
  }
}

function complete(
  { titles: given, color, focus, heading, detail, maxDrawnNodes, maxDrawnEdges, ...run }: Given,
  nodes: number,
  edges: number,
): CompleteGraphExportOptions {
  return {
    ...run,
    titles: given ?? new Map(),
    color: color ?? 'type',
    focus: typeof focus === 'string' ? [focus] : (focus ?? []),
    heading: heading ?? null,
    detail: detail ?? null,
    maxDrawnNodes: maxDrawnNodes ?? nodes,
    maxDrawnEdges: maxDrawnEdges ?? edges,
  }
}

const ofText = strictObject(everyFormat).transform((given) =>
  complete(given, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY),
)

/** The options that a format takes. */
export const graphExportOptionsSchemas: Readonly<
  Record<GraphViewFormat, z.ZodType<CompleteGraphExportOptions>>
> = {
  gexf: ofText,
  graphml: ofText,
  dot: ofText,
  json: ofText,
  d3: ofText,
  mermaid: strictObject({
    ...everyFormat,
    ...limits(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  }).transform((given) => complete(given as Given, DEFAULT_DIAGRAM_NODES, DEFAULT_DIAGRAM_EDGES)),
  svg: strictObject({
    ...everyFormat,
    ...ofPictures,
    ...limits(MOST_DRAWN_NODES, MOST_DRAWN_EDGES),
  }).transform((given) => complete(given as Given, DEFAULT_DRAWN_NODES, DEFAULT_DRAWN_EDGES)),
}

/** What a view is written as. */
export const graphViewFormatSchema: z.ZodType<GraphViewFormat> = z.enum(GRAPH_VIEW_FORMATS)
