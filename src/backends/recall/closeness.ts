import type { Timestamp } from '../../model/timestamp.js'
import { LEAST_CLOSENESS, LENDING_STEPS, type Link, type Links } from '../../search/lending.js'
import type { GraphReader } from '../graph-driver.js'

/** Relationships of one node that are followed: the strongest of the newest, for a hub may have any number. */
const LINKS = { each: 8, among: 250 }
/** Nodes whose links one level asks for. */
const MAX_FRONTIER = 30
/** How close memories are that were made one after the other in a session. */
const SESSION_CLOSENESS = 0.7

/** How much closeness counts, 0 to 1, and the instant whose relationships do; `null` is those without a `valid_until`. */
export type Expansion = { readonly closeness: number; readonly asOf: Timestamp | null }

/**
 * What stands close to some nodes, as far as shares are lent: one query a step. A relationship is as close as the root of its
 * strength: at the default strength as two of a session.
 */
export async function linksAround(
  reader: GraphReader,
  starts: readonly string[],
  { closeness: share, asOf }: Expansion,
): Promise<Links> {
  const links = new Map<string, Link[]>()
  if (share === 0) return links
  const closest = new Map(starts.map((id) => [id, 1]))
  for (let step = 0, frontier = starts; step < LENDING_STEPS && frontier.length > 0; step++) {
    for (const id of frontier) links.set(id, [])
    for (const { near, far, strength } of await reader.getLinks(frontier, LINKS, asOf, [])) {
      const closeness =
        share * (strength === null ? SESSION_CLOSENESS : Math.sqrt(Math.min(1, Math.max(0, strength))))
      links.get(near)?.push({ id: far, closeness })
      closest.set(far, Math.max(closest.get(far) ?? 0, closeness * (closest.get(near) ?? 0)))
    }
    frontier = [...closest]
      .filter(([id, closeness]) => closeness >= LEAST_CLOSENESS && !links.has(id))
      .sort(([, a], [, b]) => b - a)
      .slice(0, MAX_FRONTIER)
      .map(([id]) => id)
  }
  return links
}
