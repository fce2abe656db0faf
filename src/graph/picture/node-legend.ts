import type { ExportedEdge, ExportedNode } from '../export/exported-graph.js'
import {
  COLORED_COMMUNITIES,
  type ColorOf,
  communityColor,
  familyColor,
  familyOf,
  NEUTRAL_COLOR,
  NODE_COLOR,
  TYPE_FAMILIES,
} from '../export/looks.js'
import { shownText } from '../export/shown-text.js'
import type { LegendEntry, Stroke } from './figure.js'

/** The label of memories, which are round. */
export const MEMORY_LABEL = 'Memory'
/** By which the types of one family are told apart, the most frequent first. */
const DASHES = [null, '7 4', '2 4', '10 4 2 4', '14 5', '2 7'] as const

/** How relationships of each type are drawn: a colour for the family, dashes for the type within it. */
export function strokesOf(edges: readonly ExportedEdge[], color: ColorOf): Map<string, Stroke> {
  const strokes = new Map<string, Stroke>()
  const inFamily = new Map<string, number>()
  for (const { type, isDirected } of typesOf(edges)) {
    const family = familyOf(type)
    const rank = inFamily.get(family) ?? 0
    inFamily.set(family, rank + 1)
    strokes.set(
      type,
      color === 'type'
        ? { color: familyColor(family), dashes: DASHES[rank % DASHES.length] ?? null, hasArrow: isDirected }
        : { color: NEUTRAL_COLOR, dashes: null, hasArrow: isDirected },
    )
  }
  return strokes
}

/** The types that occur, by family, the most frequent first. */
export function typesOf(
  edges: readonly ExportedEdge[],
): { type: string; isDirected: boolean; count: number }[] {
  const types = new Map<string, { type: string; isDirected: boolean; count: number }>()
  for (const { type, isDirected } of edges) {
    const known = types.get(type)
    if (known) known.count++
    else types.set(type, { type, isDirected, count: 1 })
  }
  const rank = (type: string): number => TYPE_FAMILIES.indexOf(familyOf(type))
  return [...types.values()].sort(
    (a, b) => rank(a.type) - rank(b.type) || b.count - a.count || (a.type < b.type ? -1 : 1),
  )
}

export function typeEntries(
  edges: readonly ExportedEdge[],
  strokes: ReadonlyMap<string, Stroke>,
): LegendEntry[] {
  return typesOf(edges).map(({ type, count }) => ({
    sample: 'line',
    stroke: strokes.get(type) as Stroke,
    text: shownText(type),
    count,
  }))
}

/** The communities that occur, each named by the node with the most relationships in it. */
export function communityEntries(
  nodes: readonly ExportedNode[],
  titleOf: (id: string) => string,
): LegendEntry[] {
  const communities = new Map<number, { count: number; central: ExportedNode }>()
  let others = 0
  for (const node of nodes) {
    if (node.community === null || node.community >= COLORED_COMMUNITIES) others++
    else {
      const known = communities.get(node.community) ?? { count: 0, central: node }
      known.count++
      if (node.degree > known.central.degree) known.central = node
      communities.set(node.community, known)
    }
  }
  const entries = [...communities]
    .sort(([a], [b]) => a - b)
    .map(
      ([community, { count, central }]): LegendEntry => ({
        sample: 'circle',
        color: communityColor(community),
        text: shownText(titleOf(central.id)),
        count,
      }),
    )
  if (others === 0) return entries
  return [...entries, { sample: 'circle', color: NEUTRAL_COLOR, text: 'smaller communities', count: others }]
}

/** Labels of nodes, where there are others than memories. */
export function labelEntries(nodes: readonly ExportedNode[], color: ColorOf): LegendEntry[] {
  const labels = [...new Set(nodes.map(({ label }) => label))].sort()
  const others = labels.filter((label) => label !== MEMORY_LABEL).map(shownText)
  if (others.length === 0) return []
  const shade = color === 'type' ? NODE_COLOR : NEUTRAL_COLOR
  const square: LegendEntry = { sample: 'square', color: shade, text: others.join(', '), count: null }
  return labels.includes(MEMORY_LABEL)
    ? [{ sample: 'circle', color: shade, text: MEMORY_LABEL, count: null }, square]
    : [square]
}
