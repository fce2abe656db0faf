export type Point = { x: number; y: number }

const MOST_ROUNDS = 600
/** What two circles may lack of their room, in pixels. */
const TOLERANCE = 0.5
/** Turned by it each time, no two directions are near each other for long. */
export const GOLDEN_ANGLE: number = Math.PI * (3 - Math.sqrt(5))

/**
 * Moves circles apart, both of two that are too near by as much, until each has a margin around it, which is `aspect` times as wide as
 * it is high. Those that are far from others stay where they are.
 */
export async function separate(
  points: Point[],
  {
    radii,
    margin,
    aspect,
    turn,
  }: {
    readonly radii: readonly number[]
    readonly margin: number
    readonly aspect: number
    readonly turn: () => Promise<void>
  },
): Promise<void> {
  const roomOf = (circle: number): number => (radii[circle] as number) + margin
  const widest = 2 * Math.max(...radii.map((_, circle) => roomOf(circle)))
  for (const point of points) point.x /= aspect
  const order = points.map((_, circle) => circle)
  let isDone = false
  for (let round = 0; round < MOST_ROUNDS && !isDone; round++) {
    isDone = true
    order.sort((a, b) => (points[a] as Point).x - (points[b] as Point).x || a - b)
    for (const [at, one] of order.entries()) {
      const a = points[one] as Point
      for (let next = at + 1; next < order.length; next++) {
        const other = order[next] as number
        const b = points[other] as Point
        if (b.x - a.x > widest) break
        const distance = Math.hypot(b.x - a.x, b.y - a.y)
        const lacking = roomOf(one) + roomOf(other) - distance
        if (lacking <= TOLERANCE) continue
        isDone = false
        const [x, y] = distance > 0 ? [(b.x - a.x) / distance, (b.y - a.y) / distance] : someWay(other)
        const [dx, dy] = [(x * lacking) / 2, (y * lacking) / 2]
        a.x -= dx
        a.y -= dy
        b.x += dx
        b.y += dy
      }
    }
    await turn()
  }
  for (const point of points) point.x *= aspect
}

/** The way that one of two circles in the same place goes. */
function someWay(circle: number): [x: number, y: number] {
  return [Math.cos(circle * GOLDEN_ANGLE), Math.sin(circle * GOLDEN_ANGLE)]
}
