import type { Change } from '../graph-backend.js'

/** Changes kept: what a follower that looks every few minutes can miss of a busy store, in about 10 MB. */
export const MAX_KEPT_CHANGES = 100_000

/** The newest changes, at positions that count from 1 without a gap. */
export class ChangeLog {
  readonly #changes: Change[] = []
  #dropped = 0

  add(kind: Change['kind'], id: string, op: Change['op']): void {
    this.#changes.push({ seq: this.#dropped + this.#changes.length + 1, kind, id, op })
  }

  /** Takes back the newest change. */
  undo(): void {
    this.#changes.pop()
  }

  /** Drops the oldest beyond {@link MAX_KEPT_CHANGES}; changes before that cannot be taken back any more. */
  trim(): void {
    const excess = this.#changes.length - MAX_KEPT_CHANGES
    if (excess <= 0) return
    this.#changes.splice(0, excess)
    this.#dropped += excess
  }

  /** At most so many changes after a position. `oldest` is 0 when none was dropped. */
  after(position: number, limit: number): { changes: Change[]; oldest: number } {
    const start = Math.max(0, position - this.#dropped)
    const changes = this.#changes.slice(start, start + limit).map((change) => ({ ...change }))
    return { changes, oldest: this.#dropped === 0 ? 0 : this.#dropped + 1 }
  }
}
