import type { CompleteGraphExportOptions } from '../../model/graph-export-options.js'
import type { GraphRunOptions } from '../graph-view.js'
import { counted } from './counted.js'
import { cutTo } from './cut-to.js'
import type { ExportedGraph } from './exported-graph.js'
import { findTitles } from './find-titles.js'
import { type ColorOf, edgeColor, nodeColor } from './looks.js'
import { type CentralPart, mostCentral } from './most-central.js'
import { shownText } from './shown-text.js'

/** Mermaid's own limit (`maxTextSize`), which a diagram cannot raise. */
const MOST_CHARACTERS = 50_000
const LABEL_CHARACTERS = 60
/** All but words, blanks and what means nothing to Mermaid, its Markdown or HTML; an underline only where it is no emphasis. */
const PUZZLING =
  /(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|[^\p{L}\p{M}\p{N}\p{Extended_Pictographic}\p{Cf} ,./()…“”–→_-]/gu
/** Of the nodes, when the text is too long. */
const SHARE_KEPT = 0.9

type DiagramRequest = Pick<
  CompleteGraphExportOptions,
  'titles' | 'color' | 'maxDrawnNodes' | 'maxDrawnEdges'
> &
  GraphRunOptions

/** Writes a graph as a flowchart of Mermaid, of as many of its most central nodes as Mermaid takes. A note in it counts the others. */
export async function mermaidOf(graph: ExportedGraph, request: DiagramRequest): Promise<string> {
  const { titles, color, maxDrawnNodes, maxDrawnEdges } = request
  let part = await mostCentral(graph, { maxNodes: maxDrawnNodes, maxEdges: maxDrawnEdges }, request)
  const titleOf = await findTitles(
    titles,
    part.nodes.map(({ id }) => id),
    request,
  )
  for (;;) {
    const text = diagramOf(part, graph, titleOf, color)
    if (text.length <= MOST_CHARACTERS || part.nodes.length <= 1) return text
    const maxNodes = Math.floor(part.nodes.length * SHARE_KEPT)
    part = await mostCentral({ ...graph, ...partOf(part) }, { maxNodes, maxEdges: maxDrawnEdges }, request)
  }
}

function partOf({ nodes, edges }: CentralPart): Pick<ExportedGraph, 'order' | 'size' | 'nodes' | 'edges'> {
  return { order: nodes.length, size: edges.length, nodes: () => nodes, edges: () => edges }
}

function diagramOf(
  { nodes, edges }: CentralPart,
  graph: ExportedGraph,
  titleOf: (id: string) => string,
  color: ColorOf,
): string {
  const names = new Map(nodes.map(({ id }, number) => [id, `n${number}`]))
  return [
    'flowchart LR',
    ...nodes.map(({ id }) => `  ${names.get(id)}["${labelText(titleOf(id))}"]`),
    ...edges.map(
      ({ from, to, type, isDirected }) =>
        `  ${names.get(from)} ${isDirected ? '-->' : '---'}|"${labelText(type)}"| ${names.get(to)}`,
    ),
    ...styled(
      'class',
      nodes.map(({ id, community }) => [names.get(id) ?? '', nodeColor(community, color)]),
    ),
    ...styled(
      'linkStyle',
      edges.map(({ from, to, type }, number) => [
        String(number),
        edgeColor(type, [graph.communityOf(from), graph.communityOf(to)], color),
      ]),
    ),
    ...noteOf(graph.order - nodes.length, graph.size - edges.length),
  ]
    .map((line) => `${line}\n`)
    .join('')
}

/** One line for each colour that occurs. */
function styled(
  by: 'class' | 'linkStyle',
  items: readonly (readonly [name: string, color: string])[],
): string[] {
  const groups = new Map<string, string[]>()
  for (const [name, color] of items) {
    const group = groups.get(color)
    if (group) group.push(name)
    else groups.set(color, [name])
  }
  return [...groups].flatMap(([color, names], at) =>
    by === 'linkStyle'
      ? [`  linkStyle ${names.join(',')} stroke:${color}`]
      : [
          `  classDef color${at} fill:${color},stroke:${color},color:#fff`,
          `  class ${names.join(',')} color${at}`,
        ],
  )
}

function noteOf(nodes: number, relationships: number): string[] {
  if (nodes === 0 && relationships === 0) return []
  const what = [
    ...(nodes > 0 ? [counted(nodes, 'node')] : []),
    ...(relationships > 0 ? [counted(relationships, 'relationship')] : []),
  ].join(' and ')
  return [`  leftout["${labelText(`Not drawn: ${what}`)}"]`, '  style leftout stroke-dasharray: 4 4']
}

/** A label between quotes: what Mermaid or its Markdown would take for something else is written as a code. */
function labelText(text: string): string {
  return cutTo(shownText(text), LABEL_CHARACTERS)
    .replace(PUZZLING, codeOf)
    .replace(/^(\d+)([.)])/, (_, digits: string, mark: string) => digits + codeOf(mark))
    .replace(/^-/, codeOf)
}

function codeOf(character: string): string {
  return `#${character.codePointAt(0)};`
}
