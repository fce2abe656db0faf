import { MemoryError } from '../../errors.js'

/** The error of work that a caller has stopped. */
export function abortedBy(signal: AbortSignal): MemoryError {
  return new MemoryError('Aborted by the caller', { code: 'MG_ABORTED', cause: signal.reason })
}

/** Throws `MG_ABORTED` when the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortedBy(signal)
}
