import type { MatchInfo, Memory } from '../../model/memory.js'
import { compareText } from '../../model/text-order.js'

/** How a memory came to its place. */
export type RankInfo = Pick<MatchInfo, 'ranks' | 'similarity' | 'path'>

/** A memory on its way into an answer; `null` where it is yet to be read. */
export type Ranked = {
  readonly id: string
  readonly score: number
  readonly memory: Memory | null
  readonly why: RankInfo
}

/** The places of ids in a ranking, from 1. */
export function placesOf(ids: Iterable<string>): Map<string, number> {
  return new Map([...ids].map((id, at) => [id, at + 1]))
}

/** Ids by score, the greatest first, then by id. */
export function bestFirst(scores: ReadonlyMap<string, number>): string[] {
  return [...scores].sort(([a, x], [b, y]) => y - x || compareText(a, b)).map(([id]) => id)
}
