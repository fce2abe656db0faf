import { ValidationError } from '../../errors.js'

/** Where in a file something is wrong, both from 1. */
export type FaultPlace = { readonly line?: number | undefined; readonly column?: number | undefined }

/** A `ValidationError` (`MG_VALIDATION`) that says what is wrong with a file, and where; `details` has `path`, `line` and `column`. */
export function sourceFault(
  path: string,
  fault: string,
  place: FaultPlace = {},
  cause?: unknown,
): ValidationError {
  const { line, column } = place
  const at = [
    line === undefined ? [] : [`line ${line}`],
    column === undefined ? [] : [`column ${column}`],
  ].flat()
  const where = [JSON.stringify(path), ...at].join(', ')
  return new ValidationError(`Cannot read ${where}: ${fault}`, {
    details: { path, ...(line !== undefined && { line }), ...(column !== undefined && { column }) },
    cause,
  })
}

/** An error of the file system on reading, as a `ValidationError` that names the file. */
export function unreadable(path: string, cause: unknown): ValidationError {
  return sourceFault(path, cause instanceof Error ? cause.message : String(cause), {}, cause)
}
