import type { Point } from './separate.js'

/** Circles with places of their own. */
type Part = { readonly circles: readonly number[]; readonly points: readonly Point[] }

const BETWEEN_PARTS = 36
/** At each side of a circle, for its label. */
const LABEL_WIDTH = 46
const LABEL_HEIGHT = 14
const ASPECT = 2

/** Moves parts beside each other, in rows from the first on, so that they fill a page that is wider than high. */
export function packed(parts: readonly Part[], radii: readonly number[]): Part[] {
  const boxes = parts.map((part) => ({ part, ...boxOf(part, radii) }))
  const area = boxes.reduce(
    (sum, { width, height }) => sum + (width + BETWEEN_PARTS) * (height + BETWEEN_PARTS),
    0,
  )
  const pageWidth = Math.max(Math.sqrt(area * ASPECT), ...boxes.map(({ width }) => width))
  let [left, top, rowHeight] = [0, 0, 0]
  return boxes.map(({ part, x, y, width, height }) => {
    if (left > 0 && left + width > pageWidth) {
      top += rowHeight + BETWEEN_PARTS
      left = 0
      rowHeight = 0
    }
    const [dx, dy] = [left - x, top - y]
    left += width + BETWEEN_PARTS
    rowHeight = Math.max(rowHeight, height)
    return {
      circles: part.circles,
      points: part.points.map((point) => ({ x: point.x + dx, y: point.y + dy })),
    }
  })
}

function boxOf(
  { circles, points }: Part,
  radii: readonly number[],
): {
  x: number
  y: number
  width: number
  height: number
} {
  const radiusOf = (at: number): number => radii[circles[at] as number] as number
  const x = Math.min(...points.map((point, at) => point.x - radiusOf(at))) - LABEL_WIDTH
  const y = Math.min(...points.map((point, at) => point.y - radiusOf(at))) - LABEL_HEIGHT
  return {
    x,
    y,
    width: Math.max(...points.map((point, at) => point.x + radiusOf(at))) + LABEL_WIDTH - x,
    height: Math.max(...points.map((point, at) => point.y + radiusOf(at))) + LABEL_HEIGHT - y,
  }
}
