import { now } from '../model/timestamp.js'
import type { Gathered, Gathering } from './deferred-writes.js'
import type { AuditRow } from './graph-driver.js'
import type { Operation } from './operation.js'

/** Ids that an entry of the audit log names at most. */
const MAX_NAMED_IDS = 100
/** Entries that can wait: as many as the log keeps. */
const MAX_WAITING_ENTRIES = 100_000
/** Entries dropped at a time where more would wait. */
const DROPPING_STEP = 1000

/** The entry that says what an operation did. */
export function auditRow<Result>(actor: string, { name, ids }: Operation<Result>, result: Result): AuditRow {
  const all = [...new Set(ids(result))]
  return { at: now(), actor, operation: name, ids: all.slice(0, MAX_NAMED_IDS), count: all.length }
}

/** Entries of the audit log that wait to be written. */
export class AuditNotes implements Gathering {
  readonly what = 'entries of the audit log'
  #rows: AuditRow[] = []

  get size(): number {
    return this.#rows.length
  }

  add(row: AuditRow): void {
    this.#rows.push(row)
  }

  take(limit: number): Gathered {
    const taken = this.#rows.splice(0, limit)
    return {
      size: taken.length,
      write: async (writer) => {
        if (taken.length > 0) await writer.recordAudit(taken)
      },
      putBack: () => {
        this.#rows = [...taken, ...this.#rows]
      },
    }
  }

  trim(): number {
    return this.#rows.length > MAX_WAITING_ENTRIES ? this.#rows.splice(0, DROPPING_STEP).length : 0
  }
}
