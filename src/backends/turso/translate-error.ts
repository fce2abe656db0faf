import {
  BackendError,
  ConflictError,
  DatabaseConnectionError,
  MemoryError,
  type MemoryErrorOptions,
  RelationshipError,
  SchemaError,
  ValidationError,
} from '../../errors.js'

/** Whether another connection holds a lock that will pass. */
export function isBusy(error: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error))
}

/** The engine's error as one of ours; ours pass as they are. `what` says in a few words what failed. */
export function translateError(error: unknown, what: string): MemoryError {
  if (error instanceof MemoryError) return error
  const reason = error instanceof Error ? error.message : String(error)
  const code = codeOf(error)
  const details = code === '' ? {} : { engine_code: code }
  const make = FAMILIES.find(([pattern]) => pattern.test(code === '' ? reason : code))?.[1]
  return make
    ? make(`${what}: ${reason}`, { details, cause: error })
    : new BackendError(`${what}: ${reason}`, { details, cause: error })
}

type Maker = (message: string, options: MemoryErrorOptions) => MemoryError

const FAMILIES: readonly (readonly [RegExp, Maker])[] = [
  [
    /^SQLITE_(BUSY|LOCKED)/,
    (message, options) =>
      new DatabaseConnectionError(`${message}: another process is writing, try again`, {
        ...options,
        code: 'MG_BUSY',
      }),
  ],
  [
    // 1544: SQLITE_READONLY_DIRECTORY, which libsql has no name for
    /^SQLITE_READONLY|^UNKNOWN_SQLITE_ERROR_1544$|readonly database/,
    (message, options) =>
      new DatabaseConnectionError(`${message}: the file or its folder cannot be written`, {
        ...options,
        code: 'MG_READ_ONLY',
      }),
  ],
  [
    // A full-text index that cannot be written fails without saying at what; reading that fails does say so.
    /^SQLITE_(FULL|IOERR_WRITE|IOERR_SHMSIZE|IOERR$)/,
    (message, options) =>
      new BackendError(`${message}: free some space`, { ...options, code: 'MG_STORAGE_FULL' }),
  ],
  [
    /^SQLITE_TOOBIG/,
    (message, options) =>
      new ValidationError(
        `${message}: a value is larger than the database takes: store it in parts`,
        options,
      ),
  ],
  [
    /^SQLITE_NOTADB/,
    (message, options) =>
      new SchemaError(`${message} (or it is encrypted with another key); it was left as it is`, {
        ...options,
        code: 'MG_NOT_A_DATABASE',
      }),
  ],
  [/^SQLITE_CORRUPT/, (message, options) => new SchemaError(message, { ...options, code: 'MG_CORRUPT' })],
  [/^SQLITE_CONSTRAINT_FOREIGNKEY/, (message, options) => new RelationshipError(message, options)],
  [/^SQLITE_CONSTRAINT/, (message, options) => new ConflictError(message, options)],
  [
    /^SQLITE_(CANTOPEN|PERM|AUTH|IOERR)|^ConnectionFailed/,
    (message, options) => new DatabaseConnectionError(message, options),
  ],
]

/** The code of an error of the engine or the system; empty where it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
