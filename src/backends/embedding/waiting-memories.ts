/** Ids that are remembered; more are found again by looking through all memories. */
const MAX_IDS = 10_000

/** Memories that wait to be embedded: those that were written, and those that could not be embedded before. */
export class WaitingMemories {
  readonly #fresh = new Set<string>()
  readonly #failed = new Set<string>()
  #mayBeAny = false

  /** Those that could not be embedded, and wait for the next attempt. */
  get failed(): ReadonlySet<string> {
    return this.#failed
  }

  /** Whether memories that are not known may lack a vector. */
  get mayBeAny(): boolean {
    return this.#mayBeAny
  }

  get isEmpty(): boolean {
    return this.#fresh.size === 0 && !this.#mayBeAny
  }

  written(ids: Iterable<string>): void {
    for (const id of ids) {
      this.#failed.delete(id)
      this.#add(this.#fresh, id)
    }
  }

  couldNot(ids: Iterable<string>): void {
    for (const id of ids) this.#add(this.#failed, id)
  }

  /** All memories are to be looked through. */
  any(): void {
    this.#mayBeAny = true
  }

  /** All have been looked through. */
  seen(): void {
    this.#mayBeAny = false
  }

  takeFresh(): string[] {
    return taken(this.#fresh)
  }

  takeFailed(): string[] {
    return taken(this.#failed)
  }

  #add(set: Set<string>, id: string): void {
    if (set.size < MAX_IDS) set.add(id)
    else this.#mayBeAny = true
  }
}

function taken(set: Set<string>): string[] {
  const ids = [...set]
  set.clear()
  return ids
}
