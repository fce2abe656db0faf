import {
  BatchCond,
  type InStmt,
  openHttp,
  ProtoError,
  ResponseError,
  type Sql,
  Stmt,
} from '@libsql/hrana-client'
import { BackendError } from '../../../errors.js'
import type { Query, SqlRow } from '../sql-source.js'
import type { Deadline } from './deadline.js'
import { classify, StatementFailure, UnreadableAnswer } from './primary-errors.js'

/** What a statement did. */
export type StatementResult = {
  readonly columns: string[]
  readonly rows: SqlRow[]
  readonly changes: number
}

/** What a statement would do. */
export type StatementDescription = { readonly isReadOnly: boolean; readonly columns: string[] }

/** An answer to an HTTP request, complete. */
export type Answer = { readonly status: number; readonly headers: Headers; readonly body: ArrayBuffer }

/** How statements are sent. */
export type SendOptions = {
  readonly deadline: Deadline
  /** Whether the stream ends with this request. */
  readonly isLast?: boolean
  /** Whether integers come as bigints. */
  readonly bigints?: boolean
}

/** What a stream needs of its primary. */
export type RequestSender = {
  readonly baseUrl: string
  deadline(): Deadline
  /** Sends a request in its turn. */
  request<Result>(deadline: Deadline, send: () => Promise<Result>): Promise<Result>
  /** Sends one HTTP request and waits for the whole answer. */
  fetch(request: Request, deadline: Deadline): Promise<Answer>
  /** Runs work again while it has no answer. */
  repeatedly<Result>(work: () => Promise<Result>, deadline: Deadline, what: string): Promise<Result>
}

/** Rows asked for at a time when an answer was too large, at first. */
const FIRST_PAGE_ROWS = 64
/** A text that a request holds more often than this is sent once. */
const STORED_FROM = 3

/** A connection to the database of a primary. Its requests go out one after the other. */
export class PrimaryStream {
  readonly #primary: RequestSender
  readonly #stream: ReturnType<ReturnType<typeof openHttp>['openStream']>
  readonly #texts = new Map<string, Sql>()
  #deadline: Deadline
  /** By what the primary knows this stream, and where, while it waits for more of it. */
  #open: { readonly baton: string; readonly url: string } | null = null
  #hasFailed = false
  /** Whether the last request was answered by a libSQL server. */
  #isAnswered = false

  constructor(primary: RequestSender) {
    this.#primary = primary
    this.#deadline = primary.deadline()
    this.#stream = openHttp(primary.baseUrl, undefined, this.#fetch, undefined, 2).openStream()
  }

  /**
   * Sends statements as one request; each runs if the one before it did.
   *
   * @throws StatementFailure the first that failed · NoAnswer
   */
  async send(statements: readonly Query[], options: SendOptions): Promise<StatementResult[]> {
    return this.#request(options, () => {
      this.#stream.intMode = options.bigints === true ? 'bigint' : 'number'
      const isShort = options.isLast === true && statements.length <= STORED_FROM
      const texts = isShort ? null : this.#store(statements)
      const batch = this.#stream.batch(false)
      let before: ReturnType<typeof batch.step> | undefined
      const results = statements.map((query) => {
        const step = batch.step()
        if (before) step.condition(BatchCond.ok(before))
        before = step
        return step.query(statementOf(texts?.get(query.sql) ?? query.sql, query))
      })
      return resultsOf(batch.execute(), results)
    })
  }

  /** Runs statements, separated by semicolons, that bind and return nothing. */
  script(sql: string, deadline: Deadline): Promise<void> {
    return this.#request({ deadline }, () => this.#stream.sequence(sql))
  }

  /** What a statement would do, as the only request of this stream. */
  async describe(sql: string, deadline: Deadline): Promise<StatementDescription> {
    const { isReadonly, columns } = await this.#request({ deadline, isLast: true }, () =>
      this.#stream.describe(sql),
    )
    return { isReadOnly: isReadonly, columns: columns.map(({ name }) => name ?? '') }
  }

  /** Asks, as the only request of this stream, for a statement that the primary may refuse, and otherwise does not run. */
  async ask(sql: string, deadline: Deadline): Promise<void> {
    await this.#request({ deadline, isLast: true }, async () => {
      const batch = this.#stream.batch(false)
      const first = batch.step()
      const steps = [first.query('SELECT 1')]
      steps.push(
        batch
          .step()
          .condition(BatchCond.not(BatchCond.ok(first)))
          .query(sql),
      )
      await batch.execute()
      await Promise.all(steps)
    })
  }

  /** What each statement did, or `null` when they found too much for one answer. */
  async sendOrNull(statements: readonly Query[], options: SendOptions): Promise<StatementResult[] | null> {
    try {
      return await this.send(statements, options)
    } catch (error) {
      if (isTooLarge(error)) return null
      throw error
    }
  }

  /** What each statement finds, as many rows at a time as an answer holds. The stream must be in a transaction. */
  async selectInPages(queries: readonly Query[], options: SendOptions): Promise<StatementResult[]> {
    const results: StatementResult[] = []
    for (const query of queries) results.push(await this.#selectPages(query, options))
    return results
  }

  async #selectPages(query: Query, options: SendOptions): Promise<StatementResult> {
    const rows: SqlRow[] = []
    const sql = query.sql.replace(/[;\s]+$/, '')
    let most = Number.POSITIVE_INFINITY
    for (let size = FIRST_PAGE_ROWS; ; ) {
      const page = { ...query, sql: `SELECT * FROM (${sql}\n) LIMIT ${size} OFFSET ${rows.length}` }
      const results = await this.sendOrNull([page], options)
      if (results === null && size === 1) throw rowTooLarge()
      if (results === null) {
        most = Math.floor(size / 2)
        size = Math.ceil(size / 4)
        continue
      }
      const found = results[0]?.rows ?? []
      for (const row of found) rows.push(row)
      if (found.length < size) return { columns: results[0]?.columns ?? [], rows, changes: 0 }
      size = Math.min(size * 4, most)
    }
  }

  /**
   * Ends the stream: a transaction that is open in it is undone, and what was sent and has not arrived never will be done. Where
   * that fails, the primary ends it in a while.
   */
  async close(deadline: Deadline): Promise<void> {
    const open = this.#open
    this.#open = null
    if (open === null) return
    const body = JSON.stringify({ baton: open.baton, requests: [{ type: 'close' }] })
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body }
    const end = (): Promise<Answer> =>
      this.#primary.request(deadline, () => this.#primary.fetch(new Request(open.url, init), deadline))
    await this.#primary.repeatedly(end, deadline, 'Cannot close').catch(() => undefined)
  }

  #request<Result>({ deadline, isLast }: SendOptions, send: () => Promise<Result>): Promise<Result> {
    this.#deadline = deadline
    return this.#primary.request(deadline, () => {
      this.#isAnswered = false
      const sent = send()
      if (isLast) this.#stream.closeGracefully()
      return sent.catch((error: unknown) => {
        throw this.#isAnswered && error instanceof ProtoError ? unreadable(error) : error
      })
    })
  }

  // After a failure the client library sends one more request of its own, to close a stream that it may not even have opened.
  readonly #fetch = async (given: unknown): Promise<Response> => {
    if (this.#hasFailed) throw new Error('the stream has failed')
    const request = given as Request
    try {
      const { body, ...rest } = await this.#primary.fetch(request, this.#deadline)
      const baton = batonOf(body)
      this.#isAnswered = isPipelineAnswer(body)
      this.#open = baton === null ? null : { baton, url: request.url }
      return new Response(body, rest)
    } catch (error) {
      this.#hasFailed = true
      throw error
    }
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

const RESPONSE_TOO_LARGE = 'RESPONSE_TOO_LARGE'
const ANSWER_BEGIN = '{"baton":'
/** What an answer begins with: JSON, of which the rest may be large. */
const BATON = /^\{"baton":("[^"]+")/
const MAX_BATON_BYTES = 1_000

function isPipelineAnswer(body: ArrayBuffer): boolean {
  return Buffer.from(body).toString('latin1', 0, ANSWER_BEGIN.length) === ANSWER_BEGIN
}

function batonOf(body: ArrayBuffer): string | null {
  const [, baton] = BATON.exec(Buffer.from(body).toString('latin1', 0, MAX_BATON_BYTES)) ?? []
  return baton === undefined ? null : JSON.parse(baton)
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
    { details: { engine_code: RESPONSE_TOO_LARGE } },
  )
}

function unreadable(cause: ProtoError): UnreadableAnswer {
  return new UnreadableAnswer(
    `what the primary answered cannot be read, as when a number is infinite (${cause.message})`,
    { cause },
  )
}

function isTooLarge(error: unknown): boolean {
  return error instanceof ResponseError && error.code === RESPONSE_TOO_LARGE
}
