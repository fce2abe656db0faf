import { BackendError, DatabaseConnectionError } from '../../../errors.js'
import { codeOf, translateError } from '../translate-error.js'

const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])
const NOT_WRITABLE: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS'])

/**
 * An error of the file system as one of ours: `MG_STORAGE_FULL`, `MG_READ_ONLY`, else `MG_CONNECTION`. The engine's are translated;
 * anything else is left as it is. `what` says in a few words what failed.
 */
export function fileError(error: unknown, what: string): unknown {
  const code = codeOf(error)
  if (code.startsWith('SQLITE_')) return translateError(error, what)
  if (!(error instanceof Error && 'syscall' in error)) return error
  const options = { details: { system_code: code }, cause: error }
  const message = `${what}: ${error.message}`
  if (FULL.has(code)) {
    return new BackendError(`${message}: free some space`, { ...options, code: 'MG_STORAGE_FULL' })
  }
  if (!NOT_WRITABLE.has(code)) return new DatabaseConnectionError(message, options)
  return new DatabaseConnectionError(`${message}: the file or its folder cannot be written`, {
    ...options,
    code: 'MG_READ_ONLY',
  })
}
