import type { IRetryBackoffContext, RetryPolicy } from 'cockatiel'
import { MemoryError } from '../errors.js'
import { embeddingError, reasonOf } from './embedding-error.js'
import { withinDeadline } from './within-deadline.js'

/** Where a service is, and how it is asked. */
export type EmbeddingServiceOptions = {
  readonly url: URL
  readonly model: string
  readonly headers: Readonly<Record<string, string>>
  readonly apiKey: () => Promise<string | undefined>
  readonly timeoutMs: number
}

const MAX_RETRIES = 3
const FIRST_RETRY_MS = 200
const MAX_BODY_CHARACTERS = 200
/** Of an answer that is no success more is not read. */
const MAX_REFUSAL_BYTES = 100_000
/** A secret that is shorter is found in too much that is none. */
const LEAST_SECRET_CHARACTERS = 4
const TRANSIENT: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504, 529])
/** What no other text would change: no leave to ask, or nobody there to answer. */
const REFUSED: ReadonlySet<number> = new Set([401, 402, 403, 404, 405])

/** An answer, or none, after which the same request may be sent again. */
class TransientFault extends Error {
  readonly error: MemoryError
  readonly waitMs: number

  constructor(error: MemoryError, waitMs: number) {
    super(error.message)
    this.error = error
    this.waitMs = waitMs
  }
}

/** A service of embeddings over HTTP: one request after the other, with a deadline, and tried again where that may help. */
export class EmbeddingService {
  readonly #options: EmbeddingServiceOptions
  /** What errors say of the URL: a query may hold a secret. */
  readonly #shown: string

  constructor(options: EmbeddingServiceOptions) {
    this.#options = options
    this.#shown = `${options.url.origin}${options.url.pathname}`
  }

  /**
   * The JSON that the service answers with, which has at most so many bytes.
   *
   * @throws `MG_EMBEDDING`
   */
  async post(body: unknown, mostBytes: number, signal: AbortSignal): Promise<unknown> {
    const { timeoutMs } = this.#options
    const end = performance.now() + timeoutMs
    const overdue = (): Error => this.#fault(`did not answer within ${timeoutMs} ms`, { isUnavailable: true })
    try {
      return await withinDeadline(
        async (within) => {
          const policy = await retriesUntil(end)
          return policy.execute(() => this.#send(JSON.stringify(body), mostBytes, within))
        },
        { timeoutMs, signal, overdue, keepsAlive: true },
      )
    } catch (error) {
      throw error instanceof TransientFault ? error.error : error
    }
  }

  async #send(body: string, mostBytes: number, signal: AbortSignal): Promise<unknown> {
    signal.throwIfAborted()
    const { url, headers } = this.#options
    const key = await this.#key()
    const secrets = [...Object.values(headers), ...(key === undefined ? [] : [key])]
    const answer = await this.#fetch(url, mostBytes, {
      method: 'POST',
      headers: {
        ...headers,
        'content-type': 'application/json',
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
      },
      body,
      signal,
      redirect: 'error',
    })
    if (answer.ok && !answer.isWhole)
      throw this.#fault(`answered with more than ${mostBytes} bytes, which these vectors do not take`)
    if (answer.ok) return this.#parsed(answer.text)
    throw this.#refusal(answer, secrets)
  }

  async #fetch(url: URL, mostBytes: number, init: RequestInit): Promise<Answer> {
    try {
      const response = await fetch(url, init)
      const { ok, status, headers } = response
      const read = await beginningOf(response, ok ? mostBytes : MAX_REFUSAL_BYTES)
      return { ok, status, retryAfter: headers.get('retry-after'), ...read }
    } catch (error) {
      // The reason alone: what fetch() throws can hold the request, and with it the key.
      const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException
      const reason = code === undefined ? '' : ` (${code})`
      throw new TransientFault(this.#fault(`cannot be reached${reason}`, { isUnavailable: true }), 0)
    }
  }

  #parsed(text: string): unknown {
    try {
      return JSON.parse(text)
    } catch {
      throw this.#fault('answered with what is no JSON')
    }
  }

  #refusal({ status, retryAfter, text }: Answer, secrets: readonly string[]): Error {
    if (status === 401 || status === 403) {
      return this.#fault(`refuses the key, or there is none (status ${status}): check apiKey`, {
        status,
        isUnavailable: true,
      })
    }
    const isTransient = TRANSIENT.has(status)
    const error = this.#fault(`answered with status ${status}${shownBody(text, secrets)}`, {
      status,
      isUnavailable: isTransient || REFUSED.has(status),
    })
    return isTransient ? new TransientFault(error, millisecondsOf(retryAfter)) : error
  }

  async #key(): Promise<string | undefined> {
    try {
      return await this.#options.apiKey()
    } catch (cause) {
      if (MemoryError.is(cause)) throw cause
      throw embeddingError(
        `The function apiKey for "${this.#options.model}" failed: its error is the cause`,
        {
          model: this.#options.model,
          isUnavailable: true,
          cause,
        },
      )
    }
  }

  #fault(
    what: string,
    more: { readonly status?: number; readonly isUnavailable?: boolean } = {},
  ): MemoryError {
    const { model } = this.#options
    return embeddingError(`The service of "${model}" at ${this.#shown} ${what}`, { model, ...more })
  }
}

type Answer = {
  readonly ok: boolean
  readonly status: number
  readonly retryAfter: string | null
  readonly text: string
  /** Whether the text is all of it. */
  readonly isWhole: boolean
}

/** An answer up to so many bytes: one that does not end would fill the memory until its time is up. */
async function beginningOf(
  response: Response,
  mostBytes: number,
): Promise<{ text: string; isWhole: boolean }> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > mostBytes) break
  }
  return { text: new TextDecoder().decode(Buffer.concat(chunks)), isWhole: bytes <= mostBytes }
}

/** Retries what is transient, as long as there is time. */
async function retriesUntil(end: number): Promise<RetryPolicy> {
  const { DelegateBackoff, handleWhen, retry } = await import('cockatiel')
  const mayRetry = (error: Error): boolean =>
    error instanceof TransientFault && performance.now() + error.waitMs < end
  return retry(handleWhen(mayRetry), { maxAttempts: MAX_RETRIES, backoff: new DelegateBackoff(waitOf) })
}

/** At random up to a time that doubles, so that many do not come at once; not before the service says. */
function waitOf({ attempt, result }: IRetryBackoffContext<unknown>): number {
  const told = 'error' in result && result.error instanceof TransientFault ? result.error.waitMs : 0
  return told + Math.random() * FIRST_RETRY_MS * 2 ** attempt
}

/** What `Retry-After` says: seconds, or a date. */
function millisecondsOf(retryAfter: string | null): number {
  if (retryAfter === null) return 0
  const seconds = Number(retryAfter)
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(retryAfter) - Date.now()
  return Number.isFinite(wait) ? Math.max(0, wait) : 0
}

/** The beginning of what a service says, without the secrets that it may repeat. */
function shownBody(text: string, secrets: readonly string[]): string {
  let shown = messageOf(text).replace(/\bBearer\s+\S+/gi, 'Bearer …')
  for (const secret of secrets.filter(({ length }) => length >= LEAST_SECRET_CHARACTERS))
    for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')])
      shown = shown.replaceAll(form, '…')
  shown = reasonOf(shown)
  if (shown === '') return ''
  return `: ${shown.length <= MAX_BODY_CHARACTERS ? shown : `${shown.slice(0, MAX_BODY_CHARACTERS)}…`.toWellFormed()}`
}

/** The message in an answer as OpenAI and others write it, or else all of it. */
function messageOf(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: { message?: unknown } | string }
    const message = typeof error === 'string' ? error : error?.message
    return typeof message === 'string' ? message : text
  } catch {
    return text
  }
}
