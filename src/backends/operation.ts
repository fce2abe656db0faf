/** One use of a method of the contract, as those who keep account of it see it. */
export type Operation<Result> = {
  /** The method. */
  readonly name: string
  /** Ids of what it wrote, or returned. */
  readonly ids: (result: Result) => readonly string[]
}

type Identified = { readonly id: string }

/** A method that returns ids, or whose result is of no account. */
export function returningIds(name: string): Operation<readonly string[]> {
  return { name, ids: (ids) => ids }
}

/** A method that returns memories, relationships or nodes. */
export function returning(name: string): Operation<readonly Identified[]> {
  return { name, ids: idsOf }
}

/** A method that writes to what has these ids, unless its result says that there was nothing. */
export function affecting(name: string, ids: readonly string[]): Operation<boolean | number> {
  return { name, ids: (result) => (result ? ids : []) }
}

/** A method whose results have no ids. */
export function withoutIds(name: string): Operation<unknown> {
  return { name, ids: () => [] }
}

/** The ids of what has some. */
export function idsOf(results: readonly Identified[]): string[] {
  return results.map(({ id }) => id)
}
