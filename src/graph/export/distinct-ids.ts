/**
 * Ids as a format can hold them. Those with characters that it cannot hold are written with U+FFFD in their place, never as the id of
 * another.
 */
export class DistinctIds {
  readonly #forbidden: RegExp
  readonly #isTaken: (id: string) => boolean
  readonly #given = new Map<string, string>()
  readonly #others = new Set<string>()

  /** `forbidden` finds each character that cannot be held, `isTaken` tells which ids there are. */
  constructor(forbidden: RegExp, isTaken: (id: string) => boolean) {
    this.#forbidden = forbidden
    this.#isTaken = isTaken
  }

  of(id: string): string {
    if (id.search(this.#forbidden) === -1) return id
    const known = this.#given.get(id)
    if (known !== undefined) return known
    let other = id.replace(this.#forbidden, '\ufffd')
    while (this.#isTaken(other) || this.#others.has(other)) other += '\ufffd'
    this.#others.add(other)
    this.#given.set(id, other)
    return other
  }
}
