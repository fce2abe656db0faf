import { DatabaseConnectionError, MemoryError } from '../../../errors.js'
import type { BulkOptions, QueryParameters, Row } from '../../graph-backend.js'
import type { DriverHealth, GraphWriter } from '../../graph-driver.js'
import type { WriteQueue } from '../../write-queue.js'
import { healthOfDatabase } from '../database-health.js'
import { recogniseLayout } from '../layout.js'
import { indexEarlierMemories, isComplete, migrate } from '../migrations.js'
import { checkRawQuery, queryFailure, queryOf, rowsAsObjects, wouldWrite } from '../raw-query.js'
import type { Query, SqlDatabase, SqlRow, SqlTransaction } from '../sql-source.js'
import { WRITE_NOTHING } from '../statements.js'
import type { Deadline } from './deadline.js'
import type { Primary } from './primary.js'
import { PrimaryGraphWriter } from './primary-graph-writer.js'
import type { StatementDescription, StatementResult } from './primary-stream.js'
import type { PrimaryTransaction } from './primary-transaction.js'
import { type KnownHistory, PrimaryWriter, type Written } from './primary-writer.js'

/** What a look at a primary found. */
export type PrimaryState = {
  /** Whether nothing is left to do for `initializeSchema()`. */
  readonly isReady: boolean
  /** The name of its history; `null` before there is a schema. */
  readonly epoch: string | null
}

/** How the store writes: whether work may be run again, and what history the local copy is of. */
export type StoreWriteOptions = {
  readonly runOnce?: boolean | undefined
  readonly known?: KnownHistory | null | undefined
}

const KNOWN_STATEMENTS = 256

/** The memory graph of a primary: layout, schema, atomic writes and raw statements, all over its network. */
export class PrimaryStore implements SqlDatabase {
  readonly name: string
  readonly primary: Primary
  readonly #adopt: boolean
  readonly #writer: PrimaryWriter
  /** What the primary said of raw statements. */
  readonly #descriptions = new Map<string, StatementDescription>()
  #state: PrimaryState | null = null
  #mayWrite = true

  constructor(primary: Primary, adopt: boolean) {
    this.primary = primary
    this.name = primary.name
    this.#adopt = adopt
    this.#writer = new PrimaryWriter(primary)
  }

  get queue(): WriteQueue {
    return this.#writer.queue
  }

  /** Whether the token allows writing. */
  get mayWrite(): boolean {
    return this.#mayWrite
  }

  /**
   * Looks what the primary holds and what the token allows.
   *
   * @throws `MG_AUTH` · `MG_OFFLINE` · `MG_SCHEMA_FOREIGN` · `MG_SCHEMA_NEWER`
   */
  async look(): Promise<PrimaryState> {
    const layout = await recogniseLayout(this.primary, this.name, this.#adopt)
    if (layout.kind === 'ours') this.#mayWrite = await this.#askMayWrite()
    this.#state = { isReady: isComplete(layout), epoch: layout.kind === 'ours' ? layout.epoch : null }
    return this.#state
  }

  /** Asks what the token allows, of a primary with a memory graph. */
  async probe(deadline: Deadline): Promise<void> {
    this.#mayWrite = await this.#askMayWrite(deadline)
  }

  /** Creates what is missing of the schema. */
  async initializeSchema(options: BulkOptions): Promise<void> {
    const state = this.#state?.isReady ? this.#state : await this.look()
    if (!state.isReady) {
      this.#requireMayWrite()
      await migrate(this, this.#adopt)
      await indexEarlierMemories(this, options)
      await this.look()
    }
  }

  read(queries: readonly Query[]): Promise<SqlRow[][]> {
    return this.primary.read(queries)
  }

  transact<Result>(
    work: (transaction: SqlTransaction) => Promise<Result>,
    { foreignKeys = true }: { readonly foreignKeys?: boolean } = {},
  ): Promise<Result> {
    return this.#writer.transact(work, foreignKeys)
  }

  /** Runs work as one atomic write, at most once. */
  async write<Result>(
    work: (writer: GraphWriter) => Promise<Result>,
    { runOnce = false, known = null }: StoreWriteOptions = {},
  ): Promise<Written<Result>> {
    let touched: Iterable<string> = []
    const inTransaction = (transaction: PrimaryTransaction): Promise<Result> => {
      const writer = new PrimaryGraphWriter(transaction)
      touched = writer.touched
      return work(writer)
    }
    return this.#write(inTransaction, { runOnce, known }, () => touched)
  }

  /** Runs a raw statement that may write, and `also` after it, as one atomic write. */
  async queryWriting(
    statement: string,
    parameters: QueryParameters,
    known: KnownHistory | null,
    also?: (writer: GraphWriter) => Promise<void>,
  ): Promise<Written<Row[]>> {
    const raw = queryOf(checkRawQuery(statement, parameters))
    const run = async (transaction: PrimaryTransaction): Promise<Row[]> => {
      const [result] = await transaction.execute([raw])
      await also?.(new PrimaryGraphWriter(transaction))
      return rowsOf(result)
    }
    try {
      return await this.#write(run, { known })
    } catch (error) {
      throw queryFailure(error)
    }
  }

  /** Runs a raw statement that does not write; the primary says whether it does. */
  async queryReading(statement: string, parameters: QueryParameters): Promise<Row[]> {
    const raw = queryOf(checkRawQuery(statement, parameters))
    const { primary } = this
    const deadline = primary.deadline()
    const select = async (): Promise<Row[]> => {
      const { isReadOnly, columns } = await this.#describe(raw.sql, deadline)
      if (!isReadOnly) throw wouldWrite()
      rowsAsObjects(columns, []) // names that are the same are told apart in the pages of a large answer
      const [result] = await primary.select([raw], { deadline, bigints: true })
      return rowsOf(result)
    }
    try {
      return await primary.repeatedly(select, deadline, 'The query failed')
    } catch (error) {
      throw queryFailure(error)
    }
  }

  health(): Promise<DriverHealth> {
    return healthOfDatabase(this)
  }

  /** Ends the use of the primary. */
  release(): void {
    this.#writer.release()
    this.primary.abandon()
  }

  async #write<Result>(
    work: (transaction: PrimaryTransaction) => Promise<Result>,
    { runOnce = false, known = null }: StoreWriteOptions,
    touched?: () => Iterable<string>,
  ): Promise<Written<Result>> {
    this.#requireMayWrite()
    const history = known ?? { epoch: this.#state?.epoch ?? '', newest: null }
    return this.#writer.write(work, { runOnce, history, ...(touched && { touched }) })
  }

  async #describe(sql: string, deadline: Deadline): Promise<StatementDescription> {
    const known = this.#descriptions.get(sql)
    if (known !== undefined) return known
    const description = await this.primary.open().describe(sql, deadline)
    if (this.#descriptions.size >= KNOWN_STATEMENTS) this.#descriptions.clear()
    this.#descriptions.set(sql, description)
    return description
  }

  // To a token that only reads a statement that writes is refused also where it is not run, and so takes no lock.
  async #askMayWrite(deadline: Deadline = this.primary.deadline()): Promise<boolean> {
    const ask = (): Promise<void> => this.primary.open().ask(WRITE_NOTHING, deadline)
    try {
      await this.primary.repeatedly(ask, deadline, `Cannot open ${this.name}`)
      return true
    } catch (error) {
      if (MemoryError.is(error) && error.code === 'MG_READ_ONLY') return false
      throw error
    }
  }

  #requireMayWrite(): void {
    if (this.#mayWrite) return
    throw new DatabaseConnectionError(
      `Cannot write to ${this.name}: the token only reads: use one that may write`,
      { code: 'MG_READ_ONLY' },
    )
  }
}

function rowsOf(result: StatementResult | undefined): Row[] {
  return result ? rowsAsObjects(result.columns, result.rows) : []
}
