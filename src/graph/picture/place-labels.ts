import { type Box, BoxGrid } from './box-grid.js'
import type { Point } from './separate.js'

/** A label to be placed at a circle: the forms it can take, the best first. */
export type Label = {
  readonly circle: Point & { readonly radius: number }
  readonly forms: readonly LabelForm[]
  /** Whether it may stand in its circle, where it has room there. */
  readonly mayBeInside: boolean
}

export type LabelForm = { readonly lines: readonly string[]; readonly width: number; readonly height: number }

/** What became of a label. */
export type PlacedLabel = {
  readonly box: Box
  readonly form: LabelForm
  readonly anchor: Anchor
  readonly isInside: boolean
}

export type Anchor = 'start' | 'middle' | 'end'

type Candidate = { readonly box: Box; readonly anchor: Anchor; readonly cost: number }

const GAP = 3
const BETWEEN_LABELS = 2
const PIECE_LENGTH = 40
/** A label that more lines than that run through cannot be read. */
const MOST_LINES_THROUGH = 24

/** A straight piece of a line that has a number. */
export type LinePiece = { readonly line: number; readonly from: Point; readonly to: Point }

/**
 * Places each label beside its circle, in the order given, so that it overlaps with no circle and no other label, and with as few
 * lines as can be; `null` where there is no room. `turn` is awaited between any two.
 */
export async function placeLabels(
  labels: readonly Label[],
  pieces: readonly LinePiece[],
  turn: (done: number) => Promise<void>,
): Promise<(PlacedLabel | null)[]> {
  const taken = new BoxGrid<Box>()
  for (const { circle } of labels) {
    const box = around(circle, circle.radius)
    taken.add(box, box)
  }
  const lines = new BoxGrid<LinePiece>()
  for (const piece of pieces) {
    for (const short of shortened(piece)) lines.add(boxOf(short), short)
    await turn(0)
  }
  const placed: (PlacedLabel | null)[] = []
  for (const { circle, forms, mayBeInside } of labels) {
    const best = (mayBeInside ? inside(circle, forms) : null) ?? beside(circle, forms, taken, lines)
    placed.push(best)
    if (best) taken.add(wider(best.box), best.box)
    await turn(placed.length)
  }
  return placed
}

function beside(
  circle: Label['circle'],
  forms: readonly LabelForm[],
  taken: BoxGrid<Box>,
  lines: BoxGrid<LinePiece>,
): PlacedLabel | null {
  for (const form of forms) {
    let best: PlacedLabel | null = null
    let least = Number.POSITIVE_INFINITY
    for (const { box, anchor, cost } of candidatesOf(circle, form)) {
      if (cost >= least || isTaken(box, taken)) continue
      const most = Math.min(MOST_LINES_THROUGH, least - cost)
      const through = linesThrough(box, lines, most)
      if (through > most || cost + through >= least) continue
      least = cost + through
      best = { box, form, anchor, isInside: false }
    }
    if (best) return best
  }
  return null
}

function isTaken(box: Box, taken: BoxGrid<Box>): boolean {
  for (const other of taken.near(wider(box))) if (meet(box, other)) return true
  return false
}

/** How many lines go through a box, of which no more are looked for than one above `most`. */
function linesThrough(box: Box, lines: BoxGrid<LinePiece>, most: number): number {
  const through = new Set<number>()
  for (const { line, from, to } of lines.near(box)) {
    if (!through.has(line) && isThrough(box, from, to)) through.add(line)
    if (through.size > most) break
  }
  return through.size
}

function candidatesOf({ x, y, radius }: Label['circle'], { width, height }: LabelForm): Candidate[] {
  const reach = radius + GAP
  const diagonal = radius * 0.72 + GAP
  const [middleX, middleY] = [x - width / 2, y - height / 2]
  const at = (left: number, top: number, anchor: Anchor, cost: number): Candidate => ({
    box: { left, top, right: left + width, bottom: top + height },
    anchor,
    cost,
  })
  return [
    at(x + reach, middleY, 'start', 0),
    at(x - reach - width, middleY, 'end', 0.1),
    at(middleX, y + reach, 'middle', 0.2),
    at(middleX, y - reach - height, 'middle', 0.3),
    at(x + diagonal, y + diagonal - height / 4, 'start', 0.5),
    at(x + diagonal, y - diagonal - (height * 3) / 4, 'start', 0.5),
    at(x - diagonal - width, y + diagonal - height / 4, 'end', 0.6),
    at(x - diagonal - width, y - diagonal - (height * 3) / 4, 'end', 0.6),
    at(x - width / 4, y + reach, 'middle', 0.9),
    at(x - width / 4, y - reach - height, 'middle', 0.9),
    at(x - (width * 3) / 4, y + reach, 'middle', 1),
    at(x - (width * 3) / 4, y - reach - height, 'middle', 1),
  ]
}

/** The first of the forms that has room in the circle; not the last, which is cut shorter than it would have to be beside it. */
function inside({ x, y, radius }: Label['circle'], forms: readonly LabelForm[]): PlacedLabel | null {
  const form = forms.slice(0, -1).find(({ width, height }) => Math.hypot(width, height) < 2 * radius - GAP)
  if (!form) return null
  const [left, top] = [x - form.width / 2, y - form.height / 2]
  return {
    box: { left, top, right: left + form.width, bottom: top + form.height },
    form,
    anchor: 'middle',
    isInside: true,
  }
}

function wider({ left, top, right, bottom }: Box): Box {
  return { left: left - BETWEEN_LABELS, top: top - 1, right: right + BETWEEN_LABELS, bottom: bottom + 1 }
}

function around({ x, y }: Point, radius: number): Box {
  return { left: x - radius, top: y - radius, right: x + radius, bottom: y + radius }
}

function boxOf({ from, to }: LinePiece): Box {
  return {
    left: Math.min(from.x, to.x),
    top: Math.min(from.y, to.y),
    right: Math.max(from.x, to.x),
    bottom: Math.max(from.y, to.y),
  }
}

/** A piece in shorter ones, whose rectangles hold little else. */
function shortened({ line, from, to }: LinePiece): LinePiece[] {
  const count = Math.max(Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / PIECE_LENGTH), 1)
  const at = (share: number): Point => ({
    x: from.x + (to.x - from.x) * share,
    y: from.y + (to.y - from.y) * share,
  })
  return Array.from({ length: count }, (_, number) => ({
    line,
    from: at(number / count),
    to: at((number + 1) / count),
  }))
}

function meet(a: Box, b: Box): boolean {
  return (
    a.left < b.right + BETWEEN_LABELS &&
    b.left < a.right + BETWEEN_LABELS &&
    a.top < b.bottom + 1 &&
    b.top < a.bottom + 1
  )
}

/** Whether a line goes through a box (Liang and Barsky). */
function isThrough(box: Box, from: Point, to: Point): boolean {
  let [enter, leave] = [0, 1]
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const sides: [number, number][] = [
    [-dx, from.x - box.left],
    [dx, box.right - from.x],
    [-dy, from.y - box.top],
    [dy, box.bottom - from.y],
  ]
  for (const [step, room] of sides) {
    if (step === 0) {
      if (room < 0) return false
    } else if (step < 0) enter = Math.max(enter, room / step)
    else leave = Math.min(leave, room / step)
    if (enter > leave) return false
  }
  return true
}
