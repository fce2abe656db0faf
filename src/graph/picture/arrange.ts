import { attract } from './attract.js'
import { componentsOf, type Pair } from './components-of.js'
import { packed } from './packed.js'
import { type Point, separate } from './separate.js'

/** Circles to be given a place, and which of them are to be near each other, by their numbers. */
export type Circles = {
  readonly radii: readonly number[]
  readonly links: readonly Pair[]
  /** Room that each has with its label on average. */
  readonly cell: { readonly width: number; readonly height: number }
}

/** Is told how many circles have their place. */
type Turn = (done: number) => Promise<void>

/** How much wider than high a part is at most, and at least. */
const GREATEST_ASPECT = 1.75
const LEAST_ASPECT = 0.9
/** Half of what is kept free between two circles, of the height of a cell. */
const OWN_SHARE_OF_CELL = 0.2

/**
 * Gives circles their places, no two of which overlap, by attraction and repulsion; parts that are not joined lie beside each other.
 * The same circles get the same places. `turn` is awaited between pieces of work of some milliseconds.
 * Jacomy et al., ForceAtlas2, a continuous graph layout algorithm (2014).
 */
export async function arrange({ radii, links, cell }: Circles, turn: Turn): Promise<Point[]> {
  const parts = []
  let done = 0
  const components = componentsOf(radii.length, links)
  const within = linksWithin(components, links)
  for (const [part, circles] of components.entries()) {
    await turn(done)
    const attracted = await attract(circles.length, within[part] as Pair[], () => turn(done))
    const points = spread(attracted, cell)
    await separate(points, {
      radii: circles.map((circle) => radii[circle] as number),
      margin: cell.height * OWN_SHARE_OF_CELL,
      aspect: Math.max(cell.width / cell.height, 1),
      turn: () => turn(done),
    })
    parts.push({ circles, points })
    done += circles.length
    await turn(done)
  }
  const places: Point[] = []
  for (const { circles, points } of packed(parts, radii))
    for (const [at, circle] of circles.entries()) places[circle] = points[at] as Point
  return places
}

/** The links of each part, by the places of its circles in it. */
function linksWithin(parts: readonly (readonly number[])[], links: readonly Pair[]): Pair[][] {
  const places = new Map(
    parts.flatMap((circles, part) => circles.map((circle, at) => [circle, { part, at }] as const)),
  )
  const within: Pair[][] = parts.map(() => [])
  for (const [from, to] of links) {
    const [a, b] = [places.get(from), places.get(to)]
    if (a && b && from !== to) within[a.part]?.push([a.at, b.at])
  }
  return within
}

/** Turns what is longest level, and makes room for a label at each circle. */
function spread(points: readonly Point[], cell: Circles['cell']): Point[] {
  const middle = { x: meanOf(points.map(({ x }) => x)), y: meanOf(points.map(({ y }) => y)) }
  const centred = points.map(({ x, y }) => ({ x: x - middle.x, y: y - middle.y }))
  const [xx, xy, yy] = [
    meanOf(centred.map(({ x }) => x * x)),
    meanOf(centred.map(({ x, y }) => x * y)),
    meanOf(centred.map(({ y }) => y * y)),
  ]
  const angle = -Math.atan2(2 * xy, xx - yy) / 2
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const level = centred.map(({ x, y }) => ({ x: x * cos - y * sin, y: x * sin + y * cos }))
  const width = Math.max(extentOf(level.map(({ x }) => x)), 1)
  const height = Math.max(extentOf(level.map(({ y }) => y)), 1)
  const natural = ((width / height) * cell.width) / cell.height
  const aspect = Math.min(Math.max(natural, LEAST_ASPECT), GREATEST_ASPECT)
  const pageHeight = Math.sqrt((points.length * cell.width * cell.height) / aspect)
  return level.map(({ x, y }) => ({ x: (x / width) * pageHeight * aspect, y: (y / height) * pageHeight }))
}

function meanOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length
}

function extentOf(numbers: readonly number[]): number {
  return Math.max(...numbers) - Math.min(...numbers)
}
