import { jsonValue } from './json-value.js'
import type { ShownGraph } from './shown-graph.js'

/** Writes a graph as `{ nodes, links }`, as the examples of D3 take it, a piece for each node and link. */
export function* d3JsonOf(graph: ShownGraph): Generator<string, void, undefined> {
  yield '{"nodes":['
  let isFirst = true
  for (const { id, label, degree, community, title, color, size } of graph.nodes()) {
    const node = {
      id,
      label: title,
      node_label: label,
      degree,
      ...(community !== null && { community }),
      size,
      color,
    }
    yield `${isFirst ? '' : ','}\n${jsonValue(node)}`
    isFirst = false
  }
  yield '\n],"links":['
  isFirst = true
  for (const {
    id,
    from,
    to,
    type,
    isDirected,
    strength,
    validFrom,
    validUntil,
    color,
    width,
  } of graph.edges()) {
    const link = {
      id,
      source: from,
      target: to,
      relationship_type: type,
      directed: isDirected,
      strength,
      valid_from: validFrom,
      valid_until: validUntil,
      width,
      color,
    }
    yield `${isFirst ? '' : ','}\n${jsonValue(link)}`
    isFirst = false
  }
  yield '\n]}\n'
}
