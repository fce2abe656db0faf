import { DriverBackend } from '../driver-backend.js'
import type { BulkOptions } from '../graph-backend.js'
import type { BackupOptions, BackupReport } from './maintenance/backup-report.js'
import type { CheckOptions } from './maintenance/check-integrity.js'
import type { IntegrityReport, RepairReport } from './maintenance/integrity-report.js'
import type { RemoveOptions, RemoveReport } from './maintenance/remove-own-tables.js'
import type { RepairOptions } from './maintenance/repair.js'
import type { PromoteOptions } from './promote/promote-options.js'
import type { PromoteReport } from './promote/promote-report.js'
import type { DetachOptions, DetachReport } from './replica/detach.js'
import { type TursoDriver, tursoDriverOf } from './turso-driver.js'
import { TursoEventEmitter, type TursoEvents } from './turso-events.js'
import { type CompleteTursoOptions, completeOptions, type TursoBackendOptions } from './turso-options.js'

export type { BackupOptions, BackupReport } from './maintenance/backup-report.js'
export type { CheckOptions } from './maintenance/check-integrity.js'
export type {
  IntegrityCheck,
  IntegrityProblem,
  IntegrityReport,
  ProblemKind,
  RepairReport,
  StoredRelationship,
} from './maintenance/integrity-report.js'
export type { RemoveOptions, RemoveReport } from './maintenance/remove-own-tables.js'
export type { RepairOptions } from './maintenance/repair.js'
export type { PromoteOptions } from './promote/promote-options.js'
export type { PromoteCounts, PromoteRefusal, PromoteReport } from './promote/promote-report.js'
export type { DetachOptions, DetachReport } from './replica/detach.js'
export type { TursoEvents } from './turso-events.js'
export type { TokenSource, TursoBackendOptions } from './turso-options.js'
export type { DiskAnnOptions, VectorStrategy } from './vectors/vector-options.js'

/**
 * A memory graph in libSQL, in the file format of MemoryGraph for Python: in one local file, in a local copy of a primary, or in a
 * primary alone.
 *
 * Several processes may use one file at once. Importing this class loads no native code; connecting does.
 */
export class TursoBackend extends DriverBackend {
  readonly #options: CompleteTursoOptions
  readonly #driver: TursoDriver
  readonly #events: TursoEventEmitter
  readonly #onProgress: TursoBackendOptions['onProgress']

  /** @throws `MG_CONFIGURATION` an unknown option, or a value that does not fit */
  constructor(options: TursoBackendOptions = {}) {
    const complete = completeOptions(options)
    const events = new TursoEventEmitter(complete.logger)
    const driver = tursoDriverOf(complete, events)
    super(driver, {
      name: complete.name,
      type: complete.name,
      maxContentBytes: complete.maxContentBytes,
      allowCycles: complete.allowCycles,
      auditLog: complete.auditLog,
      trackUsage: complete.trackUsage,
      embedder: complete.embedder,
      embedTimeoutMs: complete.embedTimeoutMs,
      queryTimeoutMs: complete.queryTimeoutMs,
      synonyms: complete.synonyms,
      logger: complete.logger,
      scope: complete.tenantId === undefined ? undefined : { tenantId: complete.tenantId },
    })
    this.#options = complete
    this.#driver = driver
    this.#events = events
    this.#onProgress = options.onProgress
  }

  override initializeSchema(options: BulkOptions = { onProgress: this.#onProgress }): Promise<void> {
    return super.initializeSchema(options)
  }

  /** Calls back when something happens with the primary; nothing ever does in local mode. */
  on<Name extends keyof TursoEvents>(name: Name, listener: (...event: TursoEvents[Name]) => void): this {
    this.#events.on(name, listener as never)
    return this
  }

  /** Ends what {@link TursoBackend.on} began. */
  off<Name extends keyof TursoEvents>(name: Name, listener: (...event: TursoEvents[Name]) => void): this {
    this.#events.off(name, listener as never)
    return this
  }

  /**
   * Writes a complete, verified copy of the database to a file, while this and other processes go on writing: all that was committed
   * before the call is in it. In local mode it has the same encryption; of a primary and its copies it is a file of its own, as
   * `detach` makes it. The folder is created; the file has its name only once it is whole.
   *
   * @throws `MG_CONFLICT` there is a file already, without `overwrite` · `MG_CORRUPT` the database is damaged
   * @throws `MG_CONFIGURATION` · `MG_STORAGE_FULL` · `MG_READ_ONLY` · `MG_CONNECTION` · `MG_ABORTED` · `MG_OFFLINE` (remote mode)
   * @throws `MG_NOT_SUPPORTED` the backend is confined to a tenant, as for all that is about the whole database
   */
  backup(path: string, options: BackupOptions = {}): Promise<BackupReport> {
    return this.operate('backup', async () => {
      const { backup } = await import('./maintenance/backup.js')
      return backup(path, options, this.#driver.maintenance, this.#options)
    })
  }

  /**
   * Looks for everything that can be wrong with a database, without changing anything or keeping others waiting: with its file,
   * with what searches look through, with rows that refer to nothing. In remote mode, as far as the primary allows.
   *
   * @throws `MG_ABORTED` · `MG_BUSY` · `MG_OFFLINE` (remote mode)
   */
  checkIntegrity(options: CheckOptions = {}): Promise<IntegrityReport> {
    return this.operate('checkIntegrity', async () => {
      const { checkIntegrity } = await import('./maintenance/check-integrity.js')
      return checkIntegrity(options, this.#driver.maintenance)
    })
  }

  /**
   * Puts right what {@link TursoBackend.checkIntegrity} finds, where it can be made anew from nodes and relationships; deletes
   * relationships without an end, and returns all there was of them. Each step is atomic, and can be repeated. In replica mode it
   * is done on the primary. What it cannot put right stays as it is, and is returned.
   *
   * @throws `MG_READ_ONLY` · `MG_BUSY` · `MG_OFFLINE` · `MG_STORAGE_FULL` · `MG_CORRUPT` the file is damaged too much
   */
  repair(options: RepairOptions = {}): Promise<RepairReport> {
    return this.operate(
      'repair',
      async () => {
        const { repair } = await import('./maintenance/repair.js')
        return repair(options, this.#driver.maintenance)
      },
      ({ deleted_relationships: deleted }) => deleted.flatMap(({ id }) => id ?? []),
    )
  }

  /** A backend that is connected, with its schema complete. On failure nothing stays open. */
  static async create(options: TursoBackendOptions = {}): Promise<TursoBackend> {
    const backend = new TursoBackend(options)
    try {
      await backend.connect()
      await backend.initializeSchema()
      return backend
    } catch (error) {
      await backend.disconnect()
      throw error
    }
  }

  /**
   * Takes a local file to a primary and makes it a local copy of that. Everything but the audit log, as many earlier versions of
   * memories as the primary keeps, is copied in batches, read back and compared; what the file was is kept under another name; an
   * interrupted call is gone on with by the next. Nobody else may have the file open at the end.
   *
   * @throws `MG_CONFLICT` the primary holds memories, and `merge` was not given; nothing was written
   * @throws `MG_CONFIGURATION` · `MG_SCHEMA_FOREIGN` · `MG_BUSY` · `MG_SYNC` · `MG_ABORTED` · `MG_AUTH` · `MG_READ_ONLY` · `MG_OFFLINE`
   */
  static async promote(options: PromoteOptions): Promise<PromoteReport> {
    const { promote } = await import('./promote/promote.js')
    return promote(options)
  }

  /**
   * Takes all tables, indexes and triggers of this library out of a local file, in one transaction, and leaves what MemoryGraph for
   * Python has in it. No memory and no relationship is lost; a backend that is connected later adds them again. Nobody may have the
   * file open.
   *
   * @throws `MG_CONFLICT` earlier versions of memories, or other data that is nowhere else, would be lost, and `force` was not given
   * @throws `MG_CONFIGURATION` · `MG_BUSY` · `MG_SCHEMA_FOREIGN` · `MG_SCHEMA_NEWER` · `MG_NOT_A_DATABASE` · `MG_READ_ONLY`
   */
  static async removeOwnTables(options: RemoveOptions = {}): Promise<RemoveReport> {
    const { removeOwnTables } = await import('./maintenance/remove-own-tables.js')
    return removeOwnTables(options)
  }

  /**
   * Makes the local copy of a primary a local file of its own, without network. The primary stays as it is.
   *
   * @throws `MG_CONFIGURATION` · `MG_BUSY` programs use the copy · `MG_SYNC` it was never complete · `MG_CORRUPT`
   */
  static async detach(options: DetachOptions = {}): Promise<DetachReport> {
    const { detach } = await import('./replica/detach.js')
    return detach(options)
  }
}
