import type { GraphRunOptions } from '../graph-view.js'
import { turnsOf } from '../turns/turns-of.js'
import { arrange } from './arrange.js'
import { boundsOf } from './bounds-of.js'
import { curvesOf, pointsAlong } from './curves.js'
import { FOCUS_FONT_SIZE, LINE_HEIGHT } from './drawing.js'
import type { Figure, FigureNode } from './figure.js'
import { type LabelForm, type PlacedLabel, placeLabels } from './place-labels.js'
import type { Point } from './separate.js'
import { svgOf } from './svg-of.js'
import { textWidth, wrapped } from './text-width.js'

const FEW_NODES = 80
const BETWEEN_CELLS = 28

/** Draws a figure as SVG. The same figure gives the same text. */
export async function drawFigure(figure: Figure, run: GraphRunOptions): Promise<string> {
  const { nodes, links } = figure
  const fontSize = nodes.length <= 150 ? 12 : 11
  const radii = nodes.map(({ radius }) => radius)
  const measuring = turnsOf(run, 'measuring', nodes.length)
  const forms: LabelForm[][] = []
  for (const node of nodes) {
    forms.push(formsOf(node, fontSize, nodes.length))
    await measuring.next(forms.length)
  }
  const arranging = turnsOf(run, 'arranging', nodes.length)
  const places = await arrange(
    { radii, links: links.map(({ from, to }) => [from, to]), cell: cellOf(nodes, forms) },
    (done) => arranging.next(done),
  )
  const curves = curvesOf(nodes, links, places)
  const order = nodes.map((_, number) => number)
  order.sort((a, b) => rankOf(nodes[b]) - rankOf(nodes[a]) || a - b)
  const pieces = curves.flatMap((curve, line) => {
    const points = pointsAlong(curve)
    return points.slice(1).map((to, at) => ({ line, from: points[at] as Point, to }))
  })
  const labelling = turnsOf(run, 'labelling', nodes.length)
  const placed = await placeLabels(
    order.map((number) => {
      const node = nodes[number] as FigureNode
      return {
        circle: { ...(places[number] as Point), radius: node.radius },
        forms: forms[number] as LabelForm[],
        mayBeInside: node.fill === 'tint',
      }
    }),
    pieces,
    (done) => labelling.next(done),
  )
  const labels: (PlacedLabel | null)[] = nodes.map(() => null)
  order.forEach((number, at) => {
    labels[number] = placed[at] ?? null
  })
  const bounds = boundsOf(nodes, places, curves, labels)
  return svgOf({ figure, places, curves, labels, fontSize, bounds })
}

/** Room for a circle and its label, and for lines beside them. */
function cellOf(
  nodes: readonly FigureNode[],
  forms: readonly (readonly LabelForm[])[],
): { width: number; height: number } {
  const best = forms.map(([form]) => form as LabelForm)
  const meanOf = (numbers: readonly number[]): number =>
    numbers.reduce((sum, number) => sum + number, 0) / Math.max(numbers.length, 1)
  const diameter = meanOf(nodes.map(({ radius }) => 2 * radius))
  const width = meanOf(best.map((form) => form.width))
  const height = meanOf(best.map((form) => form.height))
  const isBeside = diameter < width
  return {
    width: (isBeside ? width + diameter : diameter) + BETWEEN_CELLS,
    height: (isBeside ? height + diameter : diameter) + BETWEEN_CELLS,
  }
}

function rankOf(node: FigureNode | undefined): number {
  return node?.isFocus ? Number.POSITIVE_INFINITY : (node?.importance ?? 0)
}

/** The ways a label can be written, the best first. */
function formsOf({ title, detail, isFocus }: FigureNode, ofOthers: number, count: number): LabelForm[] {
  const fontSize = isFocus ? FOCUS_FONT_SIZE : ofOthers
  const isRoomy = count <= FEW_NODES
  const formOf = (width: number, most: number): LabelForm => {
    const lines = wrapped(title, width, fontSize, most, isFocus)
    const all = detail === null ? lines : [...lines, detail]
    return {
      lines: all,
      width: Math.max(...all.map((line) => textWidth(line, fontSize, isFocus))) + 2,
      height: all.length * fontSize * LINE_HEIGHT,
    }
  }
  return isRoomy
    ? [formOf(160, 2), formOf(105, 3), formOf(88, 4), formOf(80, 1)]
    : [formOf(150, 1), formOf(92, 2), formOf(70, 1)]
}
