import { relevanceOf, type Shares } from './relevance.js'

/** Steps that shares are lent over. */
export const LENDING_STEPS = 3
/** Over ways that are worth less nothing is lent. */
export const LEAST_CLOSENESS = 0.3

/** What stands close to each memory, and how close, 0 to 1. */
export type Links = ReadonlyMap<string, readonly Link[]>
/** One memory close to another. */
export type Link = { readonly id: string; readonly closeness: number }

/** What a memory is lent, and the way from the one that lends most: its id, those between, the memory's own. */
export type Loan = { readonly shares: number[]; path: readonly string[]; most: number }

/**
 * Lets memories lend their shares to what stands close to them, over {@link LENDING_STEPS} steps: along a way a share is worth the
 * product of its steps' closeness, and of several ways and lenders, term by term, the best counts.
 */
export function lend(
  lenders: ReadonlyMap<string, Shares>,
  weights: readonly number[],
  links: Links,
): Map<string, Loan> {
  const loans = new Map<string, Loan>()
  for (const [id, shares] of lenders) {
    const worth = shares.reduce((sum, share, at) => sum + share * (weights[at] ?? 0), 0)
    for (const [borrower, { closeness, path }] of reach(id, links)) {
      const loan = loans.get(borrower) ?? { shares: shares.map(() => 0), path, most: 0 }
      shares.forEach((share, at) => {
        loan.shares[at] = Math.max(loan.shares[at] ?? 0, closeness * share)
      })
      if (closeness * worth > loan.most) Object.assign(loan, { path, most: closeness * worth })
      loans.set(borrower, loan)
    }
  }
  return loans
}

/** How relevant memories are by what each holds and what it is lent, by id. */
export function relevances(
  weights: readonly number[],
  shares: ReadonlyMap<string, Shares>,
  loans: ReadonlyMap<string, Loan>,
): Map<string, number> {
  const ids = new Set([...shares.keys(), ...loans.keys()])
  return new Map(
    [...ids].map((id) => [id, relevanceOf(weights, shares.get(id) ?? [], loans.get(id)?.shares ?? [])]),
  )
}

type Way = { readonly closeness: number; readonly path: readonly string[] }

/** What is within reach of a memory, each with the best way there. */
function reach(start: string, links: Links): Map<string, Way> {
  const ways = new Map<string, Way>([[start, { closeness: 1, path: [start] }]])
  let frontier: ReadonlyMap<string, Way> = new Map(ways)
  for (let step = 0; step < LENDING_STEPS && frontier.size > 0; step++) {
    const next = new Map<string, Way>() // apart, so that no way grows by two steps in one
    for (const [near, { closeness, path }] of frontier) {
      for (const link of links.get(near) ?? []) {
        const worth = closeness * link.closeness
        if (worth < LEAST_CLOSENESS || worth <= (ways.get(link.id)?.closeness ?? 0)) continue
        const way = { closeness: worth, path: [...path, link.id] }
        ways.set(link.id, way)
        next.set(link.id, way)
      }
    }
    frontier = next
  }
  ways.delete(start)
  return ways
}
