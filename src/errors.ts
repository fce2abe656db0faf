/**
 * Every stable error code. Codes do not change within a major version; messages may.
 *
 * - `MG_VALIDATION` an argument, option or query is not of the shape the contract names
 * - `MG_CONFIGURATION` a backend, option or environment variable is unknown or contradictory
 * - `MG_NOT_FOUND` the memory that an operation needs does not exist
 * - `MG_RELATIONSHIP` a relationship refers to a node that does not exist
 * - `MG_CONFLICT` an id is taken, or a stored version is newer than the caller's
 * - `MG_NOT_CONNECTED` called before `connect()`, before `initializeSchema()`, or after `disconnect()`
 * - `MG_CONNECTION` the database could not be opened or read
 * - `MG_OFFLINE` the primary does not answer; nothing of the call was stored
 * - `MG_AUTH` the primary refuses the token
 * - `MG_UNCERTAIN` the primary was lost while it stored a write; `details` names it and its ids
 * - `MG_TRANSACTION_LOST` the primary ended a transaction that took too long; nothing of it was stored
 * - `MG_DIVERGED` the primary does not hold the history that the local copy, or this backend, knows
 * - `MG_SYNC` following the primary failed
 * - `MG_BUSY` another process held the write lock until the deadline
 * - `MG_READ_ONLY` the database or its folder does not allow writing
 * - `MG_STORAGE_FULL` the disk, or a size limit of the database, is exhausted
 * - `MG_NOT_A_DATABASE` the file is no database, or is encrypted with another key
 * - `MG_CORRUPT` stored data cannot be decoded
 * - `MG_SCHEMA_FOREIGN` the file belongs to another program or another layout
 * - `MG_SCHEMA_NEWER` the file was written by a newer version of this library
 * - `MG_SCHEMA` creating or upgrading the schema failed
 * - `MG_QUERY` a raw query failed
 * - `MG_IN_TRANSACTION` the backend was called inside the work of its own `transaction()`
 * - `MG_TRANSACTION_CLOSED` a transaction handle was used after it settled
 * - `MG_TIMEOUT` a transaction did not finish within its time limit
 * - `MG_ABORTED` the caller's `AbortSignal` fired
 * - `MG_CHANGES_PRUNED` the change feed no longer reaches back to the position asked for
 * - `MG_HISTORY_PRUNED` the version of a memory at the instant asked for is not kept any more
 * - `MG_EMBEDDING` the embedder failed, or made what is no vector of its model
 * - `MG_GRAPH_TOO_LARGE` what a graph view sees is more than its budget of nodes or relationships
 * - `MG_CYCLE` nodes have no topological order, since relationships lead in a circle
 * - `MG_NOT_SUPPORTED` the backend declares that it cannot do this
 * - `MG_INTERNAL` anything else; `cause` has the original
 */
export const MEMORY_ERROR_CODES = [
  'MG_VALIDATION',
  'MG_CONFIGURATION',
  'MG_NOT_FOUND',
  'MG_RELATIONSHIP',
  'MG_CONFLICT',
  'MG_NOT_CONNECTED',
  'MG_CONNECTION',
  'MG_OFFLINE',
  'MG_AUTH',
  'MG_UNCERTAIN',
  'MG_TRANSACTION_LOST',
  'MG_DIVERGED',
  'MG_SYNC',
  'MG_BUSY',
  'MG_READ_ONLY',
  'MG_STORAGE_FULL',
  'MG_NOT_A_DATABASE',
  'MG_CORRUPT',
  'MG_SCHEMA_FOREIGN',
  'MG_SCHEMA_NEWER',
  'MG_SCHEMA',
  'MG_QUERY',
  'MG_IN_TRANSACTION',
  'MG_TRANSACTION_CLOSED',
  'MG_TIMEOUT',
  'MG_ABORTED',
  'MG_CHANGES_PRUNED',
  'MG_HISTORY_PRUNED',
  'MG_EMBEDDING',
  'MG_GRAPH_TOO_LARGE',
  'MG_CYCLE',
  'MG_NOT_SUPPORTED',
  'MG_INTERNAL',
] as const

/** One of {@link MEMORY_ERROR_CODES}. */
export type MemoryErrorCode = (typeof MEMORY_ERROR_CODES)[number]

/** What an error can carry besides its message. */
export type MemoryErrorOptions = {
  /** Stable code; each class has a default. */
  readonly code?: MemoryErrorCode | undefined
  /** Ids and values that the message names, for programs. Never a secret, never a whole memory. */
  readonly details?: Readonly<Record<string, unknown>> | undefined
  /** The error underneath. */
  readonly cause?: unknown
}

const RETRYABLE: ReadonlySet<MemoryErrorCode> = new Set([
  'MG_BUSY',
  'MG_TIMEOUT',
  'MG_OFFLINE',
  'MG_TRANSACTION_LOST',
  'MG_SYNC',
])

/** Base of every error this library throws on purpose. Match on `code`, not on the message. */
export class MemoryError extends Error {
  readonly code: MemoryErrorCode
  readonly details: Readonly<Record<string, unknown>>

  constructor(message: string, options: MemoryErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.code = options.code ?? 'MG_INTERNAL'
    this.details = options.details ?? {}
  }

  /** Whether the same call may succeed later without any change. Follows from `code`. */
  get retryable(): boolean {
    return RETRYABLE.has(this.code)
  }

  /** Whether a value is an error of this library, also when two copies of the package are installed. */
  static is(value: unknown): value is MemoryError {
    return (
      value instanceof Error &&
      'code' in value &&
      (MEMORY_ERROR_CODES as readonly unknown[]).includes(value.code)
    )
  }
}

/** An argument is not of the shape, range or size that the contract names. Nothing was written. */
export class ValidationError extends MemoryError {
  constructor(message: string, options: MemoryErrorOptions = {}) {
    super(message, { code: 'MG_VALIDATION', ...options })
  }
}

/** The memory an operation needs is not there. */
export class MemoryNotFoundError extends MemoryError {
  constructor(message: string, options: MemoryErrorOptions = {}) {
    super(message, { code: 'MG_NOT_FOUND', ...options })
  }
}

/** A relationship refers to a node that does not exist. Nothing was written. */
export class RelationshipError extends MemoryError {
  constructor(message: string, options: MemoryErrorOptions = {}) {
    super(message, { code: 'MG_RELATIONSHIP', ...options })
  }
}

/** The database cannot be reached, opened, read or written. */
export class DatabaseConnectionError extends MemoryError {
  constructor(message: string, options: MemoryErrorOptions = {}) {
    super(message, { code: 'MG_CONNECTION', ...options })
  }
}

/** The file has another layout, another version, or is no database. It was left as it was. */
export class SchemaError extends MemoryError {
  constructor(message: string, options: MemoryErrorOptions = {}) {
    super(message, { code: 'MG_SCHEMA', ...options })
  }
}

/** An operation of the backend failed for a reason that is not the caller's input. */
export class BackendError extends MemoryError {}

/** A backend name, an option or an environment variable is unknown or contradictory. */
export class ConfigurationError extends MemoryError {
  constructor(message: string, options: MemoryErrorOptions = {}) {
    super(message, { code: 'MG_CONFIGURATION', ...options })
  }
}

/** The backend's `capabilities` say that it cannot do this. */
export class NotSupportedError extends MemoryError {
  constructor(message: string, options: MemoryErrorOptions = {}) {
    super(message, { code: 'MG_NOT_SUPPORTED', ...options })
  }
}

/** The id is taken, or what is stored is newer than what the caller has seen. Nothing was written. */
export class ConflictError extends MemoryError {
  constructor(message: string, options: MemoryErrorOptions = {}) {
    super(message, { code: 'MG_CONFLICT', ...options })
  }
}

/** Following a primary failed, or cannot go on. */
export class SyncError extends MemoryError {
  constructor(message: string, options: MemoryErrorOptions = {}) {
    super(message, { code: 'MG_SYNC', ...options })
  }
}
