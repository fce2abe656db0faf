import type { Embedder } from '../../embedding/embedder.js'
import { reasonOf } from '../../embedding/embedding-error.js'
import { ConfigurationError, MemoryError } from '../../errors.js'
import type { BulkOptions, EmbedReport, ReembedOptions } from '../graph-backend.js'
import type { GraphDriver, GraphReader, GraphWriter } from '../graph-driver.js'
import { WriteQueue } from '../write-queue.js'
import { BackgroundEmbedding } from './background-embedding.js'
import { completeModel } from './complete-model.js'
import { EmbeddingEngine, type EngineSettings } from './embedding-engine.js'
import { EmbeddingRound } from './embedding-round.js'
import { withJoinedSignal } from './joined-signal.js'
import { notingWriter } from './noting-writer.js'

/** The parts of a store that a keeper works with. */
export type KeptStore = {
  /** All of it, where vectors are written. */
  readonly whole: GraphDriver
  /** What the backend sees, where memories are looked for. */
  readonly seen: GraphDriver
}

/** How an embedder fared so far. */
export type KeeperState = {
  readonly embedder: Embedder
  readonly embedded: number
  readonly failed: number
  readonly lastError: string | null
}

/** Keeps the vectors of memories current, after the writes and beside them, and gives those of questions. Views share one. */
export class EmbeddingKeeper {
  readonly #store: GraphDriver
  readonly #settings: EngineSettings
  readonly #background: BackgroundEmbedding
  /** Other models are made complete beside the rounds that keep the present one current. */
  readonly #reembeds = new WriteQueue()
  #engine: EmbeddingEngine | null
  /** Fires at the end; `null` while the backend is not connected. */
  #end: AbortController | null = null

  constructor({ whole, seen }: KeptStore, embedder: Embedder | null, settings: EngineSettings) {
    this.#store = whole
    this.#settings = settings
    this.#engine = embedder && new EmbeddingEngine(whole, embedder, settings)
    this.#background = new BackgroundEmbedding(() => seen.reader, this.#engine, settings.logger)
  }

  /** `null` without an embedder. */
  get state(): KeeperState | null {
    if (!this.#engine) return null
    const { embedder, queries } = this.#engine
    const { embedded, failed, lastError } = this.#background
    return { embedder, embedded, failed, lastError: lastError ?? queries.lastError }
  }

  /** Begins. Idempotent. */
  start(): void {
    if (this.#end) return
    this.#end = new AbortController()
    this.#background.start(this.#end.signal)
  }

  /** Refuses to go on, at once: whatever an embedder does is left behind. */
  abort(): void {
    this.#end?.abort(stopped('The backend was disconnected'))
    this.#end = null
  }

  /** The same, and waits for what is being written. */
  async stop(): Promise<void> {
    this.abort()
    await this.#background.ended()
    await this.#reembeds.idle()
  }

  /** Runs a write with a way to watch its writer, and takes note of the memories that it stored. */
  async watch<Result>(
    write: (watched: (writer: GraphWriter) => GraphWriter) => Promise<Result>,
  ): Promise<Result> {
    if (!this.#engine) return write((writer) => writer)
    const written = new Set<string>()
    const result = await write((writer) => notingWriter(writer, written))
    this.#background.written(written)
    return result
  }

  /** Is told that anything may have been stored. */
  lookAgain(): void {
    this.#background.lookAgain()
  }

  /** Embeds what lacks a vector, of what a reader sees. */
  async embedPending(reader: GraphReader, { signal, onProgress }: BulkOptions): Promise<EmbedReport> {
    const { model, pass } = this.#requireEngine('embedPending()')
    return this.#untilAborted(signal, (within) =>
      this.#background.inTurn(async () => {
        const total = await reader.countUnembedded(model, [])
        const onPage = (done: number): void =>
          onProgress?.({ done: Math.min(done, total), total, phase: 'embedding' })
        const round = new EmbeddingRound({ reader, model, pass, signal: within, keepsAlive: true, onPage })
        await this.#background.runFor(round)
        const pending = await reader.countUnembedded(model, [])
        onProgress?.({ done: total, total, phase: 'embedding' })
        return {
          model,
          embedded: round.embedded,
          failed: round.hasGivenUp ? pending : round.failed.length,
          last_error: round.error === null ? null : reasonOf(round.error),
          pending,
        }
      }),
    )
  }

  /** Makes a model complete, then the one of recalls, and its embedder the backend's own. */
  async reembed(options: ReembedOptions): Promise<EmbedReport> {
    const next = this.#engineFor(options)
    const { model, pass } = next
    const { signal, onProgress, keepOld } = options
    const how = { store: this.#store, model, pass, onProgress, keepOld: keepOld ?? false }
    return this.#untilAborted(signal, (within) => {
      const complete = async (): Promise<EmbedReport> => {
        const embedded = await completeModel({ ...how, signal: within })
        this.#engine = next
        this.#background.use(next)
        return { model, embedded, failed: 0, last_error: null, pending: 0 }
      }
      const isPresent = model === this.#engine?.model
      return isPresent ? this.#background.inTurn(complete) : this.#reembeds.run(complete)
    })
  }

  /**
   * The vector of a question, where recalls use the embedder's model and it answers in time; else `null`.
   *
   * @throws `MG_ABORTED` the signal fired
   */
  async queryVector(
    text: string,
    signal?: AbortSignal,
  ): Promise<{ readonly vector: Float32Array; readonly model: string; readonly weight: number } | null> {
    const engine = this.#engine
    if (!engine || !this.#end || text.trim() === '') return null
    if ((await this.#store.reader.getRecallModel()) !== engine.model) return null
    const vector = await this.#untilAborted(signal, (within) => engine.queries.of(text, within))
    return vector && { vector, model: engine.model, weight: engine.embedder.recallWeight ?? 1 }
  }

  #requireEngine(what: string): EmbeddingEngine {
    if (this.#engine) return this.#engine
    throw new ConfigurationError(
      `${what} needs an embedder: give the backend one (option embedder, MEMORY_EMBEDDER)`,
      { details: { option: 'embedder' } },
    )
  }

  #engineFor({ embedder, model }: ReembedOptions): EmbeddingEngine {
    const engine = embedder
      ? new EmbeddingEngine(this.#store, embedder, this.#settings)
      : this.#requireEngine('reembed()')
    if (model === undefined || model === null || model === engine.model) return engine
    throw new ConfigurationError(
      `There is no embedder of the model ${JSON.stringify(model)}: the one there is makes ${JSON.stringify(engine.model)}; give one of that model (option embedder)`,
      { details: { model, embedder: engine.model } },
    )
  }

  /** Runs work that a caller waits for: it ends with the caller's signal, and with the backend. */
  #untilAborted<Result>(
    signal: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    const ends = [signal, this.#end?.signal].filter((one) => one !== undefined)
    return withJoinedSignal(ends, async (joined) => {
      try {
        joined.throwIfAborted()
        return await work(joined)
      } catch (error) {
        throw signal?.aborted && error === signal.reason ? stopped('Aborted by the caller', error) : error
      }
    })
  }
}

function stopped(why: string, cause?: unknown): MemoryError {
  return new MemoryError(`${why}: what was embedded before stays stored`, { code: 'MG_ABORTED', cause })
}
