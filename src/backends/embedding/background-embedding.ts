import { reasonOf } from '../../embedding/embedding-error.js'
import { MemoryError } from '../../errors.js'
import type { GraphReader } from '../graph-driver.js'
import type { Logger } from '../logger.js'
import { WriteQueue } from '../write-queue.js'
import type { EmbeddingEngine } from './embedding-engine.js'
import { EmbeddingRound } from './embedding-round.js'
import { withJoinedSignal } from './joined-signal.js'
import { RetryClock } from './retry-clock.js'
import { WaitingMemories } from './waiting-memories.js'

/** How long what was written waits for more, so that one request takes many. */
const GATHERING_MS = 50
/** How long a look through all memories waits: a program that ends soon need not begin it. */
const LOOK_MS = 1_000

/**
 * Embeds what waits, round after round, while nobody waits for it. None of its failures reaches a caller, and it keeps no process
 * alive. Rounds that a caller waits for take turns with its own.
 */
export class BackgroundEmbedding {
  readonly #reader: () => GraphReader
  readonly #logger: Logger | undefined
  readonly #waiting = new WaitingMemories()
  readonly #clock = new RetryClock()
  readonly #rounds = new WriteQueue()
  #engine: EmbeddingEngine | null
  #end: AbortSignal | null = null
  /** Fires when the round that runs has to make room. */
  #running: AbortController | null = null
  #timer: NodeJS.Timeout | undefined
  #dueAt = Number.POSITIVE_INFINITY
  embedded = 0
  failed = 0
  lastError: string | null = null

  constructor(reader: () => GraphReader, engine: EmbeddingEngine | null, logger: Logger | undefined) {
    this.#reader = reader
    this.#engine = engine
    this.#logger = logger
  }

  /** Begins, with a look at what others left. */
  start(end: AbortSignal): void {
    this.#end = end
    this.#clock.reset()
    this.lookAgain()
  }

  /** Resolves when nothing is under way any more; to be called once its end has come. */
  async ended(): Promise<void> {
    this.#clearTimer()
    await this.#rounds.idle()
  }

  /** Goes on with another embedder. */
  use(engine: EmbeddingEngine): void {
    this.#engine = engine
    this.lastError = null
    this.#clock.reset()
    this.lookAgain()
  }

  /** Is told of memories that were stored. */
  written(ids: ReadonlySet<string>): void {
    if (ids.size === 0) return
    this.#waiting.written(ids)
    this.#schedule(GATHERING_MS)
  }

  /** Is told that anything may have been stored. */
  lookAgain(): void {
    this.#waiting.any()
    this.#schedule(LOOK_MS)
  }

  /** Runs work alone, and before the round that runs, which begins anew afterwards. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#running?.abort(new Error('A caller goes first'))
    return this.#rounds.run(work)
  }

  /** Lets a round go through all that lacks a vector, at the end what could not be embedded before, and takes note of it. */
  async runFor(round: EmbeddingRound): Promise<void> {
    await round.embedSome(await round.embedAll(new Set(this.#waiting.failed)))
    this.#learn(round, false)
    const isClean = !round.hasGivenUp && round.failed.length === 0
    if (isClean) this.#recovered()
    this.#scheduleNext()
  }

  #schedule(delayMs: number): void {
    if (this.#engine && !this.#clock.isDown) this.#setTimer(delayMs)
  }

  #setTimer(delayMs: number): void {
    const dueAt = performance.now() + delayMs
    if (dueAt >= this.#dueAt || !this.#end || this.#end.aborted) return
    this.#clearTimer()
    this.#dueAt = dueAt
    this.#timer = setTimeout(() => void this.#rounds.run(() => this.#run()), delayMs)
    this.#timer.unref()
  }

  #clearTimer(): void {
    clearTimeout(this.#timer)
    this.#dueAt = Number.POSITIVE_INFINITY
  }

  #scheduleNext(): void {
    if (!this.#waiting.isEmpty) this.#schedule(GATHERING_MS)
    const { waitMs } = this.#clock
    if (waitMs !== null) this.#setTimer(waitMs)
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    this.#clearTimer()
    const engine = this.#engine
    const end = this.#end
    if (!engine || !end || end.aborted) return
    this.#running = new AbortController()
    await withJoinedSignal([end, this.#running.signal], (signal) => this.#embedWaiting(engine, signal))
    this.#running = null
    this.#scheduleNext()
  }

  async #embedWaiting({ model, pass }: EmbeddingEngine, signal: AbortSignal): Promise<void> {
    const isRetry = this.#clock.isDue
    const fresh = this.#waiting.takeFresh()
    const failed = isRetry ? this.#waiting.takeFailed() : []
    const round = new EmbeddingRound({ reader: this.#reader(), model, pass, signal, keepsAlive: false })
    try {
      await round.embedSome(fresh)
      if (this.#waiting.mayBeAny) await round.embedAll(new Set([...failed, ...this.#waiting.failed]))
      if (!round.hasGivenUp) this.#waiting.seen()
      await round.embedSome(failed)
    } catch (error) {
      this.#waiting.written(fresh)
      this.#waiting.couldNot(failed)
      if (signal.aborted) return
      round.stop(error)
    }
    this.#learn(round, isRetry)
  }

  /** Takes note of what became of a round. */
  #learn(round: EmbeddingRound, isRetry: boolean): void {
    this.embedded += round.embedded
    this.failed += round.failed.length
    this.#waiting.written(round.left)
    this.#waiting.couldNot(round.failed)
    if (round.error !== null) this.#noteError(round.error)
    if (isReadOnly(round.error))
      this.#end = null // until it is connected again
    else if (round.hasGivenUp || this.#waiting.failed.size > 0) this.#clock.failed(round.hasGivenUp, isRetry)
    else this.#recovered()
  }

  #recovered(): void {
    this.lastError = null
    if (this.#waiting.failed.size > 0) this.#clock.dueNow()
    else this.#clock.reset()
  }

  #noteError(error: unknown): void {
    const reason = reasonOf(error)
    if (this.lastError === null) this.#logger?.warn(`Memories wait for vectors: ${reason}`)
    this.lastError = reason
  }
}

function isReadOnly(error: unknown): boolean {
  return MemoryError.is(error) && error.code === 'MG_READ_ONLY'
}
