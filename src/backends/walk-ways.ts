import { SYMMETRIC_TYPES } from '../model/relationship-type.js'
import type { Direction } from './graph-backend.js'

/** A way to go at a level of a walk; no types are all. */
export type Way = { direction: Direction; types: readonly string[] }

/** What to ask for: a type that holds in both directions leads both ways, whichever direction is walked. */
export function waysOf({ direction, types }: Way): Way[] {
  const way = { direction, types }
  if (direction === 'both') return [way]
  const symmetric =
    types.length === 0 ? SYMMETRIC_TYPES : SYMMETRIC_TYPES.filter((type) => types.includes(type))
  if (symmetric.length === 0) return [way]
  return [way, { direction: direction === 'outgoing' ? 'incoming' : 'outgoing', types: symmetric }]
}
