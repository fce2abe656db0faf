import { DistinctIds } from './distinct-ids.js'
import type { Place, ShownEdge, ShownGraph, ShownNode } from './shown-graph.js'
import { NOT_IN_XML, xmlText } from './xml-text.js'

/*
 * graphology-gexf writes all in one go, which holds the event loop for seconds where the graph is large, knows no edges without
 * direction in a directed graph, and lets characters through that no XML parser takes. Its parser reads this in the tests.
 */

/** Writes a graph as GEXF 1.3 (gexf.net), a piece for each node and edge. */
export function* gexfOf(
  graph: ShownGraph,
  placeOf: (number: number) => Place,
): Generator<string, void, undefined> {
  const ids = new DistinctIds(NOT_IN_XML, graph.has)
  const edgeIds = new DistinctIds(NOT_IN_XML, graph.hasEdge)
  yield '<?xml version="1.0" encoding="UTF-8"?>\n'
  yield '<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">\n'
  yield '<graph defaultedgetype="directed" mode="static">\n'
  yield attributes('node', [
    ['node_label', 'string'],
    ['degree', 'integer'],
    ...(graph.hasCommunities ? ([['community', 'integer']] as const) : []),
  ])
  yield attributes('edge', [
    ['relationship_type', 'string'],
    ['valid_from', 'string'],
    ['valid_until', 'string'],
  ])
  yield '<nodes>\n'
  let number = 0
  for (const node of graph.nodes()) yield nodeElement(node, ids, placeOf(number++))
  yield '</nodes>\n<edges>\n'
  for (const edge of graph.edges()) yield edgeElement(edge, ids, edgeIds)
  yield '</edges>\n</graph>\n</gexf>\n'
}

function attributes(of: string, list: readonly (readonly [name: string, type: string])[]): string {
  const each = list.map(([name, type]) => `<attribute id="${name}" title="${name}" type="${type}"/>`)
  return `<attributes class="${of}">${each.join('')}</attributes>\n`
}

function nodeElement(
  { id, label, degree, community, title, color, size }: ShownNode,
  ids: DistinctIds,
  { x, y }: Place,
): string {
  const values = attributeValues({ node_label: label, degree, community })
  return `<node id="${xmlText(ids.of(id))}" label="${xmlText(title)}">${values}${vizColor(color)}<viz:size value="${size}"/><viz:position x="${x}" y="${y}"/></node>\n`
}

function edgeElement(
  { id, from, to, type, isDirected, strength, validFrom, validUntil, color, width }: ShownEdge,
  ids: DistinctIds,
  edgeIds: DistinctIds,
): string {
  const values = attributeValues({ relationship_type: type, valid_from: validFrom, valid_until: validUntil })
  const direction = isDirected ? '' : ' type="undirected"'
  const ends = `source="${xmlText(ids.of(from))}" target="${xmlText(ids.of(to))}"`
  return `<edge id="${xmlText(edgeIds.of(id))}"${direction} ${ends} kind="${xmlText(type)}" label="${xmlText(type)}" weight="${strength}">${values}${vizColor(color)}<viz:thickness value="${width}"/></edge>\n`
}

function attributeValues(values: Readonly<Record<string, string | number | null>>): string {
  const each = Object.entries(values).flatMap(([name, value]) =>
    value === null ? [] : [`<attvalue for="${name}" value="${xmlText(String(value))}"/>`],
  )
  return `<attvalues>${each.join('')}</attvalues>`
}

function vizColor(color: string): string {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16))
  return `<viz:color r="${red}" g="${green}" b="${blue}"/>`
}
