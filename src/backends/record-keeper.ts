import { AuditNotes, auditRow } from './audit-notes.js'
import { DeferredWrites } from './deferred-writes.js'
import type { GraphDriver, GraphWriter } from './graph-driver.js'
import type { StoreAccess } from './graph-session.js'
import type { Logger } from './logger.js'
import type { Operation } from './operation.js'

/** The records that one transaction leaves. */
export type TransactionRecords = {
  /** Access that keeps them. */
  recorded(access: StoreAccess): StoreAccess
  /** Writes those of its reads; its writes have written theirs. */
  record(writer: GraphWriter): Promise<void>
}

/**
 * Keeps the audit log. The entry of a write is part of it: neither is stored without the other. Entries of reads are written
 * later, many together.
 */
export class RecordKeeper {
  readonly #actor: string
  readonly #notes = new AuditNotes()
  readonly #deferred: DeferredWrites

  constructor(driver: GraphDriver, actor: string, logger: Logger | undefined) {
    this.#actor = actor
    this.#deferred = new DeferredWrites([this.#notes], (work) => driver.write(work), logger)
  }

  /** The same access, with a record of each operation. */
  recorded(access: StoreAccess): StoreAccess {
    return this.#recording(access, (operation, result) => this.noteRead(operation, result))
  }

  /** The records of a transaction, which are kept if it is. */
  ofTransaction(): TransactionRecords {
    const notes = new AuditNotes()
    return {
      recorded: (access) =>
        this.#recording(access, (operation, result) => {
          notes.add(auditRow(this.#actor, operation, result))
          notes.trim()
        }),
      record: (writer) => notes.take(notes.size).write(writer),
    }
  }

  /** Notes what was read. */
  noteRead<Result>(operation: Operation<Result>, result: Result): void {
    if (this.#deferred.isOff) return
    this.#notes.add(auditRow(this.#actor, operation, result))
    this.#deferred.noted()
  }

  /** Records what is being written, as part of it. */
  recordWrite<Result>(writer: GraphWriter, operation: Operation<Result>, result: Result): Promise<void> {
    return writer.recordAudit([auditRow(this.#actor, operation, result)])
  }

  /** Writes what waits. Never rejects. */
  flush(): Promise<void> {
    return this.#deferred.flush()
  }

  /** Writes what waits; what cannot be written is lost, and the logger told. */
  end(): Promise<void> {
    return this.#deferred.end()
  }

  #recording(
    access: StoreAccess,
    note: <Result>(operation: Operation<Result>, result: Result) => void,
  ): StoreAccess {
    return {
      read: async (work, operation) => {
        const result = await access.read(work, operation)
        note(operation, result)
        return result
      },
      write: (work, operation) =>
        access.write(async (writer) => {
          const result = await work(writer)
          await this.recordWrite(writer, operation, result)
          return result
        }, operation),
    }
  }
}
