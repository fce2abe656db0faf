import { DistinctIds } from './distinct-ids.js'
import type { ShownEdge, ShownGraph, ShownNode } from './shown-graph.js'
import { NOT_IN_XML, xmlText } from './xml-text.js'

/** What nodes and edges hold besides their ids: the type of each in GraphML. */
const NODE_DATA = { label: 'string', node_label: 'string', degree: 'int', community: 'int', color: 'string' }
const EDGE_DATA = {
  label: 'string',
  relationship_type: 'string',
  strength: 'double',
  valid_from: 'string',
  valid_until: 'string',
  color: 'string',
}

/** Writes a graph as GraphML (graphml.graphdrawing.org), a piece for each node and edge. */
export function* graphmlOf(graph: ShownGraph): Generator<string, void, undefined> {
  const ids = new DistinctIds(NOT_IN_XML, graph.has)
  const edgeIds = new DistinctIds(NOT_IN_XML, graph.hasEdge)
  yield '<?xml version="1.0" encoding="UTF-8"?>\n'
  yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
  for (const [name, type] of Object.entries(NODE_DATA))
    if (name !== 'community' || graph.hasCommunities) yield keyElement('node', name, type)
  for (const [name, type] of Object.entries(EDGE_DATA)) yield keyElement('edge', name, type)
  yield '<graph id="memories" edgedefault="directed">\n'
  for (const node of graph.nodes()) yield nodeElement(node, ids)
  for (const edge of graph.edges()) yield edgeElement(edge, ids, edgeIds)
  yield '</graph>\n</graphml>\n'
}

function keyElement(of: 'node' | 'edge', name: string, type: string): string {
  return `<key id="${of}_${name}" for="${of}" attr.name="${name}" attr.type="${type}"/>\n`
}

function nodeElement({ id, label, degree, community, title, color }: ShownNode, ids: DistinctIds): string {
  const data = { label: title, node_label: label, degree, community, color }
  return `<node id="${xmlText(ids.of(id))}">${dataElements('node', data)}</node>\n`
}

function edgeElement(
  { id, from, to, type, isDirected, strength, validFrom, validUntil, color }: ShownEdge,
  ids: DistinctIds,
  edgeIds: DistinctIds,
): string {
  const data = {
    label: type,
    relationship_type: type,
    strength,
    valid_from: validFrom,
    valid_until: validUntil,
    color,
  }
  const direction = isDirected ? '' : ' directed="false"'
  const ends = `source="${xmlText(ids.of(from))}" target="${xmlText(ids.of(to))}"`
  return `<edge id="${xmlText(edgeIds.of(id))}"${direction} ${ends}>${dataElements('edge', data)}</edge>\n`
}

function dataElements(of: 'node' | 'edge', data: Readonly<Record<string, string | number | null>>): string {
  return Object.entries(data)
    .flatMap(([name, value]) =>
      value === null ? [] : [`<data key="${of}_${name}">${xmlText(String(value))}</data>`],
    )
    .join('')
}
