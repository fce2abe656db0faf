import {
  BackendError,
  ConfigurationError,
  ConflictError,
  DatabaseConnectionError,
  MemoryError,
  SchemaError,
  SyncError,
} from '../../../errors.js'

/** The same error with a message that says more; anything but ours is left as it is. */
export function restated(error: unknown, say: (message: string) => string): unknown {
  if (!MemoryError.is(error)) return error
  const { message, code, details } = error
  const Class = CLASSES.find((Class) => error instanceof Class) ?? MemoryError
  return new Class(say(message), { code, details, cause: error })
}

const CLASSES = [
  BackendError,
  ConfigurationError,
  ConflictError,
  DatabaseConnectionError,
  SchemaError,
  SyncError,
] as const
