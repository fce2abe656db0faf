import { MemoryError } from '../errors.js'

const MAX_REASON_CHARACTERS = 300

/** What went wrong with an embedder. */
export type EmbeddingFault = {
  readonly model: string
  /** Of an answer over HTTP. */
  readonly status?: number | undefined
  /** Whether no text would have been embedded then, so that it lies in none of them. */
  readonly isUnavailable?: boolean | undefined
  /** Memories that it is about. */
  readonly ids?: readonly string[] | undefined
  readonly cause?: unknown
}

/** An embedder failed, or made what is no vector of its model. */
export function embeddingError(
  message: string,
  { model, status, ids, isUnavailable = false, cause }: EmbeddingFault,
): MemoryError {
  return new MemoryError(message, {
    code: 'MG_EMBEDDING',
    details: {
      model,
      unavailable: isUnavailable,
      ...(status !== undefined && { status }),
      ...(ids && { ids }),
    },
    cause,
  })
}

/** Whether an error says that no text would have been embedded. */
export function isUnavailable(error: unknown): boolean {
  return MemoryError.is(error) && error.code === 'MG_EMBEDDING' && error.details['unavailable'] === true
}

/** Why something failed, on one line, short enough for a report. */
export function reasonOf(error: unknown): string {
  const reason = (error instanceof Error ? error.message : String(error)).replace(/[\s\p{Cc}]+/gu, ' ').trim()
  if (reason.length <= MAX_REASON_CHARACTERS) return reason
  return `${reason.slice(0, MAX_REASON_CHARACTERS - 1)}…`.toWellFormed()
}
