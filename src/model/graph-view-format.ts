/** How a view of a graph is written as text. */
export const GRAPH_VIEW_FORMATS = ['gexf', 'graphml', 'dot', 'mermaid', 'json', 'd3', 'svg'] as const

/** One of {@link GRAPH_VIEW_FORMATS}. */
export type GraphViewFormat = (typeof GRAPH_VIEW_FORMATS)[number]
