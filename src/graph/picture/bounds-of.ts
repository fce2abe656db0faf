import type { Box } from './box-grid.js'
import { type Curve, pointsAlong } from './curves.js'
import type { FigureNode } from './figure.js'
import type { PlacedLabel } from './place-labels.js'
import type { Point } from './separate.js'

/** The rectangle that all of a drawing lies in. */
export function boundsOf(
  nodes: readonly FigureNode[],
  places: readonly Point[],
  curves: readonly Curve[],
  labels: readonly (PlacedLabel | null)[],
): Box {
  let [left, top, right, bottom] = [0, 0, 0, 0]
  let isFirst = true
  const include = (x: number, y: number): void => {
    left = isFirst ? x : Math.min(left, x)
    right = isFirst ? x : Math.max(right, x)
    top = isFirst ? y : Math.min(top, y)
    bottom = isFirst ? y : Math.max(bottom, y)
    isFirst = false
  }
  places.forEach(({ x, y }, number) => {
    const radius = (nodes[number]?.radius ?? 0) + 3
    include(x - radius, y - radius)
    include(x + radius, y + radius)
  })
  for (const curve of curves)
    for (const { x, y } of pointsAlong(curve)) {
      include(x - 3, y - 3)
      include(x + 3, y + 3)
    }
  for (const label of labels) {
    if (!label) continue
    include(label.box.left, label.box.top)
    include(label.box.right, label.box.bottom)
  }
  return { left, top, right, bottom }
}
