import { counted } from '../export/counted.js'
import type { ExportedGraph } from '../export/exported-graph.js'
import { communityColor, NEUTRAL_COLOR } from '../export/looks.js'
import { shownText } from '../export/shown-text.js'
import type { GraphRunOptions } from '../graph-view.js'
import { turnsOf } from '../turns/turns-of.js'
import type { Figure } from './figure.js'

/** A community as a bubble. */
export type Bubble = {
  readonly community: number
  readonly size: number
  /** The node with the most relationships in it. */
  readonly central: string
}

/** How many relationships lead from nodes of one community to those of another. */
export type Joint = { readonly from: number; readonly to: number; readonly count: number }

export type CommunityScene = {
  readonly bubbles: readonly Bubble[]
  readonly joints: readonly Joint[]
  readonly titleOf: (id: string) => string
  readonly heading: string
  readonly summary: string
  readonly notes: readonly string[]
}

const LEAST_RADIUS = 7
const GREATEST_RADIUS = 74
const GREATEST_WIDTH = 11
const NAMED = 5

/** The communities of a graph by their numbers, and what joins them. Both as many as there are. */
export async function communitiesIn(
  graph: ExportedGraph,
  run: GraphRunOptions,
): Promise<{ bubbles: Bubble[]; joints: Joint[] }> {
  const turns = turnsOf(run, 'reading', graph.order + graph.size)
  const bubbles = new Map<number, { community: number; size: number; central: string; degree: number }>()
  const communities = new Map<string, number>()
  let read = 0
  for (const { id, degree, community } of graph.nodes()) {
    await turns.next(++read)
    if (community === null) continue
    communities.set(id, community)
    const bubble = bubbles.get(community) ?? { community, size: 0, central: id, degree }
    bubble.size++
    if (degree > bubble.degree) Object.assign(bubble, { central: id, degree })
    bubbles.set(community, bubble)
  }
  const joints = new Map<string, { from: number; to: number; count: number }>()
  for (const { from, to } of graph.edges()) {
    await turns.next(++read)
    const [a, b] = [communities.get(from), communities.get(to)]
    if (a === undefined || b === undefined || a === b) continue
    const key = `${Math.min(a, b)} ${Math.max(a, b)}`
    const joint = joints.get(key)
    if (joint) joint.count++
    else joints.set(key, { from: Math.min(a, b), to: Math.max(a, b), count: 1 })
  }
  return {
    bubbles: [...bubbles.values()]
      .sort((a, b) => a.community - b.community)
      .map(({ community, size, central }) => ({ community, size, central })),
    joints: [...joints.values()].sort((a, b) => b.count - a.count || a.from - b.from || a.to - b.to),
  }
}

/** A picture of communities as bubbles, each named by its most central node, and of how many relationships join them. */
export function communityFigure(scene: CommunityScene): Figure {
  const { bubbles, joints, titleOf, heading, summary, notes } = scene
  const numbers = new Map(bubbles.map(({ community }, number) => [community, number]))
  const largest = Math.max(...bubbles.map(({ size }) => size), 1)
  const most = Math.max(...joints.map(({ count }) => count), 1)
  const nameOf = ({ central }: Bubble): string => shownText(titleOf(central)) || central
  const named = new Map(bubbles.map((bubble) => [bubble.community, nameOf(bubble)]))
  return {
    heading,
    summary,
    notes,
    nodes: bubbles.map((bubble) => ({
      title: nameOf(bubble),
      detail: counted(bubble.size, 'node'),
      radius: LEAST_RADIUS + (GREATEST_RADIUS - LEAST_RADIUS) * Math.sqrt(bubble.size / largest),
      color: communityColor(bubble.community),
      fill: 'tint',
      shape: 'circle',
      isFocus: false,
      importance: bubble.size,
      hint: `${nameOf(bubble)} and others: ${counted(bubble.size, 'node')}`,
    })),
    links: joints.map(({ from, to, count }) => ({
      from: numbers.get(from) as number,
      to: numbers.get(to) as number,
      stroke: { color: NEUTRAL_COLOR, dashes: null, hasArrow: false },
      width: Math.max(GREATEST_WIDTH * Math.sqrt(count / most), 0.8),
      hint: `${named.get(from)} – ${named.get(to)}: ${counted(count, 'relationship')}`,
    })),
    legend: [],
    description: [
      `${summary}.`,
      bubbles.length === 0
        ? ''
        : `Largest: ${bubbles
            .slice(0, NAMED)
            .map((bubble) => `${nameOf(bubble)} (${counted(bubble.size, 'node')})`)
            .join('; ')}.`,
    ]
      .join(' ')
      .trim(),
  }
}
