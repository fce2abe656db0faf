import type { ReadonlyGraph } from '../graph/graph-view.js'

/** The id of the node with a key, which may differ from it. */
export function idOf(graph: ReadonlyGraph, key: string): string {
  return graph.getNodeAttribute(key, 'id')
}

/** The keys of a node's neighbours in either direction, each once, without its own. */
export function neighborKeysOf(graph: ReadonlyGraph, key: string): string[] {
  return graph.neighbors(key).filter((other) => other !== key)
}
