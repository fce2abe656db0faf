import type { MatchInfo, Memory } from '../../model/memory.js'
import { compareText } from '../../model/text-order.js'
import type { Loan } from '../../search/lending.js'

/** How a memory came to its place. */
export type RankInfo = Pick<MatchInfo, 'ranks' | 'similarity' | 'path'>

/** Says of memories which place they have by what is lent to them, and on which way it came. */
export function loanInfo(loans: ReadonlyMap<string, Loan>): (id: string) => RankInfo {
  const places = placesOf(bestFirst(new Map([...loans].map(([id, { most }]) => [id, most]))))
  return (id) => {
    const loan = loans.get(id)
    return loan ? { ranks: { graph: places.get(id) as number }, path: [...loan.path] } : { ranks: {} }
  }
}

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
