import { MemoryError } from '../../errors.js'

/** A value that a statement binds. Numbers bind as REAL, bigints as INTEGER. */
export type SqlValue = string | number | bigint | null | Uint8Array

/** A row as an array, in the order of the statement's columns. Integers are numbers, blobs are `Uint8Array`. */
export type SqlRow = unknown[]

/** A statement with the values it binds. */
export type Query = {
  readonly sql: string
  /** By position. */
  readonly values: readonly SqlValue[]
  /** By name, without its sign: raw statements on a primary alone. */
  readonly named?: Readonly<Record<string, SqlValue>>
  /** Whether it is known to have one row at most. */
  readonly isSingle?: boolean
}

/** Where statements that only read can be run: a local connection, or a primary a network away. */
export interface SqlSource {
  /** The rows of each statement. All of them see the same state of the database. */
  read(queries: readonly Query[]): Promise<SqlRow[][]>
}

/**
 * An open transaction that writes. Statements may wait for the next one whose result is needed, so that a network is crossed
 * rarely: what was put off and failed makes that one reject.
 */
export interface SqlTransaction extends SqlSource {
  /** How many rows are worth handing over at once: 1 where a call costs little, hundreds where it crosses a network. */
  readonly leastSlice: number
  /** Runs statements in order; they may be put off. */
  run(queries: readonly Query[]): Promise<void>
  /** Runs statements in order, at once; returns how many rows each changed. */
  count(queries: readonly Query[]): Promise<number[]>
  /** Runs statements, separated by semicolons, that bind and return nothing. */
  script(sql: string): Promise<void>
  /** Runs work so that all it writes stays, or, when it rejects, none of it, and what was written before stays. One at a time. */
  atomically<Result>(work: () => Promise<Result>): Promise<Result>
}

/** A database as a whole. */
export interface SqlDatabase extends SqlSource {
  /** What it is called in messages: the path of a file, the URL of a primary without credentials. */
  readonly name: string
  /**
   * Runs work as one transaction, after the ones before it; what it rejects with undoes it. Without `foreignKeys` references are
   * not checked, for schema changes over rows that hold orphans.
   */
  transact<Result>(
    work: (transaction: SqlTransaction) => Promise<Result>,
    options?: { readonly foreignKeys?: boolean },
  ): Promise<Result>
}

/** What databases call values, and answers, that are larger than they make. */
const TOO_LARGE: readonly unknown[] = ['SQLITE_TOOBIG', 'RESPONSE_TOO_LARGE']

/** Whether a source refused to hand a value or a row over because of its size. */
export function isTooLarge(error: unknown): boolean {
  return MemoryError.is(error) && TOO_LARGE.includes(error.details['engine_code'])
}

/** The first column of the first row of each statement, or `undefined`. */
export async function readValues(source: SqlSource, ...queries: readonly Query[]): Promise<unknown[]> {
  const results = await source.read(queries)
  return results.map((rows) => rows[0]?.[0])
}

/** A statement and the values it binds. */
export function query(sql: string, ...values: readonly SqlValue[]): Query {
  return { sql, values }
}
