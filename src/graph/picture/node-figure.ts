import { counted } from '../export/counted.js'
import { cutTo } from '../export/cut-to.js'
import type { ExportedEdge, ExportedNode } from '../export/exported-graph.js'
import { type ColorOf, edgeColor, edgeWidth, nodeColor, nodeSize } from '../export/looks.js'
import { shownText } from '../export/shown-text.js'
import type { Figure, FigureLink, FigureNode, Stroke } from './figure.js'
import {
  communityEntries,
  labelEntries,
  MEMORY_LABEL,
  strokesOf,
  typeEntries,
  typesOf,
} from './node-legend.js'

/** Nodes and the relationships among them that are to be drawn, and how. */
export type NodeScene = {
  readonly nodes: readonly ExportedNode[]
  readonly edges: readonly ExportedEdge[]
  readonly titleOf: (id: string) => string
  readonly color: ColorOf
  readonly focus: ReadonlySet<string>
  readonly heading: string
  readonly summary: string
  readonly notes: readonly string[]
}

const FOCUS_RADIUS = 11
/** More of them are drawn with finer lines. */
const MANY_EDGES = 160
const HINT_CHARACTERS = 60
const NAMED = 3

/** A picture of nodes, and of their relationships as arrows, or as plain lines where they hold in both directions. */
export function nodeFigure(scene: NodeScene): Figure {
  const { nodes, edges, heading, summary, notes } = scene
  const numbers = new Map(nodes.map(({ id }, number) => [id, number]))
  const strokes = strokesOf(edges, scene.color)
  const communities = new Map(nodes.map(({ id, community }) => [id, community]))
  const strokeOf = ({ from, to, type }: ExportedEdge): Stroke => ({
    ...(strokes.get(type) as Stroke),
    color: edgeColor(type, [communities.get(from) ?? null, communities.get(to) ?? null], scene.color),
  })
  const fineness = edges.length <= MANY_EDGES ? 1 : edges.length <= 3 * MANY_EDGES ? 0.75 : 0.5
  const nameOf = (id: string): string => briefly(scene.titleOf(id))
  return {
    heading,
    summary,
    notes,
    nodes: nodes.map((node) => nodeOf(node, scene)),
    links: edges.map(
      (edge): FigureLink => ({
        from: numbers.get(edge.from) as number,
        to: numbers.get(edge.to) as number,
        stroke: strokeOf(edge),
        width: edgeWidth(edge.strength) * fineness,
        hint: `${nameOf(edge.from)} ${edge.isDirected ? '→' : '–'} ${nameOf(edge.to)}: ${briefly(edge.type)}, strength ${edge.strength}`,
      }),
    ),
    legend: [
      ...(scene.color === 'type' ? typeEntries(edges, strokes) : communityEntries(nodes, scene.titleOf)),
      ...labelEntries(nodes, scene.color),
    ],
    description: descriptionOf(scene, nameOf),
  }
}

function nodeOf({ id, label, degree, community }: ExportedNode, scene: NodeScene): FigureNode {
  const title = shownText(scene.titleOf(id)) || shownText(id)
  const isFocus = scene.focus.has(id)
  const radius = nodeSize(degree)
  const kind = label === MEMORY_LABEL ? '' : `${briefly(label)}, `
  return {
    title,
    detail: null,
    radius: isFocus ? Math.max(radius, FOCUS_RADIUS) : radius,
    color: nodeColor(community, scene.color),
    fill: 'solid',
    shape: label === MEMORY_LABEL ? 'circle' : 'square',
    isFocus,
    importance: degree,
    hint: `${title} (${kind}${counted(degree, 'relationship')})`,
  }
}

function descriptionOf({ nodes, edges, summary }: NodeScene, nameOf: (id: string) => string): string {
  const central = [...nodes].sort((a, b) => b.degree - a.degree).slice(0, NAMED)
  const types = typesOf(edges).map(({ type, count }) => `${briefly(type)} ${count}`)
  const names = central.map(({ id, degree }) => `${nameOf(id)} (${degree})`)
  return [
    `${summary}.`,
    names.length === 0 ? '' : `Most relationships: ${names.join('; ')}.`,
    types.length === 0 ? '' : `Types: ${types.join(', ')}.`,
  ]
    .filter((sentence) => sentence !== '')
    .join(' ')
}

function briefly(text: string): string {
  return cutTo(shownText(text), HINT_CHARACTERS)
}
