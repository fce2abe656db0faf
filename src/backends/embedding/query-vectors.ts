import { cutText } from '../../embedding/embedded-text.js'
import type { Embedder } from '../../embedding/embedder.js'
import { reasonOf } from '../../embedding/embedding-error.js'
import type { Logger } from '../logger.js'
import { vectorsOf } from './embedding-pass.js'

const KEPT_VECTORS = 100
/** How long the embedder is left alone after a question that it could not embed, so that recalls do not all wait for it. */
const REST_MS = 5_000

/** Embeds questions, and keeps the vectors of the last ones. A failure is noted, and the question has no vector then. */
export class QueryVectors {
  readonly #embedder: Embedder
  readonly #timeoutMs: number
  readonly #logger: Logger | undefined
  /** In the order of use, the latest at the end. */
  readonly #kept = new Map<string, Float32Array>()
  #restsUntil = Number.NEGATIVE_INFINITY
  #lastError: string | null = null

  constructor(embedder: Embedder, timeoutMs: number, logger: Logger | undefined) {
    this.#embedder = embedder
    this.#timeoutMs = timeoutMs
    this.#logger = logger
  }

  /** Why the last question has no vector; `null` where it has one. */
  get lastError(): string | null {
    return this.#lastError
  }

  /** The vector of a question, or `null`. Rejects when the signal fires, with its reason. */
  async of(text: string, signal: AbortSignal): Promise<Float32Array | null> {
    const question = cutText(text)
    const kept = this.#kept.get(question)
    if (kept) return this.#keep(question, kept)
    if (performance.now() < this.#restsUntil) return null
    try {
      const [vector] = await vectorsOf(this.#embedder, [question], {
        purpose: 'query',
        timeoutMs: this.#timeoutMs,
        signal,
        keepsAlive: true,
      })
      this.#lastError = null
      return this.#keep(question, vector as Float32Array)
    } catch (error) {
      signal.throwIfAborted()
      this.#failed(error)
      return null
    }
  }

  #keep(question: string, vector: Float32Array): Float32Array {
    this.#kept.delete(question)
    this.#kept.set(question, vector)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > KEPT_VECTORS && oldest !== undefined) this.#kept.delete(oldest)
    return vector
  }

  #failed(error: unknown): void {
    const reason = reasonOf(error)
    if (this.#lastError === null) this.#logger?.warn(`Recalls go without vectors: ${reason}`)
    this.#lastError = reason
    this.#restsUntil = performance.now() + REST_MS
  }
}
