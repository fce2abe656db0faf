import { EventEmitter } from 'node:events'
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
import { DatabaseConnectionError, MemoryError } from '../../../errors.js'
import type { PrimaryStatistics } from '../../graph-backend.js'
import type { Query, SqlRow, SqlSource } from '../sql-source.js'
import { Deadline } from './deadline.js'
import { classify, isTransient, NoAnswer, offline, primaryError, refusalOf } from './primary-errors.js'
import { type Answer, PrimaryStream, type SendOptions, type StatementResult } from './primary-stream.js'
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
  /** Failures in a row after which requests are refused for `circuitResetMs`. */
  readonly circuitFailures: number
  readonly circuitResetMs: number
}

const FIRST_RETRY_MS = 50
const GREATEST_RETRY_MS = 2_000
/** More than ever wait. */
const WAITING_PLACES = Number.MAX_SAFE_INTEGER

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
      halfOpenAfter: options.circuitResetMs,
      breaker: new ConsecutiveBreaker(options.circuitFailures),
    })
    this.#bulkhead = bulkhead(options.maxInFlight, WAITING_PLACES)
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
      in_flight: this.#options.maxInFlight - this.#bulkhead.executionSlots,
      waiting: WAITING_PLACES - this.#bulkhead.queueSlots,
      circuit: CIRCUITS[this.#breaker.state] ?? 'open',
      online: this.#isOnline,
      latency_ms: this.#latencyMs,
      last_error: this.#lastError,
    }
  }

  /**
   * Until when work waits for an answer. What waited in turn since `asked` for a primary that answers nobody is not made to wait
   * once more.
   */
  deadline(asked: number = Number.POSITIVE_INFINITY): Deadline {
    const since = Math.max(asked, this.#lastAnswerAt)
    const isSilent = this.#isOnline === false && since < performance.now()
    return isSilent ? new Deadline(this.timeoutMs, since) : new Deadline(this.timeoutMs)
  }

  /** A new stream: a connection to the database, which ends with its last request. */
  open(): PrimaryStream {
    return new PrimaryStream(this)
  }

  /** The rows of each statement, all of the same state; tried again while that may help. */
  async read(queries: readonly Query[], deadline: Deadline = this.deadline()): Promise<SqlRow[][]> {
    const read = async (): Promise<SqlRow[][]> => {
      const results = await this.select(queries, { deadline })
      return results.map(({ rows }) => rows)
    }
    return this.repeatedly(read, deadline, 'Cannot read')
  }

  /** What statements find that only read, all of the same state, however much that is. */
  async select(
    queries: readonly Query[],
    options: Pick<SendOptions, 'deadline' | 'bigints'>,
  ): Promise<StatementResult[]> {
    const whole = queries.length === 1 ? queries : [BEGIN, ...queries, COMMIT]
    const results = await this.open().sendOrNull(whole, { ...options, isLast: true })
    if (results === null) return this.#selectInPages(queries, options)
    return queries.length === 1 ? results : results.slice(1, -1)
  }

  async #selectInPages(queries: readonly Query[], options: SendOptions): Promise<StatementResult[]> {
    const stream = this.open()
    try {
      await stream.send([BEGIN], options)
      return await stream.selectInPages(queries, options)
    } finally {
      await stream.close(options.deadline)
    }
  }

  /** Runs work that can be repeated, again and again while the primary does not answer; what is thrown is one of our errors. */
  async repeatedly<Result>(work: () => Promise<Result>, deadline: Deadline, what: string): Promise<Result> {
    try {
      return await this.#retry.execute(async () => {
        try {
          return await work()
        } catch (error) {
          throw deadline.hasPassed ? primaryError(error, what) : error
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
    const asked = performance.now()
    deadline.wait()
    const sendInTurn = async (): Promise<Result> => {
      if (this.hasAnsweredSince(asked)) deadline.renew() // it answers: waiting for others is no silence
      if (deadline.hasPassed) throw new NoAnswer(noAnswerWithin(deadline), false, undefined)
      try {
        return await send()
      } catch (error) {
        throw classify(error)
      }
    }
    try {
      return await this.#breaker.execute(() => this.#bulkhead.execute(sendInTurn))
    } catch (error) {
      if (!isBrokenCircuitError(error)) throw error
      this.#counts.refused++
      throw offline('Not sent', new Error(this.#whyRefused()))
    }
  }

  #whyRefused(): string {
    const { circuitFailures, circuitResetMs } = this.#options
    return `${this.#lastError ?? 'it failed'} (it failed ${circuitFailures} times in a row and is left alone for ${circuitResetMs} ms)`
  }

  /** Sends one HTTP request with the token of the moment and waits for the whole answer. Used by streams alone. */
  async fetch(request: Request, deadline: Deadline): Promise<Answer> {
    // No AbortSignal.timeout() joined with another by any(): Node 20 can collect it as garbage, and the request hangs for ever.
    const controller = new AbortController()
    let timer: NodeJS.Timeout | undefined
    const watch = (): void => {
      if (deadline.hasPassed) controller.abort(new Error(noAnswerWithin(deadline)))
      else timer = setTimeout(watch, Math.max(1, deadline.remainingMs))
    }
    watch()
    this.#underWay.add(controller)
    try {
      const token = await this.#token(controller.signal)
      if (this.#isAbandoned) throw offline('Not sent', new Error(DISCONNECTED))
      if (token !== undefined) request.headers.set('authorization', `Bearer ${token}`)
      return await this.#exchange(request, controller.signal, deadline)
    } finally {
      clearTimeout(timer)
      this.#underWay.delete(controller)
    }
  }

  async #exchange(request: Request, signal: AbortSignal, deadline: Deadline): Promise<Answer> {
    const began = performance.now()
    this.#counts.requests++
    try {
      // Once its own request is collected as garbage, fetch() hears no abort any more.
      const cut = aborted(signal)
      const response = await Promise.race([globalThis.fetch(request, { signal, redirect: 'error' }), cut])
      const body = await bodyOf(response, deadline, cut)
      const refusal = refusalOf(response.status)
      if (refusal instanceof NoAnswer) throw refusal
      this.#answered(began, deadline)
      if (refusal) throw refusal
      return { status: response.status, headers: response.headers, body }
    } catch (error) {
      const sorted = classify(error)
      if (sorted instanceof NoAnswer) this.#failed(sorted)
      throw sorted
    }
  }

  #answered(began: number, deadline: Deadline): void {
    this.#counts.answered++
    this.#lastAnswerAt = performance.now()
    this.#latencyMs = Math.round((this.#lastAnswerAt - began) * 1000) / 1000
    deadline.renew()
    const wasOffline = this.#isOnline === false
    this.#isOnline = true
    if (wasOffline) this.emit('online')
  }

  #failed(error: NoAnswer): void {
    this.#counts.failed++
    this.#lastError = error.message
    const wasOffline = this.#isOnline === false
    this.#isOnline = false
    if (!wasOffline && !this.#isAbandoned) this.emit('offline', error.message)
  }

  // A token that cannot be had is no silence of the primary.
  async #token(signal: AbortSignal): Promise<string | undefined> {
    try {
      return await Promise.race([this.#options.token?.(), aborted(signal)])
    } catch (error) {
      if (MemoryError.is(error)) throw error
      if (this.#isAbandoned) throw offline('Not sent', error)
      throw new DatabaseConnectionError(
        signal.aborted
          ? `The function authToken gave no token within ${this.timeoutMs} ms`
          : 'The function authToken failed: its error is the cause of this one',
        { code: 'MG_AUTH', cause: error },
      )
    }
  }

  get baseUrl(): string {
    return this.#options.url.http
  }
}

const ENOUGH_BYTES = 65_536
const DISCONNECTED = 'the backend was disconnected'
const CIRCUITS: Readonly<Record<number, PrimaryStatistics['circuit']>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
  [CircuitState.Isolated]: 'open',
}
const BEGIN: Query = { sql: 'BEGIN', values: [] }
const COMMIT: Query = { sql: 'COMMIT', values: [] }

/** Rejects when a signal fires; nobody need hear it. */
function aborted(signal: AbortSignal): Promise<never> {
  const cut = new Promise<never>((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  cut.catch(() => undefined)
  return cut
}

/** The whole body, unless it is cut. Each {@link ENOUGH_BYTES} of it are an answer; a trickle is none. */
async function bodyOf({ body }: Response, deadline: Deadline, cut: Promise<never>): Promise<ArrayBuffer> {
  const reader = body?.getReader()
  const chunks: Uint8Array[] = []
  let answered = 0
  let size = 0
  try {
    for (;;) {
      const { done = true, value } = (await Promise.race([reader?.read(), cut])) ?? {}
      if (done || value === undefined) break
      chunks.push(value)
      size += value.length
      if (size - answered < ENOUGH_BYTES) continue
      answered = size
      deadline.renew()
      deadline.wait()
    }
  } catch (error) {
    void reader?.cancel().catch(() => undefined) // it may wait for ever
    throw error
  }
  return joined(chunks, size)
}

function joined(chunks: readonly Uint8Array[], size: number): ArrayBuffer {
  const whole = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole.buffer
}

function noAnswerWithin({ timeoutMs }: Deadline): string {
  return `no answer within ${timeoutMs} ms`
}
