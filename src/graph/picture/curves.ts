import type { FigureLink, FigureNode } from './figure.js'
import type { Point } from './separate.js'

/** A line as it is drawn: quadratic where it has one control point, cubic where it has two. */
export type Curve = {
  readonly link: FigureLink
  readonly start: Point
  readonly controls: readonly Point[]
  readonly end: Point
  /** The corners of the arrow's head, its tip first; none where there is no arrow. */
  readonly head: readonly Point[]
}

/** Between lines that join the same nodes, at their middles. */
const BEND = 15
const GAP = 2
/** Straight lines that a curve is taken for. */
const PIECES = 6
const LOOP_HEIGHT = 24
const LOOP_ANGLE = 0.55

/** The ways of the lines: straight, bent where several join the same two nodes, a loop where a node is joined to itself. */
export function curvesOf(
  nodes: readonly FigureNode[],
  links: readonly FigureLink[],
  places: readonly Point[],
): Curve[] {
  const bundles = new Map<string, FigureLink[]>()
  for (const link of links) {
    const key = `${Math.min(link.from, link.to)} ${Math.max(link.from, link.to)}`
    const bundle = bundles.get(key)
    if (bundle) bundle.push(link)
    else bundles.set(key, [link])
  }
  return [...bundles.values()].flatMap((bundle) =>
    bundle.map((link, at) => {
      const [from, to] = [places[link.from] as Point, places[link.to] as Point]
      const [near, far] = [nodes[link.from]?.radius ?? 0, nodes[link.to]?.radius ?? 0]
      if (link.from === link.to) return loop(link, from, near, outwards(link.from, links, places), at)
      const side = link.from < link.to ? 1 : -1
      return bow(link, { from, to, near, far, bend: side * (at - (bundle.length - 1) / 2) * BEND })
    }),
  )
}

function bow(
  link: FigureLink,
  { from, to, near, far, bend }: { from: Point; to: Point; near: number; far: number; bend: number },
): Curve {
  const distance = Math.max(Math.hypot(to.x - from.x, to.y - from.y), 0.01)
  const [nx, ny] = [-(to.y - from.y) / distance, (to.x - from.x) / distance]
  const control = {
    x: (from.x + to.x) / 2 + nx * bend * 2,
    y: (from.y + to.y) / 2 + ny * bend * 2,
  }
  const start = towards(from, control, near + GAP)
  const tip = towards(to, control, far + GAP)
  const { head, neck } = headAt(link, tip, control)
  return { link, start, controls: bend === 0 ? [] : [control], end: neck, head }
}

function loop(link: FigureLink, at: Point, radius: number, angle: number, rank: number): Curve {
  const spread = LOOP_ANGLE + rank * 0.08
  const reach = radius + LOOP_HEIGHT + rank * BEND
  const start = around(at, radius + GAP, angle - spread)
  const tip = around(at, radius + GAP, angle + spread)
  const controls = [
    around(at, reach * 1.25, angle - spread * 1.3),
    around(at, reach * 1.25, angle + spread * 1.3),
  ]
  const { head, neck } = headAt(link, tip, controls[1] as Point)
  return { link, start, controls, end: neck, head }
}

function headAt(link: FigureLink, tip: Point, before: Point): { head: Point[]; neck: Point } {
  if (!link.stroke.hasArrow) return { head: [], neck: tip }
  const length = 5 + link.width * 1.6
  const neck = towards(tip, before, length)
  const [dx, dy] = [(tip.x - neck.x) / length, (tip.y - neck.y) / length]
  const half = 2.2 + link.width * 0.9
  return {
    head: [
      tip,
      { x: neck.x - dy * half, y: neck.y + dx * half },
      { x: neck.x + dy * half, y: neck.y - dx * half },
    ],
    neck: towards(tip, before, length - 1),
  }
}

/** The way from a node that leads away from those it is joined to. */
function outwards(node: number, links: readonly FigureLink[], places: readonly Point[]): number {
  const at = places[node] as Point
  let [x, y] = [0, 0]
  for (const { from, to } of links) {
    if ((from === node) === (to === node)) continue
    const other = places[from === node ? to : from] as Point
    const distance = Math.max(Math.hypot(other.x - at.x, other.y - at.y), 0.01)
    x += (other.x - at.x) / distance
    y += (other.y - at.y) / distance
  }
  return Math.hypot(x, y) < 0.05 ? -Math.PI / 2 : Math.atan2(-y, -x)
}

function towards(from: Point, to: Point, distance: number): Point {
  const whole = Math.max(Math.hypot(to.x - from.x, to.y - from.y), 0.01)
  return {
    x: from.x + ((to.x - from.x) / whole) * distance,
    y: from.y + ((to.y - from.y) / whole) * distance,
  }
}

function around(middle: Point, radius: number, angle: number): Point {
  return { x: middle.x + radius * Math.cos(angle), y: middle.y + radius * Math.sin(angle) }
}

/** Some points along a curve, from its start to its end. */
export function pointsAlong({ start, controls, end }: Curve): Point[] {
  if (controls.length === 0) return [start, end]
  const corners = [start, ...controls, end]
  return Array.from({ length: PIECES + 1 }, (_, at) => onCurve(corners, at / PIECES))
}

/** De Casteljau. */
function onCurve(corners: readonly Point[], share: number): Point {
  if (corners.length === 1) return corners[0] as Point
  return onCurve(
    corners.slice(1).map((corner, at) => {
      const before = corners[at] as Point
      return { x: before.x + (corner.x - before.x) * share, y: before.y + (corner.y - before.y) * share }
    }),
    share,
  )
}
