import { BackendError, MemoryError } from '../../errors.js'

const FULL: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])
const NOT_WRITABLE: ReadonlySet<unknown> = new Set(['EACCES', 'EPERM', 'EROFS'])

/**
 * An error of the file system on writing as one of ours: `MG_STORAGE_FULL`, `MG_READ_ONLY`, else `MG_INTERNAL`. Any other error is
 * left as it is.
 */
export function writeFailure(error: unknown, path: string): unknown {
  if (MemoryError.is(error) || !(error instanceof Error && 'syscall' in error && 'code' in error))
    return error
  const options = { details: { path, system_code: error.code }, cause: error }
  const message = `Cannot write ${JSON.stringify(path)}: ${error.message}`
  if (FULL.has(error.code)) {
    return new BackendError(`${message}: free some space`, { ...options, code: 'MG_STORAGE_FULL' })
  }
  if (!NOT_WRITABLE.has(error.code)) return new BackendError(message, options)
  return new BackendError(`${message}: choose a place that can be written`, {
    ...options,
    code: 'MG_READ_ONLY',
  })
}
