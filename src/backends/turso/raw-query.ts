import { DatabaseConnectionError, MemoryError, type MemoryErrorCode, ValidationError } from '../../errors.js'
import type { QueryParameters, Row } from '../graph-backend.js'
import type { Query, SqlValue } from './sql-source.js'
import { readSqlText, type SqlText } from './sql-text.js'
import { translateError } from './translate-error.js'

/** A checked raw statement. */
export type RawQuery = {
  readonly sql: string
  readonly values: readonly SqlValue[] | Record<string, SqlValue>
}

const TRANSACTION_VERBS = new Set(['BEGIN', 'COMMIT', 'END', 'ROLLBACK', 'SAVEPOINT', 'RELEASE'])
const CONNECTION_VERBS = new Set(['ATTACH', 'DETACH', 'VACUUM'])
/** PRAGMAs that only look, also with an argument. */
const READING_PRAGMA =
  /^\s*PRAGMA\s+(?:\w+\.)?(?:(?:table_info|table_xinfo|table_list|index_list|index_info|index_xinfo|foreign_key_list|foreign_key_check|integrity_check|quick_check)\s*(?:\(.*\))?|\w+)\s*;?\s*$/is
/** PRAGMAs that do something although they take no argument. */
const ACTING_PRAGMA = /^\s*PRAGMA\s+(?:\w+\.)?(?:wal_checkpoint|optimize|incremental_vacuum|shrink_memory)\b/i

/** Checks a raw statement and its parameters before the engine sees them. */
export function checkRawQuery(sql: string, parameters: QueryParameters): RawQuery {
  const text = readSqlText(sql)
  if (text.statements === 0) throw new ValidationError('Invalid query: there is no statement in it')
  if (text.statements > 1) {
    throw new ValidationError(
      `Invalid query: ${text.statements} statements in one call, of which the engine would run only the first: call once for each`,
    )
  }
  refuseSteering(sql, text.verb)
  return { sql, values: valuesOf(parameters, text) }
}

function refuseSteering(sql: string, verb: string): void {
  if (TRANSACTION_VERBS.has(verb)) {
    throw new ValidationError(`Invalid query: ${verb} is not allowed here: use transaction()`)
  }
  const steers =
    CONNECTION_VERBS.has(verb) ||
    (verb === 'PRAGMA' && (!READING_PRAGMA.test(sql) || ACTING_PRAGMA.test(sql)))
  if (steers) {
    throw new ValidationError(
      `Invalid query: this ${verb} would change the connection or the file under the backend: use another program while the backend is disconnected`,
    )
  }
}

/** A raw statement as one that binds by position or by name. */
export function queryOf({ sql, values }: RawQuery): Query {
  return Array.isArray(values)
    ? { sql, values }
    : { sql, values: [], named: values as Record<string, SqlValue> }
}

/** Rows as objects; integers beyond 2^53 stay bigints. */
export function rowsAsObjects(names: readonly string[], rows: readonly (readonly unknown[])[]): Row[] {
  requireDistinct(names)
  return rows.map((row) => Object.fromEntries(names.map((name, at) => [name, fromSql(row[at])])))
}

// A row is an object, in which the second of two columns would take the place of the first.
function requireDistinct(names: readonly string[]): void {
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice === undefined) return
  throw new ValidationError(
    `Invalid query: two columns are named ${JSON.stringify(twice)}: name them apart with AS`,
  )
}

// What is wrong with the store keeps its code; what is wrong with the statement, a constraint included, is one of its own.
const STORE_CODES: ReadonlySet<MemoryErrorCode> = new Set([
  'MG_VALIDATION',
  'MG_NOT_CONNECTED',
  'MG_BUSY',
  'MG_READ_ONLY',
  'MG_STORAGE_FULL',
  'MG_NOT_A_DATABASE',
  'MG_CORRUPT',
  'MG_CONNECTION',
  'MG_OFFLINE',
  'MG_AUTH',
  'MG_UNCERTAIN',
  'MG_TRANSACTION_LOST',
  'MG_DIVERGED',
])

/** What a raw statement failed with, as one of our errors. */
export function queryFailure(error: unknown): MemoryError {
  const translated = translateError(error, 'The query failed')
  if (STORE_CODES.has(translated.code)) return translated
  const cause = MemoryError.is(error) ? error.cause : error
  return new MemoryError(translated.message, { code: 'MG_QUERY', details: translated.details, cause })
}

function valuesOf(parameters: QueryParameters, text: SqlText): RawQuery['values'] {
  if (typeof parameters !== 'object' || parameters === null) {
    throw new ValidationError('Invalid parameters: must be an array or an object')
  }
  return Array.isArray(parameters)
    ? byPosition(parameters, text)
    : byName(parameters as { readonly [name: string]: unknown }, text)
}

// The engine itself binds NULL to what is missing and drops what is too much.
function byPosition(parameters: readonly unknown[], { positions, names }: SqlText): SqlValue[] {
  const wanted = positions + names.size
  if (parameters.length !== wanted) {
    throw new ValidationError(
      `Invalid parameters: the statement binds ${wanted}, ${parameters.length} were given`,
    )
  }
  return parameters.map((value, at) => toSql(value, `parameter ${at + 1}`))
}

function byName(
  parameters: { readonly [name: string]: unknown },
  { positions, names }: SqlText,
): RawQuery['values'] {
  const given = new Map(
    Object.entries(parameters).map(([name, value]) => [name.replace(/^[:@$]/, ''), value]),
  )
  if (positions > 0)
    throw new ValidationError('Invalid parameters: the statement binds by position: give an array')
  const missing = [...names].filter((name) => !given.has(name))
  const unknown = [...given.keys()].filter((name) => !names.has(name))
  if (missing.length > 0) throw new ValidationError(`Invalid parameters: no value for ${missing.join(', ')}`)
  if (unknown.length > 0)
    throw new ValidationError(`Invalid parameters: the statement has no ${unknown.join(', ')}`)
  if (given.size === 0) return []
  return Object.fromEntries([...given].map(([name, value]) => [name, toSql(value, `parameter ${name}`)]))
}

const GREATEST_INTEGER = 2n ** 63n - 1n

function toSql(value: unknown, what: string): SqlValue {
  if (value === null) return null
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (typeof value === 'number' && Number.isFinite(value))
    return Number.isSafeInteger(value) ? BigInt(value) : value
  if (typeof value === 'bigint' && value <= GREATEST_INTEGER && value >= -GREATEST_INTEGER - 1n) return value
  if (value instanceof Uint8Array) return value
  if (typeof value === 'string' && !value.includes('\u0000') && value.isWellFormed()) return value
  const kind =
    typeof value === 'string' ? 'text with a NUL character or half of a surrogate pair' : describe(value)
  throw new ValidationError(
    `Invalid ${what}: ${kind} cannot be bound: give text, a finite number, a 64-bit bigint, a boolean, a Uint8Array or null`,
  )
}

function describe(value: unknown): string {
  return typeof value === 'number' || typeof value === 'bigint'
    ? String(value)
    : value instanceof Date
      ? 'a Date'
      : typeof value
}

function fromSql(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : value
  }
  return value instanceof ArrayBuffer || Buffer.isBuffer(value) ? new Uint8Array(value) : value
}

/** What a raw statement that would write is refused with where only reading was asked for. */
export function wouldWrite(cause?: unknown): DatabaseConnectionError {
  return new DatabaseConnectionError(
    'The query would write: call it with write = true, or executeWriteQuery()',
    { code: 'MG_READ_ONLY', cause },
  )
}
