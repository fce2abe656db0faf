import { checkedVectors } from '../../embedding/checked-vectors.js'
import type { Embedder } from '../../embedding/embedder.js'
import { embeddingError, isUnavailable, reasonOf } from '../../embedding/embedding-error.js'
import { withinDeadline } from '../../embedding/within-deadline.js'
import { MemoryError } from '../../errors.js'
import type { GraphDriver, GraphReader, NodeRow } from '../graph-driver.js'
import { type EmbeddedText, ModelVectors, type TextToEmbed } from './model-vectors.js'

/** What ends work, and whether the process waits for it. */
export type PassOptions = { readonly signal: AbortSignal; readonly keepsAlive: boolean }

/** What became of memories that were to be embedded. */
export type PassOutcome = {
  /** Vectors stored; those that were current are not counted. */
  readonly embedded: number
  /** Ids of those that could not be embedded, tried one by one. */
  readonly failed: readonly string[]
  /** Whether nothing can be embedded at present. */
  readonly hasGivenUp: boolean
  /** Ids of those that were not tried any more then. */
  readonly left: readonly string[]
  /** Why the last one could not be; `null` where all could. */
  readonly error: unknown
}

const DEFAULT_BATCH_SIZE = 32
/** Characters of a batch; a longer text is one by itself. */
const BATCH_CHARACTERS = 100_000
/** Failures in a row after which the embedder is left alone; what lies in no text counts for several. */
const PATIENCE = 12
const UNAVAILABLE_COSTS = 6
/** How much smaller the next batch is after one that failed. */
const SHRINKAGE = 4

/**
 * Embeds memories, batch after batch. Where a batch fails, smaller ones are tried, down to one text, so that a text that cannot be
 * embedded keeps no other waiting; they grow again with each that succeeds.
 */
export class EmbeddingPass {
  readonly #embedder: Embedder
  readonly #vectors: ModelVectors
  readonly #timeoutMs: number
  #size: number

  constructor(store: GraphDriver, embedder: Embedder, timeoutMs: number) {
    this.#embedder = embedder
    this.#vectors = new ModelVectors(store, embedder)
    this.#timeoutMs = timeoutMs
    this.#size = this.#greatestSize
  }

  /** Those of the memories that have no current vector get one. Rejects when the store fails, or it is told to stop. */
  async embed(reader: GraphReader, rows: readonly NodeRow[], options: PassOptions): Promise<PassOutcome> {
    const { moved, stale } = await this.#vectors.sort(reader, rows)
    await this.#vectors.store(moved)
    const failed: string[] = []
    let embedded = 0
    let error: unknown = null
    let reason: unknown = null
    let patience = PATIENCE
    let start = 0
    while (start < stale.length && patience > 0) {
      options.signal.throwIfAborted()
      const batch = this.#batchFrom(stale, start)
      const made = await this.#made(batch, options).catch((thrown: unknown) => {
        options.signal.throwIfAborted()
        reason = thrown
        return null
      })
      if (made !== null) {
        embedded += await this.#vectors.store(made)
        this.#size = Math.min(this.#greatestSize, this.#size * 2)
        patience = PATIENCE
        start += batch.length
        continue
      }
      patience -= isUnavailable(reason) ? UNAVAILABLE_COSTS : 1
      this.#size = Math.max(1, Math.floor(batch.length / SHRINKAGE))
      if (batch.length === 1) {
        failed.push(...idsOf(batch))
        error = reason
        start++
      }
    }
    const hasGivenUp = patience <= 0 || (patience < PATIENCE && isUnavailable(reason))
    return {
      embedded,
      failed,
      hasGivenUp,
      left: idsOf(stale.slice(start)),
      error: hasGivenUp ? reason : error,
    }
  }

  get #greatestSize(): number {
    return this.#embedder.batchSize ?? DEFAULT_BATCH_SIZE
  }

  #batchFrom(texts: readonly TextToEmbed[], start: number): readonly TextToEmbed[] {
    let end = start + 1
    let characters = texts[start]?.text.length ?? 0
    for (; end < Math.min(texts.length, start + this.#size); end++) {
      characters += texts[end]?.text.length ?? 0
      if (characters > BATCH_CHARACTERS) break
    }
    return texts.slice(start, end)
  }

  async #made(batch: readonly TextToEmbed[], { signal, keepsAlive }: PassOptions): Promise<EmbeddedText[]> {
    const texts = batch.map(({ text }) => text)
    const vectors = await vectorsOf(this.#embedder, texts, {
      purpose: 'document',
      timeoutMs: this.#timeoutMs,
      signal,
      keepsAlive,
    })
    return batch.map((text, at) => ({ ...text, vector: vectors[at] as Float32Array }))
  }
}

/**
 * The checked vectors of texts, within a time, also where the embedder heeds no signal.
 *
 * @throws `MG_EMBEDDING`, whatever the embedder throws · the reason of the signal
 */
export async function vectorsOf(
  embedder: Embedder,
  texts: readonly string[],
  {
    purpose,
    timeoutMs,
    ...options
  }: PassOptions & { readonly purpose: 'document' | 'query'; readonly timeoutMs: number },
): Promise<Float32Array[]> {
  const { model } = embedder
  const overdue = (): Error =>
    embeddingError(`The embedder "${model}" gave no answer within ${timeoutMs} ms`, {
      model,
      isUnavailable: true,
    })
  try {
    const made = await withinDeadline((signal) => embedder.embed(texts, { signal, purpose }), {
      timeoutMs,
      overdue,
      ...options,
    })
    return checkedVectors(made, texts.length, embedder)
  } catch (error) {
    options.signal.throwIfAborted()
    if (MemoryError.is(error)) throw error
    throw embeddingError(`The embedder "${model}" failed: ${reasonOf(error)}`, { model, cause: error })
  }
}

function idsOf(texts: readonly TextToEmbed[]): string[] {
  return texts.map(({ id }) => id)
}
