import { cutTo } from './cut-to.js'
import { DistinctIds } from './distinct-ids.js'
import type { ShownEdge, ShownGraph, ShownNode } from './shown-graph.js'
import { shownText } from './shown-text.js'

const LABEL_CHARACTERS = 120
/** What Graphviz cannot read, and what steers a terminal. */
const CONTROL = /\p{Cc}|\p{Cs}/gu

/** Writes a graph in the DOT language of Graphviz, a piece for each node and edge. Nodes are named by their ids. */
export function* dotOf(graph: ShownGraph): Generator<string, void, undefined> {
  yield 'digraph "memory graph" {\n'
  yield '  graph [charset="UTF-8", overlap="prism", splines="true", outputorder="edgesfirst"];\n'
  yield '  node [shape="box", style="rounded,filled", fontname="Helvetica", fontcolor="#ffffff", penwidth="0"];\n'
  yield '  edge [fontname="Helvetica", fontsize="10"];\n'
  const ids = new DistinctIds(CONTROL, graph.has)
  for (const node of graph.nodes()) yield nodeStatement(node, ids)
  for (const edge of graph.edges()) yield edgeStatement(edge, ids)
  yield '}\n'
}

function nodeStatement({ id, title, label, color }: ShownNode, ids: DistinctIds): string {
  return `  ${quoted(ids.of(id))} [label=${labelled(title)}, class=${quoted(shownText(label))}, fillcolor="${color}"];\n`
}

function edgeStatement(
  { id, from, to, type, isDirected, color, width }: ShownEdge,
  ids: DistinctIds,
): string {
  const direction = isDirected ? '' : ', dir="none"'
  return `  ${quoted(ids.of(from))} -> ${quoted(ids.of(to))} [id=${quoted(shownText(id))}, label=${labelled(type)}, color="${color}", fontcolor="${color}", penwidth="${width}"${direction}];\n`
}

/** Text in quotes. A backslash is doubled, so that none stands before the closing quote; Graphviz shows the two as one. */
function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

/** A label in quotes: on one line, and with what would be an entity of HTML as it is. */
function labelled(text: string): string {
  return quoted(cutTo(shownText(text), LABEL_CHARACTERS).replaceAll('&', '&amp;'))
}
