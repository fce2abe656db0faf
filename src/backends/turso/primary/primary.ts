import { EventEmitter } from 'node:events'
import { BatchCond, type InStmt, openHttp, ResponseError, type Sql, Stmt } from '@libsql/hrana-client'
import {
  type BulkheadPolicy,
  bulkhead,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  fullJitterGenerator,
  handleWhen,
  isBrokenCircuitError,
  type RetryPolicy,
  retry,
} from 'cockatiel'
import { BackendError, DatabaseConnectionError, MemoryError } from '../../../errors.js'
import type { PrimaryStatistics } from '../../graph-backend.js'
import type { Query, SqlRow, SqlSource } from '../sql-source.js'
import { Deadline } from './deadline.js'
import { classify, isTransient, NoAnswer, offline, primaryError, StatementFailure } from './primary-errors.js'
import type { PrimaryUrl } from './primary-url.js'

/** How a primary is reached. */
export type PrimaryOptions = {
  readonly url: PrimaryUrl
  readonly token: (() => string | undefined | Promise<string | undefined>) | undefined
  /** How long work waits for an answer. */
  readonly timeoutMs: number
  /** How often work that can be repeated is tried again. */
  readonly maxRetries: number
  readonly maxInFlight: number
  /** Failures in a row after which requests are refused for `breakerResetMs`. */
  readonly breakerFailures: number
  readonly breakerResetMs: number
}

/** What a statement did. */
export type StatementResult = {
  readonly columns: string[]
  readonly rows: SqlRow[]
  readonly changes: number
}

/** How statements are sent. */
export type SendOptions = {
  readonly deadline: Deadline
  /** Whether the stream ends with this request. */
  readonly isLast?: boolean
  /** Whether integers come as bigints. */
  readonly bigints?: boolean
}

const FIRST_RETRY_MS = 50
const GREATEST_RETRY_MS = 2_000
/** Rows asked for at a time when an answer was too large, at first. */
const FIRST_PAGE_ROWS = 1_000
/** A text that a request holds more often than this is sent once. */
const STORED_FROM = 3

/**
 * A primary at the other end of a network: requests with a deadline, few at a time, tried again where that is safe, and refused
 * for a while when none was answered. Emits `online` and `offline` as answers come and fail to come.
 */
export class Primary extends EventEmitter<{ online: []; offline: [reason: string] }> implements SqlSource {
  readonly name: string
  readonly timeoutMs: number
  readonly #options: PrimaryOptions
  readonly #retry: RetryPolicy
  readonly #breaker: CircuitBreakerPolicy
  readonly #bulkhead: BulkheadPolicy
  readonly #underWay = new Set<AbortController>()
  #isAbandoned = false
  readonly #counts = { requests: 0, answered: 0, failed: 0, retried: 0, refused: 0 }
  #inFlight = 0
  #latencyMs: number | null = null
  #lastError: string | null = null
  #lastAnswerAt = Number.NEGATIVE_INFINITY
  #isOnline: boolean | null = null

  constructor(options: PrimaryOptions) {
    super()
    this.#options = options
    this.name = options.url.shown
    this.timeoutMs = options.timeoutMs
    const transient = handleWhen(isTransient)
    this.#retry = retry(transient, {
      maxAttempts: options.maxRetries,
      backoff: new ExponentialBackoff({
        initialDelay: FIRST_RETRY_MS,
        maxDelay: GREATEST_RETRY_MS,
        generator: fullJitterGenerator,
      }),
    })
    this.#retry.onRetry(() => this.#counts.retried++)
    this.#breaker = circuitBreaker(transient, {
      halfOpenAfter: options.breakerResetMs,
      breaker: new ConsecutiveBreaker(options.breakerFailures),
    })
    this.#bulkhead = bulkhead(options.maxInFlight, Number.POSITIVE_INFINITY)
  }

  /** Whether the last request was answered; `null` before the first. */
  get isOnline(): boolean | null {
    return this.#isOnline
  }

  /** Whether there was an answer since that moment of `performance.now()`. */
  hasAnsweredSince(moment: number): boolean {
    return this.#lastAnswerAt >= moment
  }

  statistics(): PrimaryStatistics {
    return {
      ...this.#counts,
      in_flight: this.#inFlight,
      waiting: this.#bulkhead.executionSlots === 0 ? this.#waiting() : 0,
      circuit: CIRCUITS[this.#breaker.state] ?? 'open',
      online: this.#isOnline,
      latency_ms: this.#latencyMs,
      last_error: this.#lastError,
    }
  }

  #waiting(): number {
    return Math.max(0, this.#inFlight - this.#options.maxInFlight)
  }

  deadline(): Deadline {
    return new Deadline(this.timeoutMs)
  }

  /** A new stream: a connection to the database, which ends with its last request. */
  open(): PrimaryStream {
    return new PrimaryStream(this)
  }

  /** The rows of each statement, all of the same state; tried again while that may help. */
  async read(queries: readonly Query[], deadline: Deadline = this.deadline()): Promise<SqlRow[][]> {
    return this.repeatedly(
      async () => {
        const stream = this.open()
        if (queries.length === 1) {
          const rows = await stream.rowsOrNull(queries, { deadline, isLast: true })
          return rows ?? this.#readInPages(queries, deadline)
        }
        const rows = await stream.rowsOrNull([BEGIN, ...queries, COMMIT], { deadline, isLast: true })
        return rows?.slice(1, -1) ?? this.#readInPages(queries, deadline)
      },
      deadline,
      'Cannot read',
    )
  }

  async #readInPages(queries: readonly Query[], deadline: Deadline): Promise<SqlRow[][]> {
    const stream = this.open()
    await stream.send([BEGIN], { deadline })
    try {
      return await stream.readInPages(queries, deadline)
    } finally {
      stream.close()
    }
  }

  /** Runs work that can be repeated, again and again while the primary does not answer; what is thrown is one of our errors. */
  async repeatedly<Result>(work: () => Promise<Result>, deadline: Deadline, what: string): Promise<Result> {
    let last: unknown
    try {
      return await this.#retry.execute(async () => {
        if (last !== undefined && deadline.hasPassed) throw giveUp(last)
        try {
          return await work()
        } catch (error) {
          last = error
          throw error
        }
      })
    } catch (error) {
      throw primaryError(error, what)
    }
  }

  /** Refuses everything from now on, also what has no answer yet. */
  abandon(): void {
    this.#isAbandoned = true
    for (const controller of this.#underWay) controller.abort(new Error(DISCONNECTED))
  }

  /** Sends a request in its turn. Used by streams alone. */
  async request<Result>(deadline: Deadline, send: () => Promise<Result>): Promise<Result> {
    this.#inFlight++
    try {
      return await this.#breaker.execute(() => this.#bulkhead.execute(() => this.#timed(deadline, send)))
    } catch (error) {
      if (!isBrokenCircuitError(error)) throw error
      this.#counts.refused++
      throw offline(
        'Not sent',
        new Error(
          `${this.#lastError ?? 'it failed'} (it failed ${this.#options.breakerFailures} times in a row and is left alone for ${this.#options.breakerResetMs} ms)`,
        ),
      )
    } finally {
      this.#inFlight--
    }
  }

  async #timed<Result>(deadline: Deadline, send: () => Promise<Result>): Promise<Result> {
    if (deadline.hasPassed) throw new NoAnswer(`no answer within ${deadline.timeoutMs} ms`, false, undefined)
    const began = performance.now()
    try {
      const result = await send()
      this.#answered(began, deadline)
      return result
    } catch (error) {
      const sorted = classify(error)
      if (sorted instanceof NoAnswer) this.#failed(sorted)
      else this.#answered(began, deadline)
      throw sorted
    }
  }

  #answered(began: number, deadline: Deadline): void {
    this.#counts.answered++
    this.#lastAnswerAt = performance.now()
    this.#latencyMs = Math.round((this.#lastAnswerAt - began) * 1000) / 1000
    deadline.renew()
    if (this.#isOnline === false) this.emit('online')
    this.#isOnline = true
  }

  #failed(error: NoAnswer): void {
    this.#counts.failed++
    this.#lastError = error.message
    if (this.#isOnline !== false && !this.#isAbandoned) this.emit('offline', error.message)
    this.#isOnline = false
  }

  /** Sends one HTTP request with the token of the moment and waits for the whole answer. Used by streams alone. */
  async fetch(request: Request, remainingMs: number): Promise<Response> {
    if (this.#isAbandoned) throw new Error(DISCONNECTED)
    const token = await this.#token()
    if (token !== undefined) request.headers.set('authorization', `Bearer ${token}`)
    this.#counts.requests++
    // No AbortSignal.timeout() joined with another by any(): Node 20 can collect it as garbage, and the request hangs for ever.
    const controller = new AbortController()
    const timer = setTimeout(() => controller.abort(new Error('no answer in time')), remainingMs)
    this.#underWay.add(controller)
    try {
      const response = await globalThis.fetch(request, { signal: controller.signal, redirect: 'error' })
      const body = await response.arrayBuffer()
      return new Response(body, { status: response.status, headers: response.headers })
    } finally {
      clearTimeout(timer)
      this.#underWay.delete(controller)
    }
  }

  // A token that cannot be had is no silence of the primary.
  async #token(): Promise<string | undefined> {
    try {
      return await this.#options.token?.()
    } catch (error) {
      if (MemoryError.is(error)) throw error
      throw new DatabaseConnectionError(`The function authToken failed: ${String(error)}`, {
        code: 'MG_AUTH',
        cause: error,
      })
    }
  }

  get baseUrl(): string {
    return this.#options.url.http
  }
}

const DISCONNECTED = 'the backend was disconnected'
const CIRCUITS: Readonly<Record<number, PrimaryStatistics['circuit']>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
  [CircuitState.Isolated]: 'open',
}
const BEGIN: Query = { sql: 'BEGIN', values: [] }
const COMMIT: Query = { sql: 'COMMIT', values: [] }

// An error that is not tried again.
function giveUp(error: unknown): unknown {
  return error instanceof NoAnswer ? offline('Gave up', error) : error
}

/** A connection to the database of a primary. Its requests go out one after the other. */
export class PrimaryStream {
  readonly #primary: Primary
  readonly #stream: ReturnType<ReturnType<typeof openHttp>['openStream']>
  readonly #texts = new Map<string, Sql>()
  #deadline: Deadline

  constructor(primary: Primary) {
    this.#primary = primary
    this.#deadline = primary.deadline()
    const client = openHttp(
      primary.baseUrl,
      undefined,
      (request: unknown) => primary.fetch(request as Request, this.#deadline.remainingMs),
      undefined,
      2,
    )
    this.#stream = client.openStream()
  }

  /**
   * Sends statements as one request; each runs if the one before it did.
   *
   * @throws StatementFailure the first that failed · NoAnswer
   */
  async send(
    statements: readonly Query[],
    { deadline, isLast, bigints }: SendOptions,
  ): Promise<StatementResult[]> {
    return this.#request(deadline, () => {
      this.#stream.intMode = bigints === true ? 'bigint' : 'number'
      const texts = isLast === true && statements.length <= STORED_FROM ? null : this.#store(statements)
      const batch = this.#stream.batch(false)
      let before: ReturnType<typeof batch.step> | undefined
      const results = statements.map((query) => {
        const step = batch.step()
        if (before) step.condition(BatchCond.ok(before))
        before = step
        return step.query(statementOf(texts?.get(query.sql) ?? query.sql, query))
      })
      const executed = batch.execute()
      if (isLast === true) this.#stream.closeGracefully()
      return resultsOf(executed, results)
    })
  }

  /** Runs statements, separated by semicolons, that bind and return nothing. */
  script(sql: string, deadline: Deadline): Promise<void> {
    return this.#request(deadline, () => this.#stream.sequence(sql))
  }

  /** Whether a statement only reads. */
  async isReadOnly(sql: string, deadline: Deadline): Promise<boolean> {
    const described = await this.#request(deadline, () => {
      const answer = this.#stream.describe(sql)
      this.#stream.closeGracefully()
      return answer
    })
    return described.isReadonly
  }

  /** The rows of each statement, or `null` when they are too many for one answer. */
  async rowsOrNull(statements: readonly Query[], options: SendOptions): Promise<SqlRow[][] | null> {
    try {
      return (await this.send(statements, options)).map(({ rows }) => rows)
    } catch (error) {
      if (isTooLarge(error)) return null
      throw error
    }
  }

  /** The rows of each statement, as many at a time as an answer holds. The stream must be in a transaction. */
  async readInPages(queries: readonly Query[], deadline: Deadline): Promise<SqlRow[][]> {
    const results: SqlRow[][] = []
    for (const query of queries) results.push(await this.#pagesOf(query, deadline))
    return results
  }

  async #pagesOf(query: Query, deadline: Deadline): Promise<SqlRow[]> {
    const found: SqlRow[] = []
    for (let size = FIRST_PAGE_ROWS; ; ) {
      const page = { ...query, sql: `SELECT * FROM (${query.sql}) LIMIT ${size} OFFSET ${found.length}` }
      const rows = await this.rowsOrNull([page], { deadline })
      if (rows === null && size === 1) throw rowTooLarge()
      if (rows === null) {
        size = Math.ceil(size / 4)
        continue
      }
      found.push(...(rows[0] ?? []))
      if ((rows[0]?.length ?? 0) < size) return found
    }
  }

  /** Ends the stream; a transaction that is open is undone. */
  close(): void {
    this.#stream.close()
  }

  async #request<Result>(deadline: Deadline, send: () => Promise<Result>): Promise<Result> {
    this.#deadline = deadline
    return this.#primary.request(deadline, send)
  }

  #store(statements: readonly Query[]): ReadonlyMap<string, Sql> {
    const counts = new Map<string, number>()
    for (const { sql } of statements) counts.set(sql, (counts.get(sql) ?? 0) + 1)
    for (const [sql, count] of counts) {
      if (count > STORED_FROM && !this.#texts.has(sql)) this.#texts.set(sql, this.#stream.storeSql(sql))
    }
    return this.#texts
  }
}

function statementOf(sql: string | Sql, { values, named = {} }: Query): InStmt {
  const statement = new Stmt(sql)
  statement.bindIndexes([...values])
  for (const [name, value] of Object.entries(named)) statement.bindName(name, value)
  return statement
}

type StepResult = {
  readonly columnNames: readonly (string | undefined)[]
  readonly rows: readonly { readonly length: number; readonly [column: number]: unknown }[]
  readonly affectedRowCount: number
}

async function resultsOf(
  executed: Promise<void>,
  steps: readonly Promise<StepResult | undefined>[],
): Promise<StatementResult[]> {
  const settling = Promise.allSettled(steps)
  await executed // without it no step ever settles
  return (await settling).map((step, index) => {
    if (step.status === 'rejected') throw failureOf(step.reason, index)
    if (step.value === undefined) throw new BackendError('The primary skipped a statement')
    const { columnNames, rows, affectedRowCount } = step.value
    return {
      columns: columnNames.map((name) => name ?? ''),
      rows: rows.map(rowOf),
      changes: affectedRowCount,
    }
  })
}

function failureOf(reason: unknown, index: number): unknown {
  return reason instanceof ResponseError ? new StatementFailure(reason, index) : classify(reason)
}

function rowOf(row: StepResult['rows'][number]): SqlRow {
  const values: SqlRow = []
  for (let column = 0; column < row.length; column++) {
    const value = row[column]
    values.push(value instanceof ArrayBuffer ? new Uint8Array(value) : value)
  }
  return values
}

function rowTooLarge(): BackendError {
  return new BackendError(
    'A single row is larger than an answer of the primary can be: shorten what is stored',
  )
}

function isTooLarge(error: unknown): boolean {
  return error instanceof StatementFailure && error.code === 'RESPONSE_TOO_LARGE'
}
