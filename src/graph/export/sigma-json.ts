import { jsonValue } from './json-value.js'
import type { Place, ShownEdge, ShownGraph, ShownNode } from './shown-graph.js'

const OPTIONS = { type: 'mixed', multi: true, allowSelfLoops: true }

/**
 * Writes a graph as graphology serialises one, a piece for each node and edge. Attributes are those that sigma draws by: to it the `type` of an
 * edge is its shape, so that the type of the relationship has a name of its own.
 */
export function* sigmaJsonOf(
  graph: ShownGraph,
  placeOf: (number: number) => Place,
): Generator<string, void, undefined> {
  yield `{"options":${jsonValue(OPTIONS)},"attributes":{},"nodes":[`
  let number = 0
  for (const node of graph.nodes()) {
    yield `${number === 0 ? '' : ','}\n${jsonValue(serialisedNode(node, placeOf(number)))}`
    number++
  }
  yield '\n],"edges":['
  let isFirst = true
  for (const edge of graph.edges()) {
    yield `${isFirst ? '' : ','}\n${jsonValue(serialisedEdge(edge))}`
    isFirst = false
  }
  yield '\n]}\n'
}

function serialisedNode(
  { id, label, degree, community, title, color, size }: ShownNode,
  place: Place,
): object {
  return {
    key: id,
    attributes: {
      label: title,
      node_label: label,
      degree,
      ...(community !== null && { community }),
      ...place,
      size,
      color,
    },
  }
}

function serialisedEdge({
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
}: ShownEdge): object {
  return {
    key: id,
    source: from,
    target: to,
    ...(!isDirected && { undirected: true }),
    attributes: {
      label: type,
      relationship_type: type,
      strength,
      valid_from: validFrom,
      valid_until: validUntil,
      type: isDirected ? 'arrow' : 'line',
      size: width,
      color,
    },
  }
}
