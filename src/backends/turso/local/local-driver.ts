import { realpath } from 'node:fs/promises'
import { DatabaseConnectionError, MemoryError } from '../../../errors.js'
import type { BackendCapabilities, BulkOptions, QueryParameters, Row } from '../../graph-backend.js'
import type {
  DriverDescription,
  DriverHealth,
  GraphDriver,
  GraphReader,
  GraphWriter,
} from '../../graph-driver.js'
import { notConnected } from '../../not-connected.js'
import { pruneChanges } from '../change-feed.js'
import { healthOfDatabase } from '../database-health.js'
import { ignoredWarning } from '../ignored-warning.js'
import { keepVersions } from '../kept-versions.js'
import { recogniseLayout } from '../layout.js'
import type { MaintainedStore } from '../maintenance/maintained-store.js'
import { MEMORY_PATH } from '../memory-path.js'
import { indexEarlierMemories, isComplete, migrate } from '../migrations.js'
import { checkRawQuery } from '../raw-query.js'
import { filesOf, isReplica } from '../replica/replica-files.js'
import { readRecord } from '../replica/replica-record.js'
import { sqlCapabilities } from '../sql-capabilities.js'
import { SqlReader } from '../sql-reader.js'
import type { Query, SqlDatabase, SqlRow, SqlSource, SqlTransaction } from '../sql-source.js'
import { SqlWriter } from '../sql-writer.js'
import { SELECT_IS_OURS } from '../statements.js'
import { translateError } from '../translate-error.js'
import type { CompleteTursoOptions } from '../turso-options.js'
import { DiskAnnKeeper, dropDiskAnn } from '../vectors/diskann-keeper.js'
import { vectorSearchOf } from '../vectors/vector-search-of.js'
import { collectGarbageSoon } from './collect-garbage.js'
import { Connection } from './connection.js'
import { runRawQuery, runReadOnly } from './local-raw-query.js'
import { LocalTransaction } from './local-transaction.js'
import { LocalWriter, patiently } from './local-writer.js'
import { settlePath } from './settle-path.js'

type Opened = { readonly reading: Connection; readonly writing: Connection; readonly writer: LocalWriter }

/**
 * One libSQL file: a connection that writes, in turn, and one that reads what is committed. A `:memory:` database has
 * a single connection, so there reads wait for the write before them.
 */
export class LocalDriver implements GraphDriver, SqlDatabase {
  readonly capabilities: BackendCapabilities
  readonly name: string
  readonly reader: GraphReader
  readonly #options: CompleteTursoOptions
  readonly #diskAnn: DiskAnnKeeper | null
  /** Where the file is, behind links. */
  #path: string
  #opened: Opened | null = null
  /** Whether the file is the local copy of a primary, which would not keep what was written here. */
  #isReplica = false

  constructor(options: CompleteTursoOptions) {
    this.#options = options
    this.#path = options.path
    this.capabilities = sqlCapabilities({ sync: false, persistent: options.path !== MEMORY_PATH })
    this.name = options.path
    this.#diskAnn = options.vectorStrategy === 'diskann' ? new DiskAnnKeeper(this, options.diskann) : null
    this.reader = new SqlReader(
      this,
      vectorSearchOf(options.vectorStrategy, this, () => this.#required()),
    )
  }

  /** The queue stands for the file: it is shared by all that are connected to it. */
  get store(): object {
    return this.#opened?.writer.queue ?? this
  }

  /** What backups, checks and repairs work with. */
  get maintenance(): MaintainedStore {
    const { path, encryptionKey } = this.#options
    const isFile = path !== MEMORY_PATH
    return {
      reading: this,
      writing: this,
      file: isFile ? { path: this.#path, encryptionKey, isReplica: this.#isReplica } : null,
      alone: isFile
        ? null
        : (work) => {
            const { writing, writer } = this.#required()
            return writer.queue.run(() => work(writing))
          },
      sync: null,
    }
  }

  describe(): DriverDescription {
    const { path, ignoredSettings, name } = this.#options
    return {
      mode: 'local',
      db_path: path,
      sync_url: null,
      auto_sync: false,
      sync_interval: 0,
      warnings: [
        ...ignoredWarning(ignoredSettings, name, 'local'),
        ...(this.#isReplica ? [readsOnly(path).message] : []),
      ],
    }
  }

  async connect(): Promise<boolean> {
    const { path } = this.#options
    this.#path = path === MEMORY_PATH ? path : await settlePath(path)
    this.#isReplica = path !== MEMORY_PATH && isReplica(this.#path)
    if (this.#isReplica && readRecord(filesOf(this.#path).record) === null) throw notYetComplete(this.name)
    const opened = await this.#open()
    try {
      if (this.#isReplica)
        for (const connection of [opened.reading, opened.writing]) forbidWriting(connection)
      const isReady = (await this.#isComplete(opened)) && (await this.#isLogging(opened))
      this.#opened = opened
      return isReady
    } catch (error) {
      release(opened)
      throw error
    }
  }

  async initializeSchema(options: BulkOptions): Promise<void> {
    const opened = this.#required()
    if (this.#isReplica) return this.#initializeReplica(opened)
    const { path, adopt } = this.#options
    if (!(await this.#isComplete(opened))) await migrate(this, adopt)
    // What another program made is first known to be ours, and only then changed to write-ahead logging.
    if (!(await this.#isLogging(opened))) {
      await opened.writer.exclusively(useWriteAheadLog, `Cannot switch ${path} to write-ahead logging`)
    }
    await indexEarlierMemories(this, options)
    await keepVersions(this, this.#options.keepVersions)
    await (this.#diskAnn?.initialize() ?? dropDiskAnn(this))
  }

  async #initializeReplica(opened: Opened): Promise<void> {
    if (!(await this.#isComplete(opened))) throw readsOnly(this.name)
  }

  async #isComplete({ reading }: Opened): Promise<boolean> {
    const source: SqlSource = {
      read: (queries) => this.#patiently(() => reading.read(queries)),
    }
    return isComplete(await recogniseLayout(source, this.name, this.#options.adopt))
  }

  #isLogging({ reading }: Opened): Promise<boolean> {
    return this.#patiently(() => ['wal', 'memory'].includes(String(reading.value('PRAGMA journal_mode'))))
  }

  #patiently<Result>(look: () => Result): Promise<Result> {
    return patiently(look, this.#options.busyTimeoutMs, `Cannot read ${this.name}`)
  }

  async disconnect(): Promise<void> {
    const opened = this.#opened
    if (!opened) return
    this.#opened = null
    try {
      if (this.#isReplica) return
      // Another backend of this process is writing, or has a transaction open: it does this when it disconnects.
      if (opened.writer.queue.busy) return
      // Without this the file alone would lack what is still in the log. Others that are connected keep it from happening, and do it later.
      await opened.writer.exclusively((connection) => {
        if (this.#options.path !== MEMORY_PATH && connection.value(SELECT_IS_OURS) === 1)
          connection.all('PRAGMA wal_checkpoint(TRUNCATE)')
      }, `Cannot finish ${this.#options.path}`)
    } catch (error) {
      this.#options.logger?.warn(error instanceof Error ? error.message : String(error))
    } finally {
      release(opened)
      collectGarbageSoon() // so that others can have the file to themselves
    }
  }

  async write<Result>(work: (writer: GraphWriter) => Promise<Result>): Promise<Result> {
    const written = await this.transact(async (transaction) => {
      const result = await work(new SqlWriter(transaction))
      await pruneChanges(transaction)
      return result
    })
    await this.#diskAnn?.catchUp().catch((error: unknown) => {
      this.#options.logger?.warn(`The vector index is behind: ${String(error)}`) // the write itself is stored
    })
    return written
  }

  async transact<Result>(
    work: (transaction: SqlTransaction) => Promise<Result>,
    { foreignKeys = true }: { readonly foreignKeys?: boolean } = {},
  ): Promise<Result> {
    const { writer } = this.#required()
    if (this.#isReplica) throw readsOnly(this.name)
    const inTransaction = async (connection: Connection): Promise<Result> => {
      const transaction = new LocalTransaction(connection)
      const result = await work(transaction)
      transaction.requireIntact()
      return result
    }
    return foreignKeys ? writer.write(inTransaction) : writer.withoutForeignKeys(inTransaction)
  }

  async query(
    statement: string,
    parameters: QueryParameters,
    write: boolean,
    also?: (writer: GraphWriter) => Promise<void>,
  ): Promise<Row[]> {
    const query = checkRawQuery(statement, parameters)
    const { writer } = this.#required()
    if (write && this.#isReplica) throw readsOnly(this.name)
    if (write) {
      return writer.write(async (connection) => {
        const rows = runRawQuery(connection, query)
        await also?.(new SqlWriter(new LocalTransaction(connection)))
        return rows
      })
    }
    return this.#read((connection) => runReadOnly(connection, query, this.#isReplica))
  }

  // Does not wait for a running write, so that it can be asked for inside a transaction.
  async health(): Promise<DriverHealth> {
    const { reading } = this.#required()
    return healthOfDatabase({ read: (queries) => this.#patiently(() => reading.read(queries)) })
  }

  read(queries: readonly Query[]): Promise<SqlRow[][]> {
    return this.#read((connection) => connection.read(queries))
  }

  /** Reads what is committed: at once, or, where there is one connection for all, in turn with the writes. */
  async #read<Result>(work: (connection: Connection) => Result): Promise<Result> {
    const { reading, writing, writer } = this.#required()
    // Looked up at each attempt: it may have been closed while another program kept this one waiting.
    const attempt = (): Promise<Result> =>
      patiently(() => work(this.#required().reading), this.#options.busyTimeoutMs, 'Cannot read')
    return reading === writing ? writer.queue.run(attempt) : attempt()
  }

  #required(): Opened {
    if (this.#opened) return this.#opened
    throw notConnected()
  }

  async #open(): Promise<Opened> {
    const { busyTimeoutMs } = this.#options
    const path = this.#path
    const writing = await this.#connect()
    try {
      const reading = path === MEMORY_PATH ? writing : await this.#connect()
      // The file exists by now, so that every link to it leads to the same queue.
      const queueKey = path === MEMORY_PATH ? `${path}${Math.random()}` : await realpath(path)
      return { reading, writing, writer: new LocalWriter(writing, queueKey, busyTimeoutMs) }
    } catch (error) {
      writing.close()
      throw error
    }
  }

  async #connect(): Promise<Connection> {
    const { encryptionKey, synchronous, busyTimeoutMs } = this.#options
    const path = this.#path
    const what = `Cannot open ${path}`
    const connection = await Connection.open({ path, encryptionKey }).catch((error: unknown) => {
      throw translateError(error, what)
    })
    try {
      await patiently(() => connection.configure(synchronous), busyTimeoutMs, what)
      return connection
    } catch (error) {
      connection.close()
      throw error
    }
  }
}

function forbidWriting(connection: Connection): void {
  connection.exec('PRAGMA query_only = ON')
}

function readsOnly(path: string): DatabaseConnectionError {
  return new DatabaseConnectionError(
    `${path} is the local copy of a primary, so in local mode it can only be read: connect with the primary's URL, or make it a file of its own with "memorygraph-turso detach"`,
    { code: 'MG_READ_ONLY', details: { path } },
  )
}

function notYetComplete(path: string): DatabaseConnectionError {
  return new DatabaseConnectionError(
    `${path} is the local copy of a primary that was never complete: connect with the primary's URL`,
    { details: { path } },
  )
}

function release({ reading, writing, writer }: Opened): void {
  writer.release()
  if (reading !== writing) reading.close()
  writing.close()
}

function useWriteAheadLog(connection: Connection): void {
  const mode = connection.value('PRAGMA journal_mode = WAL')
  if (mode !== 'wal' && mode !== 'memory') {
    throw new MemoryError(`The file system keeps the journal mode "${String(mode)}": use a local disk`, {
      code: 'MG_CONNECTION',
    })
  }
}
