import { now } from '../model/timestamp.js'
import { AuditNotes, auditRow } from './audit-notes.js'
import { DeferredWrites } from './deferred-writes.js'
import type { GraphDriver, GraphWriter } from './graph-driver.js'
import type { StoreAccess } from './graph-session.js'
import type { Logger } from './logger.js'
import type { Operation } from './operation.js'
import { isUse, UsageNotes } from './usage-notes.js'

/** Which records are kept. */
export type RecordSettings = {
  /** Who is named in the audit log; `null`: none is kept. */
  readonly actor: string | null
  /** Whether it is noted which memories are used. */
  readonly tracksUsage: boolean
  readonly logger: Logger | undefined
}

/** The records that one transaction leaves. */
export type TransactionRecords = {
  /** Access that keeps them. */
  recorded(access: StoreAccess): StoreAccess
  /** Writes the audit log of its reads; its writes have written theirs. */
  record(writer: GraphWriter): Promise<void>
  /** Counts the memories that it used, when it has been stored. */
  stored(): void
}

type Notes = { readonly audit: AuditNotes; readonly usage: UsageNotes }

/**
 * Keeps the audit log, and how often memories are used. The entry of a write is part of it: neither is stored without the other.
 * What reads leave is written later, much together.
 */
export class RecordKeeper {
  readonly #settings: RecordSettings
  readonly #notes: Notes = { audit: new AuditNotes(), usage: new UsageNotes() }
  readonly #deferred: DeferredWrites

  constructor(driver: GraphDriver, settings: RecordSettings) {
    this.#settings = settings
    const kept = [
      ...(settings.actor === null ? [] : [this.#notes.audit]),
      ...(settings.tracksUsage ? [this.#notes.usage] : []),
    ]
    this.#deferred = new DeferredWrites(kept, (work) => driver.write(work), settings.logger)
  }

  /** The same access, with a record of each operation. */
  recorded(access: StoreAccess): StoreAccess {
    return this.#recording(access, (operation, result) => this.noteRead(operation, result))
  }

  /** The records of a transaction, which are kept if it is. */
  ofTransaction(): TransactionRecords {
    const notes: Notes = { audit: new AuditNotes(), usage: new UsageNotes() }
    return {
      recorded: (access) =>
        this.#recording(access, (operation, result) => {
          this.#note(notes, operation, result)
          notes.audit.trim()
        }),
      record: (writer) => notes.audit.take(notes.audit.size).write(writer),
      stored: () => {
        if (notes.usage.size === 0 || this.#deferred.isOff) return
        this.#notes.usage.addAll(notes.usage)
        this.#deferred.noted()
      },
    }
  }

  /** Notes what was read. */
  noteRead<Result>(operation: Operation<Result>, result: Result): void {
    if (this.#deferred.isOff) return
    this.#note(this.#notes, operation, result)
    this.#deferred.noted()
  }

  /** Records what is being written, as part of it. */
  async recordWrite<Result>(
    writer: GraphWriter,
    operation: Operation<Result>,
    result: Result,
  ): Promise<void> {
    const { actor } = this.#settings
    if (actor !== null) await writer.recordAudit([auditRow(actor, operation, result)])
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
      ...access,
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

  #note<Result>({ audit, usage }: Notes, operation: Operation<Result>, result: Result): void {
    const { actor, tracksUsage } = this.#settings
    if (actor !== null) audit.add(auditRow(actor, operation, result))
    if (tracksUsage && isUse(operation.name)) usage.add(operation.ids(result), now())
  }
}
