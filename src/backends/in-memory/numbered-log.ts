/** Entries kept of a log: what a follower that looks every few minutes can miss of a busy store, in about 10 MB. */
export const MAX_KEPT_ENTRIES = 100_000

/** The newest entries of a log, at positions that count from 1 without a gap. */
export class NumberedLog<Entry extends object> {
  readonly #entries: (Entry & { seq: number })[] = []
  #dropped = 0

  add(entry: Entry): void {
    this.#entries.push({ seq: this.#dropped + this.#entries.length + 1, ...entry })
  }

  /** Takes back the newest entry. */
  undo(): void {
    this.#entries.pop()
  }

  /** Drops the oldest beyond {@link MAX_KEPT_ENTRIES}; entries before that cannot be taken back any more. */
  trim(): void {
    const excess = this.#entries.length - MAX_KEPT_ENTRIES
    if (excess <= 0) return
    this.#entries.splice(0, excess)
    this.#dropped += excess
  }

  /** The newest entry; `null` where there is none. */
  get latest(): (Entry & { seq: number }) | null {
    const entry = this.#entries.at(-1)
    return entry ? { ...entry } : null
  }

  /** At most so many entries after a position. `oldest` is 0 when none was dropped. */
  after(position: number, limit: number): { entries: (Entry & { seq: number })[]; oldest: number } {
    const start = Math.max(0, position - this.#dropped)
    const entries = this.#entries.slice(start, start + limit).map((entry) => ({ ...entry }))
    return { entries, oldest: this.#dropped === 0 ? 0 : this.#dropped + 1 }
  }
}
