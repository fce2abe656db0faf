import { ClosedError, HttpServerError, ResponseError } from '@libsql/hrana-client'
import { BackendError, DatabaseConnectionError, MemoryError, type MemoryErrorCode } from '../../../errors.js'
import { translateError } from '../translate-error.js'

/** A request that had no answer. Whether the primary has done what it says is known only if it was never sent. */
export class NoAnswer extends Error {
  readonly wasSent: boolean

  constructor(message: string, wasSent: boolean, cause: unknown) {
    super(message, { cause })
    this.wasSent = wasSent
  }
}

/** An answer of the primary, complete, that cannot be read: it holds what JSON cannot, such as an infinite number. */
export class UnreadableAnswer extends Error {}

/** A statement that the primary refused. */
export class StatementFailure extends Error {
  readonly code: string
  /** Its place in the request. */
  readonly index: number

  constructor(failure: ResponseError, index: number) {
    super(failure.message, { cause: failure })
    this.code = failure.code ?? ''
    this.index = index
  }
}

/** Nothing of these was sent: the connection did not come to be. */
const NOT_SENT =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|UND_ERR_CONNECT_TIMEOUT|ERR_SSL|EPROTO|ConnectionRefused|FailedToOpenSocket)/
/** Its certificate is not one to trust, which trying again does not change. */
const NOT_TRUSTED = /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS)/
/** The primary ended a transaction: another writer waited for its lock, or nothing was heard of it. */
const TRANSACTION_ENDED = new Set(['TRANSACTION_TIMEOUT', 'STREAM_EXPIRED', 'TRANSACTION_BUSY'])
/** A server, or what stands before it, that cannot answer now. */
const UNAVAILABLE = new Set([408, 425, 429, 500, 502, 503, 504])

/** What a request failed with, sorted by what it says of the request's fate. */
export function classify(
  error: unknown,
): NoAnswer | UnreadableAnswer | StatementFailure | MemoryError | ResponseError {
  if (error instanceof NoAnswer || error instanceof UnreadableAnswer || error instanceof StatementFailure)
    return error
  if (MemoryError.is(error)) return error
  if (error instanceof ClosedError && error.cause !== undefined) return classify(error.cause)
  if (error instanceof HttpServerError)
    return refused(error.status, 'MG_CONNECTION', answeredWith(error.status), error)
  if (error instanceof ResponseError) return error
  const cause = innermost(error)
  const code = String((cause as { code?: unknown }).code ?? '')
  if (NOT_TRUSTED.test(code)) return notTrusted(`${code} (${oneLine(cause.message)})`, error)
  return new NoAnswer(
    code === '' ? oneLine(cause.message) : `${code} (${oneLine(cause.message)})`,
    !NOT_SENT.test(code),
    error,
  )
}

function notTrusted(reason: string, cause: unknown): DatabaseConnectionError {
  return new DatabaseConnectionError(
    `The certificate of the primary is not trusted: ${reason}: check the address, or name the authority that signed it in NODE_EXTRA_CA_CERTS`,
    { cause },
  )
}

function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, ' ')
}

function innermost(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return innermost(error.errors[0])
  return error.cause instanceof Error ? innermost(error.cause) : error
}

/** What a status says of a request that was not done; `null` where the answer itself says more. */
export function refusalOf(status: number): NoAnswer | MemoryError | null {
  if (UNAVAILABLE.has(status)) return new NoAnswer(answeredWith(status), true, undefined)
  const refusal = REFUSALS[status]
  return refusal ? refused(status, ...refusal) : null
}

function refused(status: number, code: MemoryErrorCode, what: string, cause?: unknown): MemoryError {
  return new DatabaseConnectionError(`The primary refused the request: ${what}`, {
    code,
    details: { status },
    cause,
  })
}

function answeredWith(status: number): string {
  return `it answered with the status ${status}`
}

const REFUSALS: Readonly<Record<number, readonly [MemoryErrorCode, string]>> = {
  401: [
    'MG_AUTH',
    'the token is missing, wrong or expired: give a valid one (authToken, MEMORYGRAPH_TURSO_TOKEN)',
  ],
  // A status does not say whether the request wrote, and those that only read are rarely refused like this.
  403: [
    'MG_READ_ONLY',
    'this token does not allow it: one that only reads may not write, and one for another database may not even read: use another (authToken, MEMORYGRAPH_TURSO_TOKEN)',
  ],
  404: ['MG_CONNECTION', 'there is no database at this address: check the URL'],
}

/** What a request or a statement failed with as one of our errors; anything else is left as it is. */
export function primaryError(error: unknown, what: string): unknown {
  if (error instanceof NoAnswer) return offline(what, error)
  if (error instanceof UnreadableAnswer)
    return new BackendError(`${what}: ${error.message}`, { code: 'MG_QUERY', cause: error })
  return error instanceof StatementFailure || error instanceof ResponseError
    ? statementError(error, what)
    : error
}

function statementError(error: StatementFailure | ResponseError, what: string): MemoryError {
  const reason = error.message.replace(/^SQLite error: /, '')
  const code = error.code ?? ''
  if (TRANSACTION_ENDED.has(code)) return transactionLost(error)
  if (code === 'BLOCKED') {
    return new DatabaseConnectionError(`${what}: the primary does not take writes at present: ${reason}`, {
      code: 'MG_READ_ONLY',
      cause: error,
    })
  }
  return translateError(
    Object.assign(new Error(reason, { cause: error }), { code: exactCode(code, reason) }),
    what,
  )
}

function exactCode(code: string, reason: string): string {
  if (/string or blob too big/.test(reason)) return 'SQLITE_TOOBIG'
  return code === 'SQLITE_CONSTRAINT' && /^FOREIGN KEY/.test(reason) ? 'SQLITE_CONSTRAINT_FOREIGNKEY' : code
}

/** The primary ended a transaction before it was finished; nothing of it was stored. */
export function transactionLost(cause: unknown): MemoryError {
  return new DatabaseConnectionError(
    'The primary ended the transaction before it was finished, and nothing of it was stored: it lets another writer take over after 5 seconds, and ends one it has not heard of for 10. Do less in it, or try again',
    { code: 'MG_TRANSACTION_LOST', cause },
  )
}

/** The primary does not answer; what was asked for was not done. */
export function offline(what: string, cause: unknown): DatabaseConnectionError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new DatabaseConnectionError(
    `${what}: the primary does not answer: ${reason}. Nothing was changed: try again when it is reachable`,
    { code: 'MG_OFFLINE', cause },
  )
}

/** Whether a statement failed because the database holds no memory graph. */
export function isMissingTable(error: unknown): boolean {
  return error instanceof Error && (/no such table: mg_/.test(error.message) || isMissingTable(error.cause))
}

/** Whether the same request may succeed in a moment. */
export function isTransient(error: unknown): boolean {
  return error instanceof NoAnswer
}
